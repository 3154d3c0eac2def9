"""Trees in colour, flowers, grass, mushrooms, cacti."""

import math
import random
from collections.abc import Sequence

from ..canvas import Brush, Point, Stage, smooth
from ..colours import Colour, hexed, mix, shade
from ..palettes import Palette
from .pen import WHITE, Pen, outline


def lay_grass(
    stage: Stage, level: float, colours: Sequence[Colour], tall: float, stream: random.Random
) -> None:
    """Blades along the lower part of the picture, from `level` (pixels) on."""
    count = round(150 * stage.width / stage.u)
    blades = []
    for _ in range(count):
        x = stream.uniform(-0.02, 1.02) * stage.width
        blades.append(
            (
                x,
                level + stream.uniform(-0.01, 0.03) * stage.u,
                tall * stage.u * stream.uniform(0.5, 1.2),
                stream.uniform(-0.5, 0.5),
            )
        )
    top = level - tall * stage.u * 1.4

    def draw(brush: Brush) -> None:
        for x, y, high, lean in blades:
            brush.polygon(
                [
                    (x - high * 0.045, y),
                    (x + lean * high * 0.4, y - high * 0.6),
                    (x + lean * high, y - high),
                    (x + lean * high * 0.5 + high * 0.06, y - high * 0.6),
                    (x + high * 0.05, y),
                ]
            )

    stage.lay((0, top, stage.width, level + 0.06 * stage.u), colours, draw)


def draw_tree(pen: Pen, leaf: Colour, stream: random.Random) -> None:
    """A round tree in full leaf."""
    trunk = mix(hexed("6b4630"), leaf, 0.12)
    pen.solid(
        smooth(outline("-0.07,0.03 -0.035,-0.4 -0.05,-0.62 0.05,-0.62 0.04,-0.4 0.08,0.03")),
        trunk,
        depth=0.02,
    )
    pen.stroke([(0.0, -0.38), (0.12, -0.54)], 0.035, trunk)
    for tint, dy, reach in (
        (shade(leaf, -0.08), 0.03, 1.0),
        (leaf, 0.0, 0.92),
        (shade(leaf, 0.06), -0.05, 0.62),
    ):
        for index in range(9):
            angle = math.tau * index / 9 + stream.uniform(-0.2, 0.2)
            x, y = 0.2 * reach * math.cos(angle), -0.68 + dy + 0.17 * reach * math.sin(angle)
            pen.oval((x - (1 - reach) * 0.12, y), 0.14 * reach + 0.02, 0.13 * reach + 0.02, tint)
        pen.oval((-(1 - reach) * 0.12, -0.68 + dy), 0.24 * reach, 0.2 * reach, tint)
    for _ in range(16):
        angle, reach = stream.uniform(0, math.tau), stream.uniform(0.05, 0.27)
        pen.oval(
            (reach * math.cos(angle), -0.7 + 0.8 * reach * math.sin(angle)),
            0.018,
            0.014,
            shade(leaf, stream.choice((-0.1, 0.1))),
        )


def draw_palm(pen: Pen, leaf: Colour, stream: random.Random) -> None:
    """A palm that leans a little."""
    trunk = mix(hexed("7a5638"), leaf, 0.15)
    lean = stream.uniform(0.05, 0.16)
    spine = [(-lean, 0.03), (-lean * 0.7, -0.3), (0.0, -0.62), (lean * 0.6, -0.8)]
    for width, tint in ((0.06, trunk), (0.024, shade(trunk, 0.06))):
        pen.stroke(spine, width, tint)
    x, y = spine[-1]
    for angle in (-2.9, -2.3, -1.75, -1.2, -0.6, -0.05, 0.35, -3.4):
        tip = (x + 0.42 * math.cos(angle), y + 0.34 * math.sin(angle) + 0.12)
        knee = (x + 0.24 * math.cos(angle), y + 0.3 * math.sin(angle) - 0.05)
        tint = shade(leaf, stream.uniform(-0.07, 0.05))
        pen.blob([(x, y), (knee[0], knee[1] - 0.03), tip, (knee[0], knee[1] + 0.055)], tint)
    for dx in (-0.03, 0.035):
        pen.ball((x + dx, y + 0.035), 0.032, 0.034, hexed("5a3a26"))


