from __future__ import annotations

import threading
import time
from pathlib import Path

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


def test_a_closed_bell_can_be_waited_at_again(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "bell")
    bell.wait(0)
    bell.close()
    bell.close()
    assert waited(bell, 0) < LONG / 2
    bell.close()
