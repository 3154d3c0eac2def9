"""Collections: some of a team's pictures, by name."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import happenings
from accounts.models import Happened, Team, User

from ..models import Collected, Collection, GenerationQuerySet
from .batches import each_batch

logger = logging.getLogger(__name__)

LONGEST = 80


class NameTaken(ValueError):
    """A name that is none or that another one has; the message is for the person who typed it."""


def tidy_name(name: str) -> str:
    """A name without what is around it. Raises NameTaken where nothing is left, or too much."""
    tidy = " ".join(name.replace("\x00", " ").split())
    if not tidy:
        raise NameTaken("Give it a name.")
    if len(tidy) > LONGEST:
        raise NameTaken(f"A name has at most {LONGEST} characters; this one has {len(tidy)}.")
    return tidy


def create_collection(*, team: Team, name: str, by: User) -> Collection:
    """Begin a collection. Raises NameTaken."""
    tidy = tidy_name(name)
    try:
        with transaction.atomic():
            return Collection.objects.create(team=team, name=tidy, author=by)
    except IntegrityError:
        raise NameTaken(f"There is a collection called “{tidy}” already.") from None


def collection_called(*, team: Team, name: str, by: User) -> Collection:
    """The team's collection of that name, begun if there is none. Raises NameTaken."""
    tidy = tidy_name(name)
    kept = Collection.objects.kept().filter(team=team, name=tidy).first()
    if kept is not None:
        return kept
    try:
        return create_collection(team=team, name=tidy, by=by)
    except NameTaken:
        # Somebody else began it in the same moment.
        return Collection.objects.kept().get(team=team, name=tidy)


def rename_collection(*, collection: Collection, name: str, by: User) -> None:
    """Give a collection another name. Raises NameTaken."""
    tidy = tidy_name(name)
    try:
        with transaction.atomic():
            Collection.objects.filter(pk=collection.pk).update(name=tidy)
    except IntegrityError:
        raise NameTaken(f"There is a collection called “{tidy}” already.") from None
    collection.name = tidy
    logger.info("collection %s renamed by person %s", collection.pk, by.pk)


@transaction.atomic
def delete_collection(*, collection: Collection, by: User) -> datetime | None:
    """Put a collection away; its pictures stay in the gallery. None where it was away already."""
    now = timezone.now()
    deleted = Collection.objects.kept().filter(pk=collection.pk).update(deleted_at=now)
    if deleted:
        about = f"collection “{collection.name}”"
        happenings.record(collection.team, by, Happened.DELETED, about)
        logger.info("collection %s deleted by person %s", collection.pk, by.pk)
    return now if deleted else None


def restore_collection(*, collection: Collection, by: User) -> None:
    """Take a deleted collection back. Raises NameTaken where another one has its name by now."""
    try:
        with transaction.atomic():
            Collection.objects.filter(pk=collection.pk).update(deleted_at=None)
    except IntegrityError:
        raise NameTaken(
            f"There is another collection called “{collection.name}” by now. Rename that one first."
        ) from None
    logger.info("collection %s restored by person %s", collection.pk, by.pk)


def collect(*, pictures: GenerationQuerySet, collection: Collection, by: User) -> int:
    """Put pictures of its team into a collection; gives how many these are."""

    def put(ids: list[int]) -> None:
        Collected.objects.bulk_create(
            [Collected(collection=collection, generation_id=pk) for pk in ids],
            ignore_conflicts=True,
        )

    number = each_batch(pictures.filter(team=collection.team_id), put)
    logger.info("%s pictures into collection %s by person %s", number, collection.pk, by.pk)
    return number


def remove_from_collection(
    *, pictures: GenerationQuerySet, collection: Collection, by: User
) -> int:
    """Take pictures out of a collection; gives how many these are."""
    number = each_batch(
        pictures,
        lambda ids: Collected.objects.filter(collection=collection, generation__in=ids).delete(),
    )
    logger.info("%s pictures out of collection %s by person %s", number, collection.pk, by.pk)
    return number
