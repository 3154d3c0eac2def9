"""What the painter reads in a prompt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.sandbox import vocabulary
from playground.sandbox.words import MOST_FIGURES, read, tokens


def test_scene_time_weather_and_season_are_read_in_one_prompt() -> None:
    wish = read("A foggy mountain lake at sunset, late autumn", "")

    assert wish.scenes == ("mountains", "lake")
    assert wish.times == ("sunset",)
    assert wish.weather == ("fog",)
    assert wish.seasons == ("autumn",)


@pytest.mark.parametrize(
    ("word", "scene"),
    [
        ("mountains", "mountains"),
        ("Peak", "mountains"),
        ("beaches", "sea"),
        ("cities", "city"),
        ("woodlands", "forest"),
        ("dunes", "desert"),
        ("FORÊT forest", "forest"),
    ],
)
def test_plurals_synonyms_and_capitals_name_the_same_scene(word: str, scene: str) -> None:
    assert scene in read(word, "").scenes


def test_a_set_phrase_is_one_thing_and_not_its_words() -> None:
    wish = read("hot air balloons, northern lights and pixel art", "")

    assert wish.things[:2] == ("balloon", "aurora")
    assert wish.styles == ("pixelart",)


def test_a_colour_before_an_animal_is_the_animals() -> None:
    wish = read("a red fox in a blue forest", "")

    assert wish.figures[0].name == "fox"
    assert wish.figures[0].colour == "red"
    assert wish.parts == {"land": "blue"}
    assert wish.colours == ()


def test_a_colour_that_belongs_to_nothing_is_the_pictures() -> None:
    assert read("everything in teal and gold", "").colours == ("teal", "gold")


def test_a_colour_before_a_scarf_is_the_scarfs() -> None:
    assert read("a dog with a green scarf", "").parts == {"wear": "green"}


@pytest.mark.parametrize(
    ("prompt", "count"),
    [("a pig", 1), ("two pigs", 2), ("3 little pigs", 3), ("pigs", 3), ("500 pigs", MOST_FIGURES)],
)
def test_numbers_and_plurals_are_counted(prompt: str, count: int) -> None:
    assert read(prompt, "").figures[0].count == count


def test_the_negative_prompt_takes_away_what_the_prompt_names() -> None:
    wish = read("a pig and a cat in a red forest with birds", "cats, birds, red")

    assert [figure.name for figure in wish.figures] == ["pig"]
    assert not wish.has("birds")
    assert wish.parts == {}
    assert wish.avoided_colours == ("red",)


def test_without_in_the_prompt_takes_away_too() -> None:
    wish = read("mountains without clouds, no birds", "")

    assert not wish.allows("clouds")
    assert not wish.allows("birds")
    assert wish.scenes == ("mountains",)


def test_whoever_wants_no_trees_gets_no_birches() -> None:
    assert not read("a meadow", "trees").allows("birch")


def test_a_wizard_is_a_person_only_where_nobody_else_could_be_one() -> None:
    assert [figure.name for figure in read("a wizard owl", "").figures] == ["owl"]
    assert [figure.name for figure in read("a wizard", "").figures] == ["man"]


def test_words_nobody_knows_are_kept_and_fillers_are_not() -> None:
    assert read("a very beautiful flumph of the pig", "zork").leftover == ("flumph", "|", "zork")


@given(st.text(max_size=300), st.text(max_size=100))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read(positive: str, negative: str) -> None:
    wish = read(positive, negative)

    assert all(1 <= figure.count <= MOST_FIGURES for figure in wish.figures)


def test_a_very_long_prompt_is_read_only_so_far() -> None:
    assert len(tokens("pig " * 10_000)) < 2_000


def test_a_picture_sign_is_a_word() -> None:
    wish = read("🐷🌈", "🦋")

    assert wish.figures[0].name == "pig"
    assert wish.has("rainbow")
    assert not wish.allows("butterflies")


def test_every_name_the_painter_uses_is_a_word_it_reads() -> None:
    for name in vocabulary.HOMES:
        assert name in {*vocabulary.THINGS, *vocabulary.FIGURES}
    for scenes in vocabulary.HOMES.values():
        assert set(scenes) <= set(vocabulary.SCENES)
