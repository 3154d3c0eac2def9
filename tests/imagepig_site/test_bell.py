from __future__ import annotations

import errno
import fcntl
import os
import resource
import threading
import time
from pathlib import Path

import pytest

from imagepig_site.bell import WITHOUT_SECONDS, Bell

LONG = 20.0
"""Seconds that no test lasts: whoever returns sooner was woken."""


def waited(bell: Bell, seconds: float) -> float:
    began = time.monotonic()
    bell.wait(seconds)
    return time.monotonic() - began


def test_a_ring_wakes_the_one_that_waits(tmp_path: Path) -> None:
    bell, elsewhere = Bell(tmp_path / "bell"), Bell(tmp_path / "bell")
    bell.wait(0)
    heard: list[float] = []
    waiter = threading.Thread(target=lambda: heard.append(waited(bell, LONG)))
    waiter.start()
    elsewhere.ring()
    waiter.join(LONG)
    assert heard
    assert heard[0] < LONG / 2
    bell.close()


def test_a_ring_that_came_before_the_wait_is_heard(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    bell.ring()
    assert waited(bell, LONG) < LONG / 2
    bell.close()


def test_rings_are_not_counted(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    for _ in range(3):
        bell.ring()
    bell.wait(LONG)
    assert waited(bell, 0.05) >= 0.04
    bell.close()


def test_ringing_where_nobody_ever_waited_does_nothing(tmp_path: Path) -> None:
    Bell(tmp_path / "bell").ring()
    assert not (tmp_path / "bell").exists()


def test_a_bell_that_nobody_hears_never_blocks(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    # More than a pipe holds.
    for _ in range(70_000):
        bell.ring()
    bell.wait(LONG)
    bell.close()


def test_only_its_owner_may_ring_it(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    assert (tmp_path / "bell").stat().st_mode & 0o777 == 0o600
    bell.close()


def test_where_there_can_be_no_pipe_waiting_is_short(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "no such folder" / "bell")
    assert waited(bell, LONG) < LONG / 2
    assert waited(bell, LONG) >= WITHOUT_SECONDS / 2


def test_a_file_system_without_pipes_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkfifo(path: Path, mode: int) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(path))

    monkeypatch.setattr(os, "mkfifo", mkfifo)
    bell = Bell(tmp_path / "bell")
    bell.ring()
    assert WITHOUT_SECONDS / 2 <= waited(bell, LONG) < LONG / 2


def test_a_file_in_the_place_of_the_pipe_is_no_bell_that_rings_for_ever(tmp_path: Path) -> None:
    (tmp_path / "bell").write_bytes(b"!")
    bell = Bell(tmp_path / "bell")
    bell.ring()
    next_descriptor = os.dup(0)
    os.close(next_descriptor)
    assert waited(bell, LONG) >= WITHOUT_SECONDS / 2
    assert os.dup(0) == next_descriptor
    os.close(next_descriptor)


def test_a_process_with_thousands_of_open_files_hears_it(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    try:
        assert bell._opened is not None
        high = fcntl.fcntl(bell._opened, fcntl.F_DUPFD_CLOEXEC, 2000)
        bell.close()
        bell._opened = high
        bell.ring()
        assert waited(bell, LONG) < LONG / 2
    finally:
        bell.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_of_several_that_wait_each_ring_wakes_one_and_harms_none(tmp_path: Path) -> None:
    bells = [Bell(tmp_path / "bell") for _ in range(3)]
    for bell in bells:
        bell.wait(0)
    heard, done = threading.Semaphore(0), threading.Event()

    def listen(bell: Bell) -> None:
        while not done.is_set():
            bell.wait(LONG)
            heard.release()

    threads = [threading.Thread(target=listen, args=(bell,)) for bell in bells]
    for thread in threads:
        thread.start()
    for _ in range(100):
        Bell(tmp_path / "bell").ring()
        assert heard.acquire(timeout=LONG / 2)
    assert all(thread.is_alive() for thread in threads)
    done.set()
    while any(thread.is_alive() for thread in threads):
        Bell(tmp_path / "bell").ring()
        threads[0].join(0.01)
    for bell in bells:
        bell.close()


def test_a_closed_bell_can_be_waited_at_again(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    bell.close()
    bell.close()
    assert waited(bell, 0) < LONG / 2
    bell.close()
