"""What is offered of generations that wait or have failed, and to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Role, Team, User
from playground.models import Generation, State, Submission, Upstream
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


# The bill of trying them again


def failed_run(team: Team, *failures: tuple[str, str, str]) -> Submission:
    """A click of which all has failed: endpoint, state, fault of each."""
    submission = make_submission(team)
    for endpoint, state, fault in failures:
        make_generation(
            team,
            upstream=Upstream.IMAGEPIG,
            endpoint=endpoint,
            state=state,
            fault=fault,
            submission=submission,
        )
    return submission


def button_of(client: Client, submission: Submission) -> str:
    """What the button says that tries all of them again."""
    address = f"{reverse('results')}?submission={submission.pk}"
    html = client.get(address).content.decode()
    form = html[html.index(f'action="{reverse("retry_failed", args=[submission.pk])}"') :]
    button = form[form.index("<button") : form.index("</button>")]
    return " ".join(re.sub(r"<[^>]*>", " ", button).split())


NOT_SENT = (State.NOT_SENT, "connection_refused")
UNKNOWN = (State.UNKNOWN, "connection_broken")
UNUSABLE = (State.UNUSABLE, "damaged_image")


@pytest.mark.parametrize(
    ("failures", "words"),
    [
        ([("flux", *NOT_SENT)] * 2, "Retry 2 failed · 4 calls"),
        ([("default", *NOT_SENT), ("default", State.REFUSED, "busy")], "Retry 2 failed · 2 calls"),
        (
            [("flux", *UNKNOWN), ("flux", *UNUSABLE)],
            "Retry 2 failed · 4 calls (may cost them again)",
        ),
        (
            [("xl", *NOT_SENT), ("xl", *NOT_SENT), ("flux", *UNKNOWN)],
            "Retry 3 failed · 4 calls (may cost 2 of them again)",
        ),
        # What the API would say no to once more is not tried again.
        (
            [("xl", *NOT_SENT)] * 2 + [("flux", State.REFUSED, "invalid_request")],
            "Retry 2 failed · 2 calls",
        ),
    ],
)
def test_trying_all_again_names_its_bill(
    as_bob: Client, team: Team, api_key: ApiKey, failures: list[tuple[str, str, str]], words: str
) -> None:
    submission = failed_run(team, *failures)
    assert button_of(as_bob, submission) == words
    number, calls = (int(each) for each in re.findall(r"\d+", words)[:2])
    before = Generation.objects.count()
    as_bob.post(reverse("retry_failed", args=[submission.pk]), {"agreed": str(calls)})
    new = Generation.objects.order_by("pk")[before:]
    assert (len(new), sum(each.calls for each in new)) == (number, calls)


def test_in_the_sandbox_there_is_no_bill_to_name(as_bob: Client, team: Team) -> None:
    submission = make_submission(team)
    for _ in range(2):
        make_generation(team, state=State.UNKNOWN, endpoint="flux", submission=submission)
    assert "call" not in button_of(as_bob, submission)
    as_bob.post(reverse("retry_failed", args=[submission.pk]))
    assert Generation.objects.count() == 4


def test_a_page_that_named_less_has_to_ask_again(
    as_bob: Client, team: Team, api_key: ApiKey
) -> None:
    submission = failed_run(team, *[("flux", *UNKNOWN)] * 2)
    address = reverse("retry_failed", args=[submission.pk])
    page = as_bob.post(address, {"agreed": "2"}, follow=True).content.decode()
    assert "Trying them again counts as 4 calls by now." in page
    assert Generation.objects.count() == 2
    as_bob.post(address, {"agreed": "4"})
    assert Generation.objects.count() == 4


def test_one_alone_says_how_many_calls_it_may_cost(as_bob: Client, team: Team) -> None:
    for endpoint, words in (("default", "another call"), ("flux", "another 2 calls")):
        failed = make_generation(
            team, upstream=Upstream.IMAGEPIG, endpoint=endpoint, state=State.UNKNOWN
        )
        page = as_bob.get(reverse("picture", args=[failed.pk])).content.decode()
        assert f"Generate again (may cost {words})" in page
