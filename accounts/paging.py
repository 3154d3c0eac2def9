"""Lists page by page: a page begins after a row, not at a number."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def cursor(text: str | None) -> int | None:
    """The id that an address holds; None for anything else, and for what no id can be."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def page(rows: QuerySet[Row], size: int) -> tuple[list[Row], int | None]:
    """The first `size` of these rows, and the id after which the next page begins; None: none."""
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None
