"""`{red|blue} pig in __weather__`: counted without being expanded, and never beyond a limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.experiments.variations import (
    DEEPEST,
    InvalidTemplate,
    count,
    literal,
    variations,
)

LISTS = {"animals": ["pig", "cow", "{sheep|goat}"], "my_list-2": ["one"]}


@pytest.mark.parametrize(
    ("template", "wordings"),
    [
        ("a pig", ["a pig"]),
        ("", [""]),
        ("{red|blue} pig", ["red pig", "blue pig"]),
        ("{a|b}{1|2}", ["a1", "a2", "b1", "b2"]),
        ("{|big} pig", [" pig", "big pig"]),
        ("{a|{b|c} d|e}", ["a", "b d", "c d", "e"]),
        ("__animals__!", ["pig!", "cow!", "{sheep|goat}!"]),
        ("{a|__animals__}", ["a", "pig", "cow", "{sheep|goat}"]),
        ("__my_list-2__", ["one"]),
        (r"\{a|b\}", ["{a|b}"]),
        (r"{a\|b|c}", ["a|b", "c"]),
        (r"\__animals__", ["__animals__"]),
        (r"C:\pigs\\", ["C:\\pigs\\"]),
        ("{prompt}", ["{prompt}"]),
        ("a } b { c | d", ["a } b { c | d"]),
        ("{a|b {c", ["{a|b {c"]),
        ("{a {b|c}", ["{a b", "{a c"]),
        ("{ {a|b} }", ["{ a }", "{ b }"]),
        ("__ four ____", ["__ four ____"]),
    ],
)
def test_a_template_stands_for_its_wordings_in_order(template: str, wordings: list[str]) -> None:
    assert variations(template, LISTS, 100) == wordings
    assert count(template, LISTS) == len(wordings)


def test_what_stands_for_more_than_anyone_can_make_is_counted_at_once() -> None:
    template = "{a|b|c}" * 250
    assert count(template, {}) == 3**250
    assert variations(template, {}, 2) == ["a" * 250, "a" * 249 + "b"]


def test_a_list_that_the_team_does_not_have_is_told_of() -> None:
    with pytest.raises(InvalidTemplate, match="no word list called “ghosts”"):
        count("__ghosts__", LISTS)
    with pytest.raises(InvalidTemplate, match="is empty"):
        variations("__none__", {"none": []}, 1)


def test_a_long_list_named_often_is_read_once() -> None:
    words = [str(number) for number in range(5000)]
    assert count("__long__ " * 1500, {"long": words}) == 5000**1500


def test_braces_go_only_so_deep() -> None:
    assert count("{a|" * DEEPEST + "b" + "}" * DEEPEST, {}) == DEEPEST + 1
    with pytest.raises(InvalidTemplate, match=f"at most {DEEPEST} deep"):
        count("{" * 1000, {})


@given(st.text(alphabet="{}|\\_a b", max_size=60))
def test_any_text_is_either_read_or_refused_in_words(template: str) -> None:
    try:
        many = count(template, {"a": ["x", "y"], "b": ["z"]})
    except InvalidTemplate:
        return
    found = variations(template, {"a": ["x", "y"], "b": ["z"]}, 50)
    assert len(found) == min(many, 50)


@given(st.text(max_size=80))
def test_escaped_text_stands_for_itself(text: str) -> None:
    escaped = "".join(f"\\{sign}" if sign in "{}|_\\" else sign for sign in text)
    assert variations(escaped, {}, 2) == [text]


@given(
    st.lists(st.lists(st.text("xyz", max_size=3), min_size=2, max_size=4), min_size=1, max_size=4)
)
def test_every_combination_comes_once(groups: list[list[str]]) -> None:
    template = "-".join("{" + "|".join(options) + "}" for options in groups)
    wordings = [""]
    for place, options in enumerate(groups):
        wordings = [f"{w}{'-' if place else ''}{option}" for w in wordings for option in options]
    assert variations(template, {}, 1000) == wordings
    assert count(template, {}) == len(wordings)


@pytest.mark.parametrize("text", ["a pig", "snake_case", "{one}", "a | b", "", "{{deep}"])
def test_plain_text_stands_for_itself(text: str) -> None:
    assert literal(text) == text


@given(st.text("ab{}|_\\ ", max_size=30))
def test_any_text_can_be_written_so_that_it_stands_for_itself(text: str) -> None:
    assert variations(literal(text), {"a": ["x"]}, 9) == [text]
