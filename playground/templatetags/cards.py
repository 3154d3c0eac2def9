"""What the cards of generations show beside their fields."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from .. import times
from ..models import Generation
from ..results import Measured, may_retry, said_of_fields
from ..results import typical_seconds as typical

register = template.Library()
register.filter(may_retry)
register.filter(said_of_fields)


@register.filter
def seen(generations: Iterable[Generation]) -> str:
    """ "12.3,13.1": what a page shows of each, for the request that waits for a change."""
    return ",".join(f"{each.pk}.{each.revision}" for each in generations)


@register.filter
def typical_seconds(generation: Generation, measured: Measured | str) -> str:
    """What its progress bar runs over, for a data attribute: no number of any language."""
    return f"{typical(generation, measured if isinstance(measured, dict) else {}):.2f}"


@register.filter
def said_apart(generation: Generation) -> str:
    """The API's own words, unless they are no more than what it said of the fields."""
    of_fields = "; ".join(generation.field_messages.values())
    return "" if generation.said == of_fields else generation.said


@register.filter
def total_time(generation: Generation) -> str:
    """From the click to the saved picture: "1.63 s"."""
    return times.duration(times.between(generation.queued_at, generation.saved_at))
