from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from accounts.models import Team, User
from playground.remembering import Damaged, read_memory, with_memory, without_memory
from tests.factories import make_generation, picture_bytes

KINDS = ("JPEG", "PNG", "WEBP")
WORDS = "a very secret pig"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_left_and_no_pixel_is_changed(team: Team, alice: User, kind: str) -> None:
    picture = make_generation(team, author=alice, prompt=WORDS)
    original = (
        with_memory(picture_bytes(picture.size, kind=kind), picture) + b"behind: " + WORDS.encode()
    )
    assert WORDS.encode() in original
    bare = without_memory(original)
    assert WORDS.encode() not in bare
    assert WORDS.encode("utf-16-be") not in bare
    assert WORDS.encode("utf-16-le") not in bare
    assert read_memory(io.BytesIO(bare)) is None
    with Image.open(io.BytesIO(bare)) as after, Image.open(io.BytesIO(original)) as before:
        assert after.format == before.format
        difference = ImageChops.difference(after.convert("RGB"), before.convert("RGB"))
    assert difference.getbbox() is None


def test_a_comment_in_a_jpeg_goes_as_well() -> None:
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "pink").save(written, "JPEG", comment=WORDS.encode())
    assert WORDS.encode() in written.getvalue()
    assert WORDS.encode() not in without_memory(written.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + bytes(20), picture_bytes(kind="PNG")[:-12], b"\xff\xd8\xff\xe0"]
)
def test_what_cannot_be_read_is_not_given_out(content: bytes) -> None:
    with pytest.raises(Damaged):
        without_memory(content)
