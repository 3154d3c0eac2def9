"""Words in any script, drawn: fonts that stand in for one another, word by word.

Pillow's own font has the Latin letters, DejaVu Sans most other alphabets, and GNU Unifont, in
pixels, nearly all the rest: Chinese, Japanese, Korean, the scripts of India, emoji. What none of
them has is drawn as the sign for an unknown character.
"""

from __future__ import annotations

import gzip
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

FONTS = Path(__file__).parent / "fonts"
STACK = ("", "dejavu-sans.ttf.gz", "unifont.otf.gz", "unifont-upper.otf.gz")
"""The first that has all letters of a word draws it; "" is Pillow's own."""
PIXELS = 16
"""The one size at which Unifont's letters are what they were drawn as."""
PIXEL_LINE = 19
LAST = 2
"""Of the stack, the font with the sign for an unknown character."""
UNKNOWN = "\ufffd"
NOT_ASSIGNED = "\U000ffffe"
READ = 400
"""Characters of a text at most that are looked at for one line."""

SHAPES = features.check("raqm")
"""Whether Pillow joins letters and turns right-to-left text; else the turning is done here."""
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+(?: [\u0590-\u08ff]+)*")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Run:
    """Letters that one font draws."""

    font: Font
    text: str


@cache
def _font(place: int, size: int) -> Font:
    """The font at that place of the stack."""
    if not STACK[place]:
        return ImageFont.load_default(size)
    layout = ImageFont.Layout.RAQM if SHAPES else ImageFont.Layout.BASIC
    size = PIXELS if place >= LAST else size
    return ImageFont.truetype(io.BytesIO(_file(STACK[place])), size, layout_engine=layout)


@cache
def _file(name: str) -> bytes:
    return gzip.decompress((FONTS / name).read_bytes())


@cache
def _has(place: int, sign: str) -> bool:
    """Whether a font has a character: it does not draw it as it draws what there is not."""
    if sign.isspace():
        return True
    return _drawn(place, sign) != _nothing(place)


@cache
def _nothing(place: int) -> tuple[bytes, object]:
    return _drawn(place, NOT_ASSIGNED)


def _drawn(place: int, sign: str) -> tuple[bytes, object]:
    mask = _font(place, PIXELS).getmask(sign)
    return bytes(mask), mask.size


class Lettering:
    """Letters of a size in pixels, and the lines that these texts take."""

    def __init__(self, size: int, texts: Iterable[str]) -> None:
        self.size = size
        pixels = any(place >= LAST for text in texts for place, _ in _placed(text[:READ]))
        self.line = max(round(size * 1.35), PIXEL_LINE if pixels else 0)
        """From one line to the next."""

    def runs(self, text: str) -> list[Run]:
        """A text in one line, split by the fonts that draw it."""
        found = []
        for place, signs in groupby(_placed(text), key=lambda each: each[0]):
            words = "".join(sign for _, sign in signs)
            bare = words.rstrip()
            found.append(Run(_font(place, self.size), _turned(bare)))
            # On its own, or it would come first where the words are read from right to left.
            found.append(Run(_font(0, self.size), words[len(bare) :]))
        return [run for run in found if run.text]

    def width(self, text: str) -> float:
        return sum(run.font.getlength(run.text) for run in self.runs(text))

    def draw(self, draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, fill: str) -> None:
        """Draw one line whose upper left corner is `at`."""
        x, y = float(at[0]), at[1] + round(self.line * 0.78)
        for run in self.runs(text):
            # Letters made of pixels stand on whole ones.
            draw.text((round(x), y), run.text, font=run.font, fill=fill, anchor="ls")
            x += run.font.getlength(run.text)

    def wrapped(self, text: str, width: int, lines: int) -> list[str]:
        """The text in at most so many lines of at most so many pixels; "…" where it is cut."""
        found: list[str] = []
        rest = " ".join(text.split())
        while rest and len(found) < lines:
            fits = self._fitting(rest, width)
            if fits < len(rest):
                space = rest.rfind(" ", 0, fits + 1)
                fits = space if space > 0 else fits
            found.append(rest[:fits].rstrip())
            rest = rest[fits:].lstrip()
        if rest and found:
            last = found[-1] + "…"
            while len(last) > 1 and self.width(last) > width:
                last = last[:-2] + "…"
            found[-1] = last
        return found

    def _fitting(self, text: str, width: int) -> int:
        """How many of the first characters fit into the width; at least one."""
        low, high = 1, min(len(text), READ)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle]) <= width:
                low = middle
            else:
                high = middle - 1
        return low


def _placed(text: str) -> list[tuple[int, str]]:
    """Each character with the place of its font: one for a whole word, where one has it all."""
    placed: list[tuple[int, str]] = []
    shown = "".join(sign for sign in text if not _invisible(sign))
    for word in re.findall(r"\s+|\S+", shown):
        whole = next((at for at in range(len(STACK)) if all(_has(at, c) for c in word)), None)
        for sign in word:
            joins = placed and (sign.isspace() or unicodedata.combining(sign))
            here = _place(sign) if whole is None else whole
            if joins:
                placed.append((placed[-1][0], sign))
            else:
                placed.append((LAST, UNKNOWN) if here is None else (here, sign))
    return placed


def _place(sign: str) -> int | None:
    """The place of the first font that has a character; None where none has."""
    return next((place for place in range(len(STACK)) if _has(place, sign)), None)


def _invisible(sign: str) -> bool:
    """Joiners, marks of direction, choices between ways to draw a character."""
    return unicodedata.category(sign) in ("Cf", "Cc") or 0xFE00 <= ord(sign) <= 0xFE0F


def _turned(text: str) -> str:
    """As it is read from left to right, where Pillow does not turn it itself."""
    return text if SHAPES else RIGHT_TO_LEFT.sub(lambda found: found[0][::-1], text)
