"""What a person can see: pages of pictures, a picture's neighbours and re-runs. Changes nothing.

A page begins after a picture, not at a number: 100,000 pictures cost what 10 do, and what is added
or deleted meanwhile makes no picture appear twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Subquery

from accounts.models import Team, User

from ..models import Generation, GenerationQuerySet, Upstream

PAGE = 60
RERUNS = 12
PENDING_SHOWN = 60
NEW_COUNTED = 100
"""Up to here new pictures are counted; beyond, "99+" says enough."""

TILE_FIELDS = (
    "upstream",
    "endpoint",
    "state",
    "positive_prompt",
    "width",
    "height",
    "placeholder",
    "verdict",
    "rating",
    "queued_at",
)


@dataclass(frozen=True)
class Page:
    """Some pictures in their order, and the cursors of the pages around them; None where none is.

    Where nothing carries the whole filter, only so many rows are looked through at a time. Then
    `more_to_look` says that the page may lack pictures which the next one holds, and
    `looked_through` how many rows that were.
    """

    pictures: list[Generation]
    next: str | None
    previous: str | None = None
    looked_through: int = 0
    more_to_look: bool = False
    starred: frozenset[int] = frozenset()
    """The ids of those that bear the person's star."""

    @property
    def older(self) -> int | None:
        """The id at which the next page begins."""
        return int(self.next) if self.next else None


def cursor(text: str | None) -> int | None:
    """The id that an address holds; None for anything else, and for what no id can be."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def shown_upstream(text: str | None) -> str:
    """The upstream that an address asks for; "" for all of them."""
    return text if text in Upstream.values else ""


def generations(user: User, team: Team | int, upstream: str = "") -> GenerationQuerySet:
    """The team's generations, in whatever state, if the person may see them."""
    mine = Generation.objects.visible_to(user).filter(team=team)
    return mine.filter(upstream=upstream) if upstream else mine


def page(pictures: GenerationQuerySet, *, before: int | None = None, size: int = PAGE) -> Page:
    """The `size` newest of `pictures`, or those older than the one with the id `before`."""
    chosen = pictures if before is None else pictures.filter(pk__lt=before)
    found = list(chosen.order_by("-pk").only(*TILE_FIELDS)[: size + 1])
    more = len(found) > size
    return Page(pictures=found[:size], next=str(found[size - 1].pk) if more else None)


def neighbours(user: User, picture: Generation) -> tuple[int | None, int | None]:
    """The ids of the next newer and the next older picture of the same team, by one query."""
    pictures = generations(user, picture.team_id).pictures().values("pk")
    newer = pictures.filter(pk__gt=picture.pk).order_by("pk")[:1]
    older = pictures.filter(pk__lt=picture.pk).order_by("-pk")[:1]
    itself = Generation.objects.filter(pk=picture.pk)
    found: tuple[int | None, int | None]
    found = itself.values_list(Subquery(newer), Subquery(older)).get()
    return found


def coming(user: User, team: Team) -> GenerationQuerySet:
    """What is on its way to the gallery, in no order.

    There is only so much of it as a team may have waiting. Asked for in order, SQLite would look
    for it among all that the team has ever made.
    """
    return generations(user, team).pending().order_by()


def tiles(chosen: GenerationQuerySet) -> GenerationQuerySet:
    """With what a tile shows of a generation in any state, and no more."""
    unfinished = ("team", "body", "fault", "kept_answer", "calls", "sent_at", "revision")
    return chosen.only(*TILE_FIELDS, *unfinished)
