"""The pictures' files and their rows: none is deleted that a row names, none stays without one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, connection

from accounts.models import Team, User
from playground import pipeline, tasks
from playground.models import Generation, State
from playground.pipeline import saving, spool, steps
from tests.playground.playing import named_files, play, play_to_the_end, submit, the_one
from tests.upstream import Upstream
from tests.upstream_behaviours import body

pytestmark = pytest.mark.django_db(transaction=True)

THUMBNAIL = ".thumbnail.webp"


class Died(BaseException):
    """What SIGKILL does to a thread: nothing of it goes on, not even its error handling."""


@pytest.fixture(autouse=True)
def pictures(settings: LazySettings, tmp_path: Path) -> Path:
    """A store and a spool of this test's own, so that whatever lies there is its doing."""
    settings.SPOOL_DIR = tmp_path / "spool"
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "pictures"},
        },
    }
    return tmp_path / "pictures"


def stored(pictures: Path) -> set[str]:
    return {str(each.relative_to(pictures)) for each in pictures.rglob("*") if each.is_file()}


def and_then(function: Callable[..., Any], error: BaseException) -> Callable[..., Any]:
    """The same function, which does all its work and never comes back to tell of it."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        raise error

    return run


def killed_after(module: ModuleType, step: str) -> None:
    """Take the only generation as far as that step; there the process dies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, step, and_then(getattr(module, step), Died()))
        with pytest.raises(Died):
            list(pipeline.run(the_one().pk))


def restart() -> None:
    tasks._started.clear()
    tasks.start()
    play_to_the_end()


@pytest.mark.parametrize("answer", ["picture", "nonsense"])
def test_a_commit_whose_acknowledgement_is_lost_costs_no_file(
    answer: str,
    imagepig: Upstream,
    team: Team,
    alice: User,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if answer == "nonsense":
        imagepig.behaviours.append(body(b"<html>oink"))
    commit, committed = connection.commit, 0

    def commit_and_lose_the_line() -> None:
        nonlocal committed
        commit()
        committed += 1
        if committed == 1:
            raise OperationalError("server closed the connection unexpectedly")

    def store(files: dict[str, bytes], store: Callable[..., Any] = saving.store) -> Any:
        monkeypatch.setattr(connection, "commit", commit_and_lose_the_line)
        return store(files)

    monkeypatch.setattr(saving, "store", store)
    submit(team, alice)
    play()
    monkeypatch.undo()
    assert committed > 1, "the step was tried again"
    assert the_one().state == (State.SAVED if answer == "picture" else State.UNUSABLE)
    assert stored(pictures) == named_files() != set()
    assert not spool.kept()


def test_what_a_killed_worker_had_stored_goes_when_the_picture_is_saved_after_all(
    imagepig: Upstream, team: Team, alice: User, pictures: Path
) -> None:
    submit(team, alice)
    killed_after(saving, "store")
    in_vain = stored(pictures)
    assert len(in_vain) == 2
    restart()
    assert the_one().state == State.SAVED
    assert stored(pictures) == named_files()
    assert not in_vain & named_files()
    assert not spool.kept()
    assert imagepig.billed == 1


def test_what_two_killed_workers_had_stored_goes_at_the_start_of_a_third(
    imagepig: Upstream, team: Team, alice: User, pictures: Path
) -> None:
    submit(team, alice)
    killed_after(saving, "store")
    killed_after(saving, "store")
    killed_after(steps, "finish")
    assert the_one().state == State.SAVED
    assert len(stored(pictures)) == 6
    restart()
    assert stored(pictures) == named_files()
    assert len(stored(pictures)) == 2
    assert not spool.kept()


def test_a_start_touches_no_file_of_what_is_still_to_be_saved(
    imagepig: Upstream, team: Team, alice: User, pictures: Path
) -> None:
    submit(team, alice)
    killed_after(saving, "store")
    before = stored(pictures)
    list(pipeline.sweep(set(), starting=True))
    assert stored(pictures) == before
    restart()


def test_the_files_of_a_generation_that_is_gone_go_at_the_next_start(
    imagepig: Upstream, team: Team, alice: User, pictures: Path
) -> None:
    submit(team, alice)
    killed_after(saving, "store")
    Generation.objects.all().delete()
    restart()
    assert stored(pictures) == set()
    assert not spool.kept()


def test_who_saves_second_takes_away_what_was_stored_in_vain_and_nothing_else(
    imagepig: Upstream, team: Team, alice: User, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(files: dict[str, bytes], store: Callable[..., Any] = saving.store) -> Any:
        """Somebody else saves the same picture meanwhile, from beginning to end."""
        monkeypatch.undo()
        mine = store(files)
        list(pipeline.run(the_one().pk))
        assert the_one().state == State.SAVED
        return mine

    monkeypatch.setattr(saving, "store", store)
    submit(team, alice)
    play()
    assert stored(pictures) == named_files()
    assert len(named_files()) == 2
    assert not spool.kept()


def test_what_was_given_up_meanwhile_keeps_its_answer_but_no_files(
    imagepig: Upstream, team: Team, alice: User, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(files: dict[str, bytes], store: Callable[..., Any] = saving.store) -> Any:
        steps.give_up(the_one(), "answer_lost")
        return store(files)

    monkeypatch.setattr(saving, "store", store)
    submit(team, alice)
    play()
    assert the_one().state == State.UNKNOWN
    assert stored(pictures) == set()
    assert spool.path_of(the_one()).exists()
    saving.forget(spool.path_of(the_one()), keep=[])


def test_halves_of_files_do_not_stay_on_a_full_disk(
    imagepig: Upstream, team: Team, alice: User, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = FileSystemStorage.save

    def save_half(self: FileSystemStorage, name: str, content: Any, *rest: Any) -> str:
        made = save(self, name, content, *rest)
        if name.endswith(THUMBNAIL):
            raise OSError(28, "No space left on device")
        return made

    monkeypatch.setattr(FileSystemStorage, "save", save_half)
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.RECEIVED, "not_saved_yet")
    assert stored(pictures) == set()
    monkeypatch.undo()
    play_to_the_end()
    assert stored(pictures) == named_files()
    assert the_one().state == State.SAVED


def test_a_store_that_deletes_nothing_at_the_moment_is_asked_again_at_the_next_start(
    imagepig: Upstream,
    team: Team,
    alice: User,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(self: FileSystemStorage, name: str) -> None:
        raise ConnectionError("the store is away")

    submit(team, alice)
    killed_after(saving, "store")
    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    play_to_the_end()
    list(pipeline.run(the_one().pk))
    assert the_one().state == State.SAVED
    assert "what was stored in vain stays" in caplog.text
    assert len(stored(pictures)) == 4
    monkeypatch.undo()
    restart()
    assert stored(pictures) == named_files()
    assert not spool.kept()
