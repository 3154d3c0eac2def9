"""What a team says about its pictures."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.models import Team, User

from .generations import Generation, TeamRows


class CommentQuerySet(TeamRows["Comment"]):
    def kept(self) -> Self:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)


class Comment(models.Model):
    """One person's words about a picture; "@name" mentions a member."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=2000)
    mentions = models.ManyToManyField(User, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(F("generation"), F("id"), name="comments_oldest"),)

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.generation_id}"
