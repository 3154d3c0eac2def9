"""Where a picture's time went: waiting, travelling, being made, being saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .models import Generation

BAR = 1000
"""Length of the whole bar in units of its drawing."""


@dataclass(frozen=True)
class Span:
    """One stretch of the way. `seconds` is None where nobody has said; x and width draw it."""

    key: str
    label: str
    seconds: float | None
    x: int = 0
    width: int = 0

    @property
    def text(self) -> str:
        return duration(self.seconds)


def duration(seconds: float | None) -> str:
    """Seconds as people write them: "0.34 s", "12.5 s", "2 min 5 s", "—" for unknown."""
    if seconds is None:
        return "—"
    if seconds < 99.95:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from `start` to `end`; None where one is missing or they are reversed."""
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds()


def spans(generation: Generation) -> list[Span]:
    """The way of a picture in four stretches, each with its place in the bar.

    The API's own time is by the API's clock. What is left of our own time between sending and
    receiving was the way there and back.
    """
    made = between(generation.started_at, generation.completed_at)
    away = between(generation.sent_at, generation.received_at)
    travelled = None if away is None else max(0.0, away - (made or 0.0))
    by = "the sandbox" if generation.in_sandbox else "Image Pig"
    way = f"At {by}, and there and back" if made is None else "There and back"
    return drawn(
        [
            Span("queue", "Waiting to be sent", between(generation.queued_at, generation.sent_at)),
            Span("api", f"In the making at {by}", made),
            Span("network", way, travelled),
            Span("saving", "Saving", between(generation.received_at, generation.saved_at)),
        ]
    )


def drawn(stretches: list[Span]) -> list[Span]:
    """The same with `x` and `width`: in proportion, and filling the bar to its last unit."""
    total = sum(each.seconds or 0.0 for each in stretches)
    placed, passed, x = [], 0.0, 0
    for each in stretches:
        passed += each.seconds or 0.0
        end = round(BAR * passed / total) if total else 0
        placed.append(Span(each.key, each.label, each.seconds, x=x, width=end - x))
        x = end
    return placed


def total(generation: Generation) -> float | None:
    """Seconds from the click to the saved picture, by our own clock."""
    return between(generation.queued_at, generation.saved_at)


def moments(generation: Generation) -> list[tuple[str, datetime | None]]:
    """All that was written down of when, first by our clock, then by the API's."""
    by = "Sandbox" if generation.in_sandbox else "Image Pig"
    return [
        ("Asked for", generation.queued_at),
        ("Sent", generation.sent_at),
        ("Received", generation.received_at),
        ("Saved", generation.saved_at),
        (f"{by} began", generation.started_at),
        (f"{by} finished", generation.completed_at),
    ]
