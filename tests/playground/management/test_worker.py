from __future__ import annotations

import threading
from typing import Any

import pytest
from huey import MemoryHuey

from playground.management.commands.worker import TurnTakingWorker
from tests.running import until

THREADS = 4


class Lookout(MemoryHuey):  # type: ignore[misc]
    """Knows how many threads were looking into it at the same moment."""

    def __init__(self) -> None:
        super().__init__(immediate=False)
        self.looking = self.most_looking = 0
        self.failures = 0

    def dequeue(self) -> Any:
        self.looking += 1
        self.most_looking = max(self.most_looking, self.looking)
        try:
            if self.failures:
                self.failures -= 1
                raise OSError
            return super().dequeue()
        finally:
            self.looking -= 1


@pytest.fixture
def queue() -> Lookout:
    return Lookout()


@pytest.fixture
def working(queue: Lookout, monkeypatch: pytest.MonkeyPatch) -> Any:
    """As many threads as there are, at work."""
    monkeypatch.setattr(TurnTakingWorker, "AWAY_SECONDS", 0.01)
    stop = threading.Event()

    def work() -> None:
        worker = TurnTakingWorker(queue, stop, 0.1, 0.1, 1.1)
        while not stop.is_set():
            worker.loop()

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.usefixtures("working")
def test_all_threads_work_at_once_while_one_looks_for_more(queue: Lookout) -> None:
    together = threading.Barrier(THREADS, timeout=20)
    met = []

    @queue.task()  # type: ignore[untyped-decorator]
    def meet() -> None:
        met.append(together.wait())

    for _ in range(2 * THREADS):
        meet()

    until(lambda: len(met) == 2 * THREADS)
    assert queue.most_looking == 1


@pytest.mark.usefixtures("working")
def test_it_goes_on_after_a_task_that_fails_and_a_queue_that_was_away(queue: Lookout) -> None:
    done = threading.Event()
    queue.failures = 3

    @queue.task()  # type: ignore[untyped-decorator]
    def fail() -> None:
        raise ValueError

    @queue.task()  # type: ignore[untyped-decorator]
    def succeed() -> None:
        done.set()

    for _ in range(2 * THREADS):
        fail()
    succeed()

    assert done.wait(20)
