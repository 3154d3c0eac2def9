"""Houses, towers, ships and the like, drawn in the picture's own colours."""

from collections.abc import Callable
from dataclasses import dataclass

from ..canvas import smooth
from ..colours import Colour, hexed, lch, mix, shade
from ..palettes import Palette
from .others import rounded
from .pen import WHITE, Pen, outline


@dataclass(frozen=True)
class Paints:
    """The colours a landmark is painted with."""

    wall: Colour
    roof: Colour
    dark: Colour
    window: Colour
    accent: Colour


def paints_of(palette: Palette, accent: Colour | None = None) -> Paints:
    """Walls that stand out from the land, roofs in an accent, windows lit after dark."""
    roof = accent or palette.accents[1]
    if palette.dark:
        wall = mix(palette.near, palette.sky[1], 0.45)
        return Paints(
            wall,
            mix(roof, palette.near, 0.55),
            shade(wall, -0.08),
            hexed("ffd98a"),
            palette.accents[0],
        )
    wall = mix(hexed("f4e8d6"), palette.haze, 0.3)
    return Paints(
        wall,
        mix(roof, palette.near, 0.2),
        mix(palette.near, wall, 0.25),
        mix(palette.near, palette.sky[0], 0.4),
        palette.accents[0],
    )


def draw_house(pen: Pen, paints: Paints) -> None:
    """A small house with a chimney."""
    pen.box(0.16, -0.92, 0.26, -0.55, paints.dark)
    pen.solid(outline("-0.4,0.02 -0.4,-0.48 0.4,-0.48 0.4,0.02"), paints.wall, depth=0.03)
    pen.poly(outline("0.06,-0.48 0.4,-0.48 0.4,0.02 0.06,0.02"), shade(paints.wall, -0.05))
    pen.solid(outline("-0.5,-0.44 -0.3,-0.86 0.3,-0.86 0.5,-0.44"), paints.roof, depth=0.03)
    pen.box(-0.1, -0.3, 0.08, 0.02, paints.dark, radius=0.02)
    pen.oval((0.045, -0.13), 0.012, 0.012, paints.window)
    for x in (-0.28, 0.22):
        _window(pen, x, -0.26, 0.16, paints)


def _window(pen: Pen, x: float, y: float, size: float, paints: Paints) -> None:
    pen.box(
        x - size / 2 - 0.012,
        y - size / 2 - 0.012,
        x + size / 2 + 0.012,
        y + size / 2 + 0.012,
        mix(paints.wall, WHITE, 0.5),
    )
    pen.box(x - size / 2, y - size / 2, x + size / 2, y + size / 2, paints.window)
    pen.box(x - 0.008, y - size / 2, x + 0.008, y + size / 2, mix(paints.wall, WHITE, 0.5))
    pen.box(x - size / 2, y - 0.008, x + size / 2, y + 0.008, mix(paints.wall, WHITE, 0.5))


def draw_castle(pen: Pen, paints: Paints) -> None:
    """A castle with pointed towers."""
    back = shade(paints.wall, -0.06)
    for x, top, wide in ((-0.2, -0.9, 0.075), (0.22, -0.98, 0.08)):
        _tower(
            pen, x, top, wide, Paints(back, paints.roof, paints.dark, paints.window, paints.accent)
        )
    pen.solid(outline("-0.3,0.05 -0.3,-0.52 0.3,-0.52 0.3,0.05"), back, depth=0.02)
    _battlements(pen, -0.3, 0.3, -0.52, back)
    _tower(pen, 0.0, -1.02, 0.1, paints)
    pen.solid(outline("-0.48,0.08 -0.48,-0.32 0.48,-0.32 0.48,0.08"), paints.wall, depth=0.02)
    _battlements(pen, -0.48, 0.48, -0.32, paints.wall)
    for x in (-0.5, 0.5):
        _tower(pen, x, -0.6, 0.1, paints)
    pen.solid(
        smooth(outline("-0.09,0.08 -0.09,-0.1 0,-0.2 0.09,-0.1 0.09,0.08")),
        paints.dark,
        depth=0.01,
    )
    for x in (-0.27, 0.27):
        pen.box(x - 0.022, -0.2, x + 0.022, -0.1, paints.window, radius=0.02)


def _tower(pen: Pen, x: float, top: float, wide: float, paints: Paints) -> None:
    pen.box(x - wide, top, x + wide, 0.08, paints.wall)
    pen.box(x + wide * 0.35, top, x + wide, 0.08, shade(paints.wall, -0.06))
    pen.box(x - wide * 1.18, top - 0.02, x + wide * 1.18, top + 0.03, shade(paints.wall, 0.04))
    pen.solid(
        [(x - wide * 1.3, top), (x, top - wide * 2.9), (x + wide * 1.3, top)],
        paints.roof,
        depth=0.02,
    )
    pen.stroke([(x, top - wide * 2.9), (x, top - wide * 3.6)], 0.01, paints.dark)
    pen.poly(
        [(x, top - wide * 3.6), (x + wide * 0.9, top - wide * 3.35), (x, top - wide * 3.1)],
        paints.accent,
    )
    for y in (top + 0.1, top + 0.26):
        pen.box(x - 0.018, y, x + 0.018, y + 0.07, paints.window, radius=0.018)


