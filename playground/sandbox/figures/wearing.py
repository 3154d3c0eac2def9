"""What a figure may wear: helmet, crown, hats, scarf, glasses, bow tie, flowers."""

import math

from ..canvas import smooth
from ..colours import Colour, hexed, shade
from .others import rounded
from .pen import WHITE, Pen

Head = tuple[float, float, float]


def dress(pen: Pen, wears: tuple[str, ...], head: Head, colour: Colour | None) -> None:
    """Put these on a figure whose head has this middle and half width."""
    hats = [
        name
        for name in wears
        if name in ("astronaut", "crown", "tophat", "partyhat", "wizard", "flowercrown")
    ]
    if "scarf" in wears:
        _scarf(pen, head, colour or hexed("d64550"))
    if "bowtie" in wears:
        _bow_tie(pen, head, colour or hexed("c63d54"))
    if "glasses" in wears:
        _glasses(pen, head)
    for name in hats[:1]:
        _HATS[name](pen, head)


def _scarf(pen: Pen, head: Head, red: Colour) -> None:
    x, y, r = head
    pen.solid(
        rounded(x - r * 0.75, y + r * 0.72, x + r * 0.75, y + r * 1.0, r * 0.14), red, depth=0.02
    )
    pen.solid(
        rounded(x + r * 0.18, y + r * 0.85, x + r * 0.5, y + r * 1.62, r * 0.08),
        shade(red, -0.05),
        depth=0.02,
    )
    for step in range(3):
        pen.box(
            x + r * 0.2,
            y + r * (1.1 + step * 0.17),
            x + r * 0.48,
            y + r * (1.16 + step * 0.17),
            hexed("f6d6a8"),
        )


def _bow_tie(pen: Pen, head: Head, red: Colour) -> None:
    x, y, r = head
    for side in (-1, 1):
        pen.solid(
            smooth(
                [
                    (x, y + r * 0.92),
                    (x + side * r * 0.42, y + r * 0.72),
                    (x + side * r * 0.42, y + r * 1.12),
                ]
            ),
            red,
            depth=0.02,
        )
    pen.ball((x, y + r * 0.92), r * 0.11, r * 0.12, shade(red, -0.08))


def _glasses(pen: Pen, head: Head) -> None:
    x, y, r = head
    for side in (-1, 1):
        pen.oval((x + side * r * 0.43, y), r * 0.35, r * 0.33, hexed("22202e"))
        pen.oval((x + side * r * 0.43, y), r * 0.28, r * 0.26, hexed("3f5f9a"))
        pen.stroke(
            [
                (x + side * r * 0.43 - r * 0.12, y + r * 0.02),
                (x + side * r * 0.43 + r * 0.06, y - r * 0.14),
            ],
            r * 0.06,
            hexed("a9c6f0"),
        )
    pen.stroke(
        [(x - r * 0.1, y - r * 0.05), (x + r * 0.1, y - r * 0.05)], r * 0.08, hexed("22202e")
    )


def _helmet(pen: Pen, head: Head) -> None:
    x, y, r = head
    suit = hexed("f1f4f8")
    pen.solid(
        rounded(x - r * 1.0, y + r * 0.86, x + r * 1.0, y + r * 1.16, r * 0.14), suit, depth=0.02
    )
    pen.solid(
        rounded(x - r * 0.42, y + r * 1.3, x + r * 0.42, y + r * 1.78, r * 0.08),
        hexed("e4e9f0"),
        depth=0.02,
    )
    for index, code in enumerate(("ff5d5d", "ffcf4a", "4ad6c8")):
        pen.oval((x - r * 0.2 + index * r * 0.2, y + r * 1.54), r * 0.07, r * 0.07, hexed(code))
    pen.glass((x, y - r * 0.12), r * 1.32)


