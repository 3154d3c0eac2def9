"""Small things that every template needs: icons, and shapes as class names."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from playground.imagepig.endpoints import Endpoint

register = template.Library()

SHAPE_LONGEST = 16
RATIO_STEP = 5
RATIO_LOWEST, RATIO_HIGHEST = 40, 300
"""Hundredths of width ÷ height that the style sheet has a class for."""


@register.simple_tag
def icon(name: str, size: int = 20, css: str = "") -> SafeString:
    """An icon of the sprite (static/icons/icons.svg), hidden from screen readers.

    `size` is in pixels; `css` holds further class names.
    """
    return format_html(
        '<svg class="icon {}" width="{}" height="{}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        css,
        size,
        size,
        static("icons/icons.svg"),
        name,
    )


@register.simple_tag
def shape(endpoint: Endpoint, proportion: str) -> SafeString | str:
    """A small rectangle in the shape of that proportion's pictures; "" for what is none."""
    size = endpoint.sizes.get(proportion) if proportion else None
    if not size:
        return ""
    scale = SHAPE_LONGEST / max(size)
    width, height = (round(side * scale, 1) for side in size)
    return format_html(
        '<svg class="icon" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">'
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2"/></svg>',
        round((20 - width) / 2, 1),
        round((20 - height) / 2, 1),
        width,
        height,
    )


@register.filter
def ratio_class(size: tuple[int, int]) -> str:
    """The class for a picture's shape, to the nearest 5 %: (1216, 832) → "r-145".

    A policy without inline styles leaves no other way to tell the style sheet a shape.
    """
    width, height = size
    hundredths = round(100 * width / max(height, 1) / RATIO_STEP) * RATIO_STEP
    return f"r-{min(max(hundredths, RATIO_LOWEST), RATIO_HIGHEST):03d}"
