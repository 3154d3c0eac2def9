from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.differences import Kind, changes, likeness, parameter_table, word_pieces
from playground.models import Generation, Upstream

PROMPTS = st.one_of(
    st.text(max_size=120),
    # Words that come again, so that there is something to keep.
    st.lists(
        st.sampled_from(["pig", "fog", "rain", ",", " ", "\n", "a", "don’t"]), max_size=40
    ).map("".join),
)


def joined(pieces: list[Any], *kinds: Kind) -> str:
    return "".join(each.text for each in pieces if each.kind in kinds)


@given(before=PROMPTS, after=PROMPTS)
@example(before="a  pig", after="a pig ")
@example(before="", after="")
@example(before="\ud800", after="\x00")
def test_kept_and_added_words_are_the_new_prompt_kept_and_removed_ones_the_old(
    before: str, after: str
) -> None:
    pieces = word_pieces(before, after)
    assert joined(pieces, Kind.KEPT, Kind.ADDED) == after
    assert joined(pieces, Kind.KEPT, Kind.REMOVED) == before
    assert all(each.text for each in pieces)


@given(text=PROMPTS)
def test_a_prompt_differs_in_nothing_from_itself(text: str) -> None:
    assert {each.kind for each in word_pieces(text, text)} <= {Kind.KEPT}


def test_words_are_told_apart_whole() -> None:
    pieces = word_pieces("a red pig in rain", "a green pig in the rain")
    assert [(str(each.kind), each.text) for each in pieces] == [
        ("kept", "a "),
        ("removed", "red"),
        ("added", "green"),
        ("kept", " pig in "),
        ("added", "the "),
        ("kept", "rain"),
    ]


def test_one_word_a_thousand_times_takes_no_ages() -> None:
    before, after = "a " * 1000, "a b " * 500
    began = time.process_time()
    pieces = word_pieces(before, after)
    assert time.process_time() - began < 1
    assert joined(pieces, Kind.KEPT, Kind.ADDED) == after


def test_likeness_is_one_for_the_same_and_nothing_for_strangers() -> None:
    assert likeness(word_pieces("a pig", "a pig")) == 1
    assert likeness(word_pieces("a pig", "two foxes")) == 0
    assert likeness([]) == 0


def made(prompt: str = "a pig", endpoint: str = "default", **fields: Any) -> Generation:
    seed = fields.pop("seed", 42)
    upstream = fields.pop("upstream", Upstream.SANDBOX)
    body = {"positive_prompt": prompt, "seed": seed, **fields}
    return Generation(upstream=upstream, endpoint=endpoint, body=body, seed=str(seed))


@pytest.mark.parametrize(
    ("before", "after", "chips"),
    [
        (made(), made(), []),
        (made(seed=42), made(seed=43), ["seed 42 → 43"]),
        (made(seed=2**64 - 2), made(seed=2**64 - 1), [f"seed {2**64 - 2} → {2**64 - 1}"]),
        (made("a pig, rain"), made("a pig, fog"), ["− rain", "+ fog"]),
        (made("a pig"), made("a pig, in the fog"), ["+ in the fog"]),
        (made("a pig, in rain"), made("a pig"), ["− in rain"]),
        (made("a pig"), made("many green foxes"), ["a pig → many green foxes"]),
        (made("a pig"), made("a  pig"), []),
        (made(negative_prompt="blur"), made(negative_prompt="blur, text"), ["avoid + text"]),
        (made(negative_prompt="blur"), made(), ["avoid − blur"]),
        (made(), made(endpoint="flux"), ["Default → FLUX"]),
        (made(), made(endpoint="flux", proportion="wide"), ["Default → FLUX"]),
        (
            made(endpoint="flux", proportion="landscape"),
            made(endpoint="flux", proportion="wide"),
            ["Landscape → Wide"],
        ),
        # Nothing said is the default said.
        (made(endpoint="flux"), made(endpoint="flux", proportion="landscape"), []),
        (made(), made(format="PNG"), ["JPEG → PNG"]),
        (made(), made(storage_days=3), ["storage days 0 → 3"]),
        (made(), made(upstream=Upstream.IMAGEPIG), ["Sandbox → Image Pig"]),
        (made(), made(language="cs"), ["language + cs"]),
        (made(language="cs"), made(), ["language − cs"]),
        (made(endpoint="ancient"), made(), ["ancient → Default"]),
    ],
)
def test_chips_say_what_changed(before: Generation, after: Generation, chips: list[str]) -> None:
    assert [each.text for each in changes(before, after)] == chips


def test_a_long_change_gets_a_short_chip() -> None:
    (chip,) = changes(made("a pig"), made("a pig, " + "very " * 30))
    assert chip.text.endswith("…")
    assert len(chip.text) < 50


@given(before=PROMPTS, after=PROMPTS)
def test_changes_never_fail_and_name_nothing_where_nothing_changed(before: str, after: str) -> None:
    found = changes(made(before), made(after))
    assert all(each.text.strip() and each.spoken.strip() for each in found)
    assert before != after or not found


def test_chips_can_be_read_aloud() -> None:
    spoken = [each.spoken for each in changes(made("a pig, rain"), made("a pig, fog", seed=43))]
    assert spoken == ["removed rain", "added fog", "seed 42 became 43"]


def test_the_table_says_which_parameters_differ() -> None:
    rows = parameter_table([made(), made(endpoint="flux", proportion="wide"), made(language="cs")])
    told = {row.name: (row.values, row.differs) for row in rows}
    assert told["endpoint"] == (["Default", "FLUX", "Default"], True)
    assert told["proportion"] == (["", "Wide", ""], True)
    assert told["seed"] == (["42", "42", "42"], False)
    assert told["format"] == (["JPEG"] * 3, False)
    assert told["language"] == (["", "", "cs"], True)
    assert "positive_prompt" not in told
