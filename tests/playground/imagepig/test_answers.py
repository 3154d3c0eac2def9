from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.imagepig import answers
from playground.imagepig.answers import read_answer, read_error, read_seed, read_time
from playground.imagepig.errors import Fault, Unusable

IMAGE = b"\xff\xd8 a picture"
SUCCESS: dict[str, Any] = {
    "image_data": base64.b64encode(IMAGE).decode(),
    "mime_type": "image/jpeg",
    "seed": 2**64 - 1,
    "started_at": "2026-01-02T03:04:05.250000Z",
    "completed_at": "2026-01-02T03:04:06.500000+00:00",
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)
ATTRIBUTES = st.sampled_from(["image_data", *answers.DOCUMENTED, "error", "detail"])


def encode(**changes: object) -> bytes:
    """A documented success with changes; None takes an attribute out."""
    content = SUCCESS | changes
    return json.dumps({k: v for k, v in content.items() if v is not None}).encode()


def kind_of(body: bytes) -> Fault:
    with pytest.raises(Unusable) as caught:
        read_answer(body)
    return caught.value.kind


# Successes


def test_a_documented_success_is_read_whole() -> None:
    answer = read_answer(encode())

    assert answer.image_bytes == IMAGE
    assert answer.image_url is None
    assert answer.mime_type == "image/jpeg"
    assert (answer.seed, answer.seed_problem) == (2**64 - 1, "")
    assert answer.started_at == datetime(2026, 1, 2, 3, 4, 5, 250_000, UTC)
    assert answer.completed_at == datetime(2026, 1, 2, 3, 4, 6, 500_000, UTC)
    assert answer.api_seconds == 1.25


def test_the_other_documented_shape_has_an_address_instead() -> None:
    answer = read_answer(encode(image_data=None, image_url="https://cdn.test/pig.jpeg"))

    assert answer.image_bytes is None
    assert answer.image_url == "https://cdn.test/pig.jpeg"


def test_image_data_counts_where_both_are_there() -> None:
    answer = read_answer(encode(image_url="https://cdn.test/pig.jpeg"))

    assert (answer.image_bytes, answer.image_url) == (IMAGE, None)


def test_the_envelope_is_all_but_the_image() -> None:
    answer = read_answer(encode(language="en", more={"a": [1, 2.5, None, True]}))

    assert answer.envelope == {
        **{name: value for name, value in SUCCESS.items() if name != "image_data"},
        "language": "en",
        "more": {"a": [1, 2.5, None, True]},
    }


def test_the_image_is_not_in_an_answers_repr() -> None:
    assert "a picture" not in repr(read_answer(encode()))


def test_characters_that_no_database_holds_are_replaced_in_the_envelope() -> None:
    answer = read_answer(encode(note="a\0b\ud800c", **{"k\0": [{"d": "\udfff"}]}))

    assert answer.envelope["note"] == "a\ufffdb\ufffdc"
    assert answer.envelope["k\ufffd"] == [{"d": "\ufffd"}]


def test_an_oversized_envelope_keeps_what_is_documented() -> None:
    answer = read_answer(encode(noise="x" * 100_000, mime_type="m" * 5000, started_at=[1] * 9))

    assert set(answer.envelope) == {"mime_type", "seed", "started_at", "completed_at"}
    assert answer.envelope["seed"] == 2**64 - 1
    assert len(answer.envelope["mime_type"]) == answers.MAX_URL
    assert answer.envelope["started_at"] is None
    assert len(answer.mime_type) == answers.MAX_MIME_TYPE


def test_a_large_image_is_no_oversized_envelope() -> None:
    answer = read_answer(encode(image_data=base64.b64encode(bytes(300_000)).decode(), extra="x"))

    assert answer.image_bytes == bytes(300_000)
    assert answer.envelope["extra"] == "x"


def test_a_byte_order_mark_costs_nobody_a_picture() -> None:
    assert read_answer(b"\xef\xbb\xbf" + encode()).image_bytes == IMAGE


# Answers without a picture


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"[]",
        b'"image_data"',
        b"17",
        b'{"image_data": "',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 500_000,
        b'{"a":' * 500_000,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b'{"a":' + b"[" * 20 + b"1" + b"]" * 20 + b"}",
        b'{"a": "\xff"}',
        b'{"a": 1} {"b": 2}',
        "{}".encode("utf-16"),
    ],
)
def test_what_is_no_json_object_has_no_picture(body: bytes) -> None:
    assert kind_of(body) == Fault.NOT_JSON


