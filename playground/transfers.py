"""Pictures taken from one of a person's teams to another: explicitly, and written down in both.

What goes is the picture and its record. What the team made of it, tags, talk and decisions, stays.
A move is a copy whose original goes into the bin, so that it can be undone.
"""

from __future__ import annotations

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from accounts import happenings
from accounts.models import Happened, Team, User

from . import services
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


class FileMissing(services.NotPossible):
    """The picture's file is not where it should be."""


@transaction.atomic
def copy(picture: Generation, *, to: Team, by: User) -> Generation:
    """The same picture in another team, with files of its own. Raises FileMissing."""
    taken = _copy(picture, to, by)
    happenings.record(picture.team, by, Happened.PICTURES_COPIED, f"picture {picture.pk} to {to}")
    return taken


@transaction.atomic
def move(picture: Generation, *, to: Team, by: User) -> Generation:
    """The same, and the original goes into its team's bin. Raises FileMissing."""
    taken = _copy(picture, to, by)
    services.to_bin(picture)
    happenings.record(picture.team, by, Happened.PICTURES_MOVED, f"picture {picture.pk} to {to}")
    return taken


@transaction.atomic
def _copy(picture: Generation, to: Team, by: User) -> Generation:
    fields = Generation._meta.concrete_fields  # noqa: SLF001 (documented, for all its looks)
    record = (field for field in fields if not field.generated)
    taken = Generation(**{each.attname: getattr(picture, each.attname) for each in record})
    taken.pk, taken.team = None, to
    for name, value in NOT_TAKEN.items():
        setattr(taken, name, value)
    taken.file, taken.thumbnail = _copied_files(picture, new_name(taken))
    taken.save(force_insert=True)
    happenings.record(to, by, Happened.PICTURES_COPIED, f"picture {taken.pk} from {picture.team}")
    logger.info(
        "picture %s of team %s copied to team %s as %s by person %s",
        picture.pk, picture.team_id, to.pk, taken.pk, by.pk,
    )  # fmt: skip
    return taken


def _copied_files(picture: Generation, name: str) -> tuple[str, str]:
    storage = storages["pictures"]
    endings = (picture.file.rpartition(".")[2], "thumbnail.webp")
    copied = []
    for old, ending in zip((picture.file, picture.thumbnail), endings, strict=True):
        try:
            with storage.open(old) as file:
                copied.append(storage.save(f"{name}.{ending}", ContentFile(file.read())))
        except FileNotFoundError as error:
            raise FileMissing("The file of this picture is missing, so it stays here.") from error
    return copied[0], copied[1]
