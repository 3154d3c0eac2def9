"""`manage.py worker`: makes the calls to Image Pig and the sandbox that people asked for."""

from __future__ import annotations

import os
import signal
import threading
from argparse import ArgumentParser
from datetime import datetime
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils.module_loading import autodiscover_modules
from huey.api import Task
from huey.consumer import Consumer, Worker

from imagepig_site.children import end_with_parent
from playground import pulse

SAVING_SECONDS = 10
"""What a call may need after its answer has come, until the picture is saved."""


class TurnTakingWorker(Worker):  # type: ignore[misc]
    """Looks into the queue only when it is its turn, and passes the turn on with a task in hand.

    So one thread waits for the queue's bell, or asks every 10 ms where that has none, and whatever
    comes is begun at once. Huey's own worker would let every thread ask by itself, up to 100 ms
    apart, and all of them at about the same moments.
    """

    INTERVAL_SECONDS = 0.01
    UNRUNG_SECONDS = 0.1
    """How often to look all the same: a ring can be lost."""
    AWAY_SECONDS = 0.5
    """How long it waits for a queue that does not answer."""
    turn = threading.Lock()

    def loop(self, now: datetime | None = None) -> None:
        with self.turn:
            task = self._next_task()
        if task is not None:
            try:
                self.huey.execute(task, now)
            except Exception:
                self._logger.exception("Unhandled error during execution of task %s.", task.id)

    def _next_task(self) -> Task | None:
        """Wait for a task; None once the worker is to stop."""
        while not self.stop_flag.is_set():
            try:
                if task := self.huey.dequeue():
                    return task
            except Exception:
                self._logger.exception("Error reading from queue")
                self.stop_flag.wait(self.AWAY_SECONDS)
            else:
                self._await_task()
        return None

    def _await_task(self) -> None:
        if settings.QUEUE_BELL is None:
            self.stop_flag.wait(self.INTERVAL_SECONDS)
        else:
            settings.QUEUE_BELL.wait(self.UNRUNG_SECONDS)


class PatientConsumer(Consumer):  # type: ignore[misc]
    """Lets calls in flight finish on SIGTERM, however often it comes; SIGINT gives them up.

    Huey's own consumer takes a second SIGTERM for impatience. But a service manager may signal
    this process and its parent alike, and every call that is given up may have been paid for.
    """

    worker_class = TurnTakingWorker

    def __init__(self, *, ready_fd: int | None, **options: Any) -> None:
        super().__init__(settings.HUEY, health_check_interval=pulse.BEAT_SECONDS, **options)
        self.ready_fd = ready_fd

    def start(self) -> None:
        super().start()
        pulse.beat()
        if self.ready_fd is not None:
            os.write(self.ready_fd, b"1")
            os.close(self.ready_fd)

    def check_worker_health(self) -> bool:
        pulse.beat()
        return bool(super().check_worker_health())

    def _handle_signal(self, signum: int, frame: FrameType | None) -> None:
        super()._handle_signal(signum, frame)
        if signum == signal.SIGTERM:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.default_int_handler)


class Command(BaseCommand):
    help = "Makes the calls that people asked for, WORKER_THREADS at once, until it is stopped."

    # It serves no pages: their checks would load all of them.
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ready-fd", type=int, help="told by one byte once calls are taken")

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_parent()
        # A worker may be started alone, and with a wrong key would give up one call after another.
        call_command("check_encryption")
        connection.close()
        autodiscover_modules("tasks")
        PatientConsumer(
            ready_fd=options["ready_fd"],
            workers=settings.WORKER_THREADS,
            graceful_signal="TERM",
            shutdown_timeout=settings.CALL_SECONDS + SAVING_SECONDS,
        ).run()
