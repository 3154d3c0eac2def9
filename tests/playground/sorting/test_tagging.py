from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team, User
from playground import sorting
from playground.models import Generation, Tag, Tagged
from tests.factories import make_generation


@given(st.text(max_size=120))
def test_a_tag_is_tidy_or_refused_whatever_is_typed(text: str) -> None:
    try:
        name = sorting.normalised(text)
    except sorting.InvalidTag:
        return
    assert name == name.strip().lower() != ""
    assert len(name) <= 50
    assert sorting.normalised(name) == name
    name.encode()


@pytest.mark.parametrize("name", ["", "  ", "\x00", "\u200b", "x" * 51])
def test_a_tag_that_is_none_or_too_long_is_refused(name: str) -> None:
    with pytest.raises(sorting.InvalidTag):
        sorting.normalised(name)


def test_a_tag_is_made_by_its_first_use_and_given_once(team: Team, bob: User) -> None:
    picture = make_generation(team)
    pictures = Generation.objects.visible_to(bob)
    for name in ("Pink  pig", " pink PIG "):
        given_tag, number = sorting.tag(pictures=pictures, team=team, name=name, by=bob)
        assert (given_tag.name, number) == ("pink pig", 1)
    assert list(picture.tags.values_list("name", flat=True)) == ["pink pig"]
    assert sorting.untag(pictures=pictures, name="pink pig", by=bob) == 1
    assert not Tagged.objects.exists()
    assert Tag.objects.get().team == team
