from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from playground import times
from playground.models import Generation, Upstream

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float | None) -> datetime | None:
    return None if seconds is None else START + timedelta(seconds=seconds)


def picture(*moments: float | None, upstream: str = Upstream.IMAGEPIG) -> Generation:
    """queued, sent, received, saved; the API's began and finished."""
    names = ("queued_at", "sent_at", "received_at", "saved_at", "started_at", "completed_at")
    given = dict(zip(names, map(at, moments), strict=True))
    return Generation(upstream=upstream, **given)


def told(generation: Generation) -> dict[str, str]:
    return {span.key: span.text for span in times.spans(generation)}


def test_the_four_stretches_are_told_apart() -> None:
    # The API's clock is an hour ahead, which changes nothing.
    made = picture(0, 1, 5, 5.5, 3601, 3604)
    assert told(made) == {
        "queue": "1.00 s",
        "api": "3.00 s",
        "network": "1.00 s",
        "saving": "0.50 s",
    }
    assert times.total(made) == 5.5


def test_the_bar_is_in_proportion_and_filled_to_its_end() -> None:
    spans = times.spans(picture(0, 1, 5, 5.5, 1, 4))
    assert [span.width for span in spans] == [182, 545, 182, 91]
    assert [span.x for span in spans] == [0, 182, 727, 909]


@pytest.mark.parametrize("own", [(None, None), (1, None), (4, 1)])
def test_without_the_apis_own_times_the_way_is_told_as_a_whole(
    own: tuple[float | None, float | None],
) -> None:
    spans = times.spans(picture(0, 1, 5, 5.5, *own))
    assert [span.text for span in spans] == ["1.00 s", "—", "4.00 s", "0.50 s"]
    assert spans[2].label == "At Image Pig, and there and back"


def test_an_api_that_claims_more_than_there_was_leaves_no_way() -> None:
    assert told(picture(0, 1, 2, 2, 0, 9))["network"] == "0.00 s"


def test_nothing_known_draws_nothing() -> None:
    spans = times.spans(picture(0, None, None, None, None, None))
    assert {span.text for span in spans} == {"—"}
    assert {span.width for span in spans} == {0}


def test_the_sandbox_is_called_by_its_name() -> None:
    spans = times.spans(picture(0, 1, 2, 3, 1, 2, upstream=Upstream.SANDBOX))
    assert spans[1].label == "In the making at the sandbox"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "—"),
        (0, "0.00 s"),
        (9.994, "9.99 s"),
        (9.996, "10.0 s"),
        (99.9, "99.9 s"),
        (99.96, "1 min 40 s"),
        (3599.7, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations_read_as_people_write_them(seconds: float | None, words: str) -> None:
    assert times.duration(seconds) == words
