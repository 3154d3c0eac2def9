"""What several scenes share: water, foregrounds, landmarks on a ridge, figures."""

from collections.abc import Sequence
from dataclasses import replace

from ..canvas import Point, Stage
from ..colours import Colour, hexed, mix, shade
from ..figures.pen import Pen, Spot
from ..figures.plants import (
    draw_cactus,
    draw_palm,
    draw_tree,
    lay_grass,
    leaf_colour,
)
from ..palettes import Palette
from ..terrain import PLAIN, SNOW, Grove, Shape, height_at, lay_ground, lay_trees, ridge
from ..words import Wish

TREES = {"tree": draw_tree, "blossom": draw_tree, "palm": draw_palm, "cactus": draw_cactus}


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
