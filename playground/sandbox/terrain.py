"""Ridges, trees and mist: the ground that scenes are built from."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops

from .canvas import Brush, Point, Stage, noise
from .colours import Colour, hexed, mix, shade
from .palettes import Palette


@dataclass(frozen=True)
class Shape:
    """How a ridge runs: its height and the distance of its bends, both in the shorter side."""

    height: float
    bend: float
    rough: float = 0.5
    ridged: bool = False
    octaves: int = 5


PEAKS = Shape(0.30, 0.42, 0.5, ridged=True, octaves=6)
RANGE = Shape(0.16, 0.30, 0.48, octaves=6)
HILLS = Shape(0.10, 0.55, 0.3, octaves=3)
DUNES = Shape(0.12, 0.6, 0.12, ridged=True, octaves=2)
PLAIN = Shape(0.025, 0.7, 0.4, octaves=3)


class Wave:
    """Smooth random numbers along a line, -1…1."""

    def __init__(self, stream: random.Random) -> None:
        self._values = [stream.uniform(-1, 1) for _ in range(256)]

    def __call__(self, x: float) -> float:
        index = math.floor(x)
        t = x - index
        t = t * t * (3 - 2 * t)
        one, two = self._values[index % 256], self._values[(index + 1) % 256]
        return one + (two - one) * t


def ridge(stage: Stage, stream: random.Random, base: float, shape: Shape) -> list[Point]:
    """A ridge from edge to edge; `base` is its middle height in pixels."""
    wave, start = Wave(stream), stream.uniform(0, 100)
    count = 220
    points = []
    for index in range(count + 1):
        x = stage.width * (index / count * 1.04 - 0.02)
        place = start + x / stage.u / shape.bend
        total, share, scale = 0.0, 1.0, 1.0
        for _ in range(shape.octaves):
            value = wave(place * scale)
            total += share * ((1 - 2 * abs(value)) if shape.ridged else value)
            share *= shape.rough
            scale *= 2.03
        points.append((x, base - total * shape.height * stage.u * 0.62))
    return points


def lay_ground(
    stage: Stage, edge: Sequence[Point], colours: Sequence[Colour], depth: float | None = None
) -> None:
    """Everything below an edge (down to `depth` pixels under its top), as one layer."""
    if stage.paper:
        # Paper has one colour a sheet.
        colours = (shade(colours[0], 0.012), colours[0])
        depth = None
    top = min(y for _, y in edge)
    bottom = stage.height if depth is None else min(stage.height, top + depth)
    stage.lay(
        (0, top, stage.width, bottom),
        colours,
        lambda brush: brush.polygon(
            [
                *edge,
                (stage.width * 1.05, stage.height * 1.2),
                (-stage.width * 0.05, stage.height * 1.2),
            ]
        ),
    )


def height_at(edge: Sequence[Point], x: float) -> float:
    """How high (in pixels from the top) an edge is at x."""
    for (x0, y0), (x1, y1) in pairwise(edge):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / max(1e-6, x1 - x0)
    return edge[-1][1]


def peaks_of(edge: Sequence[Point], reach: int = 9) -> list[int]:
    """The indices of an edge's summits."""
    found = []
    for index in range(reach, len(edge) - reach):
        near = [y for _, y in edge[index - reach : index + reach + 1]]
        if edge[index][1] == min(near):
            found.append(index)
    return found


def lay_facets(stage: Stage, edge: Sequence[Point], colour: Colour, strength: float) -> None:
    """The sides of a mountain that lie away from the light."""
    stream = stage.dice("facets", round(edge[0][1] / stage.u, 3))
    top = min(y for _, y in edge)
    box = (0, top, stage.width, min(stage.height, top + stage.u * 0.6))

    def draw(brush: Brush) -> None:
        for index in peaks_of(edge):
            _facet(brush, edge, index, stage, stream)
        brush.polygon(
            [*edge, (stage.width * 1.05, -stage.height), (-stage.width * 0.05, -stage.height)],
            value=0,
        )

    paper, stage.paper = stage.paper, 0.0
    stage.lay(box, (colour,), draw, strength=strength)
    stage.paper = paper