def _battlements(pen: Pen, left: float, right: float, top: float, colour: Colour) -> None:
    count = round((right - left) / 0.08)
    for index in range(0, count, 2):
        x = left + (right - left) * index / count
        pen.box(x, top - 0.045, x + (right - left) / count, top + 0.01, colour)


def draw_lighthouse(pen: Pen, paints: Paints) -> None:
    """A striped lighthouse."""
    white = mix(hexed("fbf7ef"), paints.wall, 0.35)
    red = mix(hexed("d9483b"), paints.roof, 0.3)
    body = outline("-0.13,0.04 -0.085,-0.78 0.085,-0.78 0.13,0.04")
    pen.solid(body, white, depth=0.02)
    for index in range(0, 5, 2):
        low, high = -0.06 - index * 0.15, -0.2 - index * 0.15
        a, b = 0.13 + low * 0.0575, 0.13 + high * 0.0575
        pen.poly([(-a, low), (-b, high), (b, high), (a, low)], red)
    pen.poly(
        outline("0.04,-0.78 0.085,-0.78 0.13,0.04 0.06,0.04"),
        shade(white, -0.16) if lch(white).lightness < 0.5 else mix(white, red, 0.28),
    )
    pen.box(-0.13, -0.82, 0.13, -0.77, paints.dark)
    pen.box(-0.07, -0.93, 0.07, -0.82, hexed("ffe9a3"))
    pen.box(-0.008, -0.93, 0.008, -0.82, paints.dark)
    pen.solid(smooth([(-0.1, -0.92), (0, -1.06), (0.1, -0.92)]), red, depth=0.01)
    pen.stroke([(0, -1.04), (0, -1.1)], 0.012, paints.dark)
    pen.box(-0.035, -0.12, 0.035, 0.04, paints.dark, radius=0.03)


def draw_windmill(pen: Pen, paints: Paints) -> None:
    """A windmill with four sails."""
    pen.solid(outline("-0.2,0.04 -0.12,-0.66 0.12,-0.66 0.2,0.04"), paints.wall, depth=0.03)
    pen.solid(
        smooth(outline("-0.15,-0.64 -0.08,-0.8 0.08,-0.8 0.15,-0.64")),
        paints.roof,
        depth=0.02,
    )
    pen.box(-0.045, -0.16, 0.045, 0.04, paints.dark, radius=0.03)
    _window(pen, 0.0, -0.42, 0.09, paints)
    for dx, dy in ((0.64, -0.77), (0.77, 0.64), (-0.64, 0.77), (-0.77, -0.64)):
        x, y = dx * 0.56, dy * 0.56
        sx, sy = -dy * 0.11, dx * 0.11
        pen.poly(
            [
                (dx * 0.1, -0.7 + dy * 0.1),
                (x, -0.7 + y),
                (x + sx, -0.7 + y + sy),
                (dx * 0.1 + sx, -0.7 + dy * 0.1 + sy),
            ],
            mix(paints.wall, WHITE, 0.35),
        )
        pen.stroke([(0, -0.7), (x, -0.7 + y)], 0.02, paints.dark)
    pen.oval((0, -0.7), 0.04, 0.04, paints.dark)


def draw_church(pen: Pen, paints: Paints) -> None:
    """A village church."""
    pen.solid(
        outline("-0.1,0.03 -0.1,-0.36 0.46,-0.36 0.46,0.03"),
        shade(paints.wall, -0.04),
        depth=0.02,
    )
    pen.solid(outline("-0.1,-0.34 0,-0.56 0.38,-0.56 0.5,-0.34"), paints.roof, depth=0.02)
    pen.solid(outline("-0.34,0.03 -0.34,-0.68 -0.08,-0.68 -0.08,0.03"), paints.wall, depth=0.02)
    pen.solid([(-0.38, -0.67), (-0.21, -1.06), (-0.04, -0.67)], paints.roof, depth=0.02)
    pen.stroke([(-0.21, -1.05), (-0.21, -1.18)], 0.018, paints.dark)
    pen.stroke([(-0.25, -1.13), (-0.17, -1.13)], 0.018, paints.dark)
    for x in (0.08, 0.22, 0.36):
        pen.box(x - 0.025, -0.26, x + 0.025, -0.1, paints.window, radius=0.025)
    pen.box(-0.245, -0.56, -0.175, -0.42, paints.window, radius=0.03)
    pen.box(-0.255, -0.16, -0.165, 0.03, paints.dark, radius=0.03)


