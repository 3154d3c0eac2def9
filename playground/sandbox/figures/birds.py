"""Birds: owl, penguin, songbird, duck, chick."""

from ..canvas import smooth
from ..colours import Colour, hexed, mix, shade
from .faces import eyes
from .pen import INK, WHITE, Pen, blush, both, outline


def draw_owl(pen: Pen, colour: Colour | None) -> None:
    """An owl, seen from the front."""
    coat = colour or hexed("8d6a4f")
    belly = mix(coat, hexed("ffeed2"), 0.7)
    for part in both([(0.08, -0.86), (0.24, -1.02), (0.3, -0.7)]):
        pen.poly(part, shade(coat, -0.06))
    pen.solid(
        smooth(
            outline("0,-0.93 0.25,-0.86 0.34,-0.5 0.26,-0.1 0,0 -0.26,-0.1 -0.34,-0.5 -0.25,-0.86")
        ),
        coat,
    )
    pen.oval((0, -0.3), 0.22, 0.27, belly)
    for row in range(3):
        for index in range(-1 - row % 2, 2):
            x = index * 0.1 + (0.05 if row % 2 else 0)
            pen.stroke(
                [
                    (x - 0.03, -0.42 + row * 0.1),
                    (x, -0.39 + row * 0.1),
                    (x + 0.03, -0.42 + row * 0.1),
                ],
                0.014,
                shade(coat, 0.05),
            )
    for side in (-1, 1):
        pen.solid(
            smooth(
                [(side * 0.27, -0.6), (side * 0.37, -0.4), (side * 0.3, -0.08), (side * 0.22, -0.3)]
            ),
            shade(coat, -0.09),
        )
        pen.ball((side * 0.12, -0.68), 0.125, 0.125, belly)
        pen.oval((side * 0.115, -0.68), 0.078, 0.078, hexed("ffc94d"))
        pen.oval((side * 0.11, -0.68), 0.05, 0.05, INK)
        pen.oval((side * 0.11 - 0.018, -0.7), 0.016, 0.016, WHITE)
        pen.ball((side * 0.1, -0.015), 0.055, 0.03, hexed("f0a63c"))
    pen.blob([(-0.035, -0.63), (0.035, -0.63), (0, -0.54)], hexed("f0a63c"))


def draw_penguin(pen: Pen, colour: Colour | None) -> None:
    """A penguin, seen from the front."""
    coat = colour or hexed("2c3550")
    for side in (-1, 1):
        pen.ball((side * 0.12, -0.02), 0.11, 0.045, hexed("f5a53c"))
        pen.solid(
            smooth(
                [
                    (side * 0.24, -0.6),
                    (side * 0.4, -0.34),
                    (side * 0.37, -0.22),
                    (side * 0.25, -0.34),
                ]
            ),
            shade(coat, -0.03),
        )
    pen.solid(
        smooth(
            outline(
                "0,-0.97 0.22,-0.88 0.29,-0.52 0.28,-0.14 "
                "0,-0.01 -0.28,-0.14 -0.29,-0.52 -0.22,-0.88"
            )
        ),
        coat,
    )
    pen.blob(
        outline(
            "0,-0.79 0.1,-0.85 0.185,-0.73 0.16,-0.58 0.21,-0.3 0.15,-0.09 "
            "0,-0.05 -0.15,-0.09 -0.21,-0.3 -0.16,-0.58 -0.185,-0.73 "
            "-0.1,-0.85"
        ),
        hexed("f8fafc"),
    )
    eyes(pen, -0.72, 0.09, 0.028)
    pen.blob(outline("-0.055,-0.66 0,-0.685 0.055,-0.66 0,-0.6"), hexed("f5a53c"))
    for side in (-1, 1):
        pen.oval((side * 0.135, -0.645), 0.035, 0.022, hexed("fbc3c0"))


def draw_bird(pen: Pen, colour: Colour | None) -> None:
    """A little round bird, seen from the side."""
    coat = colour or hexed("4aa3d8")
    belly = mix(coat, hexed("fff1d8"), 0.75)
    for x in (-0.05, 0.07):
        pen.stroke([(x, -0.18), (x, -0.02), (x + 0.06, 0.0)], 0.022, hexed("c9823a"))
    pen.solid(outline("-0.3,-0.4 -0.66,-0.5 -0.7,-0.38 -0.3,-0.24"), shade(coat, -0.1))
    pen.ball((0, -0.42), 0.37, 0.29, coat)
    pen.ball((0.17, -0.72), 0.23, 0.21, coat)
    pen.blob(outline("0.3,-0.56 0.34,-0.36 0.14,-0.16 -0.1,-0.15 0.06,-0.4"), belly)
    pen.solid(
        smooth(outline("0.08,-0.55 0.04,-0.34 -0.22,-0.26 -0.44,-0.36 -0.2,-0.56")),
        shade(coat, -0.08),
    )
    pen.poly([(0.38, -0.76), (0.54, -0.69), (0.38, -0.64)], hexed("f5a53c"))
    pen.oval((0.25, -0.76), 0.036, 0.042, INK)
    pen.oval((0.237, -0.776), 0.013, 0.013, WHITE)
    pen.oval((0.24, -0.66), 0.04, 0.026, blush(coat))


def draw_duck(pen: Pen, colour: Colour | None) -> None:
    """A duck, seen from the side."""
    coat = colour or hexed("ffd75e")
    for x in (-0.06, 0.1):
        pen.blob([(x - 0.06, 0), (x + 0.1, 0), (x + 0.03, -0.12)], hexed("f08a3c"))
    pen.solid(
        smooth(outline("-0.52,-0.52 -0.3,-0.46 0.1,-0.5 0.36,-0.34 0.3,-0.1 0,-0.04 -0.32,-0.1")),
        coat,
        depth=0.07,
    )
    pen.solid(
        smooth(outline("-0.3,-0.4 0.02,-0.44 0.12,-0.28 -0.06,-0.17 -0.3,-0.24")),
        shade(coat, -0.07),
    )
    pen.ball((0.24, -0.68), 0.24, 0.23, coat)
    pen.blob(outline("0.43,-0.68 0.62,-0.66 0.64,-0.6 0.43,-0.57"), hexed("f08a3c"))
    pen.oval((0.31, -0.73), 0.036, 0.043, INK)
    pen.oval((0.297, -0.747), 0.013, 0.013, WHITE)


def draw_chick(pen: Pen, colour: Colour | None) -> None:
    """A chick, seen from the front."""
    coat = colour or hexed("ffdf6b")
    for side in (-1, 1):
        pen.stroke(
            [(side * 0.1, -0.12), (side * 0.1, 0.0), (side * 0.16, 0.0)], 0.026, hexed("ee8d3a")
        )
        pen.ball((side * 0.34, -0.4), 0.09, 0.16, shade(coat, -0.05), turn=side * -24)
    pen.ball((0, -0.45), 0.36, 0.37, coat)
    pen.stroke([(0, -0.8), (0.02, -0.9), (0.08, -0.93)], 0.03, coat)
    pen.stroke([(0, -0.8), (-0.04, -0.88), (-0.09, -0.89)], 0.03, coat)
    eyes(pen, -0.52, 0.13, 0.036)
    pen.blob(outline("-0.055,-0.45 0,-0.49 0.055,-0.45 0,-0.38"), hexed("ee8d3a"))
    for side in (-1, 1):
        pen.oval((side * 0.2, -0.42), 0.05, 0.032, blush(coat))
