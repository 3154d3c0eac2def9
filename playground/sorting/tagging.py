"""Tags: a team's words for pictures, made by their first use."""

from __future__ import annotations

import logging
import re

from accounts.models import Team, User

from ..models import GenerationQuerySet, Tag, Tagged
from .batches import each_batch

logger = logging.getLogger(__name__)

LONGEST = 50
# What no page shows as anything: a tag must not look like another one, or like none.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)


class InvalidTag(ValueError):
    """What is wrong with a tag, in words for the person who typed it."""


def normalised(name: str) -> str:
    """A tag as it is kept: "  Pink   PIG " → "pink pig". Raises InvalidTag."""
    tidy = " ".join(UNSEEN.sub(" ", name).split()).lower()
    if not tidy:
        raise InvalidTag("Write a word or two for the tag.")
    if len(tidy) > LONGEST:
        raise InvalidTag(f"A tag has at most {LONGEST} characters; this one has {len(tidy)}.")
    return tidy


def tag(*, pictures: GenerationQuerySet, team: Team | int, name: str, by: User) -> tuple[Tag, int]:
    """Give pictures of the team a tag; gives it, and how many pictures these are.

    Raises InvalidTag.
    """
    team_id = team if isinstance(team, int) else team.pk
    given, _ = Tag.objects.get_or_create(team_id=team_id, name=normalised(name))

    def give(ids: list[int]) -> None:
        Tagged.objects.bulk_create(
            [Tagged(tag=given, generation_id=pk) for pk in ids], ignore_conflicts=True
        )

    number = each_batch(pictures, give)
    logger.info("%s pictures tagged %s by person %s", number, given.pk, by.pk)
    return given, number


def untag(*, pictures: GenerationQuerySet, name: str, by: User) -> int:
    """Take a tag off pictures; gives how many these are."""

    def take(ids: list[int]) -> None:
        Tagged.objects.filter(generation__in=ids, tag__name=name).delete()

    number = each_batch(pictures, take)
    logger.info("%s pictures untagged by person %s", number, by.pk)
    return number
