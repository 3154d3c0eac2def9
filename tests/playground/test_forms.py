from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.forms import GenerationForm, blank
from playground.imagepig.endpoints import TABLE
from playground.models import Upstream


def form(
    data: Mapping[str, str] | None = None, *, has_key: bool = True, **more: str
) -> GenerationForm:
    start = blank(has_key=has_key) | {"positive_prompt": "a pig"}
    return GenerationForm({**start, **(data or {}), **more}, has_key=has_key)


def errors_of(wrong: GenerationForm) -> dict[str, list[str]]:
    assert not wrong.is_valid()
    return {name: [str(each) for each in messages] for name, messages in wrong.errors.items()}


def test_a_prompt_is_all_that_has_to_be_typed() -> None:
    typed = form()
    assert typed.is_valid(), typed.errors
    assert typed.values == {
        "positive_prompt": "a pig",
        "negative_prompt": "",
        "format": "JPEG",
        "storage_days": 0,
    }
    assert typed.cleaned_data["count"] == 1


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("positive_prompt", "", "Say what you want to see."),
        ("positive_prompt", "   ", "Say what you want to see."),
        ("positive_prompt", "x" * 2001, "2,001 characters long"),
        ("negative_prompt", "x" * 2001, "2,001 characters long"),
        ("seed", str(2**64), "from 0 to 18446744073709551615"),
        ("seed", "-1", "whole number"),
        ("seed", "1.5", "whole number"),
        ("seed", "pig", "whole number"),
        ("storage_days", "-3", "whole number"),
        ("storage_days", "9999999", "from 0 to 3650"),
        ("format", "GIF", "JPEG, PNG"),
        ("count", "9", "from 1 to 8"),
        ("count", "0", "from 1 to 8"),
        ("count", "many", "from 1 to 8"),
        ("count", "", "from 1 to 8"),
        ("count", "4.0", "from 1 to 8"),
        ("count", "4.", "from 1 to 8"),
        ("count", "+4", "from 1 to 8"),
        ("count", "٤", "from 1 to 8"),
        ("count", "1e0", "from 1 to 8"),
        ("endpoint", "nano", "nano"),
        ("upstream", "elsewhere", "elsewhere"),
    ],
)
def test_wrong_input_gets_its_message_at_its_field(name: str, typed: str, says: str) -> None:
    errors = errors_of(form({name: typed}))
    assert list(errors) == [name]
    assert says in errors[name][0]


def test_the_largest_seed_survives_to_the_digit() -> None:
    typed = form(seed="18446744073709551615")
    assert typed.is_valid()
    assert typed.values["seed"] == 2**64 - 1


def test_a_seed_too_near_the_end_for_the_number_of_pictures_is_refused() -> None:
    errors = errors_of(form(seed=str(2**64 - 1), count="2"))
    assert errors == {"seed": ["With 2 pictures the seed may be at most 18446744073709551614."]}


def test_what_the_endpoint_does_not_know_is_neither_checked_nor_sent() -> None:
    typed = form(endpoint="flux", negative_prompt="x" * 5000)
    assert typed.is_valid(), typed.errors
    assert "negative_prompt" not in typed.values
    assert [field.html_name for field in typed.other_fields()] == ["negative_prompt"]


def test_each_endpoint_shows_the_fields_that_it_knows() -> None:
    for key, endpoint in TABLE.items():
        shown = form(endpoint=key)
        names = [field.html_name for field in [*shown.main_fields(), *shown.seldom_fields()]]
        assert sorted([*names, "positive_prompt", "seed"]) == sorted(
            each.name for each in endpoint.parameters
        )


def test_without_a_key_there_is_nothing_but_the_sandbox() -> None:
    typed = form(has_key=False, upstream="imagepig")
    assert typed.is_valid()
    assert typed.chosen_upstream == Upstream.SANDBOX
    assert "upstream" not in typed.fields


@pytest.mark.parametrize("typed", ["4", " 4", "4 ", "04"])
def test_a_number_of_pictures_may_have_space_around_it(typed: str) -> None:
    assert form(count=typed).is_valid()
    assert form(count=typed, endpoint="flux").calls == 8


@given(st.from_regex(r"\s*[+-]?[0-9٤८]{1,3}(\.0*)?\s*", fullmatch=True), st.sampled_from("ab"))
def test_what_the_bill_says_is_what_is_bought(count: str, prompt: str) -> None:
    typed = form(count=count, positive_prompt=f"{{{prompt}|c}}", endpoint="flux")
    if typed.is_valid():
        bought = typed.cleaned_data["count"] * len(typed.wording.prompts)
        assert (typed.pictures, typed.calls) == (bought, 2 * bought)
        assert bought <= 8
    else:
        assert {"count", "positive_prompt"} & set(typed.errors)


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "sixteen letters!", "0123456789abcdé"])
def test_a_form_without_a_good_token_says_so_and_brings_one(token: str) -> None:
    typed = form(token=token)
    [message] = errors_of(typed)["__all__"]
    assert "Nothing was generated" in message
    assert "press the button again" in message
    assert form(token=typed.good_token).is_valid()


def test_a_good_token_stays_the_one_it_is() -> None:
    token = "0123456789abcdef"
    assert form(token=token).good_token == token


def test_the_bill_comes_before_the_click() -> None:
    assert form(endpoint="flux", count="4").calls == 8
    assert form(endpoint="xl", count="4").calls == 4
    assert form(endpoint="flux", count="4", upstream="sandbox").calls == 0
    assert form(count="nonsense").calls == 1


@given(st.dictionaries(st.sampled_from(sorted(blank(has_key=True))), st.text(max_size=60)))
def test_no_input_breaks_the_form(data: dict[str, str]) -> None:
    typed = form(data)
    typed.is_valid()
    assert typed.as_p()
    assert 0 <= typed.calls <= 16
