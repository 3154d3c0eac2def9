"""Colours as the eye orders them: lightness, chroma and hue (OKLCH), to and from RGB."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PIL import ImageFilter

Colour = tuple[int, int, int]


class Lch(NamedTuple):
    """Lightness 0…1, chroma 0…about 0.3, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


@lru_cache(maxsize=8192)
def lch(colour: Colour) -> Lch:
    """The OKLCH coordinates of an RGB colour (0…255 a channel)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _raw_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


@lru_cache(maxsize=8192)
def rgb(lightness: float, chroma: float, hue: float) -> Colour:
    """The RGB colour of these coordinates; too much chroma for RGB is taken back, not clipped."""
    lightness = min(1.0, max(0.0, lightness))
    for _ in range(12):
        channels = _raw_rgb(lightness, chroma, hue)
        if all(-0.002 <= channel <= 1.002 for channel in channels):
            break
        chroma *= 0.86
    else:
        channels = _raw_rgb(lightness, 0.0, hue)
    red, green, blue = (round(255 * _encoded(min(1.0, max(0.0, channel)))) for channel in channels)
    return red, green, blue


def hexed(text: str) -> Colour:
    """`"f0997b"` as a colour."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one`, with this share (0…1) of `other` in it."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def shade(colour: Colour, by: float, *, chroma: float = 1.0, turn: float = 0.0) -> Colour:
    """Lighter (`by` > 0) or darker, with more or less chroma, the hue turned by degrees."""
    lightness, strength, hue = lch(colour)
    return rgb(min(1.0, max(0.0, lightness + by)), strength * chroma, (hue + turn) % 360)


def hue_distance(one: float, other: float) -> float:
    """Degrees between two hues, 0…180."""
    return abs((one - other + 180) % 360 - 180)


def lookup(change: Callable[[Lch], Lch], size: int = 17) -> ImageFilter.Color3DLUT:
    """A filter that changes every colour of a picture."""

    def each(red: float, green: float, blue: float) -> tuple[float, float, float]:
        changed = change(lch((round(red * 255), round(green * 255), round(blue * 255))))
        one, two, three = rgb(*changed)
        return one / 255, two / 255, three / 255

    return ImageFilter.Color3DLUT.generate(size, each)
