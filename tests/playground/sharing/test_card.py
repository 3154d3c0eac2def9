from __future__ import annotations

import io

import pytest
from PIL import Image

from playground.sharing.card import HEIGHT, WIDTH, card
from tests.factories import picture_bytes


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_card_is_of_the_size_that_chat_programs_expect(number: int) -> None:
    drawn = card([picture_bytes(hue=60 * place, kind="WEBP") for place in range(number)])
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (WIDTH, HEIGHT)
        assert image.format == "JPEG"
        assert not image.getexif()


def test_of_two_pictures_each_has_its_half() -> None:
    drawn = card([picture_bytes(hue=0, kind="WEBP"), picture_bytes(hue=120, kind="WEBP")])
    with Image.open(io.BytesIO(drawn)) as image:
        left, right = (image.getpixel((x, HEIGHT - 20)) for x in (20, WIDTH - 20))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > left[1]
    assert right[1] > right[0]
