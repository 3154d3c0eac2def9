"""Where the buildings stand, and what hangs in the sky."""

import random
from collections.abc import Sequence
from dataclasses import replace

from ..canvas import Point, Stage
from ..colours import hexed
from ..figures.landmarks import LANDMARKS, paints_of
from ..figures.pen import Pen, Spot
from ..palettes import Palette, named
from ..terrain import height_at
from ..words import Wish
from .ground import air

SIZES = {
    "castle": 0.34,
    "house": 0.13,
    "lighthouse": 0.36,
    "windmill": 0.24,
    "church": 0.2,
    "tent": 0.12,
}


def set_landmarks(
    stage: Stage, palette: Palette, wish: Wish, edge: Sequence[Point], depth: float
) -> None:
    """The buildings the prompt names, on a ridge."""
    stream = stage.dice("landmarks")
    names = [name for name in SIZES if wish.has(name) and name in wish.things]
    place = (
        stream.uniform(0.28, 0.4) if stage.light[0] > stage.width / 2 else stream.uniform(0.6, 0.72)
    )
    for name in names:
        count = wish.count(name, 1)
        if name == "house" and wish.has("village"):
            count = max(count, 6)
        for index in range(min(9, count)):
            spread = (index - (count - 1) / 2) * (
                0.11 if name in ("house", "tent") else 0.3
            ) + stream.uniform(-0.03, 0.03)
            x = stage.width * (place % 1) + stage.u * spread
            tall = SIZES[name] * stage.u * _size_share(name, count, stream) * (0.75 + 0.5 * depth)
            _set_landmark(stage, palette, wish, (name, x, height_at(edge, x), tall), depth)
        place += 0.27


def _size_share(name: str, count: int, stream: random.Random) -> float:
    """One house alone is seen from nearer than a village."""
    if count > 1:
        return stream.uniform(0.72, 0.95)
    return 1.45 if name in ("house", "tent", "church", "windmill") else 1.0


def _set_landmark(
    stage: Stage, palette: Palette, wish: Wish, spot: tuple[str, float, float, float], depth: float
) -> None:
    name, x, y, tall = spot
    pen = Pen(tall)
    accent = named(wish.parts["accent"]) if "accent" in wish.parts else None
    LANDMARKS[name](pen, paints_of(palette, accent))
    pen.place(
        stage, Spot((x, y + tall * 0.03), tall), tint=air(palette, depth * 0.5 + 0.5), shadow=0.0
    )
    if name == "lighthouse" and (palette.dark or palette.time in ("dawn", "sunset")):
        lamp = (x, y - tall * 0.86)
        _beam(stage, lamp, 1 if x < stage.width / 2 else -1)
        stage.shine(lamp, tall * 0.4, hexed("fff0b8"), strength=0.9)
    elif palette.dark and wish.allows("windows"):
        stage.shine((x, y - tall * 0.2), tall * 0.8, hexed("ffca7a"), power=2.2, strength=0.35)


def _beam(stage: Stage, lamp: Point, side: int) -> None:
    reach = stage.width
    for spread, strength in ((0.1, 0.16), (0.05, 0.2)):
        far = [
            (lamp[0] + side * reach, lamp[1] - reach * (0.02 + spread)),
            (lamp[0] + side * reach, lamp[1] + reach * (spread - 0.02)),
        ]
        with stage.flat():
            stage.lay_polygon([lamp, *far], (hexed("fff3c4"),), strength)


def set_sky_things(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Balloons and rockets, in front of the sky."""
    stream = stage.dice("balloons")
    for name, size in (("balloon", 0.3), ("rocket", 0.42)):
        if not (name in wish.things and wish.has(name)):
            continue
        count = min(9, wish.count(name, 1))
        for index in range(count):
            tall = size * stage.u * (1.0 if index == 0 else stream.uniform(0.35, 0.75))
            x = stage.width * (
                (index + 0.5 + stream.uniform(-0.25, 0.25)) / count
                if count > 1
                else stream.uniform(0.3, 0.7)
            )
            y = (
                stage.horizon * stream.uniform(0.6, 0.95)
                if stage.horizon < stage.height * 0.9
                else stage.height * stream.uniform(0.5, 0.8)
            )
            pen = Pen(tall)
            accent = palette.accents[index % len(palette.accents)]
            paints = paints_of(palette, palette.accents[(index + 1) % len(palette.accents)])
            LANDMARKS[name](pen, replace(paints, accent=accent))
            pen.place(
                stage,
                Spot((x, max(tall * 1.05, y)), tall, tilt=-14.0 if name == "rocket" else 0.0),
                tint=air(palette, 0.85),
                shadow=0.0,
            )
