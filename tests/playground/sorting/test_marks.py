from __future__ import annotations

import pytest

from accounts.models import Team, User
from playground import sorting
from playground.models import Generation, Star
from tests.factories import make_generation


def rating(picture: Generation) -> float:
    return Generation.objects.values_list("rating", flat=True).get(pk=picture.pk)


def test_a_star_is_put_once_and_is_ones_own(team: Team, alice: User, vera: User) -> None:
    made = [make_generation(team) for _ in range(3)]
    pictures = Generation.objects.visible_to(alice).filter(pk__in=[each.pk for each in made[:2]])
    assert sorting.star(pictures=pictures, team=team, by=alice) == 2
    sorting.star(pictures=pictures, team=team, by=alice)
    sorting.star(pictures=Generation.objects.visible_to(vera), team=team, by=vera)
    assert Star.objects.filter(user=alice, team=team).count() == 2
    assert sorting.unstar(pictures=pictures, by=alice) == 2
    assert not Star.objects.filter(user=alice).exists()
    assert Star.objects.filter(user=vera).count() == 3


def test_a_rating_is_the_mean_of_all_and_0_takes_ones_own_back(
    team: Team, alice: User, vera: User
) -> None:
    picture = make_generation(team)
    assert sorting.rate(picture=picture, stars=2, by=alice) == 2
    assert sorting.rate(picture=picture, stars=5, by=vera) == 3.5
    assert sorting.rate(picture=picture, stars=4, by=alice) == 4.5
    assert rating(picture) == 4.5
    assert sorting.rate(picture=picture, stars=0, by=vera) == 4
    assert sorting.rate(picture=picture, stars=0, by=alice) == 0
    assert rating(picture) == 0


@pytest.mark.parametrize("stars", [-1, 6])
def test_a_rating_beyond_five_is_none(stars: int, team: Team, alice: User) -> None:
    picture = make_generation(team)
    with pytest.raises(ValueError, match="from 1 to 5"):
        sorting.rate(picture=picture, stars=stars, by=alice)
    assert rating(picture) == 0
