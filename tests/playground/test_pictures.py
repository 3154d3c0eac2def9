"""Bytes that are pictures, bytes that are none, and pictures compared."""

from __future__ import annotations

import base64
import io
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.imagepig.errors import Fault
from playground.models import Verdict
from playground.pictures import DamagedPicture, compare, read_picture
from tests.upstream_pictures import bomb, picture, plain_picture, png_chunk, truncated


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_format_is_known_by_its_bytes(kind: str) -> None:
    found = read_picture(plain_picture((64, 48), kind))
    assert found.mime_type == f"image/{kind.lower()}"
    assert (found.width, found.height, found.extension) == (64, 48, kind.lower())


def test_a_thumbnail_has_a_longest_side_of_512_pixels_and_the_same_shape() -> None:
    found = read_picture(plain_picture((1344, 768)))
    assert opened(found.thumbnail).size == (512, 293)
    assert opened(found.thumbnail).format == "WEBP"


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(read_picture(plain_picture((64, 48))).thumbnail).size == (64, 48)


def test_a_placeholder_is_a_tiny_picture_in_a_data_address() -> None:
    placeholder = read_picture(plain_picture((1216, 832))).placeholder
    kind, _, data = placeholder.partition(",")
    assert kind == "data:image/webp;base64"
    assert opened(base64.b64decode(data)).size == (16, 11)
    assert len(placeholder) < 400


def test_the_thinnest_picture_keeps_a_pixel_of_width() -> None:
    assert opened(read_picture(written(Image.new("RGB", (1, 2000)))).thumbnail).size == (1, 512)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_gets_a_thumbnail(mode: str) -> None:
    found = read_picture(written(Image.new(mode, (20, 20))))
    assert opened(found.thumbnail).size == (20, 20)


def test_a_jpeg_in_four_colours_gets_a_thumbnail() -> None:
    assert read_picture(written(Image.new("CMYK", (20, 20)), "JPEG")).mime_type == "image/jpeg"


def test_sixteen_bits_of_grey_do_not_turn_white() -> None:
    grey = Image.new("I;16", (20, 20), 128 * 256)
    pixel = opened(read_picture(written(grey)).thumbnail).convert("L").getpixel((5, 5))
    assert pixel == pytest.approx(128, abs=3)


def test_transparency_survives_in_the_thumbnail() -> None:
    thumbnail = opened(read_picture(written(Image.new("RGBA", (20, 20), (9, 9, 9, 0)))).thumbnail)
    assert thumbnail.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_damaged(kind: str) -> None:
    with pytest.raises(DamagedPicture) as caught:
        read_picture(truncated((256, 256), kind))
    assert caught.value.kind == Fault.DAMAGED_IMAGE


def test_a_png_without_its_last_bytes_is_damaged() -> None:
    with pytest.raises(DamagedPicture):
        read_picture(plain_picture((64, 64), "PNG")[:-20])


def test_a_flipped_bit_in_a_png_is_noticed() -> None:
    content = bytearray(plain_picture((64, 64), "PNG"))
    content[len(content) // 2] ^= 1
    with pytest.raises(DamagedPicture) as caught:
        read_picture(bytes(content))
    assert caught.value.kind == Fault.DAMAGED_IMAGE


@pytest.mark.parametrize("side", [8_001, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(DamagedPicture) as caught:
        read_picture(bomb(side))
    assert caught.value.kind == Fault.IMAGE_TOO_BIG


def test_a_bomb_in_a_text_chunk_is_damaged() -> None:
    content = plain_picture((64, 64), "PNG")
    text = b"Comment\0\0" + zlib.compress(bytes(80_000_000))
    with pytest.raises(DamagedPicture) as caught:
        read_picture(content[:33] + png_chunk(b"zTXt", text) + content[33:])
    assert caught.value.kind == Fault.DAMAGED_IMAGE


@pytest.mark.parametrize("content", [b"", b"Oink", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_of_the_three_formats_is_unsupported(content: bytes) -> None:
    with pytest.raises(DamagedPicture) as caught:
        read_picture(content)
    assert caught.value.kind == Fault.UNSUPPORTED_IMAGE


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_unsupported(kind: str) -> None:
    with pytest.raises(DamagedPicture) as caught:
        read_picture(plain_picture((64, 48), kind))
    assert caught.value.kind == Fault.UNSUPPORTED_IMAGE


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    place=st.integers(0, 2**16),
    garbage=st.binary(max_size=40),
)
def test_whatever_is_written_into_a_picture_it_is_read_or_refused(
    kind: str, place: int, garbage: bytes
) -> None:
    content = plain_picture((32, 32), kind)
    place %= len(content)
    damaged = content[:place] + garbage + content[place + len(garbage) :]
    # Anything but this one error would fail the test.
    with suppress(DamagedPicture):
        assert read_picture(damaged).thumbnail


# Comparing


def shade(value: int, size: tuple[int, int] = (64, 64), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, (value,) * 3 if mode == "RGB" else value)


def test_the_same_bytes_are_identical_bytes() -> None:
    content = plain_picture((64, 64))
    assert compare(content, content) == (Verdict.IDENTICAL_BYTES, None)


def test_other_bytes_with_the_same_pixels_are_identical_pixels() -> None:
    size = (64, 64)
    assert compare(picture(size, note="one"), picture(size, note="two")) == (
        Verdict.IDENTICAL_PIXELS,
        None,
    )


def test_the_same_pixels_in_another_format_and_mode_are_identical_pixels() -> None:
    grey = written(shade(77, mode="L"))
    assert compare(grey, written(shade(77), "WEBP", lossless=True))[0] == Verdict.IDENTICAL_PIXELS


def test_one_shade_more_is_nearly_the_same() -> None:
    verdict, psnr = compare(written(shade(100)), written(shade(101)))
    assert verdict == Verdict.NEARLY_THE_SAME
    assert psnr == pytest.approx(48.13, abs=0.01)


@pytest.mark.parametrize(
    ("shades", "verdict"), [(2, Verdict.NEARLY_THE_SAME), (3, Verdict.DIFFERENT)]
)
def test_forty_decibels_part_nearly_the_same_from_different(shades: int, verdict: Verdict) -> None:
    found, psnr = compare(written(shade(100)), written(shade(100 + shades)))
    assert psnr is not None
    assert (found, psnr >= 40) == (verdict, verdict == Verdict.NEARLY_THE_SAME)


def test_another_size_is_different_without_a_figure() -> None:
    assert compare(written(shade(1)), written(shade(1, (64, 65)))) == (Verdict.DIFFERENT, None)


def test_only_the_transparency_may_differ() -> None:
    first = written(Image.new("RGBA", (8, 8), (1, 2, 3, 255)))
    second = written(Image.new("RGBA", (8, 8), (1, 2, 3, 0)))
    verdict, psnr = compare(first, second)
    assert verdict == Verdict.DIFFERENT
    assert psnr is not None


def test_a_damaged_picture_cannot_be_compared() -> None:
    with pytest.raises(DamagedPicture):
        compare(plain_picture((64, 64)), b"Oink")
