"""From what is typed to what is sent: variations, styles, and both."""

from __future__ import annotations

import pytest

from accounts.models import Team, User
from playground.experiments.variations import variations
from playground.library import STARTERS, Shelf, add_starters, applied, avoiding, worded
from playground.library.styles import STYLES_MAXIMUM
from playground.library.wording import as_template
from playground.models import Style, WordList

INK = Style(positive_prompt="ink {a|b}, {prompt}, on paper", negative_prompt="colour")


def shelf_of(person: User) -> Shelf:
    return Shelf(person.memberships.get())


def test_a_plain_prompt_is_sent_as_it_is() -> None:
    wording = worded("a pig", None, None, 8)
    assert (wording.prompts, wording.total, wording.differs) == (["a pig"], 1, False)


def test_nothing_typed_differs_from_nothing() -> None:
    assert not worded("", None, INK, 8).differs


def test_each_variation_is_put_in_its_place_within_the_style() -> None:
    wording = worded("{red|blue} pig", None, INK, 8)
    assert wording.prompts == ["ink {a|b}, red pig, on paper", "ink {a|b}, blue pig, on paper"]
    assert wording.total == 2
    assert wording.differs


def test_the_same_variation_twice_is_one() -> None:
    wording = worded("{|big|big} pig", None, None, 8)
    assert (wording.prompts, wording.total) == (["pig", "big pig"], 2)


def test_a_billion_are_counted_and_not_expanded() -> None:
    wording = worded("{0|1|2|3|4|5|6|7|8|9}" * 9, None, None, 8)
    assert wording.total == 10**9
    assert len(wording.prompts) == 8


def test_word_lists_are_the_teams_own(team: Team, alice: User, charlie: User) -> None:
    WordList.objects.create(team=team, name="animals", words="pig\ncow")
    assert worded("__animals__", shelf_of(alice), None, 8).prompts == ["pig", "cow"]
    assert (
        "no word list called “animals”" in worded("__animals__", shelf_of(charlie), None, 8).problem
    )


def test_a_style_is_found_by_its_id_in_the_team_only(
    team: Team, alice: User, charlie: User
) -> None:
    style = Style.objects.create(team=team, name="Ink", positive_prompt="{prompt}, ink")
    assert shelf_of(alice).style(str(style.pk)) == style
    assert shelf_of(charlie).style(str(style.pk)) is None
    assert shelf_of(alice).style("") is None


@pytest.mark.parametrize(("typed", "avoided"), [("fog", "fog, colour"), ("", "colour")])
def test_what_a_style_avoids_joins_what_is_typed(typed: str, avoided: str) -> None:
    assert avoiding(INK, typed) == avoided
    assert avoiding(None, typed) == typed


def test_a_style_is_carried_to_where_there_are_none() -> None:
    template = as_template("{red|blue} pig", INK)
    assert variations(template, {}, 9) == worded("{red|blue} pig", None, INK, 9).prompts


def test_the_starters_are_added_once_and_overwrite_nothing(team: Team, alice: User) -> None:
    Style.objects.create(team=team, name=STARTERS[0][0], positive_prompt="mine {prompt}")
    assert add_starters(team=team, by=alice) == len(STARTERS) - 1
    assert add_starters(team=team, by=alice) == 0
    assert Style.objects.get(name=STARTERS[0][0]).positive_prompt == "mine {prompt}"
    for name, positive, negative in STARTERS:
        assert applied(Style(positive_prompt=positive), "a pig").count("a pig") == 1
        assert name
        assert negative


def test_the_starters_stay_within_the_bound(team: Team, alice: User) -> None:
    Style.objects.bulk_create(
        Style(team=team, name=f"s{number}", positive_prompt="{prompt}")
        for number in range(STYLES_MAXIMUM - 1)
    )
    assert add_starters(team=team, by=alice) == 1
