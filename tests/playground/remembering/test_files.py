"""Files that remember: what is put in comes out again, and strangers' files do no harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Upstream
from playground.remembering import Memory, TooBig, UnknownFile, read_memory, with_memory
from playground.remembering.files import FILE_MAXIMUM
from tests.factories import picture_bytes

from . import automatic1111

KINDS = ("JPEG", "PNG", "WEBP")
SIZE = (64, 48)
# What a form can send: a NUL never gets that far.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=400)


def generation(
    prompt: str = "a pig in a hat", *, endpoint: str = "default", seed: int = 42, **body: Any
) -> Generation:
    """A saved picture's record, as it would stand in the database."""
    return Generation(
        state=State.SAVED,
        upstream=Upstream.IMAGEPIG,
        endpoint=endpoint,
        body={"positive_prompt": prompt, "seed": seed, **body},
        seed=str(seed),
        width=SIZE[0],
        height=SIZE[1],
    )


def recalled(content: bytes) -> Memory:
    memory = read_memory(io.BytesIO(content))
    assert memory is not None
    return memory


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.tobytes()


@pytest.mark.parametrize("kind", KINDS)
@given(prompt=TEXT, negative=TEXT, seed=st.integers(0, 2**64 - 1))
def test_any_words_and_any_seed_come_back_to_the_letter(
    kind: str, prompt: str, negative: str, seed: int
) -> None:
    original = picture_bytes(SIZE, kind=kind)
    made = generation(prompt, seed=seed, negative_prompt=negative)
    values = recalled(with_memory(original, made)).values
    assert values["positive_prompt"] == prompt
    assert values["negative_prompt"] == negative
    assert values["seed"] == str(seed)
    assert values["endpoint"] == "default"


