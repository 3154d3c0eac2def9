"""The usual time as measured in a team's own pictures: in words, and under a progress bar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from playground import results
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Upstream
from tests.factories import make_generation
from tests.playground.gallery.rows import rows

XL = TABLE["xl"]
OURS, THEIRS = (Upstream.SANDBOX, "xl"), (Upstream.IMAGEPIG, "xl")


def taking(team: Team, *seconds: float, **fields: object) -> list[Generation]:
    """Pictures of XL whose calls took so many seconds each."""
    sent = timezone.now()
    return [
        rows(
            team,
            1,
            **{
                "endpoint": "xl",
                "sent_at": sent,
                "received_at": sent + timedelta(seconds=each),
                **fields,
            },
        )[0]
        for each in seconds
    ]


def test_the_usual_time_is_the_median_from_sending_to_receiving(team: Team) -> None:
    taking(team, 3.4, 60, 0.9)
    assert results.measured_seconds(team) == {OURS: pytest.approx(3.4)}
    taking(team, 3.6)
    assert results.measured_seconds(team) == {OURS: pytest.approx(3.5)}


def test_upstreams_endpoints_and_teams_are_measured_apart(team: Team) -> None:
    taking(team, 1)
    taking(team, 4, upstream=Upstream.IMAGEPIG)
    taking(team, 9, endpoint="flux", upstream=Upstream.IMAGEPIG)
    taking(Team.objects.create(name="Elsewhere"), 100)
    assert results.measured_seconds(team.pk) == {
        OURS: pytest.approx(1),
        THEIRS: pytest.approx(4),
        (Upstream.IMAGEPIG, "flux"): pytest.approx(9),
    }


def test_what_is_in_the_bin_or_failed_is_not_measured(team: Team) -> None:
    taking(team, 100, 100, 100, deleted_at=timezone.now())
    make_generation(team, endpoint="xl", state=State.UNUSABLE)
    assert results.measured_seconds(team) == {}
    taking(team, 2)
    assert results.measured_seconds(team) == {OURS: pytest.approx(2)}


def test_only_the_latest_pictures_are_measured(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MEASURED", 3)
    taking(team, 90, 90, 90, 90, 2, 2, 2)
    assert results.measured_seconds(team) == {OURS: pytest.approx(2)}


@pytest.mark.parametrize(
    ("upstream", "seconds", "words"),
    [
        (Upstream.IMAGEPIG, 3.4, "3.4 s"),
        (Upstream.IMAGEPIG, 12.25, "12.2 s"),
        (Upstream.IMAGEPIG, 1, "1.0 s"),
        (Upstream.IMAGEPIG, 0.99, "under a second"),
        (Upstream.IMAGEPIG, None, XL.usual_time),
        (Upstream.SANDBOX, 2.5, "2.5 s"),
        (Upstream.SANDBOX, None, "under a second"),
    ],
)
def test_the_usual_time_in_words_is_what_was_measured_else_what_is_documented(
    upstream: str, seconds: float | None, words: str
) -> None:
    other = Upstream.SANDBOX if upstream == Upstream.IMAGEPIG else Upstream.IMAGEPIG
    measured = {(other, "xl"): 77.0} | ({} if seconds is None else {(upstream, "xl"): seconds})
    assert results.usual_time(upstream, XL, measured) == words


@pytest.mark.parametrize(
    ("upstream", "measured", "seconds"),
    [
        (Upstream.IMAGEPIG, {THEIRS: 3.4, OURS: 1.5}, 3.4),
        (Upstream.SANDBOX, {THEIRS: 3.4, OURS: 1.5}, 1.5),
        # A bar that runs over nothing would be none.
        (Upstream.SANDBOX, {OURS: 0.01}, 0.2),
        (Upstream.IMAGEPIG, {OURS: 1.5}, XL.typical_seconds),
        (Upstream.SANDBOX, {THEIRS: 3.4}, 1.0),
    ],
)
def test_a_bar_runs_over_what_was_measured_there_else_over_what_is_documented(
    upstream: str, measured: results.Measured, seconds: float
) -> None:
    picture = Generation(upstream=upstream, endpoint="xl")
    assert results.typical_seconds(picture, measured) == seconds


def test_the_form_and_a_waiting_card_say_what_was_measured(
    as_alice: Client, alice: User, team: Team
) -> None:
    taking(team, 3.4, author=alice)
    make_generation(team, author=alice, endpoint="xl", state=State.SENDING)
    html = as_alice.get(reverse("playground")).content.decode()
    assert "Costs nothing · usually 3.4 s" in html
    assert 'data-usual="3.40"' in html


@pytest.mark.parametrize("page", ["wait", "results", "picture"])
def test_a_card_that_comes_later_or_stands_alone_has_its_measured_time_too(
    page: str, as_alice: Client, alice: User, team: Team
) -> None:
    taking(team, 3.4, author=alice)
    sending = make_generation(team, author=alice, endpoint="xl", state=State.SENDING)
    assert sending.submission
    address = {
        "wait": f"{reverse('wait')}?seen={sending.pk}.{sending.revision + 1}",
        "results": f"{reverse('results')}?submission={sending.submission.pk}",
        "picture": reverse("picture", args=[sending.pk]),
    }[page]
    assert 'data-usual="3.40"' in as_alice.get(address).content.decode()
