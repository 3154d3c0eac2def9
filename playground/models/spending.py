"""The bill: calls by team, person, endpoint and day, beside the generations that they paid."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.models import ApiKey, Team, User

from .generations import TeamRows
from .states import Upstream


class SpendingQuerySet(TeamRows["Spending"]):
    pass


class Spending(models.Model):
    """What was asked for on one day (UTC). Budgets are held against `calls`.

    Added to in the transaction that queues; what certainly was not billed is given back to the day
    on which it was queued.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="spending")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, related_name="+")
    """The key in use when they were queued; none in the sandbox."""
    upstream = models.CharField(max_length=10, choices=Upstream.choices)
    endpoint = models.CharField(max_length=40)
    day = models.DateField()
    pictures = models.IntegerField(default=0)
    calls = models.IntegerField(default=0)
    """Standard API calls; 0 in the sandbox."""
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SpendingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["team", "day", "user", "upstream", "endpoint", "api_key"],
                name="one_sum_a_day",
            ),
        )
        indexes = (models.Index(F("team"), F("day"), name="spending_days"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.calls} calls of team {self.team_id}"
