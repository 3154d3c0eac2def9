"""Ways to look at the gallery, by name: a person's own."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import Team, User

from ..models import SavedView
from .collecting import NameTaken, tidy_name

LONGEST_QUERY = 2000


def save_view(*, team: Team, name: str, query: str, by: User) -> SavedView:
    """Keep a way to look at the gallery; one of the same name gives way to it. Raises NameTaken."""
    if len(query) > LONGEST_QUERY:
        raise NameTaken("This view asks for too much to be kept.")
    view, _ = SavedView.objects.update_or_create(
        team=team, user=by, name=tidy_name(name), defaults={"query": query}
    )
    return view


def rename_view(*, view: SavedView, name: str) -> None:
    """Give a saved view another name. Raises NameTaken."""
    tidy = tidy_name(name)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=tidy)
    except IntegrityError:
        raise NameTaken(f"You have a view called “{tidy}” already.") from None
    view.name = tidy


def delete_view(*, view: SavedView) -> None:
    """Forget a saved view; saving it again brings it back."""
    view.delete()
