"""Numbers of the usage page: where they stand in a chart, and beside their names."""

from __future__ import annotations

from django import template

from ..usage.figures import Day, endpoint_name

register = template.Library()


@register.filter
def unlocalized(value: float) -> str:
    """A length in a chart, without the signs of any language."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


@register.filter
def share_of(calls: int, most: int) -> str:
    """Hundredths of `most`, for the width of a bar."""
    return unlocalized(100 * calls / most) if most else "0"


@register.filter
def calls_of(day: Day, name: str) -> str:
    """A day's calls of one endpoint, known by its name; "–" where there were none."""
    return str(sum(calls for key, calls in day.calls.items() if endpoint_name(key) == name) or "–")
