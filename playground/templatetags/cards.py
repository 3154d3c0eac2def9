"""What the cards of generations show beside their fields."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from django import template
from django.utils import timezone

from accounts.models import Membership

from .. import times
from ..models import Generation, Submission
from ..results import Measured, may_retry, said_of_fields
from ..results import typical_seconds as typical

SECONDS_COUNTED = 100
"""From so many seconds on, minutes are told (and static/js/progress.js counts nothing down)."""

register = template.Library()
register.filter(may_retry)
register.filter(said_of_fields)


@register.filter
def may_change(thing: Generation | Submission, memberships: Iterable[Membership]) -> bool:
    """Whether whoever has these memberships may cancel it, send it again, or have its answer."""
    return any(each.may_generate for each in memberships if each.team_id == thing.team_id)


@register.filter
def typical_seconds(generation: Generation, measured: Measured | str) -> str:
    """What its progress bar runs over, for a data attribute: no number of any language."""
    return f"{typical(generation, measured if isinstance(measured, dict) else {}):.2f}"


@register.filter
def said_apart(generation: Generation) -> str:
    """The API's own words, unless they are no more than what it said of the fields."""
    of_fields = "; ".join(generation.field_messages.values())
    # In whatever order: a database need not keep it.
    same = sorted(generation.said.split("; ")) == sorted(of_fields.split("; "))
    return "" if same else generation.said


@register.filter
def again_in(generation: Generation) -> str:
    """How long it is until it is tried again by itself: "17 s", "59 min 12 s", "a moment"."""
    seconds = times.between(timezone.now(), generation.not_before) or 0
    if seconds <= 0:
        return "a moment"
    return f"{ceil(seconds)} s" if seconds < SECONDS_COUNTED else times.duration(seconds)


@register.filter
def total_time(generation: Generation) -> str:
    """From the click to the saved picture: "1.63 s"."""
    return times.duration(times.between(generation.queued_at, generation.saved_at))
