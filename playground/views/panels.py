"""Parts that several pages show."""

from __future__ import annotations

from typing import Any

from accounts.models import Membership, User

from .. import sorting, talking
from ..models import Generation


def marks_panel(user: User, picture: Generation, *, may_edit: bool) -> dict[str, Any]:
    """What playground/_marks.html shows: what has been made of a picture, and what may be."""
    marks, names = sorting.marks_and_names(picture, user, offers=may_edit)
    return {"generation": picture, "may_edit": may_edit, "marks": marks, "names": names}


def comments_panel(user: User, picture: Generation, members: list[Membership]) -> dict[str, Any]:
    """What playground/_comments.html shows: what has been said of a picture, and by whom."""
    names = talking.names_of(members)
    found = list(talking.comments_on(picture)) if picture.comments_count else []
    owner = any(each.may_manage for each in members if each.user_id == user.pk)
    comments = [
        {
            "comment": comment,
            "parts": talking.parts_of(comment.text, names),
            "own": comment.author_id == user.pk or owner,
        }
        for comment in found
    ]
    mentionable = talking.calls_of(names, but=user)
    return {"generation": picture, "comments": comments, "mentionable": mentionable}
