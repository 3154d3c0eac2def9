"""Figures with a build of their own: birds, fish, robot, person, and a pig that stands."""

import math
from collections.abc import Callable

from ..canvas import Point, smooth
from ..colours import Colour, hexed, mix, shade
from .birds import draw_bird, draw_chick, draw_duck, draw_owl, draw_penguin
from .pen import INK, WHITE, Pen, blush, outline


def draw_standing_pig(pen: Pen, colour: Colour | None) -> None:
    """A pig seen from the side, looking at us."""
    coat = colour or hexed("f6a9b4")
    dark, hoof = shade(coat, -0.08), shade(coat, -0.28, chroma=0.8)
    curl = [
        (-0.53 - 0.055 * math.cos(i / 2.6) - i * 0.004, -0.5 - 0.055 * math.sin(i / 2.6))
        for i in range(20)
    ]
    pen.stroke([(-0.45, -0.45), *curl], 0.035, dark)
    for x in (-0.3, 0.2):
        _leg(pen, x, dark, hoof)
    pen.solid(
        smooth(
            outline(
                "-0.5,-0.46 -0.36,-0.7 0,-0.77 0.3,-0.7 0.44,-0.45 0.34,-0.2 0,-0.13 -0.36,-0.19"
            )
        ),
        coat,
        depth=0.09,
    )
    for x in (-0.4, 0.09):
        _leg(pen, x, coat, hoof)
    x, y = 0.36, -0.6
    for side in (-1, 1):
        ear = [
            (x + side * dx, y + dy)
            for dx, dy in ((0.06, -0.19), (0.12, -0.3), (0.25, -0.33), (0.28, -0.26), (0.22, -0.12))
        ]
        pen.solid(smooth(ear), coat, depth=0.03)
        pen.poly(
            smooth([(a + (x + side * 0.18 - a) * 0.4, b + (y - 0.21 - b) * 0.4) for a, b in ear]),
            shade(coat, -0.09, chroma=1.2),
        )
    pen.ball((x, y), 0.26, 0.235, coat)
    snout = shade(coat, -0.07, chroma=1.25)
    pen.stroke(
        [(x - 0.04, y + 0.155), (x + 0.02, y + 0.175), (x + 0.08, y + 0.15)],
        0.015,
        shade(coat, -0.3),
    )
    pen.ball((x + 0.02, y + 0.06), 0.105, 0.075, snout)
    for side in (-1, 1):
        pen.oval((x + 0.02 + side * 0.038, y + 0.06), 0.018, 0.027, shade(snout, -0.24))
        pen.oval((x + 0.01 + side * 0.12, y - 0.04), 0.03, 0.036, INK)
        pen.oval((x + side * 0.12, y - 0.053), 0.011, 0.011, WHITE)
        pen.oval((x + side * 0.175, y + 0.06), 0.042, 0.027, blush(coat))


def _leg(pen: Pen, x: float, coat: Colour, hoof: Colour) -> None:
    pen.solid(
        smooth([(x, -0.35), (x + 0.17, -0.35), (x + 0.15, -0.02), (x + 0.02, -0.02)]),
        coat,
        depth=0.03,
    )
    pen.box(x + 0.012, -0.06, x + 0.155, 0.0, hoof, radius=0.02)


def draw_fish(pen: Pen, colour: Colour | None) -> None:
    """A fish, seen from the side."""
    coat = colour or hexed("ff8f4a")
    fin = shade(coat, -0.07, turn=-8)
    band = mix(coat, WHITE, 0.75)
    pen.solid(smooth(outline("-0.36,-0.5 -0.72,-0.76 -0.64,-0.5 -0.72,-0.24")), fin)
    pen.solid(smooth([(-0.14, -0.72), (0.05, -0.9), (0.26, -0.74)]), fin)
    pen.solid(smooth([(-0.06, -0.28), (-0.12, -0.12), (0.12, -0.26)]), fin)
    body = smooth(outline("-0.46,-0.5 -0.2,-0.72 0.2,-0.76 0.52,-0.5 0.2,-0.25 -0.2,-0.29"))
    pen.solid(body, coat, depth=0.08)
    pen.blob(
        outline("0.14,-0.745 0.24,-0.74 0.3,-0.5 0.22,-0.265 0.12,-0.26 0.2,-0.5"),
        band,
    )
    pen.blob(
        outline("-0.22,-0.7 -0.12,-0.72 -0.07,-0.5 -0.13,-0.275 -0.23,-0.3 -0.15,-0.5"),
        band,
    )
    pen.solid(smooth(outline("0.02,-0.5 -0.16,-0.42 -0.12,-0.34 0.06,-0.4")), fin)
    pen.oval((0.38, -0.56), 0.05, 0.055, WHITE)
    pen.oval((0.39, -0.555), 0.032, 0.038, INK)
    pen.oval((0.38, -0.572), 0.012, 0.012, WHITE)
    pen.stroke([(0.505, -0.48), (0.46, -0.44), (0.41, -0.44)], 0.014, shade(coat, -0.25))


