"""What is offered of generations that wait or have failed, and to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Team, User
from playground.models import Generation, State
from tests.factories import make_experiment, make_generation, make_submission

OFFERED: list[tuple[str, dict[str, Any], set[str]]] = [
    (State.QUEUED, {}, {"cancel"}),
    (State.SENDING, {}, set()),
    (State.RECEIVED, {}, set()),
    (State.NOT_SENT, {}, {"retry"}),
    (State.UNKNOWN, {}, {"retry"}),
    (State.REFUSED, {"fault": "busy"}, {"retry"}),
    (State.UNUSABLE, {"kept_answer": "answers/kept.json"}, {"retry", "answer"}),
    (State.CANCELLED, {}, set()),
]
"""State, what more is so, and the names of the addresses that somebody who may is offered."""
CHANGES = ("retry", "cancel", "answer")


def offers(html: str) -> set[str]:
    """The addresses that forms and links of a page lead to."""
    return set(re.findall(r'(?:action|href|hx-post)="([^"?#]*)', html))


def offered_of(html: str, generation: Generation) -> set[str]:
    """Which of the changes a page offers for one generation."""
    there = offers(html)
    return {name for name in CHANGES if reverse(name, args=[generation.pk]) in there}


@pytest.mark.parametrize(("state", "fields", "names"), OFFERED)
def test_a_viewer_is_offered_nothing_that_would_be_refused(
    as_vera: Client,
    as_bob: Client,
    team: Team,
    state: str,
    fields: dict[str, Any],
    names: set[str],
) -> None:
    generation = make_generation(team, state=state, **fields)
    seen = f"{generation.pk}.{generation.revision + 1}"
    for address in (
        reverse("picture", args=[generation.pk]),
        f"{reverse('results')}?submission={generation.submission_id}",
        f"{reverse('wait')}?seen={seen}",
    ):
        page = as_bob.get(address).content.decode()
        assert f'id="card-{generation.pk}"' in page
        assert offered_of(page, generation) == names
        page = as_vera.get(address).content.decode()
        assert f'id="card-{generation.pk}"' in page
        assert offered_of(page, generation) == set()


@pytest.mark.parametrize(
    ("state", "name"), [(State.QUEUED, "cancel_all"), (State.NOT_SENT, "retry_failed")]
)
def test_so_with_what_is_done_to_all_of_a_click(
    as_vera: Client, as_bob: Client, team: Team, state: str, name: str
) -> None:
    submission = make_submission(team)
    for _ in range(2):
        make_generation(team, state=state, submission=submission)
    address = f"{reverse('results')}?submission={submission.pk}"
    all_of_it = reverse(name, args=[submission.pk])
    assert all_of_it in offers(as_bob.get(address).content.decode())
    page = as_vera.get(address).content.decode()
    assert f'id="run-{submission.pk}"' in page
    assert all_of_it not in offers(page)


def test_what_may_be_done_is_asked_of_the_team_that_the_picture_is_of(
    as_alice: Client, alice: User, charlie: User
) -> None:
    elsewhere = charlie.memberships.get().team
    failed = make_generation(elsewhere, state=State.NOT_SENT)
    page = reverse("picture", args=[failed.pk])
    seat = elsewhere.memberships.create(user=alice, role=Role.VIEWER)
    assert offered_of(as_alice.get(page).content.decode(), failed) == set()
    elsewhere.memberships.filter(pk=seat.pk).update(role=Role.EDITOR)
    assert offered_of(as_alice.get(page).content.decode(), failed) == {"retry"}


def test_a_viewer_is_not_offered_a_cells_answer(
    as_vera: Client, as_bob: Client, team: Team
) -> None:
    experiment = make_experiment(team, state=State.UNUSABLE)
    experiment.generations.update(kept_answer="answers/kept.json")
    cell = experiment.generations.get(cell=0)
    page = reverse("experiment", args=[experiment.pk])
    assert "answer" in offered_of(as_bob.get(page).content.decode(), cell)
    html = as_vera.get(page).content.decode()
    assert 'id="cell-0"' in html
    assert offered_of(html, cell) == set()
    assert reverse("retry_cells", args=[experiment.pk]) not in offers(html)
