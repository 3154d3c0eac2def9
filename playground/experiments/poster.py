"""A grid as one picture with its labels: a PNG that anybody can look at anywhere."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from ..sandbox.marking import SANDBOX_MARK, encode, marked
from .layout import Layout

WIDEST, TALLEST, LARGEST = 4000, 8000, 16_000_000
"""Pixels of the whole: across, down, and in all, which take 3 bytes each while it is drawn."""
SIDE, SMALLEST = 320, 24
"""Pixels of a cell's width: as it is if all fits, and at the least."""
MARGIN, GAP = 28, 8
ROW_LABELS = 220
LABEL_LINES = 4
PAPER, INK, SOFT, EMPTY = "#ffffff", "#2b1a26", "#6d5a66", "#f3eef1"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


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
    font: Font
    line: int
    left: int
    """Where the cells begin."""
    head: int
    """The height of the columns' labels."""


def poster(title: str, layout: Layout[PosterCell], *, sandbox: bool) -> bytes:
    """Draw a grid as PNG, within WIDEST × TALLEST and LARGEST; from the sandbox, it says so."""
    ratio = _tallest_ratio(layout)
    side = SIDE
    while True:
        measures = _measures(layout, side, ratio)
        size = _size(layout, measures)
        if side <= SMALLEST or _fits(*size):
            break
        side = max(SMALLEST, side * 9 // 10)
    image = Image.new("RGB", (min(size[0], WIDEST), min(size[1], TALLEST)), PAPER)
    _draw(image, title, layout, measures)
    if sandbox:
        image = marked(image)
        return encode(image, image_format="PNG", description={"title": title})
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _fits(width: int, height: int) -> bool:
    return width <= WIDEST and height <= TALLEST and width * height <= LARGEST


def _tallest_ratio(layout: Layout[PosterCell]) -> float:
    sizes = [_opened(cell.picture).size for cell in layout.cells if cell.picture]
    return max((height / width for width, height in sizes), default=1.0)


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=("WEBP",))


def _measures(layout: Layout[PosterCell], side: int, ratio: float) -> Measures:
    size = max(10, min(16, side // 12))
    left = MARGIN + (ROW_LABELS if layout.down else 0)
    font = ImageFont.load_default(size)
    line = round(size * 1.35)
    labels = layout.across.labels if layout.across else []
    lines = max((len(wrapped(label, font, side, LABEL_LINES)) for label in labels), default=0)
    return Measures(side, max(1, round(side * ratio)), font, line, left, lines * line + GAP)


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
    for number, line in enumerate(wrapped(text, measures.font, width, lines)):
        draw.text((at[0], at[1] + number * measures.line), line, font=measures.font, fill=fill)


def wrapped(text: str, font: Font, width: int, lines: int) -> list[str]:
    """The text in at most so many lines of at most so many pixels; "…" where it is cut."""
    found: list[str] = []
    rest = " ".join(text.split())
    while rest and len(found) < lines:
        fits = _fitting(rest, font, width)
        if fits < len(rest):
            space = rest.rfind(" ", 0, fits + 1)
            fits = space if space > 0 else fits
        found.append(rest[:fits].rstrip())
        rest = rest[fits:].lstrip()
    if rest and found:
        last = found[-1] + "…"
        while len(last) > 1 and font.getlength(last) > width:
            last = last[:-2] + "…"
        found[-1] = last
    return found


def _fitting(text: str, font: Font, width: int) -> int:
    """How many of the first characters fit into the width; at least one."""
    low, high = 1, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


__all__ = ["SANDBOX_MARK", "PosterCell", "poster", "wrapped"]