@pytest.mark.parametrize("kind", KINDS)
def test_no_pixel_changes(kind: str) -> None:
    original = picture_bytes(SIZE, kind=kind)
    remembers = with_memory(original, generation())
    assert remembers != original
    assert pixels(remembers) == pixels(original)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_all_bytes_of_the_original_are_still_there_in_their_order(kind: str) -> None:
    original = picture_bytes(SIZE, kind=kind)
    remembers = with_memory(original, generation())
    start = next(
        i for i, pair in enumerate(zip(original, remembers, strict=False)) if len(set(pair)) > 1
    )
    assert remembers.endswith(original[start:])


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_prompt_in_any_script_fits(kind: str) -> None:
    prompt = "🐷\"'&<é豚\\" * 222
    made = generation(prompt, negative_prompt=prompt, seed=2**64 - 1)
    remembers = with_memory(picture_bytes(SIZE, kind=kind), made)
    assert recalled(remembers).values["positive_prompt"] == prompt
    assert automatic1111.parsed(automatic1111.text_in(remembers))["Seed"] == str(2**64 - 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prompt", ["a pig", "ein Ferkel, süß", '豚 🐷: "pig"', "two\nlines"])
def test_automatic1111_reads_our_files(kind: str, prompt: str) -> None:
    made = generation(prompt, endpoint="flux", negative_prompt="fog: thick, grey")
    said = automatic1111.parsed(
        automatic1111.text_in(with_memory(picture_bytes(SIZE, kind=kind), made))
    )
    assert said == {
        "Prompt": prompt,
        "Negative prompt": "fog: thick, grey",
        "Steps": "unknown",
        "Seed": "42",
        "Size": "64x48",
        "Model": "FLUX.1 [schnell]",
        "Image Pig endpoint": "flux",
        "Version": "Image Pig Playground",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_sandbox_picture_does_not_pass_for_a_models(kind: str) -> None:
    made = generation()
    made.upstream = Upstream.SANDBOX
    remembers = with_memory(picture_bytes(SIZE, kind=kind), made)
    assert automatic1111.parsed(automatic1111.text_in(remembers))["Model"] == "sandbox"


@pytest.mark.parametrize("kind", KINDS)
def test_remembering_twice_keeps_the_latest(kind: str) -> None:
    first = with_memory(picture_bytes(SIZE, kind=kind), generation("the first"))
    second = with_memory(first, generation("the second", seed=7))
    assert recalled(second).values["positive_prompt"] == "the second"
    assert automatic1111.parsed(automatic1111.text_in(second))["Prompt"] == "the second"
    assert pixels(second) == pixels(first)


def test_what_a_jpeg_said_in_its_exif_is_still_there() -> None:
    exif = Image.Exif()
    exif[0x0131] = "some camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "JPEG", exif=exif)
    with Image.open(io.BytesIO(with_memory(file.getvalue(), generation()))) as image:
        found = image.getexif()
        assert found[0x0131] == "some camera"
        assert found.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"
    assert recalled(with_memory(file.getvalue(), generation())).values["seed"] == "42"


def test_what_a_jpeg_said_in_its_xmp_is_still_there() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        b'dc:source="us"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "JPEG", xmp=packet)
    remembers = with_memory(file.getvalue(), generation())
    assert recalled(remembers).values["positive_prompt"] == "a pig in a hat"
    with Image.open(io.BytesIO(remembers)) as image:
        assert b'dc:source="us"' in image.info["xmp"]


def a_png(*texts: tuple[str, str], packed: bool = False) -> bytes:
    info = PngImagePlugin.PngInfo()
    for keyword, text in texts:
        info.add_text(keyword, text, zip=packed)
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "PNG", pnginfo=info)
    return file.getvalue()


THEIRS = (
    "girl with an artist's beret, ((eyeshadow))\n"
    "Negative prompt: ugly, [blurry],\nbad anatomy\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, "
    'Model hash: 45dee52b, Model: dreamshaper, Lora hashes: "a: 1, b: 2", Version: v1.9.4'
)


@pytest.mark.parametrize("packed", [False, True])
def test_their_png_is_recalled_and_what_the_api_does_not_know_is_said(packed: bool) -> None:
    memory = recalled(a_png(("parameters", THEIRS), packed=packed))
    assert memory.values == {
        "positive_prompt": "girl with an artist's beret, ((eyeshadow))",
        "negative_prompt": "ugly, [blurry],\nbad anatomy",
        "seed": "965400086",
        "endpoint": "default",
        "format": "PNG",
    }
    assert memory.left == [
        "Model dreamshaper",
        "Steps 20",
        "Sampler Euler a",
        "CFG scale 7",
        "Model hash 45dee52b",
        "Lora hashes a: 1, b: 2",
    ]


@pytest.mark.parametrize("order", ["utf-16-be", "utf-16-le"])
def test_their_jpeg_is_recalled_in_either_order_of_bytes(order: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + THEIRS.encode(order)
    file = io.BytesIO()
    Image.new("RGB", SIZE).save(file, "JPEG", exif=exif)
    values = recalled(file.getvalue()).values
    assert values["seed"] == "965400086"
    assert values["format"] == "JPEG"


@pytest.mark.parametrize(
    ("settings", "endpoint", "proportion"),
    [
        ("Size: 512x512", "default", None),
        ("Size: 1216x832", "flux", "landscape"),
        ("Size: 832x1216", "flux", "portrait"),
        # Both XL and FLUX make squares of this size.
        ("Size: 1024x1024", None, None),
        ("Size: 1024x1024, Model: RealVisXL_V5.0", "xl", None),
        ("Size: 1024x1024, Model: flux1-schnell", "flux", "square"),
        ("Size: 1024x1024, Model: RealVisXL_V5.0_Lightning", None, None),
        ("Size: 100x100, Model: FLUX.1 [schnell]", "flux", None),
        ("Size: 512x512, Model: realisticVisionV51", "default", None),
        ("Size: x", None, None),
    ],
)
def test_endpoint_and_proportion_are_recalled_where_they_are_certain(
    settings: str, endpoint: str | None, proportion: str | None
) -> None:
    memory = recalled(a_png(("parameters", f"a pig\nSteps: 4, Seed: 1, {settings}")))
    assert memory.values.get("endpoint") == endpoint
    assert memory.values.get("proportion") == proportion


def test_a_file_with_less_leaves_nothing_stale_in_the_form() -> None:
    values = recalled(a_png(("parameters", "a pig\nSteps: 4, CFG scale: 7, Size: 9x9"))).values
    assert (values["negative_prompt"], values["seed"]) == ("", "")


@pytest.mark.parametrize("seed", ["-1", str(2**64), "1e3", "٣", "9" * 5000])
def test_a_seed_that_the_api_does_not_take_is_left_aside(seed: str) -> None:
    memory = recalled(a_png(("parameters", f"a pig\nSteps: 4, Seed: {seed}, Size: 512x512")))
    assert memory.values["seed"] == ""
    assert any(words.startswith("seed ") for words in memory.left)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_without_a_memory_remembers_nothing(kind: str) -> None:
    assert read_memory(io.BytesIO(picture_bytes(SIZE, kind=kind))) is None


@pytest.mark.parametrize(
    "record",
    [
        "[1]", "{}", "null", "9", "{", "[" * 60_000, '{"request": []}',
        '{"request": {"seed": NaN}}',
        '{"request": {"seed": [1], "positive_prompt": {"a": 1}}, "endpoint": ["x"]}',
    ],
)  # fmt: skip
def test_a_record_that_is_none_of_ours_is_nothing(record: str) -> None:
    assert read_memory(io.BytesIO(a_png(("imagepig", record)))) is None


def test_a_record_takes_over_nothing_that_costs_or_that_no_field_knows() -> None:
    record = (
        '{"upstream": "imagepig", "endpoint": "no-such", "request": {"positive_prompt": "a pig", '
        '"storage_days": 30, "count": "8", "upstream": "imagepig", "token": "x", "format": "GIF"}}'
    )
    memory = recalled(a_png(("imagepig", record)))
    assert memory.values == {"positive_prompt": "a pig", "negative_prompt": "", "seed": ""}
    assert "format GIF" in memory.left
    assert "endpoint no-such" in memory.left


def test_a_few_bytes_that_stand_for_gigabytes_are_not_unpacked() -> None:
    bomb = zlib.compress(b"a" * 40_000_000, 9)
    assert len(bomb) < 64 * 1024
    data = b"parameters\0\0" + bomb
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + data))
    plain = picture_bytes(SIZE, kind="PNG")
    assert read_memory(io.BytesIO(plain[:33] + chunk + plain[33:])) is None


