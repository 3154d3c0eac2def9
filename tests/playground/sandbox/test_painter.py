"""The sandbox's pictures: the same for the same request, and an answer to the prompt."""

import hashlib
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from playground.sandbox import vocabulary
from playground.sandbox.colours import hue_distance, lch
from playground.sandbox.painter import SANDBOX_MARK, encode, paint

ROOT = Path(__file__).resolve().parents[3]
SIZE = 160


def picture(
    prompt: str, negative: str = "", *, seed: int = 1, size: tuple[int, int] = (SIZE, SIZE)
) -> Image.Image:
    return paint(
        positive_prompt=prompt, negative_prompt=negative, seed=seed, width=size[0], height=size[1]
    )


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


def hues(image: Image.Image) -> list[tuple[float, float]]:
    """Hue and chroma of the picture's parts, 24 × 24 of them."""
    data = image.resize((24, 24), Image.Resampling.BOX).tobytes()
    colours = [lch((data[i], data[i + 1], data[i + 2])) for i in range(0, len(data), 3)]
    return [(colour.hue, colour.chroma) for colour in colours]


def share_near(image: Image.Image, hue: float, within: float = 40) -> float:
    """How much of the picture's chroma lies near a hue."""
    parts = hues(image)
    total = sum(chroma for _, chroma in parts) or 1.0
    return sum(chroma for one, chroma in parts if hue_distance(one, hue) <= within) / total


