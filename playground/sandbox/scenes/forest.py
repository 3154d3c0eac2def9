"""Forests: conifers, birches, and woods in leaf, with a clearing towards the light."""

import random

from ..canvas import Brush, Point, Stage
from ..colours import Colour, hexed, mix, shade
from ..palettes import Palette
from ..sky import bloom, paint_sky, place_light, rays
from ..terrain import PLAIN, Grove, lay_ground, lay_mist, lay_trees, ridge
from ..words import Wish
from .flowers import set_flowers, set_mushrooms
from .ground import fog_of, lay_foreground, lay_wood, snowy
from .landmarks import set_landmarks


def paint_forest(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Rows of trees that fade into the light between them."""
    stream = stage.dice("forest")
    stage.horizon = stage.height * stream.uniform(0.62, 0.7)
    place_light(stage, palette)
    stage.light = (stage.light[0], stage.horizon * stream.uniform(0.35, 0.6))
    paint_sky(stage, palette, wish)
    kind = _kind(wish, stream)
    fog = max(0.45 if wish.allows("fog") else 0.1, fog_of(wish))
    count = 5
    for index in range(count):
        depth = index / (count - 1)
        base = stage.horizon + (stage.height * 0.9 - stage.horizon) * depth
        edge = ridge(stage, stage.dice("wood", index), base, PLAIN)
        tint = _tint(palette, wish, depth)
        _row(stage, palette, wish, (edge, base, depth), kind)
        ground = mix(tint, palette.near, 0.5)
        if snowy(wish):
            ground = mix(palette.near, palette.haze, 0.3 * (1 - depth))
        lay_ground(stage, edge, (ground, shade(ground, -0.03)))
        lay_mist(stage, base, 0.3, palette.haze, fog * (0.75 - 0.5 * depth))
        bloom(stage, palette, 0.2 * (1 - depth))
        if index == count - 2:
            set_landmarks(stage, palette, wish, edge, 0.8)
    if not palette.dark and wish.allows("fog") and not wish.has("rain", "storm"):
        rays(stage, stage.light, palette.light, 0.42)
    stage.floor = stage.height * 0.93
    level = stage.height * 0.88
    lay_foreground(stage, palette, wish, level)
    set_flowers(stage, palette, wish, level)
    set_mushrooms(stage, palette, wish)


def _kind(wish: Wish, stream: random.Random) -> str:
    roll = stream.random()
    if wish.has("birch"):
        return "birch"
    if wish.has("pine", "snow", "winter"):
        return "pine"
    if wish.has("autumn", "tree", "blossom"):
        return "tree" if roll < 0.7 or wish.has("tree", "blossom") else "birch"
    return "pine" if roll < 0.55 else "birch" if roll < 0.75 else "tree"


def _tint(palette: Palette, wish: Wish, depth: float) -> Colour:
    tint = mix(palette.land(0.25 + 0.75 * depth), palette.haze, 0.55 * (1 - depth) ** 1.2)
    if snowy(wish):
        return mix(shade(palette.near, -0.38), palette.haze, 0.62 * (1 - depth))
    if not wish.colours and not palette.dark:
        fresh = hexed("b5651f") if "autumn" in wish.seasons else hexed("2f6b4a")
        return mix(tint, fresh, 0.35 * depth)
    return tint


def _row(
    stage: Stage,
    palette: Palette,
    wish: Wish,
    row: tuple[list[Point], float, float],
    kind: str,
) -> None:
    edge, base, depth = row
    middle = stage.light[0] * 0.6 + stage.width * 0.2
    clearing = (middle, stage.u * (0.42 * depth**1.5 if depth > 0.4 else 0.0))
    stream = stage.dice("trees", round(depth, 2))
    if kind == "birch" and depth > 0.3:
        _birches(stage, palette, wish, (base, depth))
        return
    if kind == "tree":
        grove = Grove(0.3 + 0.22 * depth, 0.085 + 0.08 * depth, "tree", clearing)
    else:
        grove = Grove(0.34 + 0.34 * depth, 0.06 + 0.09 * depth, "pine", clearing)
    if kind == "tree" or snowy(wish):
        lay_wood(stage, palette, wish, (edge, depth), grove)
        return
    tint = _tint(palette, wish, depth)
    lay_trees(stage, edge, (tint, mix(tint, palette.haze, 0.3 * (1 - depth))), grove, stream)


def _birches(stage: Stage, palette: Palette, wish: Wish, place: tuple[float, float]) -> None:
    base, depth = place
    stream = stage.dice("birches", round(depth, 2))
    bark = mix(
        mix(hexed("f1ece2"), palette.haze, 0.65 * (1 - depth)),
        palette.sky[0],
        0.35 if palette.dark else 0.05,
    )
    leaves = (
        hexed("e3a52f")
        if "autumn" in wish.seasons or stage.dice("leaf").random() < 0.4
        else hexed("7fae4a")
    )
    leaves = mix(
        mix(leaves, palette.haze, 0.55 * (1 - depth)), palette.near, 0.4 if palette.dark else 0.0
    )
    trunks = []
    x = stream.uniform(0, 0.1) * stage.u
    middle = stage.light[0] * 0.6 + stage.width * 0.2
    gap = stage.u * (0.26 * depth if depth > 0.6 else 0.0)
    while x < stage.width:
        if abs(x - middle) < gap:
            x += stage.u * 0.03
            continue
        trunks.append(
            (
                x,
                stage.u * (0.008 + 0.024 * depth) * stream.uniform(0.7, 1.2),
                stream.uniform(-0.02, 0.02),
            )
        )
        x += stage.u * (0.05 + 0.1 * depth) * stream.uniform(0.5, 1.7)
    box = (0, 0, stage.width, base + stage.u * 0.05)
    stage.lay(
        box,
        (bark, mix(bark, palette.haze, 0.2)),
        lambda brush: _trunks(brush, trunks, base + stage.u * 0.03),
    )
    stage.lay(
        box,
        (mix(hexed("3a3038"), bark, 0.25),),
        lambda brush: _notches(brush, trunks, base, stream),
        strength=0.8,
    )
    if not wish.has("winter", "snow"):
        stage.lay(
            (0, 0, stage.width, base * 0.7),
            (shade(leaves, 0.05), leaves),
            lambda brush: _leaves(brush, stage, stream, base * 0.62),
            strength=0.92,
        )


def _trunks(brush: Brush, trunks: list[tuple[float, float, float]], base: float) -> None:
    for x, wide, lean in trunks:
        brush.polygon(
            [
                (x - wide, base),
                (x - wide * 0.7 + lean * base, -9),
                (x + wide * 0.7 + lean * base, -9),
                (x + wide, base),
            ]
        )


def _notches(
    brush: Brush, trunks: list[tuple[float, float, float]], base: float, stream: random.Random
) -> None:
    for x, wide, lean in trunks:
        for _ in range(12):
            y = stream.uniform(0, base)
            left = x + lean * (base - y) + stream.choice((-0.85, 0.0)) * wide
            brush.polygon(
                [
                    (left, y),
                    (left + wide * stream.uniform(0.4, 0.85), y + wide * 0.1),
                    (left, y + wide * 0.25),
                ]
            )


def _leaves(brush: Brush, stage: Stage, stream: random.Random, bottom: float) -> None:
    for _ in range(round(240 * stage.width / stage.u)):
        y = bottom * stream.random() ** 1.8 - stage.u * 0.03
        size = stage.u * stream.uniform(0.008, 0.026)
        brush.ellipse((stream.uniform(0, stage.width), y), size, size * 0.75)
