from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.imagepig.endpoints import (
    FORMAT,
    NEGATIVE_PROMPT,
    POSITIVE_PROMPT,
    PROPORTION,
    SEED,
    STORAGE_DAYS,
    all_parameters,
)
from playground.imagepig.parameters import (
    SEED_MAXIMUM,
    InvalidValue,
    Parameter,
    WholeNumber,
    draw_seed,
)

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
PARAMETERS = st.sampled_from(list(all_parameters().values()))


def message_for(parameter: Parameter, text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parameter.parse(text)
    return str(caught.value)


# Text


def test_a_prompt_is_kept_as_it_is_typed_but_for_its_edges() -> None:
    assert POSITIVE_PROMPT.parse("  a  pig\r\nin the sun ") == "a  pig\nin the sun"
    assert POSITIVE_PROMPT.parse("豚 🐖") == "豚 🐖"


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_prompt_has_to_say_something(text: str) -> None:
    assert message_for(POSITIVE_PROMPT, text) == "Say what you want to see."


def test_a_negative_prompt_may_say_nothing() -> None:
    assert NEGATIVE_PROMPT.parse("") == ""
    assert NEGATIVE_PROMPT.absent == ""
    assert POSITIVE_PROMPT.absent is None


def test_an_overlong_prompt_is_told_how_long_it_is() -> None:
    assert POSITIVE_PROMPT.parse("x" * 2000) == "x" * 2000
    assert "2,001 characters long; at most 2,000" in message_for(POSITIVE_PROMPT, "x" * 2001)


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d", "\udc16 half"])
def test_characters_that_cannot_be_sent_are_refused(text: str) -> None:
    assert "cannot be sent" in message_for(POSITIVE_PROMPT, text)


# Choices


@pytest.mark.parametrize("value", ["landscape", "portrait", "square", "wide"])
def test_a_documented_proportion_is_taken(value: str) -> None:
    assert PROPORTION.parse(f" {value} ") == value


def test_a_choice_not_made_is_the_documented_default() -> None:
    assert PROPORTION.parse("") == "landscape"
    assert FORMAT.parse("") == "JPEG"


@pytest.mark.parametrize("text", ["tall", "Landscape", "LANDSCAPE"])
def test_another_choice_is_told_what_there_is(text: str) -> None:
    assert message_for(PROPORTION, text) == "Choose one of: landscape, portrait, square, wide."


# Whole numbers


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        ("0", 0),
        (" 42 ", 42),
        ("007", 7),
        ("9007199254740993", 9007199254740993),
        (str(2**64 - 1), 2**64 - 1),
    ],
)
def test_a_seed_is_exact_to_the_last_digit(text: str, seed: int) -> None:
    assert SEED.parse(text) == seed


@pytest.mark.parametrize(
    "text", ["", "-1", "+5", "1_000", "1,000", "1.0", "1e3", "٣", "²", "x", "9" * 41, str(2**64)]
)
def test_a_seed_is_a_whole_number_of_64_bits_and_nothing_else(text: str) -> None:
    assert message_for(SEED, text) == ("Enter a whole number from 0 to 18446744073709551615.")


def test_storage_days_not_given_are_none_at_all() -> None:
    assert STORAGE_DAYS.parse("") == STORAGE_DAYS.absent == 0
    assert STORAGE_DAYS.parse("3") == 3
    assert "from 0 to 3650" in message_for(STORAGE_DAYS, "3651")


def test_a_numbers_own_bounds_hold() -> None:
    dozen = WholeNumber(name="dozen", label="", help="", minimum=1, maximum=12)
    assert dozen.parse("1") == 1
    for text in ("0", "13"):
        assert message_for(dozen, text) == "Enter a whole number from 1 to 12."


@given(st.integers(0, SEED_MAXIMUM))
def test_every_seed_survives_being_typed(seed: int) -> None:
    assert SEED.parse(str(seed)) == SEED.check(seed) == seed


@given(st.integers().filter(lambda number: not 0 <= number <= SEED_MAXIMUM))
def test_no_other_number_is_a_seed(number: int) -> None:
    with pytest.raises(InvalidValue):
        SEED.check(number)


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, [1]])
def test_what_only_looks_like_a_number_is_none(value: object) -> None:
    with pytest.raises(InvalidValue):
        SEED.check(value)


def test_seeds_are_drawn_from_all_64_bits() -> None:
    seeds = [draw_seed() for _ in range(500)]

    assert all(SEED.check(seed) == seed for seed in seeds)
    assert len(set(seeds)) == 500
    # Each bit is set in about half of them: 250, give or take ten standard deviations.
    bits = Counter(bit for seed in seeds for bit in range(64) if seed >> bit & 1)
    assert len(bits) == 64
    assert all(130 < count < 370 for count in bits.values())


# All of them


@given(PARAMETERS, ANYTHING)
def test_any_value_is_taken_as_it_is_or_refused(parameter: Parameter, value: Any) -> None:
    with suppress(InvalidValue):
        assert parameter.check(value) == value


@given(PARAMETERS, st.text())
def test_any_typed_text_becomes_a_good_value_or_is_refused(parameter: Parameter, text: str) -> None:
    with suppress(InvalidValue):
        value = parameter.parse(text)
        assert parameter.check(value) == value


def test_a_kind_of_parameter_has_to_say_how_it_reads_and_checks() -> None:
    bare = Parameter(name="bare", label="", help="")

    assert bare.absent is None
    with pytest.raises(NotImplementedError):
        bare.parse("x")
    with pytest.raises(NotImplementedError):
        bare.check("x")