def test_text_that_is_too_long_is_stepped_over() -> None:
    long = a_png(("parameters", "pig " * 20_000 + "\nSteps: 4, Seed: 1, Size: 512x512"))
    assert read_memory(io.BytesIO(long)) is None


def test_a_file_that_is_too_big_is_not_read() -> None:
    with pytest.raises(TooBig):
        read_memory(io.BytesIO(bytes(FILE_MAXIMUM + 1)))


BEGINNINGS = st.sampled_from(
    [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]
)


def read_or_refuse(content: bytes) -> None:
    try:
        memory = read_memory(io.BytesIO(content))
    except UnknownFile:
        return
    assert memory is None or set(memory.values) <= {
        "positive_prompt", "negative_prompt", "seed", "endpoint", "proportion", "format",
    }  # fmt: skip
    assert memory is None or memory.values.get("endpoint", "default") in TABLE


@given(beginning=BEGINNINGS, rest=st.binary(max_size=600))
def test_garbage_is_refused_or_says_nothing(beginning: bytes, rest: bytes) -> None:
    read_or_refuse(beginning + rest)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_damaged_files_are_refused_or_say_something(kind: str, data: st.DataObject) -> None:
    whole = bytearray(with_memory(picture_bytes(SIZE, kind=kind), generation()))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, min(len(whole), 900) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    # Whatever stood in it, a damaged file is never made worse by an exception.
    with_memory(bytes(whole), generation())


@given(text=st.text(max_size=300))
def test_any_text_in_their_place_is_read_without_an_error(text: str) -> None:
    encoded = f"{text}\nSteps: 4, Seed: 1, {text}".replace("\0", "")
    read_or_refuse(a_png(("parameters", encoded)))
