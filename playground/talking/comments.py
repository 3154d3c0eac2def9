"""Comments on a picture, and whom they mention.

"@" and a member's name mention that member, who is told once a comment; where several are called
so, each of them: nobody is left out because of another's name. What is written stays as it is
written: names are found again each time it is shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Membership, NoticeKind, Team, User

from ..models import Comment, Generation
from ..models.talking import CommentQuerySet

logger = logging.getLogger(__name__)

LONGEST = 2000
SHOWN = 200
"""Comments of one picture that its page shows: the latest ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comment's text. `mentions` says that it is somebody's name."""

    text: str
    mentions: bool = False


def comments_on(picture: Generation) -> CommentQuerySet:
    """The picture's comments, oldest first; of very many the latest."""
    latest = picture.comments.kept().order_by("-pk").values("pk")[:SHOWN]
    return Comment.objects.filter(pk__in=latest).select_related("author").order_by("pk")


@transaction.atomic
def write(*, picture: Generation, by: User, text: str) -> Comment:
    """Write a comment, and tell those whom it mentions."""
    comment = Comment.objects.create(
        team=picture.team, generation=picture, author=by, text=text[:LONGEST]
    )
    _count(comment, 1)
    mentioned = mentioned_in(comment.text, names_of(members_of(picture.team))) - {by}
    comment.mentions.set(mentioned)
    address = f"{reverse('picture', args=[picture.pk])}#comment-{comment.pk}"
    said = f"{by} mentions you: “{comment.text}”"
    notices.tell(
        mentioned, picture.team, NoticeKind.MENTIONED, said, address, key=f"comment {comment.pk}"
    )
    logger.info("comment %s on picture %s by person %s", comment.pk, picture.pk, by.pk)
    return comment


@transaction.atomic
def delete(comment: Comment) -> bool:
    """Take a comment away. False where it was taken away already."""
    kept = Comment.objects.kept().filter(pk=comment.pk)
    if not kept.update(deleted_at=timezone.now()):
        return False
    _count(comment, -1)
    return True


@transaction.atomic
def restore(comment: Comment) -> bool:
    """Bring a comment back. False where it is there already."""
    gone = Comment.objects.filter(pk=comment.pk, deleted_at__isnull=False)
    if not gone.update(deleted_at=None):
        return False
    _count(comment, 1)
    return True


def members_of(team: Team) -> list[Membership]:
    """Everybody whom a comment can mention."""
    return list(team.memberships.select_related("user").order_by("pk"))


def names_of(members: Iterable[Membership]) -> dict[str, list[User]]:
    """Name in small letters → who is called so; the first word of it does where nobody is."""
    whole: dict[str, list[User]] = {}
    first: dict[str, list[User]] = {}
    for membership in members:
        name = membership.user.get_short_name().casefold()
        whole.setdefault(name, []).append(membership.user)
        first.setdefault(name.partition(" ")[0], []).append(membership.user)
    return first | whole


def calls_of(names: Mapping[str, Collection[User]], *, but: User) -> list[str]:
    """By what each of the others is called best: the shortest name that is nobody else's."""
    best: dict[User, str] = {}
    for name, users in sorted(names.items(), key=lambda each: (len(each[1]), len(each[0]))):
        for user in users:
            best.setdefault(user, name)
    return sorted({name for user, name in best.items() if user != but})


def mentioned_in(text: str, names: Mapping[str, Collection[User]]) -> set[User]:
    """The members whom a text mentions."""
    pattern = _pattern(names)
    found = pattern.findall(text) if pattern else []
    return {user for name in found for user in names[name.casefold()]}


def parts_of(text: str, names: Mapping[str, Collection[User]]) -> list[Part]:
    """A text cut up into names that are mentioned and what stands between them."""
    pattern = _pattern(names)
    if pattern is None:
        return [Part(text)]
    parts, start = [], 0
    for found in pattern.finditer(text):
        parts += [Part(text[start : found.start()]), Part(found.group(), mentions=True)]
        start = found.end()
    return [part for part in (*parts, Part(text[start:])) if part.text]


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    # The longest first: "@Anna Maria" is not Anna.
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    if not longest_first:
        return None
    any_name = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![\w.])@({any_name})(?!\w)", re.IGNORECASE)


def _count(comment: Comment, more: int) -> None:
    Generation.objects.filter(pk=comment.generation_id).update(
        comments_count=F("comments_count") + more
    )