def draw_boat(pen: Pen, paints: Paints) -> None:
    """A sailing boat."""
    sail = mix(hexed("fffaf0"), paints.accent, 0.12)
    pen.stroke([(0.02, -0.14), (0.02, -1.0)], 0.022, paints.dark)
    pen.solid(
        outline("0,-0.97 -0.06,-0.7 -0.34,-0.2 0,-0.2"),
        mix(sail, paints.accent, 0.5),
        depth=0.03,
    )
    pen.solid(
        smooth(outline("0.05,-0.95 0.06,-0.95 0.32,-0.5 0.4,-0.22 0.38,-0.2 0.05,-0.2")),
        sail,
        depth=0.03,
    )
    pen.poly([(0.02, -1.0), (0.16, -0.96), (0.02, -0.92)], paints.roof)
    pen.solid(
        smooth(outline("-0.46,-0.16 0,-0.15 0.5,-0.17 0.36,0 0,0.03 -0.34,0")),
        mix(paints.roof, paints.dark, 0.25),
        depth=0.03,
    )
    pen.stroke([(-0.43, -0.14), (0.47, -0.145)], 0.024, mix(sail, paints.wall, 0.4))


def draw_balloon(pen: Pen, paints: Paints) -> None:
    """A hot air balloon."""
    first, second = paints.accent, mix(hexed("fff6e4"), paints.accent, 0.08)
    pen.stroke([(-0.13, -0.36), (-0.07, -0.12)], 0.01, paints.dark)
    pen.stroke([(0.13, -0.36), (0.07, -0.12)], 0.01, paints.dark)
    envelope = outline(
        "0,-1 0.26,-0.93 0.37,-0.7 0.28,-0.48 0.12,-0.33 -0.12,-0.33 "
        "-0.28,-0.48 -0.37,-0.7 -0.26,-0.93"
    )
    pen.solid(smooth(envelope), first, depth=0.06)
    for part in (0.62, 0.22):
        tint = second if part == 0.62 else paints.roof
        pen.blob(
            [(x * part, y + (0.004 if y < -0.9 else 0)) for x, y in envelope],
            mix(tint, first, 0.06),
        )
    pen.solid(rounded(-0.08, -0.13, 0.08, 0.0, 0.02), hexed("8a5a3c"), depth=0.02)
    pen.box(-0.09, -0.15, 0.09, -0.11, hexed("a9744f"), radius=0.015)


def draw_tent(pen: Pen, paints: Paints) -> None:
    """A tent with a light inside."""
    pen.solid(outline("-0.5,0 -0.06,-0.62 0.06,-0.62 0.5,0"), paints.accent, depth=0.03)
    pen.poly([(0.0, -0.62), (0.5, 0.0), (0.22, 0.0)], shade(paints.accent, -0.1))
    pen.poly([(0.0, -0.56), (0.15, 0.0), (-0.15, 0.0)], mix(paints.window, hexed("ffe7b0"), 0.6))
    pen.poly([(0.0, -0.56), (0.15, 0.0), (0.05, 0.0)], shade(paints.accent, -0.16))


def draw_rocket(pen: Pen, paints: Paints) -> None:
    """A rocket on its flame."""
    body, red = mix(hexed("f3f4f8"), paints.wall, 0.25), mix(hexed("e8505b"), paints.roof, 0.25)
    pen.blob(outline("-0.11,-0.14 0.11,-0.14 0.07,0.03 0,0.14 -0.07,0.03"), hexed("ff9a3d"))
    pen.blob([(-0.06, -0.14), (0.06, -0.14), (0, 0.05)], hexed("ffe37a"))
    for side in (-1, 1):
        pen.solid(
            smooth(
                [
                    (side * 0.13, -0.42),
                    (side * 0.34, -0.2),
                    (side * 0.3, -0.04),
                    (side * 0.12, -0.16),
                ]
            ),
            red,
            depth=0.02,
        )
    pen.solid(
        smooth(
            outline("0,-1.08 0.17,-0.82 0.21,-0.5 0.13,-0.14 -0.13,-0.14 -0.21,-0.5 -0.17,-0.82")
        ),
        body,
        depth=0.05,
    )
    pen.blob(outline("0,-1.08 0.135,-0.89 0.06,-0.855 -0.06,-0.855 -0.135,-0.89"), red)
    pen.ball((0, -0.62), 0.1, 0.1, paints.dark)
    pen.oval((0, -0.62), 0.072, 0.072, hexed("8fd8ff"))
    pen.oval((-0.022, -0.645), 0.02, 0.02, WHITE)


LANDMARKS: dict[str, Callable[[Pen, Paints], None]] = {
    "house": draw_house,
    "castle": draw_castle,
    "lighthouse": draw_lighthouse,
    "windmill": draw_windmill,
    "church": draw_church,
    "boat": draw_boat,
    "balloon": draw_balloon,
    "tent": draw_tent,
    "rocket": draw_rocket,
}
