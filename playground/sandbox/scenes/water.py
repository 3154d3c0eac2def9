"""The sea, lakes, ice, and what is under the surface."""

import math

from ..canvas import Brush, Point, Stage, gradient
from ..colours import Colour, hexed, lch, mix, rgb, shade
from ..figures.others import draw_fish
from ..figures.pen import Pen, Spot
from ..palettes import Palette, named
from ..sky import bloom, paint_aurora, paint_sky, place_light, rays, soft_circle
from ..terrain import (
    HILLS,
    PEAKS,
    PLAIN,
    RANGE,
    SNOW,
    Grove,
    Shape,
    lay_facets,
    lay_ground,
    lay_mist,
    lay_snowcaps,
    misted,
    ridge,
)
from ..words import Wish
from .ground import fog_of, lay_wood, set_trees, shore, snowy
from .landmarks import set_landmarks, set_sky_things
from .surface import lay_water, set_boats


def paint_sea(stage: Stage, palette: Palette, wish: Wish) -> None:
    """The open sea under a wide sky, islands or a headland on its horizon."""
    stream = stage.dice("sea")
    stage.horizon = stage.height * stream.uniform(0.5, 0.6)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    lands = stream.choice(("none", "islands", "coast", "islands"))
    if wish.has("island", "mountains"):
        lands = "islands"
    edge = None
    if lands != "none" or wish.has("lighthouse", "castle", "house", "windmill", "palm"):
        edge = _islands(stage, palette, wish, lands)
    bloom(stage, palette, 0.2)
    lay_water(stage, palette, stage.horizon, calm=0.2)
    if fog_of(wish):
        lay_mist(stage, stage.horizon, 0.12, palette.haze, 0.3 + 0.6 * (fog_of(wish) > 0.5))
    set_boats(stage, palette, wish, stage.horizon)
    if edge is None and not wish.figures and not wish.has("palm", "beach"):
        _waves(stage, palette)
    if wish.figures or wish.has("palm", "beach", "tree", "flowers"):
        shore(stage, palette, wish)
        stage.floor = stage.height * 0.95


def _islands(stage: Stage, palette: Palette, wish: Wish, lands: str) -> list[Point]:
    stream = stage.dice("islands")
    line = stage.horizon + 1
    left = stage.light[0] > stage.width / 2
    lead: list[Point] = []
    for index, depth in enumerate((0.08, 0.3, 0.62)):
        wide = max(stage.width, stage.u) * stream.uniform(0.3, 0.55)
        centre = stage.width * (stream.uniform(0.1, 0.9) if index < 2 else 0.34 if left else 0.66)
        if lands == "coast":
            wide, centre = stage.width * 1.1, stage.width * (0.05 if left else 0.95)
        tall = stage.u * (0.06 + 0.06 * index) * stream.uniform(0.7, 1.2)
        edge = _island(stage, (centre, wide, tall), index)
        crest, foot = misted(palette, depth, fog_of(wish))
        corners = [(stage.width * 1.1, line + 2), (-stage.width * 0.1, line + 2)]
        with stage.flat():
            stage.lay_polygon([*edge, *corners], (crest, mix(foot, crest, 0.4)))
        lead = edge
    stage.image.paste(palette.haze, (0, round(line), stage.width, stage.height))
    set_landmarks(stage, palette, wish, lead, 0.62)
    return lead


def _island(stage: Stage, shape: tuple[float, float, float], index: int) -> list[Point]:
    """An island's outline, which runs out flat on either side."""
    centre, wide, tall = shape
    line = stage.horizon + 1
    wave = ridge(stage, stage.dice("island", index), 0, Shape(1 / 0.62, 0.14, 0.5, octaves=5))
    edge = []
    for x, rough in wave:
        bump = max(0.0, 1 - (2 * (x - centre) / wide) ** 2) ** 1.6
        high = tall * bump * (1.0 - 0.45 * rough / stage.u) - stage.u * 0.004
        edge.append((x, line - high))
    return edge


