"""What somebody without an account may look at."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Team, User

from .experiments import Experiment
from .generations import Generation, TeamRows
from .sorting import Collection


class ShareQuerySet(TeamRows["Share"]):
    def open(self) -> Self:
        """Those whose link still works."""
        unending = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unending, revoked_at=None, team__deleted_at=None)


class Share(models.Model):
    """A link to a picture, a collection or an experiment. Its token stands in no row."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="shares")
    shared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the token in the link."""
    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, null=True, related_name="shares"
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, null=True, related_name="shares"
    )
    experiment = models.ForeignKey(
        Experiment, on_delete=models.CASCADE, null=True, related_name="shares"
    )
    shows_prompt = models.BooleanField(default=True)
    shows_seed = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    viewed_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(generation__isnull=False, collection=None, experiment=None)
                | Q(generation=None, collection__isnull=False, experiment=None)
                | Q(generation=None, collection=None, experiment__isnull=False),
                name="a_share_shows_one_thing",
            ),
        )
        indexes = (models.Index(F("team"), F("id").desc(), name="shares_newest"),)

    def __str__(self) -> str:
        return f"share {self.pk} of {self.team}"

    @property
    def is_open(self) -> bool:
        ends = self.expires_at
        return self.revoked_at is None and (ends is None or ends > timezone.now())
