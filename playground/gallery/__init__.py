"""What a person can see: pages of pictures, found, filtered and sorted. Changes nothing."""

from .browsing import COUNTED, LOOKED_THROUGH, Count, browse, count, every
from .filters import Filter, choices, read
from .pages import (
    NEW_COUNTED,
    PAGE,
    PENDING_SHOWN,
    RERUNS,
    TILE_FIELDS,
    Page,
    count_newer,
    cursor,
    generations,
    neighbours,
    page,
    pending,
    shown_upstream,
    tiles,
)
from .periods import Period, days, months
from .sorts import Cursor, Sort
from .sources import CARRIED, CARRIED_SORTS, source

__all__ = [
    "CARRIED",
    "CARRIED_SORTS",
    "COUNTED",
    "LOOKED_THROUGH",
    "NEW_COUNTED",
    "PAGE",
    "PENDING_SHOWN",
    "RERUNS",
    "TILE_FIELDS",
    "Count",
    "Cursor",
    "Filter",
    "Page",
    "Period",
    "Sort",
    "browse",
    "choices",
    "count",
    "count_newer",
    "cursor",
    "days",
    "every",
    "generations",
    "months",
    "neighbours",
    "page",
    "pending",
    "read",
    "shown_upstream",
    "source",
    "tiles",
]