def _waves(stage: Stage, palette: Palette) -> None:
    """Three long swells in front."""
    stream = stage.dice("swell")
    deep = palette.water or mix(palette.sky[0], palette.near, 0.4)
    for index in range(3):
        base = stage.height * (0.82 + 0.075 * index)
        shape = Shape(0.022 + 0.01 * index, 0.3, 0.35, octaves=3)
        edge = ridge(stage, stage.dice("swell", index), base, shape)
        tint = mix(deep, palette.haze, 0.22 - 0.08 * index)
        corners = [
            (stage.width * 1.1, stage.height * 1.1),
            (-stage.width * 0.1, stage.height * 1.1),
        ]
        colours = (mix(tint, palette.light, 0.18), tint, shade(tint, -0.04))
        stage.lay_polygon([*edge, *corners], colours, 0.62)
        crest = [(x, y + stage.u * 0.002) for x, y in edge]
        foam = mix(palette.light, palette.haze, 0.4)
        stage.lay_line(crest, max(0.6, stage.u * 0.0022), foam, 0.4 + 0.15 * stream.random())


def paint_lake(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Mountains and their mirror image."""
    stream = stage.dice("lake")
    stage.horizon = stage.height * stream.uniform(0.54, 0.62)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    fog = fog_of(wish)
    alpine = snowy(wish) or stream.random() < 0.5
    edge: list[tuple[float, float]] = []
    for index in range(3):
        depth = 0.06 + index * 0.26
        base = stage.horizon - stage.u * (0.07 - 0.03 * index)
        shape = (PEAKS if alpine else RANGE, RANGE, HILLS)[index]
        edge = ridge(
            stage,
            stage.dice("bank", index),
            base,
            Shape(
                shape.height * (1.0, 0.6, 0.35)[index],
                shape.bend,
                shape.rough,
                shape.ridged,
                shape.octaves,
            ),
        )
        edge = [(x, min(y, stage.horizon)) for x, y in edge]
        crest, foot = misted(palette, depth, fog)
        lay_ground(stage, edge, (crest, foot), stage.u * 0.45)
        if index == 0 and alpine and wish.allows("snow"):
            lay_snowcaps(
                stage,
                edge,
                mix(SNOW, palette.light, 0.2) if not palette.dark else mix(SNOW, crest, 0.45),
                mix(crest, palette.near, 0.4),
                base - stage.u * 0.02,
            )
        elif index == 0 and alpine:
            lay_facets(stage, edge, mix(crest, palette.near, 0.4), 0.4)
        bloom(stage, palette, 0.14)
    set_landmarks(stage, palette, wish, edge, 0.55)
    if wish.allows("tree", "forest", "pine") and not wish.has("minimal"):
        lay_wood(stage, palette, wish, (edge, 0.6), Grove(0.06, 0.022))
    lay_water(stage, palette, stage.horizon, calm=0.8)
    if fog:
        lay_mist(stage, stage.horizon, 0.14, palette.haze, 0.3 + 0.5 * fog)
    set_boats(stage, palette, wish, stage.horizon)
    _bank(stage, palette, wish)


def _bank(stage: Stage, palette: Palette, wish: Wish) -> None:
    near = palette.near
    edge = ridge(
        stage, stage.dice("near bank"), stage.height * (0.9 if wish.figures else 0.97), HILLS
    )
    if wish.allows("tree", "forest", "pine") and not wish.figures and not wish.has("minimal"):
        lay_wood(stage, palette, wish, (edge, 1.0), Grove(0.16, 0.07))
    lay_ground(stage, edge, (near, shade(near, -0.04)))
    set_trees(stage, palette, wish, edge, 1.0)
    stage.floor = stage.height * 0.95


def paint_arctic(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Ice: white ranges, a dark sea, floes."""
    stream = stage.dice("arctic")
    stage.horizon = stage.height * stream.uniform(0.5, 0.58)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    if palette.time == "night" and wish.allows("aurora") and not wish.has("aurora"):
        paint_aurora(stage, palette)
    for index in range(2):
        base = stage.horizon - stage.u * (0.05 - 0.04 * index)
        edge = ridge(
            stage, stage.dice("ice", index), base, Shape(0.2 - 0.08 * index, 0.3, 0.5, True, 5)
        )
        crest = mix(SNOW, palette.haze, 0.5 - 0.25 * index)
        lay_ground(
            stage,
            [(x, min(y, stage.horizon)) for x, y in edge],
            (crest, mix(crest, palette.sky[0], 0.2)),
            stage.u * 0.4,
        )
        lay_facets(stage, edge, mix(palette.sky[1], crest, 0.35), 0.55)
    lay_water(stage, palette, stage.horizon, calm=0.7)
    for _ in range(9):
        near = stream.random()
        x, y = (
            stage.width * stream.uniform(0, 1),
            stage.horizon + (stage.height - stage.horizon) * (0.08 + 0.75 * near),
        )
        _floe(stage, palette, (x, y), stage.u * (0.04 + 0.16 * near))
    stage.floor = stage.height * 0.94
    if wish.figures:
        edge = ridge(stage, stage.dice("ice edge"), stage.height * 0.87, PLAIN)
        white = mix(SNOW, palette.haze, 0.2 if not palette.dark else 0.45)
        lay_ground(stage, edge, (white, mix(white, palette.sky[0], 0.22)))


def _floe(stage: Stage, palette: Palette, place: tuple[float, float], wide: float) -> None:
    x, y = place
    stream = stage.dice("floe", round(x / stage.width, 3))
    outline = [
        (
            x + wide * math.cos(a) * stream.uniform(0.75, 1.1),
            y + wide * 0.2 * math.sin(a) * stream.uniform(0.7, 1.1),
        )
        for a in (math.tau * i / 9 for i in range(9))
    ]
    white = mix(SNOW, palette.haze, 0.2 if not palette.dark else 0.5)
    below = [(px, py + wide * 0.07) for px, py in outline]
    box = (x - wide * 1.3, y - wide * 0.4, x + wide * 1.3, y + wide * 0.5)
    stage.lay(box, (mix(white, palette.sky[0], 0.45),), lambda brush: brush.polygon(below))
    stage.lay(box, (white,), lambda brush: brush.polygon(outline))


def _sea_colours(palette: Palette, wish: Wish) -> tuple[Colour, ...]:
    hue, strength = 225.0, 0.11
    if wish.colours or "water" in wish.parts:
        _, strength, hue = lch(named((*wish.colours, *wish.parts.values())[0]))
    elif lch(palette.sky[1]).hue > 120:
        hue = 200 + (lch(palette.sky[1]).hue - 120) * 0.25
    top = 0.5 if palette.time == "night" else 0.86
    return tuple(
        rgb(light, min(0.13, strength) * share, hue + turn)
        for light, share, turn in (
            (top, 0.8, -18),
            (top * 0.75, 1.1, -6),
            (0.4, 1.1, 6),
            (0.22, 0.9, 16),
        )
    )


def paint_underwater(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Light from above, kelp and coral below, fish between."""
    stream = stage.dice("underwater")
    colours = _sea_colours(palette, wish)
    stage.horizon = float(stage.height)
    stage.image.paste(gradient(stage.size, colours), (0, 0))
    stage.light = (stage.width * stream.uniform(0.3, 0.7), -stage.height * 0.1)
    stage.shine(stage.light, stage.u * 0.9, shade(colours[0], 0.1), power=2.0, strength=0.7)
    rays(stage, (stage.light[0], -stage.height * 0.25), shade(colours[0], 0.1), 0.8)
    for index in range(3):
        depth = (index + 1) / 3
        edge = ridge(
            stage,
            stage.dice("seabed", index),
            stage.height * (0.76 + 0.09 * index),
            Shape(0.1, 0.35, 0.45, octaves=4),
        )
        tint = mix(colours[2], colours[3], depth)
        _kelp(stage, shade(mix(tint, hexed("2f8f6f"), 0.3), 0.03 * (1 - depth)), index)
        lay_ground(stage, edge, (shade(tint, 0.03), shade(tint, -0.03)))
    if wish.allows("coral"):
        _corals(stage, palette, colours)
    if wish.allows("fish") and not any(figure.name in ("fish", "whale") for figure in wish.figures):
        _shoal(stage, palette, colours)
    for _ in range(26):
        place = (stage.width * stream.random(), stage.height * stream.random())
        soft_circle(
            stage,
            place,
            stage.u * stream.uniform(0.003, 0.013),
            shade(colours[0], 0.12),
            stream.uniform(0.2, 0.6),
        )


def _kelp(stage: Stage, tint: Colour, index: int) -> None:
    stream = stage.dice("kelp", index)
    plants = []
    for _ in range(round((5 + 3 * index) * stage.width / stage.u)):
        x, tall = stage.width * stream.random(), stage.u * stream.uniform(0.16, 0.42)
        sway, phase = stage.u * stream.uniform(0.012, 0.03), stream.uniform(0, 6)
        plants.append((x, tall, sway, phase))
    foot = stage.height * (0.84 + 0.08 * index)

    def draw(brush: Brush) -> None:
        for x, tall, sway, phase in plants:
            left, right = [], []
            for step in range(15):
                t = step / 14
                centre = x + sway * math.sin(t * 5 + phase) * (0.3 + t)
                half = stage.u * 0.012 * (1 - t) ** 0.6 * (1 + 0.35 * math.sin(t * 22 + phase))
                left.append((centre - half, foot - tall * t))
                right.append((centre + half, foot - tall * t))
            brush.polygon([*left, *reversed(right)])

    stage.lay((0, foot - stage.u * 0.45, stage.width, foot), (shade(tint, 0.08), tint), draw)


Twig = tuple[Point, Point, float]


def _corals(stage: Stage, palette: Palette, colours: tuple[Colour, ...]) -> None:
    stream = stage.dice("corals")
    tints = [
        mix(tint, colours[2], 0.25) for tint in (*palette.accents, hexed("ff7f7f"), hexed("c58bff"))
    ]
    for _ in range(round(11 * stage.width / stage.u)):
        x, y = stage.width * stream.random(), stage.height * stream.uniform(0.93, 1.0)
        size, tint = stage.u * stream.uniform(0.05, 0.12), stream.choice(tints)
        twigs = _twigs((x, y), size * 0.5, stream.uniform(0.35, 0.6))

        def draw(brush: Brush, twigs: list[Twig] = twigs) -> None:
            for start, end, thick in twigs:
                brush.line([start, end], thick)
                brush.ellipse(end, thick / 2)

        box = (x - size * 2, y - size * 2, x + size * 2, y + size * 0.3)
        stage.lay(box, (shade(tint, 0.06), shade(tint, -0.08)), draw)


def _twigs(root: Point, length: float, spread: float) -> list[Twig]:
    """A fan that forks four times: start, end and thickness of each twig."""
    twigs: list[Twig] = []
    growing = [(root, -math.pi / 2, length)]
    for _ in range(5):
        ends = []
        for (x, y), angle, long in growing:
            end = (x + long * math.cos(angle), y + long * math.sin(angle))
            twigs.append(((x, y), end, long * 0.36))
            ends += [(end, angle + side * spread, long * 0.74) for side in (-1, 1)]
        growing = ends
    return twigs


def _shoal(stage: Stage, palette: Palette, colours: tuple[Colour, ...]) -> None:
    stream = stage.dice("shoal")
    for group in range(3):
        tint = stream.choice((*palette.accents, hexed("ff9a4a"), hexed("ffd75e")))
        x, y = stage.width * stream.uniform(0.15, 0.85), stage.height * stream.uniform(0.2, 0.68)
        near, mirrored = 0.4 + 0.3 * group, stream.random() < 0.5
        pen = Pen(stage.u * 0.1 * near)
        draw_fish(pen, mix(tint, colours[1], 0.5 * (1 - near)))
        for _ in range(stream.randrange(3, 7) if group < 2 else 2):
            foot = (
                x + stage.u * stream.uniform(-0.2, 0.2),
                y + stage.u * stream.uniform(-0.1, 0.1),
            )
            pen.place(
                stage,
                Spot(foot, stage.u * 0.1 * near, mirrored=mirrored),
                tint=(colours[1], 0.35 * (1.2 - near)),
                shadow=0.0,
            )