def lay_dunes(stage: Stage, base: float, tall: float, colours: tuple[Colour, Colour]) -> None:
    """Dunes on a base line, each with a lit side and a lee; `base` and `tall` in pixels."""
    stream = stage.dice("dunes", round(base / stage.height, 3))
    lit, lee = colours
    side = 1 if stage.light[0] < stage.width / 2 else -1
    step = tall * 5.2
    count = int(stage.width / step) + 3
    places = [(index - 1 + stream.uniform(0.1, 0.9)) * step for index in range(count)]
    for x in sorted(places, key=lambda place: -side * place):
        high = tall * stream.uniform(0.55, 1.1)
        luff, lee_run = high * stream.uniform(4.0, 6.0), high * stream.uniform(3.2, 4.6)
        top = (x, base - high)
        climb = _slope(top, -side * luff, high * 1.6)
        fall = _slope(top, side * lee_run, high * 1.6)
        bend = high * stream.uniform(0.25, 0.55)
        spine = [
            (
                x + side * (bend * math.sin(2.6 * t * math.pi * 0.5) - 0.5 * high * t),
                top[1] + high * 1.6 * t,
            )
            for t in (part / 20 for part in range(21))
        ]
        stage.lay_polygon([*reversed(climb), *fall], (shade(lit, 0.05), lit, lit))
        with stage.flat():
            stage.lay_polygon([*fall, *reversed(spine)], (lee, lee, mix(lee, lit, 0.8)), 0.92)


def _slope(top: Point, run: float, fall: float) -> list[Point]:
    """A side of a dune: round at its crest, running out below."""
    points = []
    for step in range(25):
        t = step / 24
        points.append((top[0] + run * t, top[1] + fall * (1 - math.cos(math.pi * t**0.85)) / 2))
    return points


def _facet(
    brush: Brush, edge: Sequence[Point], index: int, stage: Stage, stream: random.Random
) -> None:
    x, y = edge[index]
    side = 1 if stage.light[0] < x else -1
    end = index
    while 0 < end < len(edge) - 1 and edge[end + side][1] >= edge[end][1] - stage.u * 0.004:
        end += side
    outline = list(edge[index : end + 1]) if side > 0 else list(reversed(edge[end : index + 1]))
    deep = stage.u * stream.uniform(0.16, 0.3)
    spine = [(x, y)]
    for step in range(1, 7):
        sway = stage.u * stream.uniform(
            -0.02, 0.02
        ) + side * stage.u * 0.012 * step * stream.uniform(-0.4, 1)
        spine.append((x + sway, y + deep * step / 6))
    brush.polygon([*outline, (outline[-1][0], outline[-1][1] + deep * 0.7), *reversed(spine)])


def lay_snowcaps(
    stage: Stage, edge: Sequence[Point], colour: Colour, shaded: Colour, line: float
) -> None:
    """Snow above a line (in pixels from the top), ragged at its lower end."""
    stream = stage.dice("snowcaps", round(edge[0][1] / stage.u, 3))
    wave = Wave(stream)
    lower = []
    for x, y in edge:
        zigzag = stage.u * (0.035 * wave(x / stage.u * 14) + 0.02 * wave(x / stage.u * 37 + 50))
        lower.append((x, max(y, min(line + zigzag, y + (line - y) * 0.75 + zigzag))))
    top = min(y for _, y in edge)
    paper, stage.paper = stage.paper, 0.0
    stage.lay(
        (0, top, stage.width, line + stage.u * 0.08),
        (colour,),
        lambda brush: brush.polygon([*edge, *reversed(lower)]),
    )
    stage.paper = paper
    lay_facets(stage, edge, shaded, 0.42)


def pine(brush: Brush, foot: Point, tall: float, stream: random.Random) -> None:
    """A conifer as a silhouette."""
    x, y = foot
    wide, tiers = tall * stream.uniform(0.17, 0.24), 5
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        low = y - tall * 0.08 - (tall * 0.9) * (tiers - 1 - tier) / tiers
        reach = wide * ((tier + 1) / tiers) ** 0.85 * stream.uniform(0.88, 1.1)
        left += [(x - reach, low), (x - reach * 0.45, low - tall * 0.025)]
        right += [(x + reach, low), (x + reach * 0.45, low - tall * 0.025)]
    brush.polygon([(x, y - tall), *right, *reversed(left)])
    brush.rectangle(x - tall * 0.02, y - tall * 0.1, x + tall * 0.02, y + tall * 0.02)


