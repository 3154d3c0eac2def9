"""Who you are, which team, what you may do, whose API key pays, and what happened."""

from .events import Event, Happened
from .invitations import Invitation
from .keys import ApiKey, KeyState
from .notices import Notice, NoticeKind
from .people import Membership, Role, Team, TeamQuerySet, User, UserManager

__all__ = [
    "ApiKey",
    "Event",
    "Happened",
    "Invitation",
    "KeyState",
    "Membership",
    "Notice",
    "NoticeKind",
    "Role",
    "Team",
    "TeamQuerySet",
    "User",
    "UserManager",
]
