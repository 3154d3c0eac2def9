"""What was deleted long enough ago is removed for good: rows, then files."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import teams
from accounts.models import Team

from .models import Collection, Experiment, Generation, GenerationQuerySet

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)
GRACE = timedelta(hours=1)
"""So that no team is removed while somebody brings it back at the last moment."""
BATCH = 100


def empty_bin() -> int:
    """Delete all that has been in the bin for 30 days; gives how many pictures that were."""
    before = timezone.now() - KEPT
    Collection.objects.filter(deleted_at__lt=before).delete()
    # The pictures of experiments stay, outside of any.
    Experiment.objects.filter(deleted_at__lt=before).delete()
    number = 0
    old = Generation.objects.binned().filter(deleted_at__lt=before).order_by("deleted_at", "pk")
    while removed := _remove_some(old):
        number += len(removed)
    if number:
        logger.info("%s pictures removed from the bin for good", number)
    return number


def remove_deleted_teams() -> int:
    """Remove the teams that were deleted 30 days ago, with all of theirs; gives how many."""
    old = list(Team.objects.filter(deleted_at__lt=timezone.now() - teams.KEPT - GRACE))
    for team in old:
        last = 0
        # In the order of their ids: there is no index of all that a team ever made.
        theirs = Generation.objects.filter(team=team).order_by("pk")
        while removed := _remove_some(theirs.filter(pk__gt=last)):
            last = removed[-1].pk
        logger.info("team %s is removed for good", team.pk)
        team.delete()
    return len(old)


def _remove_some(old: GenerationQuerySet) -> list[Generation]:
    """Remove the first 100 of these; gives them.

    Rows first: a crash before the files go leaves a file too many, never a row without one.
    """
    with transaction.atomic():
        some = list(old.select_for_update()[:BATCH])
        parents = Counter(each.parent_id for each in some if each.parent_id)
        for parent, children in parents.items():
            fewer = Greatest(F("reruns") - children, 0)
            Generation.objects.filter(pk=parent).update(reruns=fewer)
        Generation.objects.filter(pk__in=[each.pk for each in some]).delete()
    for each in some:
        _remove_files(each)
    return some


def _remove_files(picture: Generation) -> None:
    storage = storages["pictures"]
    for name in (picture.file, picture.thumbnail, picture.kept_answer):
        # Whatever lies elsewhere may be another row's as well.
        if not name.startswith(f"{picture.team_id}/"):
            continue
        try:
            storage.delete(name)
        except OSError as error:
            logger.warning("picture %s: its file stays: %s", picture.pk, error)
