"""Stars, which are a person's own, and ratings, whose mean all see."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Avg
from django.utils import timezone

from accounts.models import Team, User

from ..models import Generation, GenerationQuerySet, Rating, Star
from .batches import each_batch


def star(*, pictures: GenerationQuerySet, team: Team | int, by: User) -> int:
    """Put the person's star on pictures of the team; gives how many these are."""
    team_id = team if isinstance(team, int) else team.pk

    def put(ids: list[int]) -> None:
        Star.objects.bulk_create(
            [Star(user=by, team_id=team_id, generation_id=pk) for pk in ids],
            ignore_conflicts=True,
        )

    return each_batch(pictures, put)


def unstar(*, pictures: GenerationQuerySet, by: User) -> int:
    """Take the person's star off pictures; gives how many these are."""
    return each_batch(
        pictures, lambda ids: Star.objects.filter(user=by, generation__in=ids).delete()
    )


@transaction.atomic
def rate(*, picture: Generation, stars: int, by: User) -> float:
    """Rate a picture from 1 to 5, or take the rating back with 0; gives the mean of all ratings.

    Raises ValueError for any other number.
    """
    if not 0 <= stars <= 5:
        raise ValueError("A rating is a number from 1 to 5; 0 takes it back.")
    # One at a time, or two who rate at once would each reckon without the other.
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=picture.pk)
    if stars:
        Rating.objects.update_or_create(
            user=by, generation=picture, defaults={"stars": stars, "rated_at": timezone.now()}
        )
    else:
        Rating.objects.filter(user=by, generation=picture).delete()
    mean = Rating.objects.filter(generation=picture).aggregate(mean=Avg("stars"))["mean"] or 0.0
    Generation.objects.filter(pk=picture.pk).update(rating=mean)
    picture.rating = float(mean)
    return picture.rating
