"""A grid as one picture: whole, bounded, labelled, and marked where it is the sandbox's."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

from playground.experiments.axes import Axis, Value
from playground.experiments.layout import Layout
from playground.experiments.poster import (
    LARGEST,
    TALLEST,
    WIDEST,
    PosterCell,
    poster,
)


def axis(name: str, *values: str) -> Axis:
    return Axis(name, tuple(Value(value) for value in values))


def webp(colour: str, size: tuple[int, int] = (512, 512)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "WEBP", lossless=True)
    return file.getvalue()


PROMPTS = axis("positive_prompt", "a red pig", "a blue pig")
SEEDS = axis("seed", "1", "2")
CELLS = [PosterCell(webp(colour)) for colour in ("red", "green", "blue")]


def drawn(cells: list[PosterCell], *axes: Axis, sandbox: bool = False) -> Image.Image:
    content = poster("Pigs", Layout(axes, cells), sandbox=sandbox)
    image = Image.open(io.BytesIO(content), formats=("PNG",))
    image.load()
    return image


def colours(image: Image.Image) -> set[object]:
    found = image.convert("RGB").getcolors(image.width * image.height)
    return {colour for _, colour in found or []}


def test_every_cell_is_on_it_and_what_is_missing_says_so() -> None:
    image = drawn([*CELLS, PosterCell(None, "Waiting")], PROMPTS, SEEDS)
    assert {(255, 0, 0), (0, 128, 0), (0, 0, 255)} <= colours(image)
    other = drawn([*CELLS, PosterCell(None, "Cancelled")], PROMPTS, SEEDS)
    assert ImageChops.difference(image, other).getbbox()


def test_the_labels_are_on_it() -> None:
    one = drawn([*CELLS, CELLS[0]], PROMPTS, SEEDS)
    for changed in (
        (axis("positive_prompt", "a red pig", "a new pig"), SEEDS),
        (PROMPTS, axis("seed", "1", "3")),
    ):
        other = drawn([*CELLS, CELLS[0]], *changed)
        box = ImageChops.difference(one, other).getbbox()
        assert box
        # Readable: no smaller than print.
        assert box[3] - box[1] >= 6


def test_the_sandboxs_says_so_on_it_and_in_its_file() -> None:
    plain = drawn([*CELLS, CELLS[0]], PROMPTS, SEEDS)
    marked = drawn([*CELLS, CELLS[0]], PROMPTS, SEEDS, sandbox=True)
    assert marked.info["Software"] == "sandbox"
    assert "Software" not in plain.info
    box = ImageChops.difference(plain, marked).getbbox()
    assert box
    assert box[0] > plain.width // 2


def test_however_large_the_grid_it_stays_within_bounds() -> None:
    many = axis("seed", *(str(number) for number in range(100)))
    tall = axis("positive_prompt", *(f"prompt {number}" for number in range(100)))
    small = PosterCell(webp("red", (64, 96)))
    square = axis("seed", *(str(number) for number in range(14)))
    for axes in (
        (many,),
        (axis("positive_prompt", *"abcdefghijklmn"), square),
        (tall, axis("seed", "1")),
        (SEEDS, tall, axis("format", "PNG")),
    ):
        count = 1
        for each in axes:
            count *= len(each.values)
        image = drawn([small] * count, *axes)
        assert image.width <= WIDEST
        assert image.height <= TALLEST
        assert image.width * image.height <= LARGEST
        assert (255, 0, 0) in colours(image)


def test_three_axes_and_none_at_all() -> None:
    endpoints = axis("endpoint", "default", "flux")
    assert (
        drawn([CELLS[0]] * 8, endpoints, PROMPTS, SEEDS).height
        > drawn([CELLS[0]] * 4, PROMPTS, SEEDS).height
    )
    assert (255, 0, 0) in colours(drawn([CELLS[0]]))


def test_labels_of_any_script_are_on_it() -> None:
    boxes = drawn([*CELLS, CELLS[0]], axis("positive_prompt", "\U00020000", "\U00020001"), SEEDS)
    for words in (("红猪", "蓝猪"), ("خنزير", "بقرة"), ("🐷", "🐮"), ("свинья", "корова")):
        other = drawn([*CELLS, CELLS[0]], axis("positive_prompt", *words), SEEDS)
        assert ImageChops.difference(other, boxes).getbbox()


def test_its_file_says_all_labels_in_full() -> None:
    long = "a pig that " + "runs and " * 60 + "rests"
    axes = (axis("positive_prompt", long, "雪中的红猪 🐷"), SEEDS)
    for sandbox, keyword in ((False, "Description"), (True, "Comment")):
        said = drawn([*CELLS, CELLS[0]], *axes, sandbox=sandbox).info[keyword]
        assert f"Prompt: {long}; 雪中的红猪 🐷\nSeed: 1; 2" in said
        assert "Pigs" in said
