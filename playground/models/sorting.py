"""What people make of pictures: stars, ratings, tags, collections."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Team, User

from .generations import Generation, TeamRows


class Star(models.Model):
    """A person's own mark on a picture. The team stands here too, so that an index carries it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stars")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="stars")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "generation"], name="one_star_a_person"),
        )
        indexes = (models.Index(F("user"), F("team"), F("generation").desc(), name="stars_newest"),)

    def __str__(self) -> str:
        return f"{self.user} stars {self.generation_id}"


class Rating(models.Model):
    """One person's rating of a picture; `Generation.rating` holds the mean of all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "generation"], name="one_rating_a_person"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five"),
        )

    def __str__(self) -> str:
        return f"{self.user} rates {self.generation_id}: {self.stars}"


class TagQuerySet(TeamRows["Tag"]):
    pass


class Tag(models.Model):
    """A team's word for pictures. Small letters only, so that nobody makes two of one."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)
    pictures = models.ManyToManyField(Generation, through="Tagged", related_name="tags")

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team", "name"], name="one_tag_a_name"),)

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tag", "generation"], name="tagged_once"),)
        indexes = (models.Index(F("tag"), F("generation").desc(), name="tagged_newest"),)

    def __str__(self) -> str:
        return f"{self.generation_id} is {self.tag_id}"


class CollectionQuerySet(TeamRows["Collection"]):
    def kept(self) -> Self:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)


class Collection(models.Model):
    """Some of a team's pictures, by name. A picture can be in many."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=80)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    """Kept as long as pictures in the bin, so that deleting it can be undone."""
    pictures = models.ManyToManyField(Generation, through="Collected", related_name="collections")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["team", "name"],
                condition=Q(deleted_at=None),
                name="one_kept_collection_a_name",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Collected(models.Model):
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="collected")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="collected")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["collection", "generation"], name="collected_once"),
        )
        indexes = (models.Index(F("collection"), F("generation").desc(), name="collected_newest"),)

    def __str__(self) -> str:
        return f"{self.generation_id} in {self.collection_id}"
