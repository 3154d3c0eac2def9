"""Beyond the sky: nebulas, planets, stars."""

import math
import random

from PIL import Image, ImageChops

from ..canvas import Brush, Point, Stage, gradient, noise
from ..colours import Colour, hexed, lch, mix, rgb, shade
from ..palettes import Palette, named
from ..sky import paint_comet, paint_stars
from ..words import Wish
from .landmarks import set_sky_things


def paint_space(stage: Stage, palette: Palette, wish: Wish) -> None:
    """A nebula, stars, a planet or two."""
    stream = stage.dice("space")
    stage.horizon = float(stage.height)
    hue = lch(palette.sky[1]).hue if not wish.colours else lch(named(wish.colours[0])).hue
    turn = stream.choice((-55, -38, 40, 55))
    dark = (rgb(0.09, 0.04, hue), rgb(0.15, 0.07, hue), rgb(0.11, 0.05, hue + turn / 2))
    stage.image.paste(gradient(stage.size, dark), (0, 0))
    if wish.allows("nebula"):
        band = (stage.width * stream.uniform(0.3, 0.7), stage.height * stream.uniform(0.3, 0.7))
        stage.shine(band, stage.u * 0.8, rgb(0.42, 0.15, hue + turn * 0.5), power=1.7, strength=0.5)
        for index, (light, strength, tint) in enumerate(
            ((0.34, 0.15, hue), (0.52, 0.16, hue + turn), (0.78, 0.1, hue + turn * 0.5))
        ):
            _cloud(
                stage, stage.dice("nebula", index), rgb(light, strength, tint), 0.85 - 0.2 * index
            )
    if wish.allows("stars"):
        paint_stars(stage, amount=1.5, bottom=float(stage.height) * 1.3)
    if wish.has("comet"):
        paint_comet(stage)
    stage.light = (
        stage.width * stream.choice((0.12, 0.88)),
        stage.height * stream.uniform(0.05, 0.3),
    )
    if wish.allows("planet"):
        _planets(stage, palette, wish, stream)
    set_sky_things(stage, palette, wish)
    if wish.figures:
        _moon_ground(stage, dark[1], rgb(0.62, 0.05, hue + turn))
        stage.floor = stage.height * 0.92


