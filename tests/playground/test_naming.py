from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.models import Generation, Upstream
from playground.naming import file_name


@given(
    seed=st.integers(0, 2**64 - 1),
    prompt=st.text(),
    mime_type=st.sampled_from(["image/jpeg", "image/png", "image/webp", "text/html"]),
    upstream=st.sampled_from(Upstream.values),
)
def test_a_files_name_holds_nothing_that_somebody_typed(
    seed: int, prompt: str, mime_type: str, upstream: str
) -> None:
    picture = Generation(
        pk=12,
        seed=str(seed),
        body={"positive_prompt": prompt, "seed": seed},
        mime_type=mime_type,
        upstream=upstream,
    )
    assert re.fullmatch(
        r"image-pig(-sandbox)?-12-\d{1,20}\.(jpeg|png|webp|bin)", file_name(picture)
    )


@pytest.mark.parametrize(
    ("sent", "name"), [({"seed": 5}, "image-pig-3-5.png"), ({}, "image-pig-3.png")]
)
def test_without_a_seed_in_the_answer_the_sent_one_names_the_file(
    sent: dict[str, int], name: str
) -> None:
    picture = Generation(pk=3, body=sent, mime_type="image/png", upstream=Upstream.IMAGEPIG)
    assert file_name(picture) == name