def test_the_deepest_nesting_allowed_is_read() -> None:
    deepest: object = 1
    for _ in range(answers.MAX_DEPTH - 1):
        deepest = [deepest]
    assert read_answer(encode(more=deepest)).envelope["more"] == deepest


@pytest.mark.parametrize("image_data", ["", 17, [], {}, True])
def test_image_data_that_is_none_is_no_image(image_data: object) -> None:
    assert kind_of(encode(image_data=image_data)) == Fault.NO_IMAGE


def test_neither_data_nor_address_is_no_image() -> None:
    assert kind_of(encode(image_data=None)) == Fault.NO_IMAGE
    assert kind_of(b'{"error": "Sorry"}') == Fault.NO_IMAGE


@pytest.mark.parametrize(
    "image_data", ["a", "abcde", "ab=c", "====", "YWJj\nYWJj", " YWJj", "YWJj!", "äöü=", "YW Jj"]
)
def test_base64_is_read_strictly(image_data: str) -> None:
    assert kind_of(encode(image_data=image_data)) == Fault.BAD_BASE64


@pytest.mark.parametrize(
    "image_url", ["", 17, [], "https://cdn.test/a b", "https://cdn.test/\0", "h" * 2001]
)
def test_an_address_that_is_none_is_said_to_be(image_url: object) -> None:
    assert kind_of(encode(image_data=None, image_url=image_url)) == Fault.BAD_IMAGE_URL


# Seeds and times


@pytest.mark.parametrize(
    ("value", "seed", "problem"),
    [
        (0, 0, ""),
        (9007199254740993, 9007199254740993, ""),
        (2**63, 2**63, ""),
        (2**64 - 1, 2**64 - 1, ""),
        ("18446744073709551615", 2**64 - 1, ""),
        ("007", 7, ""),
        (2**64, None, "out_of_range"),
        (str(2**64), None, "out_of_range"),
        (-1, None, "out_of_range"),
        ("-1", None, "not_a_whole_number"),
        (1.5, None, "not_a_whole_number"),
        (1.0, None, "not_a_whole_number"),
        (True, None, "not_a_whole_number"),
        ("", None, "not_a_whole_number"),
        ("٣", None, "not_a_whole_number"),
        ("9" * 5000, None, "not_a_whole_number"),
        ([], None, "not_a_whole_number"),
        (None, None, "missing"),
    ],
)
def test_a_seed_is_kept_to_the_digit_or_said_to_be_missing(
    value: object, seed: int | None, problem: str
) -> None:
    assert read_seed(value) == (seed, problem)
    answer = read_answer(encode(seed=value))
    assert (answer.seed, answer.seed_problem) == (seed, problem)


@given(st.integers(0, 2**64 - 1))
def test_every_seed_survives_as_number_and_as_digits(seed: int) -> None:
    assert read_answer(encode(seed=seed)).seed == seed
    assert read_answer(encode(seed=str(seed))).seed == seed


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.123456+00:00", datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)),
        ("20260102T030405Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02", None),
        ("yesterday at noon", None),
        ("", None),
        (1767322985, None),
        (None, None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026-01-02T03:04:05Z" + " " * 99, None),
    ],
)
def test_a_time_is_read_into_utc_or_counts_as_missing(value: object, time: datetime | None) -> None:
    assert read_time(value) == time
    if time is not None:
        assert read_time(value).tzinfo is UTC  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "times",
    [
        {"started_at": "2026-01-01T00:00:02Z", "completed_at": "2026-01-01T00:00:01Z"},
        {"started_at": None},
        {"completed_at": None},
        {"started_at": "soon"},
    ],
)
def test_reversed_or_missing_times_give_no_duration(times: dict[str, object]) -> None:
    assert read_answer(encode(**times)).api_seconds is None


# Errors


