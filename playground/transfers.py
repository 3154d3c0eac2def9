"""Pictures taken from one of a person's teams to another: explicitly, and written down in both.

What goes is the picture and its record. What the team made of it, tags, talk and decisions, stays.
A move is a copy whose original goes into the bin, so that it can be undone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from accounts import happenings
from accounts.models import Happened, Team, User

from .models import Generation, Pick
from .pipeline.saving import new_name

logger = logging.getLogger(__name__)

NOT_TAKEN = {
    "parent": None,
    "origin": None,
    "retry_of": None,
    "submission": None,
    "experiment": None,
    "cell": None,
    "api_key": None,
    "verdict": "",
    "psnr": None,
    "rating": 0,
    "reruns": 0,
    "comments_count": 0,
    "pick": Pick.UNDECIDED,
    "picked_by": None,
    "picked_at": None,
    "kept_answer": "",
}
"""What belongs to the team that it came from."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What went to another team, and how many pictures stay where they are, their files missing."""

    copies: list[Generation]
    missing: int


def copy(*pictures: Generation, to: Team, by: User) -> Taken:
    """The same pictures, all of one team, in another one, with files of their own."""
    return _take(pictures, to, by, binned_at=None)


def move(*pictures: Generation, to: Team, by: User, at: datetime) -> Taken:
    """The same, and the originals go into their team's bin, as of `at`."""
    return _take(pictures, to, by, binned_at=at)


def _take(
    pictures: Sequence[Generation], to: Team, by: User, *, binned_at: datetime | None
) -> Taken:
    # Files first: the database waits for no disk.
    copies = {picture.pk: taken for picture in pictures if (taken := _copied(picture, to))}
    if copies:
        with _files_taken_back_on_failure(copies.values()):
            _write_down(pictures[0].team, copies, to, by, binned_at=binned_at)
    return Taken(list(copies.values()), len(pictures) - len(copies))


@contextmanager
def _files_taken_back_on_failure(copies: Collection[Generation]) -> Iterator[None]:
    """Delete the files of the copies if what is done meanwhile does not come about."""
    try:
        yield
    except BaseException:
        for each in copies:
            for name in (each.file, each.thumbnail):
                storages["pictures"].delete(name)
        raise


@transaction.atomic
def _write_down(
    team: Team, copies: Mapping[int, Generation], to: Team, by: User, *, binned_at: datetime | None
) -> None:
    for pk, taken in copies.items():
        taken.save(force_insert=True)
        logger.info(
            "picture %s of team %s copied to team %s as %s by person %s",
            pk, team.pk, to.pk, taken.pk, by.pk,
        )  # fmt: skip
    kind = Happened.PICTURES_COPIED
    if binned_at:
        kind = Happened.PICTURES_MOVED
        Generation.objects.pictures().filter(pk__in=copies).update(deleted_at=binned_at)
    happenings.record(team, by, kind, f"{_named(copies)} to {to}")
    arrived = [taken.pk for taken in copies.values()]
    happenings.record(to, by, Happened.PICTURES_COPIED, f"{_named(arrived)} from {team}")


def _named(pks: Collection[int]) -> str:
    """ "picture 12"; "3 pictures"."""
    return (
        f"picture {next(iter(pks))}" if len(pks) == 1 else happenings.counted(len(pks), "picture")
    )


def _copied(picture: Generation, to: Team) -> Generation | None:
    """The picture as the other team is to have it, its files stored; None where one is missing."""
    fields = Generation._meta.concrete_fields  # noqa: SLF001 (documented, for all its looks)
    record = (field for field in fields if not field.generated)
    taken = Generation(**{each.attname: getattr(picture, each.attname) for each in record})
    taken.pk, taken.team = None, to
    for name, value in NOT_TAKEN.items():
        setattr(taken, name, value)
    try:
        taken.file, taken.thumbnail = _copied_files(picture, new_name(taken))
    except FileNotFoundError:
        logger.warning("picture %s: a file of it is missing, so it stays", picture.pk)
        return None
    return taken


def _copied_files(picture: Generation, name: str) -> tuple[str, str]:
    storage = storages["pictures"]
    with storage.open(picture.file) as file, storage.open(picture.thumbnail) as thumbnail:
        ending = picture.file.rpartition(".")[2]
        return (
            storage.save(f"{name}.{ending}", ContentFile(file.read())),
            storage.save(f"{name}.thumbnail.webp", ContentFile(thumbnail.read())),
        )
