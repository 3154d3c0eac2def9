"""Chances as people read them, and as bars are drawn by them."""

from __future__ import annotations

from typing import Any

from django import template

from ..experiments.ranking import Standing

register = template.Library()


@register.filter
def percent(chance: float) -> str:
    """0.734 → "73 %"."""
    return f"{100 * chance:.0f} %"


@register.filter
def thousandths(chance: float) -> int:
    """0.734 → 734, for a drawing 1000 wide."""
    return round(1000 * chance)


@register.filter
def range_width(standing: Standing[Any]) -> int:
    """The width of the range in which the chance lies, for the same drawing."""
    return max(2, thousandths(standing.high) - thousandths(standing.low))
