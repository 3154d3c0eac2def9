"""What a person can see: pages of pictures, found, filtered and sorted. Changes nothing."""

from .browsing import COUNTED, LOOKED_THROUGH, Count, Every, browse, count, newer
from .filters import DECISIONS, Filter, choices, read
from .pages import (
    NEW_COUNTED,
    PAGE,
    PENDING_SHOWN,
    RERUNS,
    TILE_FIELDS,
    Page,
    coming,
    cursor,
    generations,
    neighbours,
    page,
    shown_upstream,
    tiles,
)
from .sorts import Cursor, Sort
from .sources import CARRIED, CARRIED_SORTS, source

__all__ = [
    "CARRIED",
    "CARRIED_SORTS",
    "COUNTED",
    "DECISIONS",
    "LOOKED_THROUGH",
    "NEW_COUNTED",
    "PAGE",
    "PENDING_SHOWN",
    "RERUNS",
    "TILE_FIELDS",
    "Count",
    "Cursor",
    "Every",
    "Filter",
    "Page",
    "Sort",
    "browse",
    "choices",
    "coming",
    "count",
    "cursor",
    "generations",
    "neighbours",
    "newer",
    "page",
    "read",
    "shown_upstream",
    "source",
    "tiles",
]
