"""Parts that several pages show."""

from __future__ import annotations

from typing import Any

from accounts.models import User

from .. import sorting
from ..models import Generation


def marks_panel(user: User, picture: Generation, *, may_edit: bool) -> dict[str, Any]:
    """What playground/_marks.html shows: what has been made of a picture, and what may be."""
    return {
        "generation": picture,
        "may_edit": may_edit,
        "marks": sorting.marks(picture, user),
        "names": sorting.names(user, picture.team_id) if may_edit else None,
    }
