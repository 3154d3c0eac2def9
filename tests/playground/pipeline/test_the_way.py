"""One generation's way from the click to the saved files."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from playground import pipeline
from playground.models import Generation, State, Upstream
from playground.pipeline import spool
from tests.factories import make_generation
from tests.playground.conftest import API_KEY
from tests.playground.playing import play, play_to_the_end, submit, the_one
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import body, hosted, success
from tests.upstream_exchange import Behaviour, Exchange, error
from tests.upstream_pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_the_answer_is_on_the_disk_before_it_counts_as_received(
    imagepig: FakeUpstream, team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (generation,) = submit(team, alice)
    really, seen = os.fsync, []

    def watched(handle: int) -> None:
        really(handle)
        place = Path(f"/proc/self/fd/{handle}").readlink()
        seen.append((place, Generation.objects.values_list("state", flat=True).get()))

    monkeypatch.setattr(os, "fsync", watched)
    play_to_the_end()
    # The answer itself, then the folder in which it got its name.
    spooled = [each for each in seen if spool.folder() in (each[0], each[0].parent)]
    (answer, first), (folder, second) = spooled[:2]
    assert answer.name.startswith(f"{generation.pk}-")
    assert folder == spool.folder()
    assert (first, second) == (State.SENDING, State.SENDING)
    # And the picture's files before it counts as saved.
    files = [state for place, state in seen if spool.folder() not in (place, place.parent)]
    assert files
    assert set(files) == {State.RECEIVED}
    assert the_one().state == State.SAVED


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


def test_the_disk_is_waited_for_three_times_also_where_others_wait(
    team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    first, second = submit(team, alice, upstream=Upstream.SANDBOX, count=2)
    with CaptureQueriesContext(connection) as queries:
        due = list(pipeline.run(first.pk))
    commits = [each for each in queries.captured_queries if each["sql"] == "COMMIT"]
    assert len(commits) == 3, "for the claim, for the answer with the next one's turn, at the end"
    assert [each.generation_id for each in due] == [second.pk]


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


def test_a_generation_that_is_gone_is_nothing_to_do() -> None:
    assert list(pipeline.run(4711)) == []


@pytest.mark.parametrize("state", [State.SENDING, State.SAVED, State.UNKNOWN, State.CANCELLED])
def test_what_is_in_hand_or_has_ended_is_left_alone(team: Team, alice: User, state: State) -> None:
    generation = make_generation(team, author=alice, state=state)
    assert list(pipeline.run(generation.pk)) == []
    generation.refresh_from_db()
    assert (generation.state, generation.revision) == (state, 0)