@pytest.mark.parametrize(
    ("content", "said", "field_messages"),
    [
        ({"error": "Out of credit", "started_at": "x"}, "Out of credit", {}),
        ({"error": "  Two\n lines\0 "}, "Two lines", {}),
        ({"detail": "Not authenticated"}, "Not authenticated", {}),
        (
            {"detail": [{"msg": "Too long", "loc": ["body", "positive_prompt"]}]},
            "Too long",
            {"positive_prompt": "Too long"},
        ),
        (
            {"detail": [{"msg": "Field required", "loc": ["body", "prompt"]}]},
            "Field required",
            {"positive_prompt": "Field required"},
        ),
        (
            {
                "detail": [
                    {"msg": "Too large", "loc": ["body", "seed", 0]},
                    {"msg": "Not a number", "loc": ["seed"]},
                    {"msg": "Malformed", "loc": ["body"]},
                    {"msg": "Elsewhere", "loc": ["body", 3, "<b>"]},
                    {"msg": "Nowhere"},
                    {"msg": "No list", "loc": "seed"},
                    {"loc": ["body", "seed"]},
                    {"msg": 17, "loc": ["body", "seed"]},
                    "nothing",
                ]
            },
            "Too large; Not a number; Malformed; Elsewhere; Nowhere; No list",
            {"seed": "Too large; Not a number"},
        ),
        ({"error": "One", "detail": [{"msg": "Two", "loc": ["seed"]}]}, "One", {"seed": "Two"}),
        ({"error": {"message": "deep"}}, "", {}),
        ({"error": 17, "detail": 17}, "", {}),
        ({}, "", {}),
        ([], "", {}),
        (None, "", {}),
        ("Just words", "Just words", {}),
    ],
)
def test_both_shapes_of_error_are_read(
    content: object, said: str, field_messages: dict[str, str]
) -> None:
    assert read_error(422, json.dumps(content).encode()) == (said, field_messages)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (502, b"<html><h1>nginx</h1>", "502 Bad Gateway"),
        (502, b"\xef\xbb\xbf\n <!DOCTYPE html>", "502 Bad Gateway"),
        (599, b"<html>", "599"),
        (500, b"upstream\r\n  failed", "upstream failed"),
        (500, b"\xff\xfe", "��"),
        (500, b"", ""),
        (500, b"[" * 500_000, "[" * 999 + "…"),
        (500, b'{"error": ' + b"9" * 5000 + b"}", '{"error": ' + "9" * 989 + "…"),
    ],
)
def test_what_is_no_json_gives_its_beginning_or_its_status(
    status: int, body: bytes, said: str
) -> None:
    assert read_error(status, body) == (said, {})


@pytest.mark.parametrize("words", ["x" * 5000, "word " * 5000])
def test_long_words_are_cut(words: str) -> None:
    said, _ = read_error(400, json.dumps({"error": words}).encode())
    assert 990 < len(said) <= 1000
    assert said.endswith("…")


def test_a_thousand_problems_are_not_kept() -> None:
    many = [{"msg": "x" * 900, "loc": ["body", f"field_{number}"]} for number in range(1000)]
    said, field_messages = read_error(422, json.dumps({"detail": many}).encode())
    assert len(said) <= 1000
    assert len(field_messages) == 20


# Inputs nobody thought of


@given(st.binary())
def test_any_bytes_are_an_answer_or_unusable(body: bytes) -> None:
    with contextlib.suppress(Unusable):
        read_answer(body)


@given(st.dictionaries(ATTRIBUTES, JSON))
def test_any_values_are_an_answer_or_unusable(content: dict[str, Any]) -> None:
    with contextlib.suppress(Unusable):
        answer = read_answer(json.dumps(content).encode())
        assert (answer.image_bytes is None) != (answer.image_url is None)
        assert (answer.seed is None) == bool(answer.seed_problem)
        assert "\0" not in json.dumps(answer.envelope, ensure_ascii=False, allow_nan=False)


@given(st.binary(min_size=1))
def test_any_image_comes_out_as_it_went_in(image: bytes) -> None:
    answer = read_answer(encode(image_data=base64.b64encode(image).decode()))
    assert answer.image_bytes == image


@given(st.integers(100, 599), st.binary() | st.dictionaries(ATTRIBUTES, JSON).map(json.dumps))
def test_any_error_gives_bounded_plain_text(status: int, body: bytes | str) -> None:
    said, field_messages = read_error(status, body if isinstance(body, bytes) else body.encode())

    for words in (said, *field_messages.values()):
        assert len(words) <= answers.MAX_SAID
        assert words == words.strip()
        words.encode()
        assert not any(ord(character) < 32 for character in words)


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    time = read_time(text)
    assert time is None or time.tzinfo is UTC
