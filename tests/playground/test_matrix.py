"""Every row of the matrix of faults: what is billed, what becomes of it, and in which words."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse

from accounts.models import ApiKey, KeyState, Notice, NoticeKind, Role, Team, User
from accounts.services import resume_api_key
from playground.imagepig.errors import Fault
from playground.models import Generation, State
from tests.certificates import self_signed
from tests.conftest import make_person
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream
from tests.upstream_scenarios import ROWS, Row

pytestmark = pytest.mark.django_db(transaction=True)

LETTERS = {State.NOT_SENT: "A", State.UNKNOWN: "B", State.REFUSED: "C", State.UNUSABLE: "D"}
LATE = (Fault.READ_TIMEOUT, Fault.DEADLINE)


def the_one() -> Generation:
    return Generation.objects.get()


@pytest.mark.parametrize("name", ROWS)
def test_each_row_has_its_bill_its_outcome_and_its_words(
    name: str, imagepig: Upstream, settings: LazySettings, team: Team, alice: User
) -> None:
    row = ROWS[name]
    settings.CALL_SECONDS = 0.3 if row.kind in LATE else 30
    imagepig.behaviours.extend([row.behaviour] * 4)
    submit(team, alice)
    play_to_the_end()
    generation = the_one()
    state = State.REFUSED if row.outcome == "busy" else State(row.outcome)
    assert generation.state == state, (generation.fault, generation.said)
    bills = row.behaviour.bills and not row.behaviour.early
    assert imagepig.billed == int(bills)
    assert len(imagepig.posts) == (4 if row.outcome == "busy" else int(not row.behaviour.early))
    if state == State.SAVED:
        check_saved(generation)
    else:
        check_failed(generation, row)


def check_saved(generation: Generation) -> None:
    assert generation.fault == ("" if generation.seed else "no_seed")
    assert generation.wording is None
    assert generation.sha256
    assert generation.kept_answer == ""


def check_failed(generation: Generation, row: Row) -> None:
    assert generation.fault == row.kind
    assert generation.wording is not None
    assert generation.wording.letter == LETTERS[State(generation.state)]
    assert "{" not in generation.wording.text
    assert "Image Pig" in generation.wording.text
    assert bool(generation.kept_answer) == (
        generation.state == State.UNUSABLE and row.kind != Fault.TOO_LARGE
    )
    assert generation.ended_at is not None


# Faults for which there need not, or must not, be an upstream


def test_a_connection_refused_is_tried_three_times_and_costs_nothing(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    with imagepig.refusing():
        submit(team, alice)
        play_to_the_end()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.NOT_SENT, Fault.CONNECTION_REFUSED)
    assert generation.attempts == 2
    assert generation.sent_at is None
    assert generation.wording is not None
    assert generation.wording.text == (
        "We couldn’t reach Image Pig. Nothing was sent, so this cost you nothing."
    )
    assert imagepig.billed == 0


def test_a_connection_that_is_refused_once_only_costs_a_moment(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    with imagepig.refusing():
        submit(team, alice)
        play()
        waiting = the_one()
        assert waiting.state == State.QUEUED
        assert waiting.not_before is not None
        assert waiting.wording is not None
        assert waiting.wording.title == "Trying again"
    play_to_the_end()
    assert the_one().state == State.SAVED
    assert imagepig.billed == 1


def test_a_name_that_is_not_found_costs_nothing(
    imagepig: Upstream, settings: LazySettings, team: Team, alice: User
) -> None:
    settings.IMAGEPIG_API_URL = "http://pig.invalid"
    submit(team, alice)
    play_to_the_end()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.NOT_SENT, Fault.NAME_NOT_FOUND)
    assert generation.attempts == 2


@contextmanager
def crowded_port() -> Iterator[int]:
    """A port whose queue of connections is full, so that connecting to it takes for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as crowded:
        port = crowded.getsockname()[1]
        waiting = []
        for _ in range(4):
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
            waiting.append(each)
        yield port
        for each in waiting:
            each.close()


def test_connecting_for_too_long_costs_nothing(
    imagepig: Upstream, settings: LazySettings, team: Team, alice: User
) -> None:
    settings.CONNECT_SECONDS = 0.2
    with crowded_port() as port:
        settings.IMAGEPIG_API_URL = f"http://127.0.0.1:{port}"
        submit(team, alice)
        play_to_the_end()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.NOT_SENT, Fault.CONNECT_TIMEOUT)
    assert generation.attempts == 2


