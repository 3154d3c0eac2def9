"""What the application tells people by itself, unless they have switched that kind off.

    notices.tell(people, team, NoticeKind.BUDGET_NEAR, "Four fifths of …", reverse("usage"),
                 key=f"budget {team.pk} 2025-06")

`key` says what it is about: the same is told to the same person once. Without one, each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import Notice, NoticeKind, Team, User

TEXT_MAXIMUM = 300
KEPT = timedelta(days=90)


def tell(  # noqa: PLR0913, PLR0917 (all that a notice is made of)
    who: User | Iterable[User],
    team: Team,
    kind: NoticeKind,
    text: str,
    address: str,
    key: str = "",
) -> None:
    """Tell one person, or several, something about a team.

    `text`: plain, shortened to 300 characters. `address`: a path of this site, where the matter can
    be seen. Whoever is meant must be known to the caller as somebody who may see it.
    """
    people = [who] if isinstance(who, User) else list(who)
    notices = [
        Notice(user=user, team=team, kind=kind, text=_shortened(text), address=address, key=key)
        for user in people
        if kind not in user.muted
    ]
    # What was told already is left as it is, read or not.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def tell_administrators(text: str, address: str, key: str) -> None:
    """Tell those who look after the installation of something that only they can mend."""
    for user in User.objects.filter(is_staff=True, is_active=True):
        # A notice belongs to a team; this one to the first of theirs.
        if team := user.teams.order_by("memberships__pk").first():
            tell(user, team, NoticeKind.SITE_FAULT, text, address, key)


def unread(user: User) -> Coalesce:
    """How many notices somebody has not read, for another query to bring along."""
    theirs = Notice.objects.visible_to(user).filter(read_at=None).order_by()
    counted = theirs.values("user").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def purge() -> int:
    """Delete what was told too long ago for anybody to look for it; gives how many these are."""
    old = timezone.now() - KEPT
    return Notice.objects.filter(created_at__lt=old).delete()[0]


def mark_read(user: User, *, up_to: int) -> None:
    """Note that somebody has seen what they were told, up to the notice with this id."""
    mine = Notice.objects.filter(user=user, read_at=None, pk__lte=up_to)
    mine.update(read_at=timezone.now())


def mark_one_read(notice: Notice) -> None:
    """Note that somebody has gone to what a notice is about."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_MAXIMUM else f"{text[: TEXT_MAXIMUM - 1]}…"
