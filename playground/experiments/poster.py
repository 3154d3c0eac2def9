"""A grid as one picture with its labels: a PNG that anybody can look at anywhere.

Labels that are too long for it are cut on the picture; in its file they stand in full.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from ..sandbox.marking import encode, marked
from .layout import Layout
from .lettering import Lettering

WIDEST, TALLEST, LARGEST = 4000, 8000, 16_000_000
"""Pixels of the whole: across, down, and in all, which take 3 bytes each while it is drawn."""
SIDE, SMALLEST = 320, 24
"""Pixels of a cell's width: as it is if all fits, and at the least."""
MARGIN, GAP = 28, 8
ROW_LABELS = 220
LABEL_LINES = 4
PAPER, INK, SOFT, EMPTY = "#ffffff", "#2b1a26", "#6d5a66", "#f3eef1"


@dataclass(frozen=True)
class PosterCell:
    """One cell: a small picture's bytes (WebP), or else a word that says why there is none."""

    picture: bytes | None
    words: str = ""


@dataclass(frozen=True)
class Measures:
    """Pixels that everything is drawn by."""

    width: int
    height: int
    """Of a cell."""
    letters: Lettering
    left: int
    """Where the cells begin."""
    head: int
    """The height of the columns' labels."""

    @property
    def line(self) -> int:
        return self.letters.line


def poster(title: str, layout: Layout[PosterCell], *, sandbox: bool) -> bytes:
    """Draw a grid as PNG, within WIDEST × TALLEST and LARGEST; from the sandbox, it says so."""
    ratio = _tallest_ratio(layout)
    side = SIDE
    while True:
        measures = _measures(title, layout, side, ratio)
        size = _size(layout, measures)
        if side <= SMALLEST or _fits(*size):
            break
        side = max(SMALLEST, side * 9 // 10)
    image = Image.new("RGB", (min(size[0], WIDEST), min(size[1], TALLEST)), PAPER)
    _draw(image, title, layout, measures)
    legend = _legend(title, layout)
    if sandbox:
        return encode(marked(image), image_format="PNG", description=legend)
    info = PngInfo()
    words = "\n".join(f"{name}: {value}" for name, value in legend.items())
    info.add_itxt("Description", words.encode("utf-8", "replace").decode(), zip=True)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=info, compress_level=3)
    return file.getvalue()


def _legend(title: str, layout: Layout[PosterCell]) -> dict[str, str]:
    """All labels in full, in the order of tables, rows and columns."""
    axes = {axis.label: "; ".join(axis.labels) for axis in layout.axes}
    return {name: text.replace("\0", " ") for name, text in {"Title": title, **axes}.items()}


def _fits(width: int, height: int) -> bool:
    return width <= WIDEST and height <= TALLEST and width * height <= LARGEST


def _tallest_ratio(layout: Layout[PosterCell]) -> float:
    sizes = [_opened(cell.picture).size for cell in layout.cells if cell.picture]
    return max((height / width for width, height in sizes), default=1.0)


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("WEBP",))


def _measures(title: str, layout: Layout[PosterCell], side: int, ratio: float) -> Measures:
    size = max(10, min(16, side // 12))
    left = MARGIN + (ROW_LABELS if layout.down else 0)
    letters = Lettering(size, [title, *(label for axis in layout.axes for label in axis.labels)])
    labels = layout.across.labels if layout.across else []
    lines = max((len(letters.wrapped(label, side, LABEL_LINES)) for label in labels), default=0)
    return Measures(side, max(1, round(side * ratio)), letters, left, lines * letters.line + GAP)


def _size(layout: Layout[PosterCell], measures: Measures) -> tuple[int, int]:
    columns = len(layout.across.values) if layout.across else 1
    width = measures.left + columns * (measures.width + GAP) + MARGIN
    height = MARGIN + 2 * measures.line + GAP
    for table in layout.tables:
        height += (2 * measures.line if table.label else 0) + measures.head
        height += len(table.rows) * (measures.height + GAP) + GAP
    return max(width, 480), height + MARGIN


def _draw(image: Image.Image, title: str, layout: Layout[PosterCell], measures: Measures) -> None:
    draw = ImageDraw.Draw(image)
    y = MARGIN
    room = image.width - 2 * MARGIN
    _text(draw, (MARGIN, y), title, measures, room, lines=1, fill=INK)
    y += 2 * measures.line + GAP
    for table in layout.tables:
        if table.label and layout.apart:
            words = f"{layout.apart.label}: {table.label}"
            _text(draw, (MARGIN, y), words, measures, room, lines=1, fill=INK)
            y += 2 * measures.line
        for place, label in enumerate(layout.across.labels if layout.across else []):
            x = measures.left + place * (measures.width + GAP)
            _text(draw, (x, y), label, measures, measures.width, lines=LABEL_LINES, fill=SOFT)
        y += measures.head
        for row in table.rows:
            lines = max(1, min(LABEL_LINES * 2, measures.height // measures.line))
            at = (MARGIN, y)
            _text(draw, at, row.label, measures, ROW_LABELS - 16, lines=lines, fill=SOFT)
            for place, cell in enumerate(row.cells):
                _cell(
                    image, draw, cell, (measures.left + place * (measures.width + GAP), y), measures
                )
            y += measures.height + GAP
        y += GAP


def _cell(
    image: Image.Image,
    draw: ImageDraw.ImageDraw,
    cell: PosterCell,
    at: tuple[int, int],
    measures: Measures,
) -> None:
    if cell.picture is None:
        corner = (at[0] + measures.width - 1, at[1] + measures.height - 1)
        draw.rectangle((*at, *corner), fill=EMPTY)
        inside = (at[0] + 6, at[1] + 6)
        _text(draw, inside, cell.words, measures, measures.width - 12, lines=2, fill=SOFT)
        return
    small = _opened(cell.picture).convert("RGB")
    scale = min(measures.width / small.width, measures.height / small.height)
    size = (max(1, round(small.width * scale)), max(1, round(small.height * scale)))
    image.paste(small.resize(size, Image.Resampling.LANCZOS), at)


def _text(  # noqa: PLR0913 (what drawing words takes)
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    measures: Measures,
    width: int,
    *,
    lines: int,
    fill: str,
) -> None:
    for number, line in enumerate(measures.letters.wrapped(text, width, lines)):
        measures.letters.draw(draw, (at[0], at[1] + number * measures.line), line, fill)
