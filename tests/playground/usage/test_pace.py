from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Team, User
from playground.models import Generation
from playground.usage import pace
from tests.factories import make_generation

pytestmark = pytest.mark.django_db


def made(team: Team, by: User, *, ago: timedelta, seconds: float, **fields: Any) -> Generation:
    queued_at = timezone.now() - ago
    sent_at = queued_at + timedelta(seconds=0.25)
    received_at = sent_at + timedelta(seconds=seconds)
    times: dict[str, Any] = {
        "queued_at": queued_at,
        "sent_at": sent_at,
        "received_at": received_at,
        "saved_at": received_at + timedelta(seconds=0.5),
    }
    return make_generation(team, author=by, **{"upstream": "imagepig", **times, **fields})


DAY = timedelta(days=1)


def test_waiting_the_api_and_saving_are_told_apart(team: Team, alice: User) -> None:
    for seconds in (1.0, 2.0, 9.0):
        made(team, alice, ago=DAY, seconds=seconds)
    made(team, alice, ago=9 * DAY, seconds=1.0)
    made(team, alice, ago=20 * DAY, seconds=99.0)
    made(team, alice, ago=DAY, seconds=50.0, upstream="sandbox")
    (found,) = pace.paces_of(pace.week_of(team), pace.week_of(team, weeks_ago=1))
    assert (found.name, found.pictures, found.usual) == ("Default", 3, "1–2 s")
    assert found.waiting.median == pytest.approx(0.25)
    assert found.api.median == pytest.approx(2.0)
    assert 2.0 < found.api.p95 <= 9.0
    assert found.saving.median == pytest.approx(0.5)
    assert found.total.median == pytest.approx(0.25 + 2.0 + 0.5)
    assert found.before == pytest.approx(1.0)
    assert found.change == "100 % slower"


def test_a_single_picture_has_no_spread_and_nothing_before(team: Team, alice: User) -> None:
    made(team, alice, ago=DAY, seconds=2.0)
    (found,) = pace.paces_of(pace.week_of(team), pace.week_of(team, weeks_ago=1))
    assert found.api.median == found.api.p95 == pytest.approx(2.0)
    assert found.before is None
    assert found.change == ""


def test_about_as_fast_as_before_is_no_news() -> None:
    span = pace.Span(2.0, 3.0)
    found = [pace.Pace("XL", 1, span, span, span, span, "", before) for before in (1.95, 4.0)]
    assert [each.change for each in found] == ["", "50 % faster"]


def test_it_is_slow_when_the_last_hour_is_well_above_the_usual(team: Team, alice: User) -> None:
    for _ in range(3):
        made(team, alice, ago=DAY, seconds=2.0)
        made(team, alice, ago=timedelta(minutes=10), seconds=3.5)
        made(team, alice, ago=timedelta(minutes=10), seconds=9.0, upstream="sandbox")
    (slow,) = pace.slow_now(pace.latest_of(team))
    assert slow.name == "Default"
    assert slow.now == pytest.approx(3.5)
    assert slow.usual == pytest.approx(2.0)


def test_a_busy_hour_hides_nothing(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "LATEST", 4)
    for _ in range(3):
        made(team, alice, ago=DAY, seconds=2.0)
    for _ in range(5):
        made(team, alice, ago=timedelta(minutes=10), seconds=9.0)
        made(team, alice, ago=timedelta(minutes=5), seconds=0.1, upstream="sandbox")
    (slow,) = pace.slow_now(pace.latest_of(team))
    assert slow.now == pytest.approx(9.0)
    assert slow.usual == pytest.approx(2.0)


@pytest.mark.parametrize(("number", "seconds"), [(2, 9.0), (3, 2.5)])
def test_too_few_pictures_or_too_little_difference_say_nothing(
    team: Team, alice: User, number: int, seconds: float
) -> None:
    for _ in range(3):
        made(team, alice, ago=DAY, seconds=2.0)
    for _ in range(number):
        made(team, alice, ago=timedelta(minutes=10), seconds=seconds)
    assert pace.slow_now(pace.latest_of(team)) == []
