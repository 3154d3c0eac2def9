"""A worker's pulse: pages tell by it when nobody takes what is queued.

It is left in the queue's own store. So wherever the queue is, all web servers see it of all
workers, the database has no part in it, and a queue that cannot be asked has no pulse either.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone
from huey.constants import EmptyData

from .faults import Reason
from .models import Generation, State

logger = logging.getLogger(__name__)

KEY = "pulse"
BEAT_SECONDS = 5
GONE_SECONDS = 20
"""After so long without a beat nobody is at work: a busy machine may miss a few."""


def beat() -> None:
    """Leave the sign that a worker takes what is queued."""
    try:
        settings.HUEY.storage.put_data(KEY, str(timezone.now().timestamp()).encode())
    except settings.QUEUE_ERRORS as error:
        logger.warning("the queue is away: %s", type(error).__name__)


def nobody_works() -> bool:
    """Whether no worker has left a sign for a while, or the queue cannot be asked for it."""
    try:
        last = settings.HUEY.storage.peek_data(KEY)
    except settings.QUEUE_ERRORS:
        return True
    return last is EmptyData or timezone.now().timestamp() - float(last) > GONE_SECONDS


def plainly_waiting(generation: Generation) -> bool:
    """Whether it is for the queue to go on with it, and nothing else is in its way."""
    return generation.state == State.QUEUED and not generation.fault


def told(generations: Collection[Generation]) -> bool:
    """Have those that wait say so where nobody works; gives whether that is so."""
    away = any(map(plainly_waiting, generations)) and nobody_works()
    if away:
        tell(generations)
    return away


def tell(generations: Collection[Generation]) -> None:
    """Have those that wait say that the queue does not take them: as shown, not as recorded."""
    for each in generations:
        if plainly_waiting(each):
            each.fault = Reason.QUEUE_AWAY
