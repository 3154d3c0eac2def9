"""Water that mirrors what is above it, and the boats on it."""

import math

from PIL import Image

from ..canvas import Brush, Point, Stage, gradient
from ..colours import mix, shade
from ..figures.landmarks import LANDMARKS, paints_of
from ..figures.pen import Pen, Spot
from ..palettes import Palette, named
from ..words import Wish
from .ground import air


def lay_water(stage: Stage, palette: Palette, top: float, *, calm: float = 0.5) -> None:
    """Water from a height in pixels down: it mirrors what is above, in ripples."""
    line = round(top)
    depth = stage.height - line
    if depth < 4 or line < 4:
        return
    deep = palette.water or mix(palette.sky[0], palette.near, 0.35)
    reach = min(line, round(depth * 1.25))
    mirror = stage.image.crop((0, line - reach, stage.width, line)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = mirror.resize(
        (max(8, stage.width // 2), max(4, depth // 2)), Image.Resampling.BILINEAR
    )
    mirror = _rippled(stage, mirror).resize((stage.width, depth), Image.Resampling.BICUBIC)
    tint = gradient((stage.width, depth), (mix(palette.haze, deep, 0.45), deep, shade(deep, -0.05)))
    share = 0.34 if palette.water is None else 0.6
    stage.image.paste(Image.blend(mirror, tint, share), (0, line))
    _streaks(stage, palette, line, calm)


def _rippled(stage: Stage, mirror: Image.Image) -> Image.Image:
    stream = stage.dice("ripples")
    phase = stream.uniform(0, 6.3)
    quads: list[tuple[tuple[int, int, int, int], tuple[float, ...]]] = []
    y, width, height = 0, mirror.width, mirror.height
    margin = width * 0.03
    while y < height:
        near = y / height
        thick = max(1, round(1 + near * height * 0.022))
        below = min(height, y + thick)
        swing = (
            margin * (0.02 + 0.85 * near) * math.sin(y / height * 60 / (0.25 + near) ** 0.5 + phase)
        )
        left, right = margin + swing, width - margin + swing
        quads.append(((0, y, width, below), (left, y, left, below, right, below, right, y)))
        y = below
    return mirror.transform(mirror.size, Image.Transform.MESH, quads, Image.Resampling.BILINEAR)


def _streaks(stage: Stage, palette: Palette, line: int, calm: float) -> None:
    stream = stage.dice("streaks")
    depth = stage.height - line

    def scatter(brush: Brush, count: int, centre: float | None) -> None:
        for _ in range(count):
            near = stream.random() ** 1.5
            y = line + near * depth
            spread = stage.u * (0.05 + 0.2 * near)
            x = (
                stream.uniform(0, stage.width)
                if centre is None
                else stream.gauss(centre, spread * 0.5)
            )
            long = stage.u * stream.uniform(0.012, 0.05) * (0.5 + 1.6 * near)
            thick = max(0.5, stage.u * 0.0011 * (1 + 3.2 * near))
            brush.polygon(
                [(x - long, y), (x, y - thick), (x + long, y), (x, y + thick)],
                value=round(255 * stream.uniform(0.3, 0.9)),
            )

    count = round((95 - 50 * calm) * stage.width / stage.u)
    box = (0, line, stage.width, stage.height)
    paper, stage.paper = stage.paper, 0.0
    stage.lay(
        box,
        (mix(palette.haze, palette.light, 0.3),),
        lambda brush: scatter(brush, count, None),
        strength=0.3,
    )
    stage.lay(
        box,
        (shade(palette.sky[0], -0.04),),
        lambda brush: scatter(brush, count, None),
        strength=0.22,
    )
    stage.lay(
        box, (palette.light,), lambda brush: scatter(brush, 80, stage.light[0]), strength=0.75
    )
    stage.paper = paper


def set_boats(stage: Stage, palette: Palette, wish: Wish, line: float) -> None:
    """Boats on the water, smaller towards the horizon."""
    stream = stage.dice("boats")
    asked = "boat" in wish.things and wish.has("boat")
    count = (
        min(9, wish.count("boat", 1))
        if asked
        else int(stream.random() < 0.35 and wish.allows("boat") and not wish.figures)
    )
    boats = sorted(
        (
            stream.uniform(0.05, 0.5) if count > 1 or not asked else stream.uniform(0.22, 0.4),
            (index + stream.uniform(0.25, 0.75)) / count,
        )
        for index in range(count)
    )
    for near, across in boats:
        tall = stage.u * (0.07 + (0.5 if asked else 0.2) * near)
        foot = (stage.width * across, line + (stage.height - line) * near * 0.85 + tall * 0.04)
        accent = named(wish.parts["accent"]) if "accent" in wish.parts else None
        pen = Pen(tall)
        LANDMARKS["boat"](pen, paints_of(palette, accent))
        _reflect(stage, pen, foot, tall)
        pen.place(
            stage,
            Spot(foot, tall, mirrored=stream.random() < 0.5),
            tint=air(palette, 0.5 + near),
            shadow=0.3,
        )


def _reflect(stage: Stage, pen: Pen, foot: Point, tall: float) -> None:
    size = (max(2, round(tall * 2 * Pen.REACH)), max(2, round(tall * (Pen.ABOVE + Pen.BELOW))))
    ghost = pen.image.resize(
        (size[0], max(2, size[1] * 2 // 3)), Image.Resampling.BILINEAR, reducing_gap=2.0
    ).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    alpha = ghost.getchannel("A").point([round(value * 0.3) for value in range(256)])
    below = ghost.height * Pen.BELOW / (Pen.ABOVE + Pen.BELOW)
    stage.image.paste(
        ghost.convert("RGB"), (round(foot[0] - size[0] / 2), round(foot[1] - below)), alpha
    )
