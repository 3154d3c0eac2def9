"""Animals that sit and look at us: one build, many ears, noses, tails and coats."""

import math
from dataclasses import dataclass

from ..canvas import Point, smooth
from ..colours import Colour, hexed, lch, mix, shade
from .pen import INK, WHITE, Pen, blush, both

HEAD: Point = (0.0, -0.66)


@dataclass(frozen=True)
class Species:
    """What tells one animal from another."""

    coat: str
    belly: str
    ears: str
    face: str
    tail: str
    marks: str = ""
    inner: str = "f7a8ae"
    nose: str = "3a2c34"
    wide: float = 1.0


SPECIES: dict[str, Species] = {
    "pig": Species("f6a9b4", "fbc6cc", "pig", "snout", "curl", inner="ec8797", nose="ee8d9c"),
    "cat": Species("f2a65a", "fff1dc", "cat", "cat", "long", "tabby", nose="e5737f"),
    "dog": Species("c98d5a", "fbe9d2", "floppy", "dog", "wag", "patch", inner="8a5a38"),
    "rabbit": Species("d9c9bd", "fbf4ec", "long", "rabbit", "puff", nose="e78a97"),
    "fox": Species("e8743b", "fff4e8", "fox", "fox", "bushy", "fox", inner="4a2a22"),
    "wolf": Species("8d97a8", "e9edf3", "fox", "fox", "bushy", "fox", inner="4c5566"),
    "bear": Species("8f5f3f", "d8ac7d", "round", "bear", "none", inner="d8a878"),
    "polarbear": Species("f3f6fa", "ffffff", "round", "bear", "none", inner="d6e0ec"),
    "panda": Species("fbfbfb", "ffffff", "round", "bear", "none", "panda", inner="2b2a33"),
    "mouse": Species("b9b4c4", "f1eef5", "disc", "mouse", "thin", nose="ef8fa0"),
    "cow": Species("fbf7f2", "ffffff", "cow", "cow", "none", "cow", inner="f4b0a8", nose="f2a7a0"),
    "sheep": Species("fbf6ec", "fffaf2", "cow", "sheep", "none", "wool", inner="e9b8ae"),
    "lion": Species(
        "eab45f", "fbe3b4", "round", "cat", "tuft", "mane", inner="c98a3c", nose="7a4a34"
    ),
    "tiger": Species(
        "f29b3d", "fff3e0", "round", "cat", "long", "tiger", inner="f7c9a0", nose="e08a86"
    ),
    "koala": Species("a3aab6", "e8ebf0", "disc", "koala", "none", inner="e9c6cc", nose="3b3a46"),
    "frog": Species("6fbf5b", "dff2b8", "frog", "frog", "none"),
    "monkey": Species("8a5a3c", "e9bf93", "monkey", "monkey", "long", inner="e9bf93"),
    "raccoon": Species(
        "8d929c", "dfe3ea", "round", "cat", "ringed", "raccoon", inner="4b4e58", nose="2c2b33"
    ),
}


def draw_critter(pen: Pen, name: str, colour: Colour | None) -> None:
    """A sitting animal, seen from the front."""
    kind = SPECIES[name]
    coat = colour or hexed(kind.coat)
    belly = mix(coat, WHITE, 0.62) if colour else hexed(kind.belly)
    inner = shade(coat, -0.1, chroma=1.1) if colour else hexed(kind.inner)
    _tail(pen, kind, coat, belly)
    if kind.marks == "mane":
        _mane(pen, shade(coat, -0.2, chroma=1.1, turn=-14))
    _body(pen, kind, coat, belly)
    _ears(pen, kind.ears, coat, inner)
    head_wide = 0.3 if kind.ears != "fox" else 0.31
    pen.solid(
        smooth(_head_outline(kind, head_wide)),
        coat if kind.marks != "wool" else hexed("e8c9b0"),
        depth=0.05,
    )
    _marks(pen, kind, coat, belly)
    _face(pen, kind, coat, belly)


