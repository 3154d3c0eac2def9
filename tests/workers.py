"""Real worker processes, on the database, the queue and the files of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 60


def database_url() -> str:
    """The address of the test's own database."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return (
        f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT'] or 5432}"
        f"/{values['NAME']}"
    )


def environment(**variables: object) -> dict[str, str]:
    """What a process needs to work beside the test; `variables` go to it as they are."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "imagepig_site.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "SITE_URL": settings.SITE_URL,
        "PYTHONWARNINGS": "default",
        **{name: str(value) for name, value in variables.items()},
    }


class Worker:
    """`manage.py worker` as a process. Its log is in `log`."""

    def __init__(self, **variables: object) -> None:
        ready, tell = os.pipe()
        self._log = (Path(settings.DATA_DIR) / "worker.log").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--ready-fd", str(tell)],
            cwd=ROOT,
            env=environment(**variables),
            pass_fds=[tell],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        os.close(tell)
        try:
            # Nothing is read where it ends before it is ready.
            started = os.read(ready, 1)
        finally:
            os.close(ready)
        assert started, self.log

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)
        self._log.close()

    def stop(self) -> int:
        """Let it finish what it has in hand; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(STOP_SECONDS)
        self._log.close()
        return status


@contextmanager
def worker(**variables: object) -> Iterator[Worker]:
    """A worker for as long as this lasts; killed where the test has not stopped it."""
    started = Worker(**variables)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.kill()
