"""Skylines, by day and by night."""

import random
from dataclasses import dataclass

from PIL import Image, ImageDraw

from ..canvas import Brush, Stage, glow_mask
from ..colours import Colour, hexed, mix, shade
from ..palettes import Palette
from ..sky import bloom, paint_sky, place_light
from ..terrain import lay_mist
from ..words import Wish
from .ground import fog_of
from .landmarks import set_sky_things
from .surface import lay_water


@dataclass(frozen=True)
class Building:
    """One building: its outline in pixels and the shape of its top."""

    left: float
    right: float
    top: float
    roof: str


def paint_city(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Rows of buildings before the sky, mirrored in water or a wet street."""
    stream = stage.dice("city")
    stage.horizon = stage.height * stream.uniform(0.74, 0.82)
    place_light(stage, palette)
    stage.light = (stage.light[0], stage.height * stream.uniform(0.22, 0.42))
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    if palette.dark and wish.allows("windows"):
        glow = palette.accents[0] if not wish.has("neon") else palette.accents[stream.randrange(3)]
        stage.shine((stage.width / 2, stage.horizon), stage.u * 0.9, glow, power=2.4, strength=0.34)
    rows = 4
    for index in range(rows):
        depth = index / (rows - 1)
        row = _row(stage, depth)
        tint = mix(
            palette.land(0.12 + 0.88 * depth),
            palette.haze,
            0.4 * (1 - depth) + 0.2 * fog_of(wish) * (1 - depth),
        )
        _lay_row(stage, row, (tint, mix(tint, palette.haze, 0.3 * (1 - depth))))
        if index:
            _windows(stage, palette, wish, row, (tint, depth))
        if depth < 1:
            lay_mist(
                stage, stage.horizon - stage.u * 0.05, 0.35, palette.haze, 0.2 + 0.5 * fog_of(wish)
            )
            bloom(stage, palette, 0.12 * (1 - depth))
    if palette.dark and wish.has("neon") and wish.allows("windows"):
        _signs(stage, palette, _row(stage, 1.0))
    lay_water(stage, palette, stage.horizon, calm=0.4)
    stage.floor = stage.height * 0.96
    if wish.figures:
        near = shade(palette.near, 0.02)
        stage.lay(
            (0, stage.height * 0.88, stage.width, stage.height),
            (shade(near, 0.06), near),
            lambda brush: brush.rectangle(0, stage.height * 0.885, stage.width, stage.height),
        )


def _row(stage: Stage, depth: float) -> list[Building]:
    stream = stage.dice("buildings", round(depth, 2))
    buildings = []
    x = -stage.u * 0.05
    tallest = stage.horizon * (0.62 - 0.2 * depth)
    while x < stage.width:
        wide = stage.u * stream.uniform(0.055, 0.12) * (0.8 + 0.55 * depth)
        middle = 1 - abs(2 * x / stage.width - 1) * 0.35
        high = tallest * stream.uniform(0.35, 1.0) * middle
        if stream.random() < 0.1 and depth < 0.9:
            high *= 1.3
        roof = stream.choice(("flat", "flat", "step", "spire", "slant", "dome", "tank"))
        buildings.append(Building(x, x + wide, stage.horizon - high, roof))
        x += wide * stream.choice((1.0, 1.0, 1.06, 1.3))
    return buildings


def _lay_row(stage: Stage, row: list[Building], colours: tuple[Colour, Colour]) -> None:
    top = min(building.top for building in row) - stage.u * 0.12

    def draw(brush: Brush) -> None:
        for building in row:
            _outline(brush, building, stage)

    stage.lay((0, top, stage.width, stage.horizon), colours, draw)

    def sides(brush: Brush) -> None:
        for building in row:
            wide = building.right - building.left
            edge = (
                building.right - wide * 0.3
                if stage.light[0] < (building.left + building.right) / 2
                else building.left
            )
            brush.rectangle(edge, building.top, edge + wide * 0.3, stage.horizon)

    paper, stage.paper = stage.paper, 0.0
    stage.lay(
        (0, top, stage.width, stage.horizon), (shade(colours[0], -0.05),), sides, strength=0.5
    )
    stage.paper = paper


def _outline(brush: Brush, building: Building, stage: Stage) -> None:
    left, right, top = building.left, building.right, building.top
    wide, middle = right - left, (left + right) / 2
    brush.rectangle(left, top, right, stage.horizon + 2)
    if building.roof == "step":
        brush.rectangle(left + wide * 0.2, top - wide * 0.25, right - wide * 0.2, top + 2)
        brush.rectangle(left + wide * 0.36, top - wide * 0.48, right - wide * 0.36, top + 2)
    elif building.roof == "spire":
        brush.polygon(
            [
                (left + wide * 0.3, top + 1),
                (middle, top - wide * 1.2),
                (right - wide * 0.3, top + 1),
            ]
        )
    elif building.roof == "slant":
        brush.polygon([(left, top + 1), (left, top - wide * 0.4), (right, top + 1)])
    elif building.roof == "dome":
        brush.ellipse((middle, top + 1), wide * 0.42, wide * 0.36)
        brush.rectangle(middle - wide * 0.02, top - wide * 0.6, middle + wide * 0.02, top)
    elif building.roof == "tank":
        brush.rectangle(left + wide * 0.2, top - wide * 0.3, left + wide * 0.5, top - wide * 0.08)
        brush.rectangle(left + wide * 0.25, top - wide * 0.1, left + wide * 0.45, top + 1)
        brush.rectangle(right - wide * 0.22, top - wide * 0.7, right - wide * 0.18, top + 1)


def _windows(
    stage: Stage, palette: Palette, wish: Wish, row: list[Building], look: tuple[Colour, float]
) -> None:
    if not wish.allows("windows"):
        return
    tint, depth = look
    stream = stage.dice("windows", round(depth, 2))
    if palette.dark:
        lamps = [
            hexed("ffd98f"),
            hexed("ffe9c0"),
            hexed("ffb95e"),
            mix(palette.accents[1], hexed("ffe9c0"), 0.4),
        ]
        if wish.has("neon"):
            lamps = [*palette.accents, hexed("ffe9c0")]
        share = 0.42
    else:
        lamps, share = [mix(tint, palette.sky[1], 0.45), shade(tint, -0.09)], 0.75
    layer = Image.new("L", stage.size)
    draw = ImageDraw.Draw(layer)
    colours = Image.new("RGB", stage.size)
    paint = ImageDraw.Draw(colours)
    for building in row:
        _panes(stage, (draw, paint), building, (stream, lamps, share, depth))
    box = (0, 0, stage.width, int(stage.horizon))
    fade = 0.45 + 0.5 * depth if palette.dark else 0.5
    stage.image.paste(
        colours.crop(box), box, layer.crop(box).point([round(value * fade) for value in range(256)])
    )


def _panes(
    stage: Stage,
    draws: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    building: Building,
    look: tuple[random.Random, list[Colour], float, float],
) -> None:
    stream, lamps, share, depth = look
    cell = stage.u * (0.011 + 0.008 * depth)
    wide, high = (
        max(1.0, cell * stream.choice((0.45, 0.55, 0.75))),
        max(1.0, cell * stream.choice((0.5, 0.6, 0.85))),
    )
    columns = max(1, int((building.right - building.left - cell * 0.6) / cell))
    inset = (building.right - building.left - columns * cell) / 2 + (cell - wide) / 2
    lamp, lit = stream.choice(lamps), share * stream.uniform(0.35, 1.35)
    y = building.top + cell
    while y < stage.horizon - cell:
        for column in range(columns):
            if stream.random() < lit:
                x = building.left + inset + column * cell
                pane = (round(x), round(y), round(x + wide) - 1, round(y + high) - 1)
                pane = (pane[0], pane[1], max(pane[0], pane[2]), max(pane[1], pane[3]))
                draws[0].rectangle(pane, fill=stream.choice((255, 230, 190)))
                draws[1].rectangle(
                    pane, fill=lamp if stream.random() < 0.8 else stream.choice(lamps)
                )
        y += cell * 1.35


def _signs(stage: Stage, palette: Palette, row: list[Building]) -> None:
    stream = stage.dice("signs")
    for building in row:
        if stream.random() > 0.62:
            continue
        tint = stream.choice(palette.accents)
        wide = building.right - building.left
        x = building.left + wide * stream.uniform(0.2, 0.8)
        y = building.top + (stage.horizon - building.top) * stream.uniform(0.12, 0.5)
        tall, slim = stage.u * stream.uniform(0.06, 0.14), stage.u * 0.012
        reach = round(tall * 1.1)
        stage.image.paste(
            tint, (round(x) - reach, round(y + tall / 2) - reach), glow_mask(reach, 2.0, 0.6)
        )

        def draw(
            brush: Brush, x: float = x, y: float = y, tall: float = tall, slim: float = slim
        ) -> None:
            brush.rectangle(x - slim, y, x + slim, y + tall)
            for step in range(3):
                brush.rectangle(
                    x - slim * 0.6,
                    y + tall * (0.12 + 0.29 * step),
                    x + slim * 0.6,
                    y + tall * (0.3 + 0.29 * step),
                    value=90,
                )

        stage.lay(
            (x - slim * 2, y, x + slim * 2, y + tall),
            (mix(tint, (255, 255, 255), 0.35), tint),
            draw,
        )
