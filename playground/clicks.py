"""Which click a generation comes of: the id that stands in the log lines of both.

It travels in the queue's message. Of what waits in the database for its turn it is left in the
queue's own store, for whoever hands the generation over later. It is for the logs only: where it
is lost with the queue, nothing else is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from huey.constants import EmptyData

from imagepig_site import context

from .models import Generation

logger = logging.getLogger(__name__)

KEY = "click-"


def leave(generation_ids: Iterable[int]) -> None:
    """Leave this request's id for generations that wait."""
    request_id = context.request_id().encode()
    # The queue says itself that it is away.
    with suppress(*settings.QUEUE_ERRORS):
        for number in generation_ids if request_id else ():
            settings.HUEY.storage.put_data(f"{KEY}{number}", request_id)


def take(generation_id: int) -> str:
    """The id that was left for a generation; "" where none is. It is there no more."""
    with suppress(*settings.QUEUE_ERRORS):
        found = settings.HUEY.storage.pop_data(f"{KEY}{generation_id}")
        if found is not EmptyData:
            return bytes(found).decode()
    return ""


def forget_ended() -> None:
    """Remove what was left for generations that were cancelled since."""
    left = [key for key in settings.HUEY.storage.result_items() if key.startswith(KEY)]
    pending = Generation.objects.pending().order_by().values_list("pk", flat=True)
    still = {f"{KEY}{number}" for number in pending} if left else set()
    for key in left:
        if key not in still:
            settings.HUEY.storage.pop_data(key)