def _crown(pen: Pen, head: Head) -> None:
    x, y, r = head
    gold, top = hexed("f6c544"), y - r * 0.78
    points = [
        (x - r * 0.5, top),
        (x - r * 0.58, top - r * 0.5),
        (x - r * 0.26, top - r * 0.24),
        (x, top - r * 0.62),
        (x + r * 0.26, top - r * 0.24),
        (x + r * 0.58, top - r * 0.5),
        (x + r * 0.5, top),
    ]
    pen.solid(points, gold, depth=0.02)
    for dx, dy, code in ((-0.58, -0.52, "ff6b8a"), (0, -0.66, "6fd6ff"), (0.58, -0.52, "ff6b8a")):
        pen.oval((x + dx * r, top + dy * r), r * 0.08, r * 0.08, hexed(code))
    pen.box(x - r * 0.5, top - r * 0.1, x + r * 0.5, top + r * 0.03, shade(gold, -0.1), radius=0.01)


def _top_hat(pen: Pen, head: Head) -> None:
    x, y, r = head
    top = y - r * 0.72
    pen.solid(
        rounded(x - r * 0.44, top - r * 0.85, x + r * 0.44, top + r * 0.05, r * 0.06),
        hexed("2d2a3a"),
        depth=0.02,
    )
    pen.box(x - r * 0.44, top - r * 0.2, x + r * 0.44, top - r * 0.04, hexed("c63d54"))
    pen.ball((x, top + r * 0.03), r * 0.8, r * 0.11, hexed("262432"))


def _party_hat(pen: Pen, head: Head) -> None:
    x, y, r = head
    top = y - r * 0.72
    pen.solid(
        [(x - r * 0.42, top), (x, top - r * 0.95), (x + r * 0.42, top)], hexed("4fb3d9"), depth=0.02
    )
    for dx, dy, code in ((-0.12, -0.2, "ffe066"), (0.14, -0.3, "ff6b8a"), (-0.02, -0.55, "ffffff")):
        pen.oval((x + dx * r, top + dy * r), r * 0.08, r * 0.08, hexed(code))
    pen.ball((x, top - r * 0.97), r * 0.13, r * 0.13, hexed("ffe066"))


def _wizard_hat(pen: Pen, head: Head) -> None:
    x, y, r = head
    top, blue = y - r * 0.66, hexed("3b3486")
    pen.solid(
        smooth(
            [
                (x - r * 0.62, top),
                (x - r * 0.2, top - r * 0.75),
                (x + r * 0.16, top - r * 1.25),
                (x + r * 0.3, top - r * 0.75),
                (x + r * 0.62, top),
            ]
        ),
        blue,
        depth=0.03,
    )
    pen.ball((x, top), r * 0.95, r * 0.13, shade(blue, -0.05))
    for dx, dy in ((-0.2, -0.25), (0.2, -0.45), (0.06, -0.85)):
        _star(pen, x + dx * r, top + dy * r, r * 0.12)


def _star(pen: Pen, x: float, y: float, size: float) -> None:
    points = []
    for index in range(10):
        reach = size if index % 2 == 0 else size * 0.42
        angle = math.pi * index / 5 - math.pi / 2
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    pen.poly(points, hexed("ffd95a"))


def _flower_crown(pen: Pen, head: Head) -> None:
    x, y, r = head
    for index, code in enumerate(("ff8fa3", "ffd166", "ffffff", "c9a0ff", "ff8fa3")):
        angle = math.pi * (1.22 + index * 0.14)
        px, py = x + r * 0.9 * math.cos(angle), y + r * 0.85 * math.sin(angle)
        for petal in range(5):
            turn = math.tau * petal / 5
            pen.oval(
                (px + r * 0.09 * math.cos(turn), py + r * 0.09 * math.sin(turn)),
                r * 0.08,
                r * 0.08,
                hexed(code),
            )
        pen.oval((px, py), r * 0.06, r * 0.06, hexed("f2a93b") if code != "ffd166" else WHITE)


_HATS = {
    "astronaut": _helmet,
    "crown": _crown,
    "tophat": _top_hat,
    "partyhat": _party_hat,
    "wizard": _wizard_hat,
    "flowercrown": _flower_crown,
}
