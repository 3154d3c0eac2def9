"""The key that pays a team's calls."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .people import Team, User


class KeyState(models.TextChoices):
    """What is known of a key. The API has no free check: its first call proves it."""

    UNPROVED = "unproved", "Not used yet"
    WORKING = "working", "Working"
    REFUSED = "refused", "Needs attention"
    NEEDS_CREDIT = "needs_credit", "Needs credit"


class ApiKey(models.Model):
    """A team's key to Image Pig, never shown again after it was saved.

    A removed key keeps its row, for the record of what it paid, but not its secret.
    """

    # Known before the row is saved, since the ciphertext names its row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=80)
    ciphertext = models.BinaryField(editable=False)
    last_four = models.CharField(max_length=4)
    state = models.CharField(max_length=12, choices=KeyState.choices, default=KeyState.UNPROVED)
    said = models.CharField(max_length=1000, blank=True)
    """Image Pig's own words when it refused the key."""
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"
        constraints = (
            models.UniqueConstraint(
                fields=["team"], condition=Q(removed_at=None), name="one_api_key_in_use_a_team"
            ),
            models.CheckConstraint(
                condition=Q(state__in=KeyState.values), name="api_key_state_known"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) ^ Q(ciphertext=b""), name="removed_api_key_is_erased"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    @property
    def paused(self) -> bool:
        """Whether calls with it wait until somebody has looked after it."""
        return self.state in (KeyState.REFUSED, KeyState.NEEDS_CREDIT)
