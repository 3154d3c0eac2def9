"""Many pictures into the bin and out of it again."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from accounts import happenings
from accounts.models import Happened, Team, User

from ..models import Generation, GenerationQuerySet, State
from .batches import each_batch

logger = logging.getLogger(__name__)


def delete_many(
    *, team: Team, pictures: GenerationQuerySet, by: User, at: datetime | None = None
) -> tuple[int, datetime]:
    """Put pictures of a team into the bin; gives how many, and the time that they bear there.

    That time is what brings them back together (`restore_many`); `at` gives it to several calls.
    """
    now = at or timezone.now()

    def put(ids: list[int]) -> None:
        Generation.objects.pictures().filter(pk__in=ids).update(deleted_at=now)
        about = happenings.counted(len(ids), "picture")
        happenings.record(team, by, Happened.PICTURES_DELETED, about)

    number = each_batch(pictures.pictures(), put)
    if number:
        logger.info("%s pictures deleted by person %s", number, by.pk)
    return number, now


def restore_many(
    *, team: Team, by: User, deleted_at: datetime | None = None, ids: list[int] | None = None
) -> int:
    """Take a team's pictures out of the bin: those put there at one time, or those with these ids.

    Gives how many came back.
    """
    binned = Generation.objects.binned().filter(team=team, state=State.SAVED)
    if deleted_at is not None:
        binned = binned.filter(deleted_at=deleted_at)
    if ids is not None:
        binned = binned.filter(pk__in=ids)
    number = each_batch(
        binned, lambda some: Generation.objects.filter(pk__in=some).update(deleted_at=None)
    )
    if number:
        logger.info("%s pictures restored by person %s", number, by.pk)
    return number
