"""A plain backdrop for a single figure."""

import math

from ..canvas import Brush, Stage, gradient, smooth
from ..colours import mix, shade
from ..palettes import Palette
from ..words import Wish


def paint_studio(stage: Stage, palette: Palette, wish: Wish) -> None:
    """A soft wall, a large disc behind the head, leaves at the sides."""
    stream = stage.dice("studio")
    stage.horizon = stage.height * 0.8
    top, low = mix(palette.sky[1], palette.haze, 0.35), mix(palette.haze, palette.light, 0.35)
    stage.image.paste(gradient(stage.size, (top, mix(top, low, 0.6), low)), (0, 0))
    centre = (stage.width * 0.5, stage.height * 0.5)
    stage.light = centre
    stage.shine(centre, stage.u * 0.75, palette.light, power=1.8, strength=0.45)
    disc = mix(palette.accents[stream.randrange(len(palette.accents))], palette.haze, 0.3)
    stage.lay_ellipse(centre, (stage.u * 0.37, stage.u * 0.37), (shade(disc, 0.05), disc))
    if wish.allows("leaves", "tree") and not wish.has("minimal"):
        for side in (-1, 1):
            _leaves(stage, palette, side)
    floor = mix(palette.far, palette.near, 0.45)
    person = any(figure.name in ("person", "man") for figure in wish.figures)
    stage.floor = stage.height * (1.0 if person else 0.9)
    if not person:
        reach = stage.width * 1.6
        middle = (stage.width / 2, stage.height * 0.8 + reach)
        stage.lay_ellipse(middle, (reach, reach), (mix(floor, palette.haze, 0.35), floor))


def _leaves(stage: Stage, palette: Palette, side: int) -> None:
    stream = stage.dice("leaves", side)
    tints = (
        mix(palette.near, palette.far, 0.5),
        mix(palette.near, palette.far, 0.25),
        palette.near,
    )
    for index in range(7):
        root = (stage.width * (0.5 + side * 0.5), stage.height * stream.uniform(0.75, 1.0))
        angle = -math.pi / 2 - side * stream.uniform(0.05, 1.0)
        long, wide = stage.u * stream.uniform(0.28, 0.5), stage.u * stream.uniform(0.045, 0.075)
        _leaf(stage, (root, angle), (long, wide), (shade(tints[index % 3], 0.05), tints[index % 3]))


def _leaf(
    stage: Stage,
    stance: tuple[tuple[float, float], float],
    size: tuple[float, float],
    colours: tuple[tuple[int, int, int], tuple[int, int, int]],
) -> None:
    (x, y), angle = stance
    long, wide = size
    cos, sin = math.cos(angle), math.sin(angle)

    def at(along: float, off: float) -> tuple[float, float]:
        return x + cos * long * along - sin * wide * off, y + sin * long * along + cos * wide * off

    outline = smooth(
        [at(0, 0), at(0.3, 0.8), at(0.6, 0.9), at(1.0, 0), at(0.6, -0.9), at(0.3, -0.8)]
    )
    rib = [at(0, 0), at(0.9, 0)]

    def draw(brush: Brush) -> None:
        brush.polygon(outline)
        brush.line(rib, max(0.6, stage.u * 0.0025), value=170)

    stage.lay((x - long, y - long, x + long, y + wide * 2), colours, draw)
