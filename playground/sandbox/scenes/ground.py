"""What several scenes share: water, foregrounds, landmarks on a ridge, figures."""

import math
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from ..canvas import Brush, Point, Stage, gradient
from ..colours import Colour, hexed, mix, shade
from ..figures.landmarks import LANDMARKS, paints_of
from ..figures.pen import Pen, Spot
from ..figures.plants import (
    draw_cactus,
    draw_flower,
    draw_mushroom,
    draw_palm,
    draw_tree,
    lay_grass,
    leaf_colour,
)
from ..palettes import Palette, named
from ..terrain import PLAIN, SNOW, Grove, Shape, height_at, lay_ground, lay_trees, ridge
from ..words import Wish

TREES = {"tree": draw_tree, "blossom": draw_tree, "palm": draw_palm, "cactus": draw_cactus}
SIZES = {
    "castle": 0.34,
    "house": 0.13,
    "lighthouse": 0.36,
    "windmill": 0.24,
    "church": 0.2,
    "tent": 0.12,
}


def air(palette: Palette, depth: float) -> tuple[Colour, float]:
    """The tint that distance and the hour lay over a thing at this depth (1 is nearest)."""
    base = {"night": 0.2, "dusk": 0.16}.get(palette.time, 0.05)
    return mix(palette.haze, palette.sky[0], 0.4 if palette.dark else 0.0), min(
        0.75, base + 0.35 * (1 - depth)
    )


def fog_of(wish: Wish) -> float:
    """How thick the mist lies, 0…1."""
    if not wish.allows("fog"):
        return 0.0
    return 1.0 if wish.has("fog") else 0.28


def snowy(wish: Wish) -> bool:
    """Whether the ground is white."""
    return wish.has("snow", "winter", "arctic")


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
            tall = (
                SIZES[name]
                * stage.u
                * (1.0 if count == 1 else stream.uniform(0.72, 0.95))
                * (0.75 + 0.5 * depth)
            )
            _set_landmark(stage, palette, wish, name, (x, height_at(edge, x), tall), depth)
        place += 0.27


def _set_landmark(
    stage: Stage,
    palette: Palette,
    wish: Wish,
    name: str,
    spot: tuple[float, float, float],
    depth: float,
) -> None:
    x, y, tall = spot
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


_AUTUMN = ("d9772b", "c2452f", "e5ac3c")
_BLOSSOM = ("f3a6c0", "f8c3d4", "e58bac")
_GREEN = ("4f8a4a", "6fa055", "3b7350")


def lay_wood(
    stage: Stage, palette: Palette, wish: Wish, row: tuple[Sequence[Point], float], grove: Grove
) -> None:
    """A row of trees in the colours of the season; `row` is an edge and its depth."""
    edge, depth = row
    stream = stage.dice("wood", round(depth, 3))
    codes = _AUTUMN if "autumn" in wish.seasons else _BLOSSOM if wish.has("blossom") else _GREEN
    plain = codes is _GREEN and (grove.kind == "pine" or wish.colours or "land" in wish.parts)
    if plain or snowy(wish) or wish.has("papercut"):
        tint = mix(palette.land(min(1.0, depth + 0.25)), palette.near, 0.25)
        tint = shade(tint, -0.26 if snowy(wish) else -0.02)
        lay_trees(stage, edge, (tint, mix(tint, palette.haze, 0.25 * (1 - depth))), grove, stream)
        if snowy(wish) and grove.kind == "pine":
            white = mix(SNOW, palette.haze, 0.25 if not palette.dark else 0.5)
            again = stage.dice("wood", round(depth, 3))
            lay_trees(
                stage,
                edge,
                (mix(white, tint, 0.5 * (1 - depth)),),
                replace(grove, kind="snow"),
                again,
            )
        return
    for code in codes:
        leaf = mix(
            mix(hexed(code), palette.haze, 0.6 * (1 - depth)),
            palette.near,
            0.5 if palette.dark else 0.12,
        )
        colours = (shade(leaf, 0.05), leaf, mix(leaf, palette.near, 0.45))
        lay_trees(
            stage, edge, colours, replace(grove, kind="tree", spacing=grove.spacing * 2.2), stream
        )


def lay_foreground(stage: Stage, palette: Palette, wish: Wish, level: float) -> None:
    """The ground at our feet: grass and flowers, or snow; `level` in pixels."""
    stream = stage.dice("foreground")
    edge = ridge(stage, stream, level, PLAIN)
    ground = palette.near
    if snowy(wish):
        lay_ground(stage, edge, (shade(ground, 0.05), ground, mix(ground, palette.sky[0], 0.18)))
        return
    green = (
        mix(ground, leaf_colour(palette, wish.seasons, blossom=False), 0.4)
        if not wish.colours and "land" not in wish.parts
        else ground
    )
    if wish.has("wheat"):
        green = mix(hexed("dba63a"), palette.near, 0.3)
    lay_ground(stage, edge, (shade(green, 0.05), green, shade(green, -0.07)))
    if wish.has("minimal", "papercut"):
        return
    lay_grass(
        stage,
        level + stage.u * 0.012,
        (shade(green, 0.07), shade(green, 0.0)),
        0.05 if not wish.has("wheat") else 0.16,
        stage.dice("grass"),
    )


FLOWERS = {
    "poppies": "poppy",
    "tulips": "tulip",
    "sunflowers": "sunflower",
    "lavender": "lavender",
    "flowers": "daisy",
}


