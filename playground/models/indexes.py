"""The indexes that carry filters and sorts; gallery/filters.py and sources.py say which."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from .states import State

IN_GALLERY = Q(state=State.SAVED, deleted_at=None)
IN_EXPERIMENT = Q(state=State.SAVED, deleted_at=None, experiment__isnull=False)
IN_BIN = Q(deleted_at__isnull=False)
EQUAL_FILTERS = (
    "upstream", "endpoint", "proportion", "format", "author", "seed", "request_key", "pick",
)  # fmt: skip
"""Columns by which the gallery filters, newest or oldest first, each carried by an index."""
RATING_STEPS = (1, 2, 3, 4, 5)


def gallery_indexes() -> list[models.Index]:
    """One for each filter and sort that stands alone."""
    newest = F("id").desc()

    def index(name: str, *columns: Any, condition: Q = IN_GALLERY) -> models.Index:
        return models.Index(F("team"), *columns, name=name, condition=condition)

    return [
        index("gallery", newest),
        *(index(f"gallery_{name}", F(name), newest) for name in EQUAL_FILTERS),
        index("gallery_date", F("queued_at"), F("id")),
        index("gallery_seconds", F("seconds"), F("id")),
        index("gallery_rating", F("rating").desc(), newest),
        index("gallery_experiment", F("experiment"), newest, condition=IN_EXPERIMENT),
        index("gallery_commented", newest, condition=IN_GALLERY & Q(comments_count__gt=0)),
        index("gallery_reruns", newest, condition=IN_GALLERY & Q(reruns__gt=0)),
        *(
            index(f"gallery_rated_{step}", newest, condition=IN_GALLERY & Q(rating__gte=step))
            for step in RATING_STEPS
        ),
    ]