def _cloud(stage: Stage, stream: random.Random, tint: Colour, strength: float) -> None:
    small = (max(16, stage.width // 4), max(16, stage.height // 4))
    cells = (max(2, round(3 * stage.width / stage.u)), max(2, round(3 * stage.height / stage.u)))
    one = noise(stream, small, cells).point(
        [round(min(255, max(0, (value - 100) * 2.1))) for value in range(256)]
    )
    two = noise(stream, small, (cells[0] * 3, cells[1] * 3)).point(
        [min(255, max(60, round(value * 1.3 - 20))) for value in range(256)]
    )
    mask = ImageChops.multiply(one, two).point([round(value * strength) for value in range(256)])
    stage.veil(mask.resize(stage.size, Image.Resampling.BICUBIC), tint)


def _planets(stage: Stage, palette: Palette, wish: Wish, stream: random.Random) -> None:
    count = max(wish.count("planet", 0) if "planet" in wish.things else 0, stream.choice((1, 2)))
    tints = [shade(colour, -0.05) for colour in palette.accents]
    places = [
        (0.68, 0.4, 0.23),
        (0.2, 0.22, 0.07),
        (0.86, 0.8, 0.05),
        (0.3, 0.75, 0.09),
        (0.1, 0.55, 0.035),
    ]
    flip = stage.light[0] > stage.width / 2
    for index in range(min(5, count)):
        x, y, size = places[index]
        across = 1 - x if flip else x
        if wish.figures and index == 0:
            y, size = 0.24, 0.17
        spot = (
            stage.width * (across + stream.uniform(-0.05, 0.05)),
            stage.height * (y + stream.uniform(-0.05, 0.05)),
        )
        tint = tints[(index + stream.randrange(3)) % len(tints)]
        _planet(
            stage,
            spot,
            stage.u * size * stream.uniform(0.85, 1.15),
            (tint, index == 0 and stream.random() < 0.6),
        )


def _planet(
    stage: Stage, spot: tuple[float, float], radius: float, look: tuple[Colour, bool]
) -> None:
    tint, ringed = look
    x, y = spot
    stage.shine(spot, radius * 1.7, tint, power=2.2, strength=0.4)
    if ringed:
        _ring(stage, spot, radius, tint, behind=True)
    side = max(8, round(radius * 2))
    stream = stage.dice("planet", round(x / stage.width, 3))
    bands = noise(stream, (side, side), (2, stream.choice((9, 14))))
    ramp = [
        mix(shade(tint, -0.12, turn=-18), shade(tint, 0.1, turn=14), value / 255)
        for value in range(256)
    ]
    ground = Image.merge(
        "RGB", [bands.point([colour[channel] for colour in ramp]) for channel in range(3)]
    )
    ground = ground.rotate(18, Image.Resampling.BICUBIC, expand=False, fillcolor=tint)
    dx = math.copysign(0.3, stage.light[0] - x)
    night = (
        Image.radial_gradient("L")
        .resize((side * 2, side * 2))
        .crop(
            (
                round(side * (0.5 - dx * 0.8)),
                round(side * 0.72),
                round(side * (0.5 - dx * 0.8)) + side,
                round(side * 0.72) + side,
            )
        )
    )
    ground.paste(
        shade(tint, -0.5),
        (0, 0),
        night.point([min(235, max(0, round((value - 62) * 3.0))) for value in range(256)]),
    )
    box = stage.clip((x - radius, y - radius, x + radius, y + radius))
    if box is None:
        return
    mask = stage.mask(box, lambda brush: brush.ellipse(spot, radius))
    left, top = round(x - radius), round(y - radius)
    piece = Image.new("RGB", (box[2] - box[0], box[3] - box[1]), tint)
    piece.paste(ground, (left - box[0], top - box[1]))
    stage.image.paste(piece, box, mask)
    if ringed:
        _ring(stage, spot, radius, tint, behind=False)


def _ring(
    stage: Stage, spot: tuple[float, float], radius: float, tint: Colour, *, behind: bool
) -> None:
    x, y = spot
    for reach, thick, light in ((2.05, 0.16, 0.12), (1.75, 0.1, 0.2), (1.5, 0.06, 0.05)):

        def draw(brush: Brush, reach: float = reach, thick: float = thick) -> None:
            outer: list[Point] = []
            inner: list[Point] = []
            for step in range(73):
                angle = math.pi * step / 72 + (math.pi if behind else 0.0)
                for points, size in ((outer, reach), (inner, reach - thick)):
                    px, py = (
                        size * radius * math.cos(angle),
                        size * radius * 0.26 * math.sin(angle) * (1 if behind else -1) * -1,
                    )
                    points.append((x + px * 0.95 + py * 0.3, y + py - px * 0.3))
            brush.polygon([*outer, *reversed(inner)])

        box = (x - radius * 2.3, y - radius * 2.3, x + radius * 2.3, y + radius * 2.3)
        stage.lay(box, (shade(tint, light),), draw, strength=0.75)


def _moon_ground(stage: Stage, dark: Colour, light: Colour) -> None:
    """A grey horizon to stand on, with craters."""
    stream = stage.dice("craters")
    top = stage.height * 0.8
    reach = stage.width * 1.1
    centre = (stage.width / 2, top + reach)
    ground = mix(light, hexed("b9b4c6"), 0.4)
    stage.shine(
        (stage.width / 2, top + stage.u * 0.2), stage.u * 0.8, light, power=2.2, strength=0.3
    )
    stage.lay_ellipse(centre, (reach, reach), (shade(ground, 0.08), mix(ground, dark, 0.45)))
    for _ in range(12):
        x, y = stage.width * stream.random(), stage.height * stream.uniform(0.85, 1.0)
        wide = stage.u * stream.uniform(0.015, 0.06)
        stage.lay_ellipse((x, y), (wide, wide * 0.28), (mix(ground, dark, 0.5),), 0.7)
        lit = (x, y + wide * 0.09)
        stage.lay_ellipse(lit, (wide * 0.9, wide * 0.2), (shade(ground, 0.1),), 0.5)
