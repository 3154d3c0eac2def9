"""Styles and word lists deleted, and brought back by whoever deleted them.

They are small and seldom deleted, so they lie in no bin: the last ones are kept in the person's
session, which ends with the login.
"""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction

from accounts import happenings
from accounts.models import Happened, User

from ..models import Style, WordList
from ..models.generations import EDITING_ROLES

KEPT = 5
"""Of each kind, in one session."""
FIELDS = {
    Style: ("name", "positive_prompt", "negative_prompt"),
    WordList: ("name", "words"),
}


class NameTaken(Exception):
    """Another one has got the name in the meantime; the message says so."""


@transaction.atomic
def delete(row: Style | WordList, session: SessionBase, by: User) -> None:
    """Delete a style or a word list, and keep what it held in the session."""
    held = {name: getattr(row, name) for name in FIELDS[type(row)]}
    held |= {"pk": row.pk, "team": row.team_id, "author": row.author_id}
    row.delete()
    about = f"{row._meta.verbose_name} “{row.name}”"  # noqa: SLF001 (documented, for all its looks)
    happenings.record(row.team, by, Happened.DELETED, about)
    session[_key(type(row))] = [held, *session.get(_key(type(row)), [])][:KEPT]


def restore(
    model: type[Style | WordList], pk: int, session: SessionBase, by: User
) -> Style | WordList | None:
    """Make a deleted one again as it was, with its id; None where the session holds none of it.

    Only for a team in which the person is an editor or owner by now. Raises NameTaken.
    """
    kept = session.get(_key(model), [])
    held = next((each for each in kept if each["pk"] == pk), None)
    if held is None:
        return None
    if not by.memberships.filter(team=held["team"], role__in=EDITING_ROLES).exists():
        return None
    row = model(
        pk=pk,
        team_id=held["team"],
        author=User.objects.filter(pk=held["author"]).first(),
        **{name: held[name] for name in FIELDS[model]},
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not model.objects.filter(pk=pk).exists():
            raise NameTaken(f"There is another one called “{row.name}” by now.") from None
    session[_key(model)] = [each for each in kept if each is not held]
    return row


def _key(model: type[Style | WordList]) -> str:
    return f"deleted_{model.__name__.lower()}s"