def leafy(brush: Brush, foot: Point, tall: float, stream: random.Random) -> None:
    """A round tree as a silhouette."""
    x, y = foot
    brush.polygon(
        [
            (x - tall * 0.035, y + tall * 0.02),
            (x - tall * 0.02, y - tall * 0.5),
            (x + tall * 0.02, y - tall * 0.5),
            (x + tall * 0.04, y + tall * 0.02),
        ]
    )
    for _ in range(9):
        angle, reach = stream.uniform(0, math.tau), tall * 0.17
        brush.ellipse(
            (x + reach * math.cos(angle), y - tall * 0.66 + reach * 0.9 * math.sin(angle)),
            tall * stream.uniform(0.13, 0.19),
        )
    brush.ellipse((x, y - tall * 0.66), tall * 0.22)


def _snow_on_pine(brush: Brush, foot: Point, tall: float, stream: random.Random) -> None:
    """The snow on a conifer that `pine` draws from the same stream."""
    x, y = foot
    wide, tiers = tall * stream.uniform(0.17, 0.24), 5
    for tier in range(tiers):
        low = y - tall * 0.08 - (tall * 0.9) * (tiers - 1 - tier) / tiers
        reach = wide * ((tier + 1) / tiers) ** 0.85 * stream.uniform(0.88, 1.1)
        high = low - tall * 0.12
        brush.polygon(
            [
                (x - reach, low),
                (x - reach * 0.3, high),
                (x, high - tall * 0.03),
                (x + reach * 0.12, high + tall * 0.03),
                (x - reach * 0.3, low - tall * 0.035),
            ]
        )


_TREES = {"pine": pine, "snow": _snow_on_pine, "tree": leafy}


@dataclass(frozen=True)
class Grove:
    """A row of trees; height and distance in the shorter side of the picture."""

    tall: float
    spacing: float
    kind: str = "pine"
    # A middle and a half width, in pixels, where no tree stands.
    clearing: tuple[float, float] = (0.0, 0.0)


def lay_trees(
    stage: Stage,
    edge: Sequence[Point],
    colours: Sequence[Colour],
    grove: Grove,
    stream: random.Random,
) -> None:
    """A row of trees along an edge."""
    draw_tree = _TREES[grove.kind]
    # Conifers stand in the ground up to their lowest branches.
    sunk = 0.05 if grove.kind == "tree" else 0.1
    tall, spacing = grove.tall * stage.u, grove.spacing * stage.u
    top = min(y for _, y in edge) - tall * 1.4
    bottom = max(y for _, y in edge) + stage.u * 0.02

    def draw(brush: Brush) -> None:
        x = -spacing
        while x < stage.width + spacing:
            size = tall * stream.uniform(0.6, 1.25)
            step = spacing * stream.uniform(0.45, 1.5)
            if abs(x - grove.clearing[0]) < grove.clearing[1]:
                x += step
                continue
            draw_tree(brush, (x, height_at(edge, x) + size * sunk), size, stream)
            x += step

    stage.lay((0, top, stage.width, bottom), colours, draw)


def lay_mist(stage: Stage, level: float, thick: float, colour: Colour, strength: float) -> None:
    """A bank of mist around a height in pixels; `thick` in the shorter side."""
    stream = stage.dice("mist", round(level / stage.height, 3))
    high = max(4, round(thick * stage.u))
    top = round(level - high / 2)
    if top >= stage.height or strength <= 0 or stage.paper:
        return
    small = (max(8, stage.width // 4), max(4, high // 4))
    bank = noise(stream, small, (max(2, round(2.2 * stage.width / stage.u)), 2))
    bank = bank.point([round(min(255, max(0, (value - 40) * 1.5))) for value in range(256)])
    fade = Image.linear_gradient("L").resize(small)
    fade = fade.point(
        [round(255 * math.sin(math.pi * value / 255) ** 1.4 * strength) for value in range(256)]
    )
    mask = ImageChops.multiply(bank, fade).resize((stage.width, high), Image.Resampling.BICUBIC)
    stage.veil(mask, colour, (0, top))


def misted(palette: Palette, depth: float, fog: float) -> tuple[Colour, Colour]:
    """A layer's colours, crest and foot: nearer is darker, and mist gathers below."""
    crest = palette.land(depth)
    if fog:
        crest = mix(crest, palette.haze, 0.45 * fog * (1 - depth))
    foot = mix(shade(crest, 0.015), palette.haze, (0.34 + 0.3 * fog) * (1 - depth) ** 0.8)
    return crest, foot


SNOW = hexed("f5f9ff")
