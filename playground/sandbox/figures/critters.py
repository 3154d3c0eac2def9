"""Animals that sit and look at us: one build, many ears, tails and coats."""

import math
from collections.abc import Callable

from ..canvas import Point, smooth
from ..colours import Colour, hexed, mix, shade
from .faces import draw_face, draw_marks
from .pen import WHITE, Pen, both, outline
from .species import HEAD, SPECIES, Species


def draw_critter(pen: Pen, name: str, colour: Colour | None) -> None:
    """A sitting animal, seen from the front."""
    kind = SPECIES[name]
    coat = colour or hexed(kind.coat)
    belly = mix(coat, WHITE, 0.62) if colour else hexed(kind.belly)
    inner = shade(coat, -0.1, chroma=1.1) if colour else hexed(kind.inner)
    if kind.tail in _TAILS:
        _TAILS[kind.tail](pen, coat, belly)
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
    draw_marks(pen, kind, coat, belly)
    draw_face(pen, kind, coat, belly)


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
            outline(
                "0,-0.56 0.17,-0.48 0.265,-0.22 0.2,-0.03 0,0 -0.2,-0.03 -0.265,-0.22 -0.17,-0.48"
            )
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


def _curl(pen: Pen, coat: Colour, _: Colour) -> None:
    curl = [
        (
            0.24 + 0.075 * (1 - i / 34) * math.cos(i / 3.0) + i * 0.004,
            -0.17 + 0.06 * math.sin(i / 3.0),
        )
        for i in range(22)
    ]
    pen.stroke([(0.2, -0.1), *curl], 0.035, shade(coat, -0.06))


_LONG = "0.15,-0.06 0.38,-0.05 0.46,-0.22 0.4,-0.36 0.48,-0.46"


def _long(pen: Pen, coat: Colour, _: Colour) -> None:
    pen.stroke(outline(_LONG), 0.085, shade(coat, -0.06))


def _thin(pen: Pen, _: Colour, __: Colour) -> None:
    pen.stroke(outline(_LONG), 0.04, hexed("e9a3ab"))


def _tuft(pen: Pen, coat: Colour, belly: Colour) -> None:
    _long(pen, coat, belly)
    pen.ball((0.49, -0.47), 0.07, 0.08, shade(coat, -0.25))


def _ringed(pen: Pen, coat: Colour, belly: Colour) -> None:
    _long(pen, coat, belly)
    for point in outline(_LONG)[1:]:
        pen.ball(point, 0.05, 0.05, hexed("3d3f49"))


def _bushy(pen: Pen, coat: Colour, belly: Colour) -> None:
    brush = outline("0.12,-0.03 0.4,0 0.55,-0.2 0.5,-0.46 0.41,-0.55 0.34,-0.4 0.3,-0.2")
    pen.solid(smooth(brush), shade(coat, -0.06))
    pen.blob(outline("0.41,-0.55 0.5,-0.44 0.46,-0.36 0.41,-0.4 0.37,-0.36 0.35,-0.42"), belly)


def _wagging(pen: Pen, coat: Colour, _: Colour) -> None:
    pen.stroke(outline("0.18,-0.1 0.33,-0.16 0.4,-0.3"), 0.075, shade(coat, -0.06))


def _puff(pen: Pen, _: Colour, belly: Colour) -> None:
    pen.ball((0.27, -0.12), 0.09, 0.09, belly)


_TAILS: dict[str, Callable[[Pen, Colour, Colour], None]] = {
    "curl": _curl,
    "long": _long,
    "thin": _thin,
    "tuft": _tuft,
    "ringed": _ringed,
    "bushy": _bushy,
    "wag": _wagging,
    "puff": _puff,
}


def _mane(pen: Pen, colour: Colour) -> None:
    x, y = HEAD
    for index in range(18):
        angle = math.tau * index / 18
        pen.ball((x + 0.31 * math.cos(angle), y + 0.28 * math.sin(angle)), 0.12, 0.12, colour)
    pen.oval((x, y), 0.34, 0.3, colour)


def _ears(pen: Pen, ears: str, coat: Colour, inner: Colour) -> None:
    straight = ears in ("cat", "fox")
    for table, tint, depth in ((_EARS, coat, 0.03), (_INNER, inner, 0.0)):
        for part in both(table[ears]) if ears in table else ():
            edge = part if straight else smooth(part)
            if depth:
                pen.solid(edge, tint, depth=depth)
            else:
                pen.poly(edge, tint)
    if ears in _ROUND_EARS:
        _round_ears(pen, ears, coat, inner)
    if ears == "cow":
        for side in (-1, 1):
            pen.ball((side * 0.36, -0.76), 0.13, 0.065, coat, turn=side * 16)
            pen.oval((side * 0.37, -0.755), 0.08, 0.035, inner, turn=side * 16)


# Half width, distance from the middle, height.
_ROUND_EARS = {
    "round": (0.095, 0.215, -0.86),
    "dark": (0.095, 0.215, -0.86),
    "disc": (0.15, 0.27, -0.85),
    "monkey": (0.1, 0.31, -0.68),
}


def _round_ears(pen: Pen, ears: str, coat: Colour, inner: Colour) -> None:
    size, x, y = _ROUND_EARS[ears]
    for side in (-1, 1):
        pen.ball((side * x, y), size, size, inner if ears == "dark" else coat)
        pen.oval((side * x, y), size * 0.6, size * 0.6, inner)


_EARS: dict[str, list[Point]] = {
    "pig": outline("0.1,-0.87 0.17,-0.97 0.31,-1 0.36,-0.93 0.31,-0.78 0.24,-0.76"),
    "cat": outline("0.06,-0.87 0.1,-0.93 0.225,-1.05 0.245,-1.05 0.29,-0.85 0.285,-0.72"),
    "fox": outline("0.05,-0.86 0.1,-0.94 0.24,-1.1 0.26,-1.1 0.3,-0.86 0.27,-0.72"),
    "floppy": outline("0.17,-0.88 0.3,-0.87 0.39,-0.7 0.37,-0.52 0.29,-0.48 0.245,-0.62"),
    "long": outline("0.05,-0.85 0.04,-1.1 0.1,-1.28 0.17,-1.27 0.21,-1.08 0.19,-0.83"),
    "frog": outline("0.07,-0.86 0.09,-0.97 0.17,-1 0.25,-0.96 0.26,-0.84 0.17,-0.8"),
}
_INNER: dict[str, list[Point]] = {
    "pig": outline("0.19,-0.87 0.22,-0.93 0.3,-0.96 0.32,-0.92 0.29,-0.82 0.25,-0.81"),
    "cat": [(0.12, -0.88), (0.225, -0.99), (0.25, -0.82)],
    "fox": [(0.12, -0.88), (0.235, -1.02), (0.26, -0.83)],
    "long": outline("0.085,-0.9 0.08,-1.1 0.115,-1.2 0.15,-1.19 0.17,-1.05 0.155,-0.9"),
}
