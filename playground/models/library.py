"""What a team keeps to work with: styles, lists of words, views of the gallery."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Team, User

from .generations import TeamRows


class StyleQuerySet(TeamRows["Style"]):
    pass


class Style(models.Model):
    """A piece of prompt with a place for the rest: "{prompt}, watercolour, soft light"."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="styles")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80)
    positive_prompt = models.TextField(max_length=1000)
    negative_prompt = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = StyleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "name"], name="one_style_a_name"),
            models.CheckConstraint(
                condition=Q(positive_prompt__contains="{prompt}"), name="a_style_has_a_place"
            ),
        )

    def __str__(self) -> str:
        return self.name


class WordListQuerySet(TeamRows["WordList"]):
    pass


class WordList(models.Model):
    """Words for `__name__` in a prompt, one a line."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="word_lists")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.SlugField(max_length=40)
    words = models.TextField(max_length=10_000)
    created_at = models.DateTimeField(default=timezone.now)

    objects = WordListQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "name"], name="one_word_list_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class SavedViewQuerySet(TeamRows["SavedView"]):
    pass


class SavedView(models.Model):
    """A way to look at the gallery, by name: a person's own."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    """The gallery's query string, as its own form writes it."""
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "user", "name"], name="one_view_a_name"),
        )

    def __str__(self) -> str:
        return self.name