def draw_whale(pen: Pen, colour: Colour | None) -> None:
    """A whale, seen from the side."""
    coat = colour or hexed("4a7fb5")
    pen.solid(
        smooth(
            outline(
                "-0.52,-0.5 -0.82,-0.86 -0.66,-0.84 -0.6,-0.74 -0.5,-0.88 -0.38,-0.84 -0.42,-0.52"
            )
        ),
        shade(coat, -0.04),
    )
    pen.solid(
        smooth(
            outline(
                "-0.58,-0.56 -0.2,-0.6 0.3,-0.76 0.68,-0.6 "
                "0.74,-0.34 0.5,-0.12 0.1,-0.08 -0.3,-0.22"
            )
        ),
        coat,
        depth=0.09,
    )
    belly = mix(coat, WHITE, 0.7)
    pen.blob(
        outline("0.735,-0.34 0.5,-0.12 0.1,-0.08 -0.2,-0.18 0.2,-0.24 0.5,-0.32"),
        belly,
    )
    for x in (0.1, 0.26, 0.42):
        pen.stroke(
            [(x, -0.22 - (x - 0.1) * 0.2), (x - 0.02, -0.14), (x - 0.05, -0.09)],
            0.012,
            mix(belly, coat, 0.4),
        )
    pen.solid(smooth(outline("0.12,-0.26 0,-0.06 0.06,0 0.26,-0.22")), shade(coat, -0.08))
    pen.oval((0.52, -0.42), 0.03, 0.036, INK)
    pen.oval((0.512, -0.432), 0.011, 0.011, WHITE)
    for dx in (-0.09, 0.0, 0.09):
        pen.stroke(
            [(0.3, -0.82), (0.3 + dx * 0.6, -0.95), (0.3 + dx * 1.6, -0.98 + abs(dx))],
            0.024,
            hexed("cfeaf7"),
        )


def draw_robot(pen: Pen, colour: Colour | None) -> None:
    """A friendly robot."""
    metal = colour or hexed("9fb4c7")
    dark, lamp = shade(metal, -0.22), hexed("6ff2e0")
    pen.stroke([(0, -0.9), (0, -1.06)], 0.03, dark)
    pen.ball((0, -1.09), 0.05, 0.05, hexed("ff6b6b"))
    for side in (-1, 1):
        pen.box(side * 0.13 - 0.055, -0.2, side * 0.13 + 0.055, -0.02, dark, radius=0.03)
        pen.box(side * 0.15 - 0.1, -0.07, side * 0.15 + 0.1, 0.0, shade(metal, -0.1), radius=0.035)
        pen.stroke([(side * 0.28, -0.42), (side * 0.4, -0.34), (side * 0.38, -0.2)], 0.065, dark)
        pen.ball((side * 0.38, -0.17), 0.07, 0.07, metal)
        pen.box(side * 0.34 - 0.035, -0.76, side * 0.34 + 0.035, -0.6, dark, radius=0.02)
    pen.solid(rounded(-0.28, -0.52, 0.28, -0.13, 0.1), metal)
    pen.solid(rounded(-0.33, -0.94, 0.33, -0.47, 0.14), metal)
    pen.box(-0.25, -0.85, 0.25, -0.58, hexed("1d2536"), radius=0.1)
    for side in (-1, 1):
        pen.oval((side * 0.115, -0.735), 0.05, 0.06, lamp)
        pen.oval((side * 0.115 - 0.016, -0.755), 0.016, 0.018, WHITE)
    pen.stroke([(-0.06, -0.64), (0, -0.62), (0.06, -0.64)], 0.018, lamp)
    pen.box(-0.16, -0.42, 0.16, -0.22, shade(metal, 0.08), radius=0.04)
    for index, code in enumerate(("ff6b6b", "ffd166", "6ff2e0")):
        pen.oval((-0.085 + index * 0.085, -0.32), 0.028, 0.028, hexed(code))


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> list[Point]:
    """The outline of a rectangle with round corners."""
    points: list[Point] = []
    for x, y, start in (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    ):
        for step in range(9):
            angle = math.radians(start + 90 * step / 8)
            points.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return points


# Skin and hair that go with each other.
_LOOKS = (
    ("e8b48e", "3a2430"),
    ("f2cdb0", "a5562f"),
    ("8d5a3c", "231a22"),
    ("c98d62", "2e2028"),
    ("f0c9a8", "d9a94f"),
    ("6f4530", "1c151b"),
)