def test_the_same_request_gives_the_same_pixels() -> None:
    assert picture("a pig in the snow").tobytes() == picture("a pig in the snow").tobytes()


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    script = (
        "import hashlib, sys\n"
        "from playground.sandbox.painter import encode, paint\n"
        "for prompt in ('city at night, neon, rain', 'two foxes', 'coral reef, watercolour', ''):\n"
        "    image = paint(positive_prompt=prompt, negative_prompt='birds', seed=2**64 - 1,"
        " width=96, height=128)\n"
        "    print(hashlib.sha256(encode(image, image_format='PNG', description={'a': 'b'}))"
        ".hexdigest())\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert outputs[0] == outputs[1]
    assert len(outputs[0].split()) == 4


def test_seed_prompt_and_negative_prompt_each_change_the_picture() -> None:
    base = {"positive_prompt": "hills", "negative_prompt": "", "seed": 7}
    variants: list[dict[str, object]] = [
        base,
        base | {"seed": 8},
        base | {"seed": 2**64 - 1},
        base | {"positive_prompt": "hills, flumph"},
        base | {"positive_prompt": "Hills"},
        base | {"negative_prompt": "fog"},
        base | {"negative_prompt": "flumph"},
    ]
    digests = {
        hashlib.sha256(
            paint(
                positive_prompt=str(variant["positive_prompt"]),
                negative_prompt=str(variant["negative_prompt"]),
                seed=int(str(variant["seed"])),
                width=96,
                height=96,
            ).tobytes()
        ).hexdigest()
        for variant in variants
    }

    assert len(digests) == len(variants)


def test_an_unknown_word_changes_more_than_the_grain() -> None:
    difference = ImageChops.difference(picture("hills"), picture("hills flumph")).convert("L")

    assert ImageStat.Stat(difference).mean[0] > 8


@pytest.mark.parametrize("size", [(64, 64), (65, 211), (333, 64), (512, 512), (1216, 832)])
def test_the_picture_has_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    image = picture("a lighthouse by the sea", size=size)

    assert image.size == size
    assert image.mode == "RGB"


@pytest.mark.parametrize(
    ("colour", "hue"),
    [("red", 26), ("orange", 52), ("green", 150), ("teal", 195), ("blue", 257), ("purple", 303)],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_colour_named_dominates(colour: str, hue: float, seed: int) -> None:
    assert share_near(picture(f"{colour} mountains in {colour}", seed=seed), hue) > 0.5


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_colour_to_avoid_is_not_in_the_picture(seed: int) -> None:
    parts = hues(picture("sunset over the sea", "red, orange", seed=seed))

    assert not [hue for hue, chroma in parts if chroma > 0.06 and hue_distance(hue, 38) < 20]


def test_a_pink_pig_loses_its_pink_to_the_negative_prompt() -> None:
    pink, without = (picture("a pig, studio", negative, seed=3) for negative in ("", "pink, red"))

    assert share_near(pink, 10) > share_near(without, 10)


def test_the_negative_prompt_leaves_the_rest_of_the_picture_alone() -> None:
    with_birds = picture("mountains with birds", seed=5)
    without = picture("mountains with birds", "birds", seed=5)
    difference = ImageChops.difference(with_birds, without).convert("L")
    changed = sum(difference.histogram()[32:])

    assert 0 < changed < 0.05 * SIZE * SIZE


@pytest.mark.parametrize("scene", ["mountains", "sea", "city", "forest", "desert", "meadow"])
def test_night_is_darker_than_noon(scene: str) -> None:
    assert brightness(picture(f"{scene} at night")) < brightness(picture(f"{scene} at noon")) - 30


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_snow_is_lighter(seed: int) -> None:
    def ground(prompt: str) -> float:
        image = picture(prompt, seed=seed)
        return brightness(image.crop((0, SIZE * 3 // 4, SIZE * 2 // 3, SIZE)))

    assert ground("hills at noon in snow") > ground("hills at noon") + 20


def test_black_and_white_has_no_colour() -> None:
    assert max(chroma for _, chroma in hues(picture("black and white mountains"))) < 0.02


def test_pixel_art_is_made_of_squares() -> None:
    image = picture("pixel art castle", size=(512, 512))
    # The mark is in the lower right corner; the grain stays below eight levels.
    cell = image.crop((0, 0, 5, 5)).convert("L").getextrema()

    assert isinstance(cell[0], int | float)
    assert isinstance(cell[1], int | float)
    assert cell[1] - cell[0] < 24


def test_more_pigs_make_more_pink() -> None:
    def pink(prompt: str) -> float:
        image = picture(prompt, seed=4, size=(320, 160))
        return sum(1 for hue, chroma in hues(image) if chroma > 0.05 and hue_distance(hue, 10) < 14)

    assert pink("three pigs in a green meadow at noon") > pink("a green meadow at noon")


@pytest.mark.parametrize("size", [(64, 64), (512, 512), (1024, 640)])
@pytest.mark.parametrize("prompt", ["", "snow", "city at night"])
def test_the_mark_stands_in_the_corner(prompt: str, size: tuple[int, int]) -> None:
    image = picture(prompt, size=size)
    corner = image.crop((size[0] * 3 // 4, size[1] * 4 // 5, size[0], size[1])).convert("L")
    low, high = corner.getextrema()

    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    assert high - low > 60


@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
def test_the_file_says_sandbox_in_its_metadata_and_is_the_same_each_time(
    image_format: str,
) -> None:
    image = picture("a boat")
    description = {"positive_prompt": "a boat – ✓", "seed": "18446744073709551615"}
    data = encode(image, image_format=image_format, description=description)

    assert data == encode(image, image_format=image_format, description=description)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.format == image_format
        assert opened.size == image.size
        if image_format == "PNG":
            software, comment = opened.info["Software"], opened.info["Comment"]
        else:
            exif = opened.getexif()
            software, comment = exif[0x0131], exif[0x010E]
    assert software == SANDBOX_MARK
    assert SANDBOX_MARK in comment
    assert "18446744073709551615" in comment


def test_a_png_keeps_every_pixel() -> None:
    image = picture("a boat")
    with Image.open(io.BytesIO(encode(image, image_format="PNG", description={}))) as opened:
        assert opened.tobytes() == image.tobytes()


def test_another_format_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="JPEG and PNG, not GIF"):
        encode(picture(""), image_format="GIF", description={})


@given(
    positive=st.text(max_size=200),
    negative=st.text(max_size=60),
    seed=st.integers(0, 2**64 - 1),
    width=st.integers(64, 160),
    height=st.integers(64, 160),
)
@settings(max_examples=25, deadline=None)
def test_any_request_gets_a_picture(
    positive: str, negative: str, seed: int, width: int, height: int
) -> None:
    image = paint(
        positive_prompt=positive, negative_prompt=negative, seed=seed, width=width, height=height
    )
    assert image.size == (width, height)
    for image_format in ("JPEG", "PNG"):
        data = encode(image, image_format=image_format, description={"prompt": positive})
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            assert opened.size == (width, height)


WORDS = [
    name
    for kind in (
        vocabulary.SCENES,
        vocabulary.ABSTRACTS,
        vocabulary.TIMES,
        vocabulary.WEATHERS,
        vocabulary.SEASONS,
        vocabulary.THINGS,
        vocabulary.FIGURES,
        vocabulary.WEARS,
        vocabulary.COLOURS,
        vocabulary.TONES,
        vocabulary.STYLES,
    )
    for name in kind
]


@given(
    positive=st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join),
    negative=st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    seed=st.integers(0, 50),
)
@settings(max_examples=60, deadline=None)
def test_known_words_go_together_in_any_mixture(positive: str, negative: str, seed: int) -> None:
    image = picture(positive, negative, seed=seed, size=(96, 64))

    assert image.size == (96, 64)


def test_a_prompt_of_ten_thousand_words_costs_no_more_than_a_short_one() -> None:
    def seconds(prompt: str) -> float:
        start = time.process_time()
        picture(prompt, size=(256, 256))
        return time.process_time() - start

    picture("warm up", size=(256, 256))
    long = " ".join(f"three pigs and word{index}" for index in range(2_500))

    assert seconds(long) < seconds("three pigs and word0") + 0.5
