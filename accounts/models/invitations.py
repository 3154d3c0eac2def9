"""The way into a team for somebody who is not in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .people import Role, Team, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Lets one person into a team, once. Its token is known to whoever got the link, and to no row.

    Where it names an address, only a person who has confirmed that address may accept it.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    email = models.EmailField(blank=True)
    """Whom it is for; empty: for whoever has the link."""
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the token in the link."""
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ends_once"
            ),
        )
        indexes = (models.Index(F("team"), F("id").desc(), name="invitations_newest"),)

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.team}"

    @property
    def is_open(self) -> bool:
        ended = self.accepted_at or self.revoked_at
        return ended is None and self.expires_at > timezone.now()
