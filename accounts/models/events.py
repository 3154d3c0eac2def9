"""What happened in a team, for its owners. Nothing of it is ever changed; no secret is in it."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import F
from django.utils import timezone

from .people import Team, User


class Happened(models.TextChoices):
    TEAM_CREATED = "team_created", "made the team"
    TEAM_RENAMED = "team_renamed", "renamed the team"
    TEAM_DELETED = "team_deleted", "deleted the team"
    TEAM_RESTORED = "team_restored", "brought the team back"
    INVITED = "invited", "invited somebody"
    INVITATION_REVOKED = "invitation_revoked", "took an invitation back"
    JOINED = "joined", "joined"
    LEFT = "left", "left"
    REMOVED = "removed", "removed a member"
    ROLE_CHANGED = "role_changed", "changed a role"
    KEY_ADDED = "key_added", "added an API key"
    KEY_REPLACED = "key_replaced", "replaced the API key"
    KEY_REMOVED = "key_removed", "removed the API key"
    BUDGET_CHANGED = "budget_changed", "changed a budget"
    SHARE_MADE = "share_made", "made a share link"
    SHARE_REVOKED = "share_revoked", "took a share link back"
    PICTURES_DELETED = "pictures_deleted", "deleted pictures"
    PICTURES_MOVED = "pictures_moved", "moved pictures"
    PICTURES_COPIED = "pictures_copied", "copied pictures"
    EXPORTED = "exported", "exported pictures"
    DELETED = "deleted", "deleted"
    """Whatever else has a name: a collection, an experiment, a style, a word list."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **_changes: Any) -> NoReturn:
        raise TypeError("What happened is never changed.")

    def delete(self) -> NoReturn:
        raise TypeError("What happened is kept as long as its team.")


class Event(models.Model):
    """One line of a team's history. Names are kept as they were: people and things go."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Happened.choices)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    """Who did it, as they were called then."""
    about = models.CharField(max_length=200, blank=True)
    """Whom or what it was about, in words: a name, a label, "owner → editor"."""
    happened_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Event]] = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        indexes = (models.Index(F("team"), F("id").desc(), name="events_newest"),)

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_kind_display()} {self.about}".rstrip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What happened is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("What happened is kept as long as its team.")