def draw_person(pen: Pen, colour: Colour | None) -> None:
    """Head and shoulders of somebody with long hair, eyes closed, as posters draw them."""
    coat, skin, hair = _look(colour)
    long = (
        "0,-1.1 0.27,-1.02 0.36,-0.76 0.35,-0.5 0.42,-0.26 0.2,-0.2 "
        "-0.22,-0.2 -0.42,-0.28 -0.34,-0.5 -0.36,-0.78 -0.25,-1.03"
    )
    pen.solid(smooth(outline(long)), hair, depth=0.04)
    _bust(pen, coat, skin)
    pen.blob(outline("0.06,-1.08 0.24,-1.02 0.29,-0.8 0.24,-0.72 0.16,-0.88 0,-0.95"), hair)
    pen.blob(outline("0.08,-1.07 -0.18,-1.04 -0.3,-0.84 -0.25,-0.66 -0.2,-0.82 -0.04,-0.92"), hair)
    _resting_face(pen, skin, hair)
    for side in (-1, 1):
        pen.oval((side * 0.25, -0.62), 0.022, 0.022, hexed("ffd166"))


def draw_man(pen: Pen, colour: Colour | None) -> None:
    """Head and shoulders of somebody with short hair."""
    coat, skin, hair = _look(colour)
    for side in (-1, 1):
        pen.ball((side * 0.235, -0.7), 0.045, 0.065, shade(skin, -0.03))
    _bust(pen, coat, skin)
    cap = (
        "-0.25,-0.76 -0.27,-0.96 -0.12,-1.1 0.12,-1.1 0.28,-0.98 0.25,-0.76 "
        "0.2,-0.88 0.02,-0.92 -0.12,-0.88 -0.2,-0.86"
    )
    pen.solid(smooth(outline(cap)), hair, depth=0.03)
    if sum(coat) % 2:
        beard = (
            "-0.235,-0.7 -0.2,-0.52 0,-0.41 0.2,-0.52 0.235,-0.7 "
            "0.15,-0.62 0.07,-0.615 0,-0.6 -0.07,-0.615 -0.15,-0.62"
        )
        pen.blob(outline(beard), hair)
    _resting_face(pen, skin, hair)


def _look(colour: Colour | None) -> tuple[Colour, Colour, Colour]:
    """Clothes, skin, hair. The clothes settle the rest: one colour is always the same person."""
    coat = colour or hexed("d8604c")
    skin, hair = _LOOKS[sum(coat) % len(_LOOKS)]
    return coat, hexed(skin), hexed(hair)


def _bust(pen: Pen, coat: Colour, skin: Colour) -> None:
    neck = outline("-0.1,-0.55 0.1,-0.55 0.12,-0.25 -0.12,-0.25")
    pen.solid(neck, shade(skin, -0.08), depth=0.02)
    shoulders = (
        "-0.62,0.15 -0.58,-0.1 -0.36,-0.25 -0.13,-0.31 0,-0.24 "
        "0.13,-0.31 0.36,-0.25 0.58,-0.1 0.62,0.15"
    )
    pen.solid(smooth(outline(shoulders)), coat, depth=0.05)
    pen.blob(outline("-0.13,-0.32 0,-0.34 0.13,-0.32 0,-0.16"), shade(skin, -0.04))
    face = "0,-0.99 0.2,-0.92 0.24,-0.74 0.18,-0.56 0,-0.45 -0.18,-0.56 -0.24,-0.74 -0.2,-0.92"
    pen.solid(smooth(outline(face)), skin, depth=0.04)


def _resting_face(pen: Pen, skin: Colour, hair: Colour) -> None:
    for side in (-1, 1):
        pen.oval((side * 0.13, -0.64), 0.045, 0.028, blush(skin))
        pen.stroke([(side * 0.14, -0.735), (side * 0.1, -0.72), (side * 0.06, -0.735)], 0.014, hair)
    pen.stroke([(-0.05, -0.565), (0, -0.55), (0.05, -0.565)], 0.02, hexed("b5504e"))


OTHERS: dict[str, Callable[[Pen, Colour | None], None]] = {
    "owl": draw_owl,
    "penguin": draw_penguin,
    "bird": draw_bird,
    "duck": draw_duck,
    "chick": draw_chick,
    "fish": draw_fish,
    "whale": draw_whale,
    "robot": draw_robot,
    "person": draw_person,
    "man": draw_man,
}

# Where the head is: its middle, and its half width.
HEADS: dict[str, tuple[float, float, float]] = {
    "owl": (0, -0.68, 0.3),
    "penguin": (0, -0.75, 0.23),
    "bird": (0.17, -0.72, 0.23),
    "duck": (0.24, -0.68, 0.24),
    "chick": (0, -0.5, 0.34),
    "fish": (0.2, -0.5, 0.3),
    "whale": (0.45, -0.45, 0.3),
    "robot": (0, -0.7, 0.33),
    "person": (0, -0.74, 0.28),
    "man": (0, -0.74, 0.26),
    "standing pig": (0.36, -0.6, 0.26),
}
