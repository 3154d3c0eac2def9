"""One generation's way from the click to the saved files, and what may stand in it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import ApiKey, KeyState, Team, User
from accounts.services import set_api_key
from playground import pipeline, tasks
from playground.imagepig.errors import Busy, Fault, MaybeBilled, NeverSent, Refused
from playground.models import Generation, State, Upstream
from playground.pipeline import saving, sending, spool, steps, upstreams
from playground.sandbox import server
from tests.factories import make_generation
from tests.playground.conftest import API_KEY
from tests.playground.playing import play, play_to_the_end, submit, wait_no_longer
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import body, busy, hosted, success
from tests.upstream_exchange import Behaviour, Exchange, error
from tests.upstream_pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)

NOT_FOUND = error(404, "Not found")


def the_one() -> Generation:
    return Generation.objects.get()


def test_a_picture_is_drawn_in_the_sandbox_and_saved_with_all_that_belongs_to_it(
    team: Team, alice: User
) -> None:
    (generation,) = submit(team, alice, upstream=Upstream.SANDBOX, seed=2**64 - 1)
    assert generation.state == State.QUEUED
    assert play() == 1
    generation.refresh_from_db()
    assert generation.state == State.SAVED, generation.fault
    assert generation.seed == str(2**64 - 1)
    with storages["pictures"].open(generation.file) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == generation.sha256
    assert len(content) == generation.bytes
    assert (generation.width, generation.height) == (512, 512)
    assert generation.mime_type == "image/jpeg"
    assert storages["pictures"].exists(generation.thumbnail)
    assert generation.placeholder.startswith("data:image/webp;base64,")
    assert "image_data" not in json.loads(generation.answer)
    times = [
        generation.queued_at,
        generation.sent_at,
        generation.started_at,
        generation.completed_at,
        generation.received_at,
        generation.saved_at,
    ]
    assert times == sorted(times)  # type: ignore[type-var]
    assert generation.api_seconds is not None


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


def test_the_request_goes_out_exactly_as_it_was_recorded(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    submit(team, alice, seed=2**64 - 1, negative_prompt="Schlamm – mud", format="PNG")
    play()
    assert imagepig.posts[0].json == the_one().body
    assert imagepig.posts[0].body.count(b"18446744073709551615") == 1
    assert the_one().seed == "18446744073709551615"


def test_a_hosted_picture_of_the_sandbox_is_fetched_in_this_very_process(
    team: Team, alice: User
) -> None:
    submit(team, alice, upstream=Upstream.SANDBOX, storage_days=3)
    play()
    generation = the_one()
    assert generation.state == State.SAVED
    assert generation.image_url.startswith("http://localhost:8000/sandbox/files/")
    assert generation.image_url_ends_at is not None
    assert generation.received_at is not None
    assert generation.image_url_ends_at - generation.received_at == timedelta(days=3)


def test_a_deadline_stands_behind_every_call(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.CALL_SECONDS = 7
    seen: list[Generation] = []

    def look(exchange: Exchange) -> None:
        # In another transaction, on another connection: what is seen is committed.
        try:
            seen.append(the_one())
        finally:
            connection.close()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(look))
    submit(team, alice)
    play()
    (while_sending,) = seen
    assert while_sending.state == State.SENDING
    assert while_sending.sent_at is not None
    assert while_sending.deadline == while_sending.sent_at + timedelta(seconds=7 + 15)


def test_each_change_that_a_page_should_show_counts_the_revision_up(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    submit(team, alice)
    assert the_one().revision == 0
    play()
    assert the_one().revision == 2, "sending, saved"


def test_a_page_is_told_of_an_answer_whose_picture_has_yet_to_be_fetched(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(hosted(picture((64, 48))))
    submit(team, alice, storage_days=1)
    play()
    assert the_one().revision == 3, "sending, received, saved"


# Again


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Busy(Fault.BUSY, retry_after=17), [17, 17, 17, State.REFUSED]),
        (Busy(Fault.BUSY), [2, 4, 8, State.REFUSED]),
        (NeverSent(Fault.CONNECTION_REFUSED), [1, 3, State.NOT_SENT, State.NOT_SENT]),
        (NeverSent(Fault.TLS), [State.NOT_SENT] * 4),
        (MaybeBilled(Fault.READ_TIMEOUT), [State.UNKNOWN] * 4),
        (Refused(Fault.FORBIDDEN), [State.REFUSED] * 4),
    ],
)
def test_what_is_sent_again_is_sent_again_so_often_and_after_so_many_seconds(
    error: Any, expected: list[Any]
) -> None:
    found = [sending.outcome(error, attempts) for attempts in range(4)]
    assert [seconds if state == State.QUEUED else state for state, seconds in found] == expected


def test_busy_says_so_and_is_saved_in_the_end(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.extend([busy("30")] * 3)
    submit(team, alice)
    play()
    waiting = the_one()
    assert (waiting.state, waiting.fault, waiting.attempts) == (State.QUEUED, Fault.BUSY, 1)
    assert waiting.not_before is not None
    assert 25 < (waiting.not_before - timezone.now()).total_seconds() <= 30
    assert waiting.sent_at is None
    play_to_the_end()
    saved = the_one()
    assert (saved.state, saved.fault, saved.said) == (State.SAVED, "", "")
    assert (imagepig.billed, len(imagepig.posts)) == (1, 4)


# Keys


def test_the_first_success_proves_the_key(
    imagepig: FakeUpstream, api_key: ApiKey, team: Team, alice: User
) -> None:
    submit(team, alice)
    play()
    api_key.refresh_from_db()
    assert api_key.state == KeyState.WORKING
    assert api_key.proved_at is not None
    assert the_one().api_key == api_key


def test_a_refusal_of_a_key_that_was_replaced_meanwhile_pauses_nothing(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1

    def replace(exchange: Exchange) -> None:
        try:
            set_api_key(team=team, by=alice, label="New", secret="pig-another-canary-42")
        finally:
            connection.close()
        error(401, "Invalid API key").play(exchange)

    imagepig.behaviours.append(Behaviour(replace))
    submit(team, alice, count=2)
    play()
    assert list(Generation.objects.order_by("pk").values_list("state", flat=True)) == [
        State.REFUSED,
        State.SAVED,
    ]
    assert team.api_key is not None
    assert team.api_key.state == KeyState.WORKING


def test_a_key_that_cannot_be_read_costs_nothing(
    imagepig: FakeUpstream, api_key: ApiKey, team: Team, alice: User
) -> None:
    submit(team, alice)
    ApiKey.objects.filter(pk=api_key.pk).update(ciphertext=b"of another time")
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "key_unreadable")
    assert imagepig.billed == 0


def test_a_key_that_is_quoted_in_an_answer_cannot_be_downloaded_with_it(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(body(f'{{"note": "your key is {API_KEY}"}}'.encode()))
    submit(team, alice)
    play()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.UNUSABLE, Fault.NO_IMAGE)
    with storages["pictures"].open(generation.kept_answer) as file:
        assert file.read() == '{"note": "your key is …"}'.encode()


def test_the_answer_of_an_unusable_one_is_kept_byte_for_byte(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(body(b"<html>\xff oink"))
    submit(team, alice)
    play()
    with storages["pictures"].open(the_one().kept_answer) as file:
        assert file.read() == b"<html>\xff oink"


def test_neither_prompts_nor_keys_are_logged(
    imagepig: FakeUpstream, team: Team, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    imagepig.behaviours.extend([success(), error(401, "No"), body(b"[]")])
    with caplog.at_level("DEBUG"):
        for _ in range(3):
            submit(team, alice, positive_prompt="a secret garden")
        play_to_the_end()
    assert "generation" in caplog.text
    assert "secret garden" not in caplog.text
    assert API_KEY not in caplog.text


# What is not sent now, or not at all


def test_what_is_delivered_while_as_many_run_as_may_waits_its_turn(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    (generation,) = submit(team, alice)
    running = make_generation(team, author=alice, state=State.SENDING)
    play()
    generation.refresh_from_db()
    assert (generation.state, generation.handed_over) == (State.QUEUED, False)
    assert imagepig.billed == 0
    steps.give_up(running, "interrupted")
    tasks.enqueue(*pipeline.take_waiting(team.pk))
    play()
    generation.refresh_from_db()
    assert generation.state == State.SAVED


def test_a_kind_that_is_no_longer_offered_is_not_sent(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    submit(team, alice)
    Generation.objects.update(endpoint="retired")
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "endpoint_gone")


def test_without_room_for_an_answer_nothing_is_sent(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**70)
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "disk_full")
    assert imagepig.billed == 0


def test_without_a_folder_for_answers_nothing_is_sent(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "disk_full")
    assert imagepig.billed == 0


def test_a_generation_that_is_gone_is_nothing_to_do() -> None:
    assert list(pipeline.run(4711)) == []


@pytest.mark.parametrize("state", [State.SENDING, State.SAVED, State.UNKNOWN, State.CANCELLED])
def test_what_is_in_hand_or_has_ended_is_left_alone(team: Team, alice: User, state: State) -> None:
    generation = make_generation(team, author=alice, state=state)
    assert list(pipeline.run(generation.pk)) == []
    generation.refresh_from_db()
    assert (generation.state, generation.revision) == (state, 0)


# The disk


def full(folder: Path) -> None:
    """Let nothing be written there any more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def test_an_answer_that_cannot_be_written_at_first_is_written_as_soon_as_it_can_be(
    imagepig: FakeUpstream,
    team: Team,
    alice: User,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SPOOL_SECONDS", 0.01)
    settings.SPOOL_DIR = tmp_path / "spool"

    def fill_the_disk(exchange: Exchange) -> None:
        full(settings.SPOOL_DIR)
        threading.Timer(0.1, settings.SPOOL_DIR.unlink).start()
        threading.Timer(0.15, settings.SPOOL_DIR.mkdir).start()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(fill_the_disk))
    submit(team, alice)
    play()
    assert the_one().state == State.SAVED
    assert imagepig.billed == 1


