"""Many pictures, a batch at a time: no transaction holds the others up for long."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from ..models import GenerationQuerySet

BATCH = 500
"""Pictures that one transaction changes at most."""
AT_ONCE = 10_000
"""Pictures that one click changes at most; what is beyond waits for the next click."""


def each_batch(pictures: GenerationQuerySet, change: Callable[[list[int]], object]) -> int:
    """Call `change` with ids of `pictures`, newest first, a batch in each transaction.

    Gives how many pictures that were: at most AT_ONCE.
    """
    done = 0
    below: int | None = None
    while done < AT_ONCE:
        rest = pictures if below is None else pictures.filter(pk__lt=below)
        size = min(BATCH, AT_ONCE - done)
        with transaction.atomic():
            ids = list(rest.order_by("-pk").values_list("pk", flat=True)[:size])
            if ids:
                change(ids)
        if not ids:
            break
        done, below = done + len(ids), ids[-1]
    return done