def set_flowers(stage: Stage, palette: Palette, wish: Wish, level: float) -> None:
    """Flowers in the foreground, larger and lower the nearer they are."""
    asked = [name for name in FLOWERS if wish.has(name)]
    if not asked and not (
        wish.has("spring", "summer", "meadow") or stage.dice("flowering").random() < 0.3
    ):
        return
    if (
        not wish.allows("flowers")
        or snowy(wish)
        or wish.has("minimal")
        or (wish.has("wheat") and not asked)
    ):
        return
    stream = stage.dice("flowers")
    kinds = [FLOWERS[name] for name in asked] or [stream.choice(("daisy", "poppy", "tulip"))]
    stem = mix(hexed("4f8f4c"), palette.near, 0.35)
    stamps = [_stamp(palette, wish, kind, stem, variant) for kind in kinds for variant in range(3)]
    rows = 4 if asked or wish.has("meadow") else 2
    for row in range(rows):
        near = (row + 1) / rows
        tall = stage.u * (0.045 + 0.1 * near**1.3)
        y = level + (stage.height * 1.03 - level) * near**1.15
        count = round((26 - 15 * near) * stage.width / stage.u * (1.0 if asked else 0.55))
        _row(stage, [(stamp, air(palette, 0.4 + 0.6 * near)) for stamp in stamps], (y, tall, count))


def _stamp(palette: Palette, wish: Wish, kind: str, stem: Colour, variant: int) -> Pen:
    natural = {
        "daisy": "fdfbf4",
        "poppy": "e5402f",
        "tulip": "ee5a6f",
        "sunflower": "ffc636",
        "lavender": "8d6fd1",
    }[kind]
    petal = hexed(natural)
    if kind in ("daisy", "tulip") and variant:
        petal = palette.accents[variant % len(palette.accents)]
    if "accent" in wish.parts:
        petal = shade(named(wish.parts["accent"]), (0.0, 0.05, -0.05)[variant])
    pen = Pen(72)
    draw_flower(pen, kind, shade(petal, (0.0, 0.02, -0.03)[variant]), stem)
    return pen


def _row(
    stage: Stage, stamps: list[tuple[Pen, tuple[Colour, float]]], row: tuple[float, float, int]
) -> None:
    y, tall, count = row
    stream = stage.dice("row", round(y / stage.height, 2))
    scaled = []
    for pen, (tint, share) in stamps:
        size = (max(2, round(tall * 2 * Pen.REACH)), max(2, round(tall * (Pen.ABOVE + Pen.BELOW))))
        flower = pen.image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        alpha = flower.getchannel("A")
        scaled.append(
            (Image.blend(flower.convert("RGB"), Image.new("RGB", size, tint), share), alpha)
        )
    for index in range(count):
        colours, alpha = stream.choice(scaled)
        x = stage.width * (index + stream.uniform(0.1, 0.9)) / count
        top = y - tall * Pen.ABOVE + stream.uniform(-0.3, 0.5) * tall
        stage.image.paste(colours, (round(x - colours.width / 2), round(top)), alpha)


def set_trees(
    stage: Stage, palette: Palette, wish: Wish, edge: Sequence[Point], depth: float
) -> None:
    """Single trees in colour on a ridge, when they are asked for."""
    for name, drawing in TREES.items():
        if not (name in wish.things and wish.has(name)):
            continue
        stream = stage.dice("tree", name)
        for index in range(min(9, max(wish.count(name, 1), 6 if name == "blossom" else 1))):
            x = stage.width * stream.uniform(0.06, 0.94)
            tall = (
                stage.u
                * stream.uniform(0.3, 0.42)
                * (0.6 + 0.5 * depth)
                * (1 if index == 0 else 0.75)
            )
            pen = Pen(tall)
            drawing(pen, leaf_colour(palette, wish.seasons, blossom=name == "blossom"), stream)
            pen.place(
                stage,
                Spot((x, height_at(edge, x) + tall * 0.04), tall),
                tint=air(palette, depth),
                shadow=0.2,
            )


def set_mushrooms(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Toadstools at our feet."""
    if not wish.has("mushrooms"):
        return
    stream = stage.dice("mushrooms")
    for _ in range(max(3, min(9, wish.count("mushrooms", 5)))):
        x, tall = stage.width * stream.uniform(0.05, 0.95), stage.u * stream.uniform(0.08, 0.2)
        pen = Pen(tall)
        draw_mushroom(pen, mix(hexed("d9483f"), palette.accents[1], 0.25), stream)
        pen.place(
            stage, Spot((x, stage.height * stream.uniform(0.9, 0.99)), tall), tint=air(palette, 1)
        )


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
            margin * (0.12 + 0.8 * near) * math.sin(y / height * 60 / (0.25 + near) ** 0.5 + phase)
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


def shore(stage: Stage, palette: Palette, wish: Wish) -> None:
    """A strip of sand in front, for whoever stands at the sea."""
    sand = (
        mix(hexed("ecd3a2"), palette.haze, 0.25)
        if not palette.dark
        else mix(hexed("8a7a70"), palette.near, 0.6)
    )
    if snowy(wish):
        sand = palette.near
    edge = ridge(stage, stage.dice("shore"), stage.height * 0.86, Shape(0.05, 0.8, 0.3, octaves=2))
    foam = [(x, y - stage.u * 0.012) for x, y in edge]
    lay_ground(stage, foam, (mix(palette.light, (255, 255, 255), 0.5),))
    lay_ground(stage, edge, (sand, shade(sand, -0.05)))
    set_trees(stage, palette, wish, edge, 1.0)