def test_an_answer_that_can_never_be_written_is_not_hidden(
    imagepig: FakeUpstream,
    team: Team,
    alice: User,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SPOOL_TRIES", 1)
    settings.SPOOL_DIR = tmp_path / "spool"

    def fill_the_disk(exchange: Exchange) -> None:
        full(settings.SPOOL_DIR)
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(fill_the_disk))
    submit(team, alice)
    play()
    assert (the_one().state, the_one().fault) == (State.UNKNOWN, "answer_lost")


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


def test_who_saves_second_takes_the_files_away_again(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    imagepig.behaviours.append(hosted(picture((64, 48)), NOT_FOUND))
    submit(team, alice, storage_days=1)
    play()
    received = Generation.objects.select_related("parent").get()
    Generation.objects.update(not_before=None)
    received.not_before = None
    content = spool.path_of(received).read_bytes()
    assert list(pipeline.run(received.pk)) == []
    before = the_one()
    stored = saving._pictures().listdir(before.file.rpartition("/")[0])[1]
    spool.write(spool.path_of(received), content)
    assert list(saving.save(received)) == []
    assert the_one().file == before.file
    assert saving._pictures().listdir(before.file.rpartition("/")[0])[1] == stored
    spool.remove(spool.path_of(received))


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


# Interrupted


def test_an_answer_that_comes_after_its_generation_was_given_up_is_as_good_as_any(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    def give_up(exchange: Exchange) -> None:
        try:
            assert steps.give_up(the_one(), "interrupted")
        finally:
            connection.close()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(give_up))
    submit(team, alice)
    play()
    saved = the_one()
    assert (saved.state, saved.fault, saved.ended_at) == (State.SAVED, "", None)


def test_an_answer_that_somebody_else_received_already_is_left_to_them(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    def receive(exchange: Exchange) -> None:
        try:
            assert steps.receive(the_one(), timezone.now())
        finally:
            connection.close()
        success().play(exchange)

    imagepig.behaviours.append(Behaviour(receive))
    submit(team, alice)
    play()
    assert the_one().state == State.RECEIVED
    tasks.enqueue(*pipeline.sweep(set(), starting=True))
    play()
    assert the_one().state == State.SAVED


def test_an_answer_that_somebody_else_received_is_not_swept_twice(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make_generation(team, author=alice, state=State.SENDING, deadline=timezone.now())
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(spool.path_of(late), b"[]")
    monkeypatch.setattr(steps, "receive", lambda *_: False)
    assert list(pipeline.sweep(set())) == []
    spool.remove(spool.path_of(late))


@pytest.mark.parametrize("step", ["give_back", "postpone_saving"])
def test_a_step_whose_state_was_left_meanwhile_does_nothing(
    team: Team, alice: User, step: str
) -> None:
    ended = make_generation(team, author=alice, state=State.UNKNOWN)
    if step == "give_back":
        assert steps.give_back(ended, Busy(Fault.BUSY), 1) is None
        assert list(sending._without_answer(ended, Busy(Fault.BUSY))) == []
    else:
        assert steps.postpone_saving(ended, "not_saved_yet", timezone.now()) is None
    ended.refresh_from_db()
    assert (ended.state, ended.revision) == (State.UNKNOWN, 0)


def test_what_nobody_foresaw_may_have_been_counted_too(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    upstreams._sandbox.cache_clear()
    monkeypatch.setattr(server, "_paint", None)
    submit(team, alice, upstream=Upstream.SANDBOX)
    play()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.UNKNOWN, "interrupted")
    assert generation.wording is not None
    assert "Nothing was counted" in generation.wording.text


# Transactions


def test_a_locked_database_costs_a_moment_and_no_second_call(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows, not databases.")
    submit(team, alice)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with closing(
        sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
    ) as other:

        def lock(exchange: Exchange) -> None:
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(0.15, other.rollback).start()
            success().play(exchange)

        imagepig.behaviours.append(Behaviour(lock))
        play()
    connection.close()
    assert the_one().state == State.SAVED
    assert imagepig.billed == 1


def test_a_transaction_is_tried_again_so_often_and_no_more() -> None:
    tried = []

    @steps.transaction_again
    def fail() -> None:
        tried.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        fail()
    assert len(tried) == steps.TRIES
    tried.clear()
    with pytest.raises(OperationalError), transaction.atomic():
        fail()
    assert len(tried) == 1


def test_nobody_cancels_nothing() -> None:
    assert pipeline.cancel() == ([], [])


def test_both_upstreams_are_made_ready_before_the_first_picture() -> None:
    pipeline.prepare()
    assert upstreams.client_for(Upstream.SANDBOX) is upstreams.client_for(Upstream.SANDBOX)
