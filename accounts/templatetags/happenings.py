"""Icons for what happened, and for what people are told."""

from __future__ import annotations

from django import template

register = template.Library()

ICONS = {
    "team": "users",
    "invited": "user-plus",
    "invitation": "undo",
    "joined": "user-plus",
    "left": "log-out",
    "removed": "log-out",
    "role": "shield-check",
    "key": "key",
    "budget": "credit",
    "share": "link",
    "pictures": "images",
    "exported": "download",
    "mentioned": "at-sign",
    "experiment": "compare",
    "site": "warning",
    "deleted": "trash",
}


@register.filter
def kind_icon(kind: str) -> str:
    """The icon for a kind of event or notice, by the first word of its name."""
    return ICONS.get(kind.partition("_")[0], "info")