def draw_cactus(pen: Pen, leaf: Colour, _: random.Random) -> None:
    """A saguaro."""
    green = mix(hexed("3f8a5c"), leaf, 0.45)
    for path in (
        [(0, 0.03), (0, -0.84)],
        [(0, -0.34), (-0.2, -0.38), (-0.22, -0.62)],
        [(0, -0.24), (0.19, -0.28), (0.21, -0.52)],
    ):
        pen.stroke(path, 0.15 if path[0][1] > 0 else 0.105, shade(green, -0.06))
        pen.stroke([(x - 0.012, y) for x, y in path], 0.11 if path[0][1] > 0 else 0.07, green)
    for dx in (-0.035, 0.01):
        pen.stroke([(dx, -0.82), (dx, -0.02)], 0.008, shade(green, 0.08))
    pen.ball((0, -0.93), 0.045, 0.035, hexed("ff7fa0"))


def draw_mushroom(pen: Pen, cap: Colour, _: random.Random) -> None:
    """A toadstool."""
    pen.solid(
        smooth(outline("-0.11,0 -0.09,-0.5 0.09,-0.5 0.12,0")),
        hexed("f7ecd9"),
        depth=0.03,
    )
    pen.solid(
        smooth(outline("-0.44,-0.45 -0.3,-0.78 0,-0.92 0.3,-0.78 0.44,-0.45 0,-0.38")),
        cap,
        depth=0.05,
    )
    for x, y, size in (
        (-0.2, -0.62, 0.06),
        (0.05, -0.75, 0.07),
        (0.24, -0.57, 0.05),
        (-0.02, -0.53, 0.04),
    ):
        pen.oval((x, y), size, size * 0.75, mix(WHITE, cap, 0.06))


def draw_flower(pen: Pen, kind: str, petal: Colour, stem: Colour) -> None:
    """One flower on its stem: "daisy", "tulip", "poppy", "sunflower" or "lavender"."""
    pen.stroke([(0.02, 0.05), (-0.03, -0.3), (0, -0.68)], 0.035, stem)
    pen.blob(outline("0,-0.2 0.16,-0.36 0.2,-0.46 0.06,-0.34"), stem)
    pen.blob(outline("-0.01,-0.12 -0.17,-0.28 -0.2,-0.4 -0.06,-0.26"), shade(stem, 0.04))
    top: Point = (0, -0.76)
    if kind == "tulip":
        pen.solid(
            smooth(
                outline(
                    "-0.14,-0.92 -0.07,-0.82 0,-0.96 0.07,-0.82 "
                    "0.14,-0.92 0.13,-0.72 0,-0.62 -0.13,-0.72"
                )
            ),
            petal,
            depth=0.03,
        )
    elif kind == "lavender":
        for step in range(7):
            for side in (-1, 1):
                pen.oval(
                    (side * 0.035, -0.52 - step * 0.065),
                    0.045,
                    0.035,
                    shade(petal, 0.02 * side - 0.01 * step),
                )
    elif kind == "poppy":
        for x, y, tint in (
            (0, -0.88, -0.05),
            (-0.11, -0.78, 0),
            (0.11, -0.78, 0.02),
            (0, -0.71, 0.05),
        ):
            pen.ball((x, y), 0.14, 0.115, shade(petal, tint))
        pen.oval((0, -0.79), 0.05, 0.045, hexed("3a2230"))
    else:
        petals, long, heart = (18, 0.155, 0.1) if kind == "sunflower" else (9, 0.125, 0.062)
        for index in range(petals):
            angle = 360 * index / petals
            x, y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            pen.oval(
                (top[0] + x * long, top[1] + y * long),
                long * 0.62,
                long * (0.2 if petals > 9 else 0.3),
                shade(petal, 0.03 if index % 2 else -0.02),
                turn=angle,
            )
        pen.oval(top, heart, heart, hexed("6b3f22") if kind == "sunflower" else hexed("f6b93b"))


def leaf_colour(palette: Palette, season: tuple[str, ...], blossom: bool) -> Colour:
    """The colour of leaves: by season, and by the light of the picture."""
    leaf = hexed("5f9f56")
    if "autumn" in season:
        leaf = hexed("e07f2f")
    if blossom:
        leaf = hexed("f7a8c4")
    return mix(leaf, palette.near, 0.5 if palette.dark else 0.28)
