"""What happened in a team, written down for its owners. It is never changed, and holds no secret.

    happenings.record(team, by, Happened.SHARE_MADE, "picture 12, “a pig in a hat”")

Inside the transaction of what is done, so that neither is without the other.
"""

from __future__ import annotations

from .models import Event, Happened, Team, User

ABOUT_MAXIMUM = 200


def record(team: Team, by: User | None, kind: Happened, about: str = "") -> Event:
    """Write down that somebody did something in a team.

    `about`: whom or what it was about, in words, shortened to 200 characters. Names are kept as
    they are now. `by` is None for what the application does by itself.
    """
    by_name = str(by)[:80] if by else "The application"
    return Event.objects.create(
        team=team, by=by, by_name=by_name, kind=kind, about=_shortened(about)
    )


def counted(number: int, thing: str) -> str:
    """ "1 picture", "1,200 pictures": for what something was about."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _shortened(about: str) -> str:
    return about if len(about) <= ABOUT_MAXIMUM else f"{about[: ABOUT_MAXIMUM - 1]}…"
