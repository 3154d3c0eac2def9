"""The table against the vendor's documentation, whose facts are written out again here."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.imagepig.endpoints import TABLE, Endpoint, InvalidRequest, all_parameters
from playground.imagepig.parameters import Choice, Parameter, WholeNumber

COMMON = {"positive_prompt", "format", "seed", "storage_days"}
DOCUMENTED: dict[str, dict[str, Any]] = {
    "default": {
        "path": "",
        "model": "Realistic Vision V5.1",
        "base_model": "Stable Diffusion 1.5",
        "licence": "CreativeML Open RAIL-M",
        "calls": 1,
        "usual_time": "1–2 s",
        "sizes": {"": (512, 512)},
        "parameters": COMMON | {"negative_prompt"},
    },
    "xl": {
        "path": "xl",
        "model": "RealVisXL V5.0",
        "base_model": "Stable Diffusion XL",
        "licence": "CreativeML Open RAIL++-M",
        "calls": 1,
        "usual_time": "3–4 s",
        "sizes": {"": (1024, 1024)},
        "parameters": COMMON | {"negative_prompt"},
    },
    "flux": {
        "path": "flux",
        "model": "FLUX.1 [schnell]",
        "base_model": "FLUX.1",
        "licence": "Apache License 2.0",
        "calls": 2,
        "usual_time": "over 5 s",
        "sizes": {
            "landscape": (1216, 832),
            "portrait": (832, 1216),
            "square": (1024, 1024),
            "wide": (1344, 768),
        },
        "parameters": COMMON | {"proportion"},
    },
}
ENDPOINTS = st.sampled_from(list(TABLE.values()))
VALUES = st.dictionaries(
    st.sampled_from([*all_parameters(), "prompt", "language", "team"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
)


def problems_of(endpoint: Endpoint, values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as caught:
        endpoint.request(values)
    return caught.value.problems


def choice(name: str) -> Choice:
    parameter = all_parameters()[name]
    assert isinstance(parameter, Choice)
    return parameter


# Facts


def test_the_table_holds_the_documented_endpoints() -> None:
    assert list(TABLE) == list(DOCUMENTED)
    assert all(key == endpoint.key for key, endpoint in TABLE.items())


@pytest.mark.parametrize("key", DOCUMENTED)
def test_an_endpoint_is_as_documented(key: str) -> None:
    endpoint, facts = TABLE[key], dict(DOCUMENTED[key])

    assert {each.name for each in endpoint.parameters} == facts.pop("parameters")
    assert {name: getattr(endpoint, name) for name in facts} == facts
    assert endpoint.licence_url.startswith("https://")


def test_choices_and_numbers_are_as_documented() -> None:
    proportion, file_format = choice("proportion"), choice("format")
    assert [option.value for option in proportion.options] == [
        "landscape",
        "portrait",
        "square",
        "wide",
    ]
    assert proportion.default == "landscape"
    assert [option.value for option in file_format.options] == ["JPEG", "PNG"]
    assert file_format.default == "JPEG"

    seed, storage_days = all_parameters()["seed"], all_parameters()["storage_days"]
    assert isinstance(seed, WholeNumber)
    assert (seed.minimum, seed.maximum, seed.default) == (0, 2**64 - 1, None)
    assert isinstance(storage_days, WholeNumber)
    assert (storage_days.minimum, storage_days.default) == (0, 0)


@pytest.mark.parametrize("endpoint", TABLE.values(), ids=TABLE.keys())
def test_every_size_has_its_proportion_and_the_other_way_round(endpoint: Endpoint) -> None:
    proportion = endpoint.parameter("proportion")
    if isinstance(proportion, Choice):
        assert set(endpoint.sizes) == {option.value for option in proportion.options}
    else:
        assert set(endpoint.sizes) == {""}


@pytest.mark.parametrize("endpoint", TABLE.values(), ids=TABLE.keys())
def test_a_typical_time_lies_within_the_usual_one(endpoint: Endpoint) -> None:
    low, high = endpoint.usual_seconds
    assert low < endpoint.typical_seconds < (high or 2 * low)


def test_sizes_are_told_in_words() -> None:
    assert TABLE["default"].size_words == "512 × 512"
    assert TABLE["flux"].size_words == "4 shapes"


def test_the_size_follows_from_the_body() -> None:
    assert TABLE["default"].size({}) == (512, 512)
    assert TABLE["default"].size({"positive_prompt": "pig"}) == (512, 512)
    assert TABLE["flux"].size({}) == (1216, 832)
    assert TABLE["flux"].size({"proportion": "wide"}) == (1344, 768)


def test_a_parameter_is_found_by_its_name() -> None:
    flux = TABLE["flux"]
    assert flux.parameter("proportion") is all_parameters()["proportion"]
    assert flux.parameter("negative_prompt") is None


def test_people_meet_the_parameters_in_one_order() -> None:
    assert list(all_parameters()) == [
        "positive_prompt",
        "negative_prompt",
        "format",
        "seed",
        "storage_days",
        "proportion",
    ]


# Bodies


def test_a_full_request_is_sent_as_documented() -> None:
    values: dict[str, object] = {
        "positive_prompt": "a pig",
        "negative_prompt": "rain",
        "format": "PNG",
        "seed": 2**64 - 1,
        "storage_days": 3,
    }
    assert TABLE["xl"].request(values) == values


def test_what_says_nothing_is_left_out() -> None:
    body = TABLE["xl"].request(
        {"positive_prompt": "a pig", "negative_prompt": "", "storage_days": 0}
    )
    assert body == {"positive_prompt": "a pig"}


def test_what_an_endpoint_does_not_know_is_left_out() -> None:
    values = {"positive_prompt": "a pig", "negative_prompt": "rain", "proportion": "wide"}

    assert TABLE["flux"].request(values) == {"positive_prompt": "a pig", "proportion": "wide"}
    assert TABLE["xl"].request(values) == {"positive_prompt": "a pig", "negative_prompt": "rain"}


def test_every_wrong_attribute_is_told_at_once() -> None:
    problems = problems_of(TABLE["flux"], {"proportion": "tall", "seed": -1, "format": 17})

    assert set(problems) == {"positive_prompt", "proportion", "seed", "format"}
    assert problems["positive_prompt"] == "Say what you want to see."


def test_an_invalid_request_reads_as_its_problems() -> None:
    assert str(InvalidRequest({"seed": "Too large.", "format": "Unknown."})) == (
        "seed: Too large.; format: Unknown."
    )


@given(ENDPOINTS, VALUES)
def test_any_values_make_a_body_or_name_what_is_wrong(
    endpoint: Endpoint, values: dict[str, object]
) -> None:
    known = {each.name for each in endpoint.parameters}
    problems: dict[str, str] = {}
    body: dict[str, Any] = {}
    try:
        body = endpoint.request(values)
    except InvalidRequest as error:
        problems = error.problems

    assert bool(problems) != bool(body), "a body always has its prompt"
    assert {*problems, *body} <= known
    assert all(values[name] == value for name, value in body.items())
    if body:
        assert endpoint.request(body) == body
        assert endpoint.size(body) in endpoint.sizes.values()


def test_another_endpoint_is_one_more_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    class Upside(Parameter):
        def check(self, value: object) -> str:
            return str(value)

    upscale = dataclasses.replace(
        TABLE["xl"],
        key="upscale",
        path="upscale",
        usual_seconds=(8, None),
        parameters=(*TABLE["xl"].parameters, Upside(name="upside", label="Up", help="")),
    )
    monkeypatch.setitem(TABLE, "upscale", upscale)

    assert list(all_parameters())[-1] == "upside"
    assert upscale.usual_time == "over 8 s"
    assert upscale.request({"positive_prompt": "pig", "upside": "down"})["upside"] == "down"
