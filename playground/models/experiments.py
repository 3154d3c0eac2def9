"""Experiments: many generations along axes, and what people think of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from accounts.models import Team, User

from .generations import Generation, TeamRows
from .states import Upstream


class ExperimentQuerySet(TeamRows["Experiment"]):
    pass


class Experiment(models.Model):
    """A grid of generations, named and kept. Each cell's latest generation is the cell's."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="experiments")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    token = models.CharField(max_length=43)
    upstream = models.CharField(max_length=10, choices=Upstream.choices)
    spec = models.JSONField()
    """What was asked for: base values, and the axes with their values, as text (seeds too)."""
    paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "token"], name="an_experiment_token_buys_once"),
        )
        indexes = (
            models.Index(
                F("team"),
                F("id").desc(),
                name="experiments_newest",
                condition=Q(deleted_at=None),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def known_pictures(self) -> list[int]:
        """The ids of the pictures that some of its cells show and that were there before it."""
        return list(self.spec.get("known", {}).values())


class Vote(models.Model):
    """One blind choice between two pictures of an experiment."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    better = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="+")
    worse = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="+")
    tied = models.BooleanField(default=False)
    """The person could not tell; which of the two is called better then means nothing."""
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(better=F("worse")), name="a_choice_between_two"),
            models.UniqueConstraint(
                F("experiment"),
                F("user"),
                Least("better", "worse"),
                Greatest("better", "worse"),
                name="one_vote_a_pair_and_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.better_id} over {self.worse_id}"