@pytest.fixture
def administrator(alice: User) -> User:
    """Somebody of no team that makes pictures here."""
    user = make_person("Ada", Team.objects.create(name="Ada’s"), Role.OWNER)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return user


def told_to_administrators(generation: Generation) -> str:
    """The one notice that there is, which leads to the generation."""
    notice = Notice.objects.get()
    assert (notice.user.name, notice.kind) == ("Ada", NoticeKind.SITE_FAULT)
    assert notice in Notice.objects.visible_to(notice.user)
    assert notice.address == reverse("admin:playground_generation_change", args=[generation.pk])
    return notice.text


@pytest.mark.usefixtures("administrator")
def test_a_fault_of_tls_costs_nothing_is_not_tried_again_and_told_to_the_administrator(
    imagepig: Upstream,
    settings: LazySettings,
    team: Team,
    alice: User,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    context, _ = self_signed(tmp_path)
    with Upstream(tls=context) as upstream:
        settings.IMAGEPIG_API_URL = upstream.url
        submit(team, alice)
        play_to_the_end()
        assert upstream.billed == 0
        assert upstream.connections == 1
    generation = the_one()
    assert (generation.state, generation.fault) == (State.NOT_SENT, Fault.TLS)
    assert any(record.levelname == "ERROR" for record in caplog.records)
    assert "could not prove who it is" in told_to_administrators(generation)


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("name", ["404", "redirect"])
def test_a_wrong_address_is_for_the_administrator(
    name: str, imagepig: Upstream, team: Team, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    imagepig.behaviours += [ROWS[name].behaviour] * 2
    submit(team, alice, count=2)
    play_to_the_end()
    first, _ = Generation.objects.order_by("pk")
    assert first.wording is not None
    assert "administrator of this site, who was told" in first.wording.text
    # Once a day, however many calls meet it.
    assert "address looks wrong" in told_to_administrators(first)
    assert [record.levelname for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("name", "key_state", "title"),
    [
        ("401", KeyState.REFUSED, "API key not accepted"),
        ("402", KeyState.NEEDS_CREDIT, "Needs credit"),
    ],
)
def test_a_refused_key_pauses_what_waits_for_it_until_somebody_has_looked_after_it(
    name: str,
    key_state: KeyState,
    title: str,
    imagepig: Upstream,
    api_key: ApiKey,
    settings: LazySettings,
    team: Team,
    alice: User,
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    imagepig.behaviours.append(ROWS[name].behaviour)
    submit(team, alice, count=3)
    play_to_the_end()
    first, *others = Generation.objects.order_by("pk")
    assert first.state == State.REFUSED
    assert first.wording is not None
    assert first.wording.title == title
    assert {(each.state, each.fault) for each in others} == {(State.QUEUED, "key_paused")}
    assert others[0].wording is not None
    assert others[0].wording.letter == ""
    api_key.refresh_from_db()
    assert api_key.state == key_state
    assert imagepig.billed == 1
    # What is asked for now waits beside them.
    submit(team, alice)
    play_to_the_end()
    assert Generation.objects.filter(state=State.QUEUED, fault="key_paused").count() == 3
    assert imagepig.billed == 1
    assert resume_api_key(team=team, by=alice)
    play_to_the_end()
    assert Generation.objects.filter(state=State.SAVED).count() == 3
    assert imagepig.billed == 4
    api_key.refresh_from_db()
    assert api_key.state == KeyState.WORKING
    assert api_key.proved_at is not None


def test_the_words_of_the_api_are_kept_at_the_field_they_name(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(ROWS["422"].behaviour)
    submit(team, alice)
    play_to_the_end()
    assert the_one().field_messages == {"seed": "Input should be less"}
    assert "Input should be less" in the_one().said


def test_the_api_key_goes_to_the_api_and_nowhere_else(
    imagepig: Upstream, team: Team, alice: User
) -> None:
    submit(team, alice, storage_days=1)
    play_to_the_end()
    assert the_one().state == State.SAVED
    post, get = imagepig.requests
    assert post.headers["api-key"] == "pig-canary-4711-abcdefgh"
    assert "api-key" not in get.headers
