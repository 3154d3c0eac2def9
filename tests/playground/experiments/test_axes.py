"""The axes of a grid: prompts, seeds and choices, each value once and none beyond what fits."""

from __future__ import annotations

import pytest

from playground.experiments.axes import VALUES_MAXIMUM, Axis, Value, chosen, prompts, seeds
from playground.imagepig.parameters import SEED_MAXIMUM, InvalidValue


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7", [7]),
        ("7, 42", [7, 42]),
        ("100-103", [100, 101, 102, 103]),
        (" 1 – 3 ;9\n2", [1, 2, 3, 9]),
        (str(SEED_MAXIMUM), [SEED_MAXIMUM]),
    ],
)
def test_seeds_are_read_as_people_write_them(text: str, found: list[int]) -> None:
    assert seeds(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter seeds like"),
        ("x", "Enter seeds like"),
        ("1-2-3", "Enter seeds like"),
        ("-5", "Enter seeds like"),
        ("٣", "Enter seeds like"),
        ("9-1", "write 1-9"),
        (str(SEED_MAXIMUM + 1), "at most 18446744073709551615"),
        ("0-18446744073709551615", f"At most {VALUES_MAXIMUM}"),
        (" ".join(str(n) for n in range(VALUES_MAXIMUM + 1)), f"At most {VALUES_MAXIMUM}"),
        ("1 " * 1300, "too long"),
    ],
)
def test_what_are_no_seeds_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        seeds(text)


def test_prompts_keep_the_template_that_they_came_of() -> None:
    found = prompts("a {red|blue} pig", {}, a_line=False)
    assert found == [
        Value("a red pig", "a {red|blue} pig"),
        Value("a blue pig", "a {red|blue} pig"),
    ]
    assert prompts("a pig", {}, a_line=False) == [Value("a pig", "")]


def test_each_line_can_be_a_prompt_and_the_same_one_counts_once() -> None:
    text = "a pig\r\n\n a {pig|cow}"
    assert [each.value for each in prompts(text, {}, a_line=True)] == ["a pig", "a cow"]
    assert len(prompts(text, {}, a_line=False)) == 2


def test_more_prompts_than_fit_are_refused_without_being_made() -> None:
    with pytest.raises(InvalidValue, match="more than a million"):
        prompts("{a|b}" * 300, {}, a_line=False)


def test_choices_come_in_the_tables_order_and_are_read_as_they_were_written() -> None:
    axis = chosen("endpoint", ["flux", "default", "nothing"])
    assert axis.labels == ["Default", "FLUX"]
    assert Axis.read(axis.written()) == axis
    assert chosen("proportion", ["wide"]).label == "Proportion"
    assert Axis("gone", ()).label == "gone"
