"""Hosted pictures: kept until their end, bounded, and reached by their exact name only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.sandbox.hosting import SECONDS_A_DAY, Hosting

NOW = 2_000_000_000.0


def keep(hosting: Hosting, content: bytes = b"x", *, days: int = 1, now: float = NOW) -> str:
    return hosting.keep(content, mime_type="image/jpeg", days=days, now=now)


def aged(folder: Path, name: str, age: int) -> str:
    os.utime(folder / name, ns=(0, 10**18 - age))
    return name


def test_a_picture_is_kept_until_its_end_and_then_removed(tmp_path: Path) -> None:
    hosting = Hosting(tmp_path)
    name = keep(hosting, b"pig", days=2)

    found = hosting.find(name, now=NOW + 2 * SECONDS_A_DAY - 1)
    assert found is not None
    assert (found.content, found.mime_type, found.seconds_left) == (b"pig", "image/jpeg", 1)
    assert hosting.find(name, now=NOW + 2 * SECONDS_A_DAY) is None
    assert list(tmp_path.iterdir()) == []


def test_another_process_finds_it_too(tmp_path: Path) -> None:
    name = keep(Hosting(tmp_path), b"pig")

    assert Hosting(tmp_path).find(name, now=NOW) is not None


def test_what_has_ended_makes_room(tmp_path: Path) -> None:
    hosting = Hosting(tmp_path)
    keep(hosting, days=1)
    lasting = keep(hosting, days=9)

    new = keep(hosting, days=1, now=NOW + 2 * SECONDS_A_DAY)

    assert {each.name for each in tmp_path.iterdir()} == {lasting, new}


def test_the_oldest_go_first_when_there_are_too_many(tmp_path: Path) -> None:
    hosting = Hosting(tmp_path, most_files=3)
    old = aged(tmp_path, keep(hosting), 10)
    kept = [keep(hosting) for _ in range(3)]

    assert hosting.find(old, now=NOW) is None
    assert all(hosting.find(each, now=NOW) for each in kept)


def test_the_oldest_go_first_when_they_are_too_large(tmp_path: Path) -> None:
    hosting = Hosting(tmp_path, most_bytes=100)
    old = aged(tmp_path, keep(hosting, b"x" * 60), 10)
    newer = aged(tmp_path, keep(hosting, b"x" * 40), 5)

    newest = keep(hosting, b"x" * 60)

    assert [hosting.find(each, now=NOW) is None for each in (old, newer, newest)] == [
        True,
        False,
        False,
    ]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    keep(Hosting(tmp_path, most_files=1))

    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "notes.txt",
        "../secret",
        "%2e%2e/secret",
        "0" * 32 + "-9999999999.jpeg/../secret",
        "0" * 32 + "-9999999999.jpeg\n",
        "0" * 32 + "-9999999999.jpeg\x00",
        "0" * 32 + "-٣.jpeg",
        "0" * 32 + "-9999999999.jpeg",
    ],
)
def test_nothing_but_a_picture_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "hosting").mkdir()
    (tmp_path / "hosting" / "notes.txt").write_text("secret")

    assert Hosting(tmp_path / "hosting").find(name, now=NOW) is None


def test_a_name_with_a_later_end_finds_nothing(tmp_path: Path) -> None:
    hosting = Hosting(tmp_path)
    token = keep(hosting).partition("-")[0]

    assert hosting.find(f"{token}-{int(NOW) + 99 * SECONDS_A_DAY}.jpeg", now=NOW) is None


def test_the_folder_is_for_this_user_only(tmp_path: Path) -> None:
    keep(Hosting(tmp_path / "deep" / "hosting"))

    assert (tmp_path / "deep" / "hosting").stat().st_mode & 0o077 == 0


def test_what_the_disk_does_not_take_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    with pytest.raises(OSError, match="No space"):
        keep(Hosting(tmp_path))
    assert list(tmp_path.iterdir()) == []
