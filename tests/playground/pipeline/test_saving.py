"""received → saved: whatever the disk does, what was paid for is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import Team, User
from playground import pipeline
from playground.imagepig.errors import Fault
from playground.models import Generation, State
from playground.pipeline import saving, spool
from tests.factories import make_generation
from tests.playground.playing import full, play, play_to_the_end, submit, the_one, wait_no_longer
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import body, hosted, success
from tests.upstream_exchange import error
from tests.upstream_pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bytes_are_stored_as_they_came_under_a_name_that_nobody_can_guess(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    content = picture((64, 48), "PNG", note="untouched")
    imagepig.behaviours.append(success(image=content, mime_type="image/jpeg"))
    submit(team, alice)
    play()
    generation = the_one()
    with storages["pictures"].open(generation.file) as file:
        assert file.read() == content
    folder, _, name = generation.file.rpartition("/")
    assert folder == f"{team.pk}/{timezone.now():%Y/%m}"
    assert name.endswith(".png")
    assert len(name) >= 32
    assert generation.mime_type == "image/png"


def test_the_answer_of_an_unusable_one_is_kept_byte_for_byte(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(body(b"<html>\xff oink"))
    submit(team, alice)
    play()
    with storages["pictures"].open(the_one().kept_answer) as file:
        assert file.read() == b"<html>\xff oink"


def test_a_full_disk_while_saving_loses_nothing(
    imagepig: FakeUpstream,
    team: Team,
    alice: User,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "pictures"
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        },
    }
    full(folder)
    submit(team, alice)
    play()
    waiting = the_one()
    assert (waiting.state, waiting.fault) == (State.RECEIVED, "not_saved_yet")
    assert waiting.wording is not None
    assert waiting.wording.title == "Saving is taking longer"
    assert settings.HUEY.scheduled_count() == 1
    assert spool.path_of(waiting).exists()
    # Before its time nothing is tried.
    assert list(pipeline.run(waiting.pk)) == []
    folder.unlink()
    play_to_the_end()
    saved = the_one()
    assert (saved.state, saved.fault, saved.not_before) == (State.SAVED, "", None)
    assert imagepig.billed == 1
    assert not spool.kept()


def test_waiting_for_the_disk_grows_longer(imagepig: FakeUpstream, team: Team, alice: User) -> None:
    received = make_generation(
        team, author=alice, state=State.RECEIVED, attempts=14, received_at=timezone.now()
    )
    spool.path_of(received).mkdir(parents=True)
    (due,) = pipeline.run(received.pk)
    assert due.at is not None
    assert timedelta(seconds=590) < due.at - timezone.now() <= timedelta(seconds=600)
    spool.path_of(received).rmdir()


def test_an_answer_missing_here_is_waited_for_and_in_the_end_called_lost(
    team: Team, alice: User
) -> None:
    received = make_generation(team, author=alice, state=State.RECEIVED, received_at=timezone.now())
    (due,) = pipeline.run(received.pk)
    assert due.at is not None
    assert the_one().state == State.RECEIVED
    long_ago = timezone.now() - timedelta(hours=2)
    Generation.objects.update(received_at=long_ago, not_before=None)
    assert list(pipeline.run(received.pk)) == []
    assert (the_one().state, the_one().fault) == (State.UNKNOWN, "answer_lost")


def test_an_answer_that_somebody_else_has_saved_meanwhile_is_not_missing(
    team: Team, alice: User
) -> None:
    stale = make_generation(team, author=alice, state=State.RECEIVED)
    Generation.objects.update(state=State.CANCELLED, sent_at=None, ended_at=timezone.now())
    assert list(saving.save(stale)) == []
    assert the_one().state == State.CANCELLED


def test_a_store_that_is_no_disk_answers_for_its_files_itself(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    submit(team, alice)
    play()
    assert the_one().state == State.SAVED
    assert storages["pictures"].exists(the_one().file)


# Hosted pictures

NOT_FOUND = error(404, "Not found")


def test_a_hosted_picture_is_asked_for_again_each_second_and_then_each_hour_until_its_end(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(hosted(picture((64, 48)), *[NOT_FOUND] * 100))
    (generation,) = submit(team, alice, storage_days=1)
    play()
    seconds = []
    for _ in range(12):
        waiting = the_one()
        assert (waiting.state, waiting.fault) == (State.RECEIVED, Fault.PICTURE_NOT_READY)
        assert waiting.not_before is not None
        seconds.append(round((waiting.not_before - timezone.now()).total_seconds()))
        wait_no_longer()
        play()
    assert seconds == [1] * 10 + [3600] * 2
    received_at = timezone.now() - timedelta(days=1, seconds=1)
    Generation.objects.update(received_at=received_at, not_before=None)
    assert list(pipeline.run(generation.pk)) == []
    gone = the_one()
    assert (gone.state, gone.fault) == (State.UNUSABLE, "picture_gone")
    assert gone.kept_answer
    assert gone.image_url
    assert imagepig.billed == 1


def test_the_last_hour_ends_when_the_picture_does(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(hosted(picture((64, 48)), *[NOT_FOUND] * 100))
    (generation,) = submit(team, alice, storage_days=1)
    play()
    received_at = timezone.now() - timedelta(hours=23, minutes=50)
    Generation.objects.update(received_at=received_at, attempts=20, not_before=None)
    (due,) = pipeline.run(generation.pk)
    assert due.at == received_at + timedelta(days=1)