def _head_outline(kind: Species, wide: float) -> list[Point]:
    x, y = HEAD
    if kind.face == "fox":
        return [
            (x, y - 0.23),
            (x + 0.2, y - 0.17),
            (x + wide, y + 0.06),
            (x + 0.17, y + 0.17),
            (x, y + 0.25),
            (x - 0.17, y + 0.17),
            (x - wide, y + 0.06),
            (x - 0.2, y - 0.17),
        ]
    return [
        (x + wide * math.cos(a), y + 0.245 * math.sin(a) + 0.02 * math.sin(a) ** 2)
        for a in (math.tau * i / 14 for i in range(14))
    ]


def _body(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    limb = coat
    if kind.marks == "panda":
        limb = hexed("2b2a33")
    if kind.marks == "wool":
        for index in range(16):
            angle = math.tau * index / 16
            pen.ball((0.25 * math.cos(angle), -0.28 + 0.24 * math.sin(angle)), 0.1, 0.1, coat)
        limb = hexed("e8c9b0")
    for side in (-1, 1):
        pen.ball((side * 0.2, -0.075), 0.125, 0.085, shade(limb, -0.03))
    pen.solid(
        smooth(
            [
                (0, -0.56),
                (0.17, -0.48),
                (0.265, -0.22),
                (0.2, -0.03),
                (0, 0.0),
                (-0.2, -0.03),
                (-0.265, -0.22),
                (-0.17, -0.48),
            ]
        ),
        coat,
    )
    pen.oval((0, -0.24), 0.155, 0.19, belly)
    for side in (-1, 1):
        pen.solid(
            smooth(
                [
                    (side * 0.15, -0.4),
                    (side * 0.165, -0.06),
                    (side * 0.15, 0.0),
                    (side * 0.06, 0.0),
                    (side * 0.045, -0.06),
                    (side * 0.06, -0.36),
                ]
            ),
            limb,
            depth=0.03,
        )
        if kind.face in ("snout", "cow", "sheep"):
            pen.blob(
                [
                    (side * 0.155, -0.045),
                    (side * 0.155, 0.005),
                    (side * 0.055, 0.005),
                    (side * 0.055, -0.045),
                ],
                shade(limb, -0.22, chroma=0.9),
            )
        else:
            for toe in (0.085, 0.125):
                pen.stroke([(side * toe, -0.03), (side * toe, -0.005)], 0.01, shade(limb, -0.16))


def _tail(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    dark = shade(coat, -0.06)
    if kind.tail == "curl":
        curl = [
            (
                0.24 + 0.075 * (1 - i / 34) * math.cos(i / 3.0) + i * 0.004,
                -0.17 + 0.06 * math.sin(i / 3.0),
            )
            for i in range(22)
        ]
        pen.stroke([(0.2, -0.1), *curl], 0.035, dark)
    elif kind.tail in ("long", "tuft", "ringed", "thin"):
        path = [(0.15, -0.06), (0.38, -0.05), (0.46, -0.22), (0.4, -0.36), (0.48, -0.46)]
        pen.stroke(
            path,
            0.04 if kind.tail == "thin" else 0.085,
            hexed("e9a3ab") if kind.tail == "thin" else dark,
        )
        if kind.tail == "tuft":
            pen.ball((0.49, -0.47), 0.07, 0.08, shade(coat, -0.25))
        if kind.tail == "ringed":
            for point in path[1:]:
                pen.ball(point, 0.05, 0.05, hexed("3d3f49"))
    elif kind.tail == "bushy":
        pen.solid(
            smooth(
                [
                    (0.12, -0.03),
                    (0.4, -0.0),
                    (0.55, -0.2),
                    (0.5, -0.46),
                    (0.41, -0.55),
                    (0.34, -0.4),
                    (0.3, -0.2),
                ]
            ),
            dark,
        )
        pen.blob(
            [
                (0.41, -0.55),
                (0.5, -0.44),
                (0.46, -0.36),
                (0.41, -0.4),
                (0.37, -0.36),
                (0.35, -0.42),
            ],
            belly,
        )
    elif kind.tail == "wag":
        pen.stroke([(0.18, -0.1), (0.33, -0.16), (0.4, -0.3)], 0.075, dark)
    elif kind.tail == "puff":
        pen.ball((0.27, -0.12), 0.09, 0.09, belly)


def _mane(pen: Pen, colour: Colour) -> None:
    x, y = HEAD
    for index in range(18):
        angle = math.tau * index / 18
        pen.ball((x + 0.31 * math.cos(angle), y + 0.28 * math.sin(angle)), 0.12, 0.12, colour)
    pen.oval((x, y), 0.34, 0.3, colour)


def _ears(pen: Pen, ears: str, coat: Colour, inner: Colour) -> None:
    straight = ears in ("cat", "fox")
    if ears in _EARS:
        for outline in both(_EARS[ears]):
            pen.solid(outline if straight else smooth(outline), coat, depth=0.03)
    if ears in _INNER:
        for outline in both(_INNER[ears]):
            pen.poly(outline if straight else smooth(outline), inner)
    if ears in ("round", "disc", "monkey"):
        size, x, y = {
            "round": (0.095, 0.215, -0.86),
            "disc": (0.15, 0.27, -0.85),
            "monkey": (0.1, 0.31, -0.68),
        }[ears]
        for side in (-1, 1):
            pen.ball(
                (side * x, y),
                size,
                size,
                coat if ears != "round" or inner != hexed("2b2a33") else inner,
            )
            pen.oval((side * x, y), size * 0.6, size * 0.6, inner)
    if ears == "cow":
        for side in (-1, 1):
            pen.ball((side * 0.36, -0.76), 0.13, 0.065, coat, turn=side * 16)
            pen.oval((side * 0.37, -0.755), 0.08, 0.035, inner, turn=side * 16)


_EARS: dict[str, list[Point]] = {
    "pig": [(0.1, -0.87), (0.17, -0.97), (0.31, -1.0), (0.36, -0.93), (0.31, -0.78), (0.24, -0.76)],
    "cat": [
        (0.06, -0.87),
        (0.1, -0.93),
        (0.225, -1.05),
        (0.245, -1.05),
        (0.29, -0.85),
        (0.285, -0.72),
    ],
    "fox": [(0.05, -0.86), (0.1, -0.94), (0.24, -1.1), (0.26, -1.1), (0.3, -0.86), (0.27, -0.72)],
    "floppy": [
        (0.17, -0.88),
        (0.3, -0.87),
        (0.39, -0.7),
        (0.37, -0.52),
        (0.29, -0.48),
        (0.245, -0.62),
    ],
    "long": [
        (0.05, -0.85),
        (0.04, -1.1),
        (0.1, -1.28),
        (0.17, -1.27),
        (0.21, -1.08),
        (0.19, -0.83),
    ],
    "frog": [
        (0.07, -0.86),
        (0.09, -0.97),
        (0.17, -1.0),
        (0.25, -0.96),
        (0.26, -0.84),
        (0.17, -0.8),
    ],
}
_INNER: dict[str, list[Point]] = {
    "pig": [
        (0.19, -0.87),
        (0.22, -0.93),
        (0.3, -0.96),
        (0.32, -0.92),
        (0.29, -0.82),
        (0.25, -0.81),
    ],
    "cat": [(0.12, -0.88), (0.225, -0.99), (0.25, -0.82)],
    "fox": [(0.12, -0.88), (0.235, -1.02), (0.26, -0.83)],
    "long": [
        (0.085, -0.9),
        (0.08, -1.1),
        (0.115, -1.2),
        (0.15, -1.19),
        (0.17, -1.05),
        (0.155, -0.9),
    ],
}


def _marks(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    x, y = HEAD
    dark = shade(coat, -0.2)
    if kind.marks == "fox":
        for outline in both(
            [
                (0.02, y + 0.02),
                (0.14, y - 0.01),
                (0.27, y + 0.06),
                (0.17, y + 0.165),
                (0.0, y + 0.245),
            ]
        ):
            pen.blob(outline, belly)
    elif kind.marks == "panda":
        for side in (-1, 1):
            pen.oval((side * 0.115, y - 0.005), 0.075, 0.095, hexed("2b2a33"), turn=side * 24)
    elif kind.marks == "raccoon":
        pen.blob(
            [
                (-0.28, y),
                (-0.12, y - 0.09),
                (0, y - 0.03),
                (0.12, y - 0.09),
                (0.28, y),
                (0.17, y + 0.08),
                (0, y + 0.03),
                (-0.17, y + 0.08),
            ],
            hexed("3d3f49"),
        )
    elif kind.marks in ("tabby", "tiger"):
        for dx, tall in ((-0.07, 0.07), (0, 0.1), (0.07, 0.07)):
            pen.stroke([(x + dx, y - 0.225), (x + dx * 0.9, y - 0.225 + tall)], 0.026, dark)
        if kind.marks == "tiger":
            for side in (-1, 1):
                for dy in (-0.02, 0.06):
                    pen.stroke([(side * 0.285, y + dy), (side * 0.2, y + dy + 0.01)], 0.026, dark)
                for dy in (-0.38, -0.28, -0.18):
                    pen.stroke([(side * 0.235, dy), (side * 0.16, dy + 0.02)], 0.028, dark)
    elif kind.marks == "cow":
        spot = hexed("4a4048") if lch(coat).lightness > 0.8 else shade(coat, -0.2)
        pen.blob(
            [
                (0.04, y - 0.2),
                (0.19, y - 0.18),
                (0.24, y - 0.02),
                (0.13, y + 0.05),
                (0.05, y - 0.04),
            ],
            spot,
        )
        pen.blob([(-0.24, -0.32), (-0.17, -0.4), (-0.13, -0.25), (-0.2, -0.16)], spot)
    elif kind.marks == "patch":
        pen.blob(
            [
                (-0.19, y - 0.13),
                (-0.07, y - 0.13),
                (-0.05, y + 0.02),
                (-0.14, y + 0.07),
                (-0.22, y - 0.01),
            ],
            shade(coat, -0.12),
        )
    elif kind.marks == "wool":
        for dx in (-0.16, -0.08, 0.0, 0.08, 0.16):
            pen.ball((x + dx, y - 0.21 + abs(dx) * 0.3), 0.085, 0.075, coat)


def eyes(pen: Pen, y: float, apart: float, size: float = 0.033) -> None:
    """Two friendly eyes."""
    for side in (-1, 1):
        pen.oval((side * apart, y), size, size * 1.18, INK)
        pen.oval((side * apart - size * 0.3, y - size * 0.42), size * 0.36, size * 0.36, WHITE)


def _face(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    _, y = HEAD
    nose = hexed(kind.nose)
    if kind.face == "frog":
        for side in (-1, 1):
            pen.oval((side * 0.165, -0.905), 0.06, 0.06, WHITE)
            pen.oval((side * 0.165, -0.9), 0.036, 0.042, INK)
        pen.stroke(
            [(-0.17, y + 0.02), (-0.08, y + 0.085), (0.08, y + 0.085), (0.17, y + 0.02)],
            0.016,
            shade(coat, -0.28),
        )
    else:
        if kind.face == "monkey":
            pen.blob(
                [
                    (0, y - 0.08),
                    (0.12, y - 0.14),
                    (0.2, y - 0.02),
                    (0.14, y + 0.17),
                    (0, y + 0.2),
                    (-0.14, y + 0.17),
                    (-0.2, y - 0.02),
                    (-0.12, y - 0.14),
                ],
                belly,
            )
        eyes(pen, y - (0.0 if kind.face != "fox" else 0.015), 0.125)
        _muzzle(pen, kind, coat, belly, nose)
    for side in (-1, 1):
        pen.oval(
            (side * 0.2, y + 0.085),
            0.05,
            0.032,
            blush(coat if lch(coat).lightness > 0.45 else belly),
        )


def _smile(pen: Pen, y: float, wide: float, colour: Colour) -> None:
    for side in (-1, 1):
        pen.stroke(
            [(0, y), (side * wide * 0.5, y + wide * 0.5), (side * wide, y + wide * 0.1)],
            0.014,
            colour,
        )


def _muzzle(pen: Pen, kind: Species, coat: Colour, belly: Colour, nose: Colour) -> None:
    _, y = HEAD
    ink = mix(INK, coat, 0.15)
    if kind.face == "snout":
        pen.stroke([(-0.07, y + 0.16), (0, y + 0.185), (0.07, y + 0.16)], 0.016, shade(coat, -0.3))
        snout = (
            shade(coat, -0.07, chroma=1.25)
            if kind.coat != "f6a9b4" or coat != hexed(kind.coat)
            else nose
        )
        pen.ball((0, y + 0.07), 0.115, 0.08, snout)
        for side in (-1, 1):
            pen.oval((side * 0.042, y + 0.07), 0.019, 0.029, shade(snout, -0.24))
    elif kind.face in ("cow", "sheep"):
        pen.ball(
            (0, y + 0.12),
            0.17 if kind.face == "cow" else 0.1,
            0.1 if kind.face == "cow" else 0.08,
            nose if kind.face == "cow" else hexed("f3dcc8"),
        )
        for side in (-1, 1):
            pen.oval((side * 0.06, y + 0.1), 0.02, 0.024, shade(nose, -0.25))
        _smile(pen, y + 0.15, 0.05, ink)
    elif kind.face == "koala":
        pen.ball((0, y + 0.05), 0.062, 0.095, nose)
        _smile(pen, y + 0.15, 0.06, ink)
    else:
        if kind.face in ("dog", "bear", "mouse", "rabbit"):
            pen.oval((0, y + 0.1), 0.125, 0.092, belly)
        elif kind.face == "cat":
            for side in (-1, 1):
                pen.oval((side * 0.05, y + 0.105), 0.068, 0.055, belly)
        place = y + (0.19 if kind.face == "fox" else 0.055)
        size = 0.045 if kind.face in ("dog", "bear", "fox") else 0.03
        pen.blob(
            [
                (-size, place - size * 0.6),
                (0, place - size * 0.7),
                (size, place - size * 0.6),
                (size * 0.4, place + size * 0.5),
                (0, place + size * 0.8),
                (-size * 0.4, place + size * 0.5),
            ],
            nose,
        )
        if kind.face != "fox":
            pen.stroke([(0, place + size * 0.6), (0, place + 0.055)], 0.013, ink)
            _smile(pen, place + 0.055, 0.06, ink)
        if kind.face == "dog":
            pen.blob(
                [
                    (-0.03, y + 0.14),
                    (0.03, y + 0.14),
                    (0.032, y + 0.19),
                    (0, y + 0.21),
                    (-0.032, y + 0.19),
                ],
                hexed("ef7d88"),
            )
        if kind.face == "rabbit":
            pen.box(-0.024, y + 0.135, 0.024, y + 0.175, WHITE, 0.008)
        if kind.face in ("cat", "mouse"):
            for side in (-1, 1):
                for dy in (-0.015, 0.025):
                    pen.stroke(
                        [(side * 0.14, y + 0.1 + dy * 0.5), (side * 0.3, y + 0.085 + dy * 1.8)],
                        0.007,
                        mix(WHITE, coat, 0.3),
                    )
