"""What the application tells a person by itself."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .people import Team, User


class NoticeKind(models.TextChoices):
    """Each can be switched off (User.muted)."""

    MENTIONED = "mentioned", "Somebody mentions me in a comment"
    EXPERIMENT_DONE = "experiment_done", "An experiment of mine is finished"
    KEY_ATTENTION = "key_attention", "A team’s API key needs attention"
    BUDGET_NEAR = "budget_near", "A budget of mine is used up to 80 %"
    SITE_FAULT = "site_fault", "This site itself needs its administrator"

    @classmethod
    def for_person(cls, user: User) -> list[NoticeKind]:
        """The kinds that somebody can be told."""
        return [kind for kind in cls if kind != cls.SITE_FAULT or user.is_staff]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """What somebody was told about the teams they are in."""
        return self.filter(user=user, team__memberships__user=user)


class Notice(models.Model):
    """One thing told to one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    text = models.CharField(max_length=300)
    address = models.CharField(max_length=200)
    """A path of this site, where the matter can be seen."""
    key = models.CharField(max_length=100, blank=True)
    """What it is about; the same thing is told once (empty: each time)."""
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="told_once"),
        )
        indexes = (
            models.Index(F("user"), F("id").desc(), name="notices_newest"),
            models.Index("created_at", name="notices_oldest"),
            models.Index(
                F("user"), F("id").desc(), name="notices_unread", condition=Q(read_at=None)
            ),
        )

    def __str__(self) -> str:
        return self.text
