"""An API key is taken out of an answer, however JSON may write it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.imagepig.concealing import concealed

keys = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=40)


@given(keys)
def test_whatever_signs_a_key_has_it_is_not_in_the_json_any_more(key: str) -> None:
    answer = json.dumps({"note": f"« {key} »"}).encode()
    assert json.loads(concealed(answer, key)) == {"note": "« … »"}


@pytest.mark.parametrize(
    "quoted",
    [
        "canary/key/99",
        "canary\\/key\\/99",
        "canary\\u002fkey\\u002F99",
        "".join(f"\\u{ord(sign):04x}" for sign in "canary/key/99"),
    ],
)
def test_each_way_of_writing_it_is_found(quoted: str) -> None:
    answer = f'{{"note": "your key is {quoted}."}}'.encode()
    assert concealed(answer, "canary/key/99") == '{"note": "your key is …."}'.encode()


def test_a_backslash_in_front_of_it_stays_whole() -> None:
    answer = json.dumps({"note": "\\canary-key-99 and\nmore"}).encode()
    assert json.loads(concealed(answer, "canary-key-99")) == {"note": "\\… and\nmore"}


def test_what_is_too_short_for_a_key_is_left_in() -> None:
    assert concealed(b"the pig is in the \\n sty", "pig") == b"the pig is in the \\n sty"
