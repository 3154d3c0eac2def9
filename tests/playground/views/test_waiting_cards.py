"""What a card says while its generation waits: for how long, and for whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from playground import pulse, waiting
from playground.imagepig.errors import Fault
from playground.models import Generation, State
from tests.factories import make_experiment, make_generation

pytestmark = pytest.mark.django_db


def card_of(client: Client) -> str:
    page = client.get(reverse("playground")).content.decode()
    return page[page.index('<article class="picture-card') : page.index("</article>")]


def told(card: str) -> str:
    """A card's words, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", card).split())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(17, "17 s"), (99, "99 s"), (3552, "59 min 12 s"), (-1, "a moment"), (None, "a moment")],
)
def test_busy_says_in_how_many_seconds_it_is_tried_again(
    as_alice: Client,
    team: Team,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int | None,
    words: str,
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    not_before = None if seconds is None else now + timedelta(seconds=seconds)
    make_generation(team, author=alice, state=State.QUEUED, fault=Fault.BUSY, not_before=not_before)
    card = card_of(as_alice)
    assert f"The sandbox is busy and has not begun. Trying again in {words}" in told(card)
    assert ('role="timer" data-until="' in card) == (seconds is not None)


def test_what_waits_for_a_key_promises_no_time(as_alice: Client, team: Team, alice: User) -> None:
    make_generation(
        team, author=alice, state=State.QUEUED, fault="key_paused", not_before=timezone.now()
    )
    assert "again in" not in told(card_of(as_alice))


# Where no worker takes what is queued

AWAY = "The part that makes the pictures does not answer at the moment."


@pytest.fixture
def no_worker(settings: LazySettings) -> None:
    settings.HUEY.storage.flush_all()


@pytest.fixture
def waits(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice, state=State.QUEUED, revision=1)


def watch(client: Client, generation: Generation, **more: str) -> str:
    seen = f"{generation.pk}.{generation.revision}"
    return client.get(reverse("wait"), {"seen": seen, **more}).content.decode()


def refuse_to_hold(_seen: object) -> bool:
    raise AssertionError("there is something to show at once")


@pytest.mark.usefixtures("no_worker")
def test_a_waiting_card_says_at_once_that_no_worker_takes_it_and_then_waits(
    as_alice: Client, waits: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "wait_for_change", refuse_to_hold)
    page = watch(as_alice, waits)
    assert f"Waiting for the queue {AWAY}" in told(page)
    assert f"seen={waits.pk}.1&amp;away=1" in page
    held: list[object] = []

    def hold(seen: object) -> bool:
        held.append(seen)
        return True

    monkeypatch.setattr(waiting, "wait_for_change", hold)
    page = watch(as_alice, waits, away="1")
    assert held == [{waits.pk: 1}]
    assert "picture-card" not in page, "what the page says already is not said again"
    assert "away=1" in page


def test_once_a_worker_is_back_the_cards_that_still_wait_say_so_no_more(
    as_alice: Client, waits: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "wait_for_change", refuse_to_hold)
    page = watch(as_alice, waits, away="1")
    assert f'id="card-{waits.pk}"' in page
    assert AWAY not in page
    assert "away=1" not in page


@pytest.mark.usefixtures("no_worker")
def test_what_waits_for_something_else_goes_on_saying_for_what(
    as_alice: Client, team: Team, alice: User
) -> None:
    paused = make_generation(team, author=alice, state=State.QUEUED, fault="key_paused")
    assert "picture-card" not in watch(as_alice, paused)
    for address in (reverse("results"), reverse("picture", args=[paused.pk])):
        page = as_alice.get(address, {"submission": str(paused.submission_id)}).content.decode()
        assert "Waiting for your API key" in page
        assert AWAY not in page


@pytest.mark.usefixtures("no_worker")
def test_pages_without_javascript_say_so_too(as_alice: Client, waits: Generation) -> None:
    for address in (reverse("results"), reverse("picture", args=[waits.pk])):
        page = as_alice.get(address, {"submission": str(waits.submission_id)}).content.decode()
        assert f"Waiting for the queue {AWAY}" in told(page)
    waits.refresh_from_db()
    assert waits.fault == "", "as shown, not as recorded"


@pytest.mark.parametrize("paused", [False, True])
def test_an_experiment_says_so_above_its_cells_unless_it_is_paused_anyway(
    as_alice: Client, team: Team, alice: User, settings: LazySettings, paused: bool
) -> None:
    experiment = make_experiment(team, author=alice, state=State.QUEUED, paused=paused)
    address = reverse("experiment", args=[experiment.pk])
    assert AWAY not in as_alice.get(address).content.decode()
    settings.HUEY.storage.flush_all()
    assert (AWAY in as_alice.get(address).content.decode()) == (not paused)


def test_a_page_asks_for_the_pulse_once_and_only_if_something_waits(
    as_alice: Client, team: Team, alice: User, waits: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def ask() -> bool:
        nonlocal asked
        asked += 1
        return False

    monkeypatch.setattr(pulse, "nobody_works", ask)
    submission = waits.submission
    for _ in range(3):
        make_generation(team, author=alice, state=State.QUEUED, submission=submission)
    address = f"{reverse('results')}?submission={waits.submission_id}"
    as_alice.get(address)
    assert asked == 1
    Generation.objects.update(state=State.CANCELLED, ended_at=timezone.now())
    as_alice.get(address)
    as_alice.get(reverse("picture", args=[waits.pk]))
    assert asked == 1
