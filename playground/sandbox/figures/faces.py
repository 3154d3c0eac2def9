"""The animals' faces: eyes, muzzles, cheeks, and the marks on their coats."""

from collections.abc import Callable

from ..colours import Colour, hexed, lch, mix, shade
from .pen import INK, WHITE, Pen, blush, both, outline
from .species import HEAD, Species

_, _Y = HEAD


def draw_marks(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    """Masks, stripes, spots."""
    if kind.marks in _MARKS:
        _MARKS[kind.marks](pen, coat, belly)


def _fox(pen: Pen, _: Colour, belly: Colour) -> None:
    for part in both(outline("0.02,0.02 0.14,-0.01 0.27,0.06 0.17,0.165 0,0.245", _Y)):
        pen.blob(part, belly)


def _panda(pen: Pen, _: Colour, __: Colour) -> None:
    for side in (-1, 1):
        pen.oval((side * 0.115, _Y - 0.005), 0.075, 0.095, hexed("2b2a33"), turn=side * 24)


def _raccoon(pen: Pen, _: Colour, __: Colour) -> None:
    mask = "-0.28,0 -0.12,-0.09 0,-0.03 0.12,-0.09 0.28,0 0.17,0.08 0,0.03 -0.17,0.08"
    pen.blob(outline(mask, _Y), hexed("3d3f49"))


def _tabby(pen: Pen, coat: Colour, _: Colour) -> None:
    for dx, tall in ((-0.07, 0.07), (0, 0.1), (0.07, 0.07)):
        pen.stroke([(dx, _Y - 0.225), (dx * 0.9, _Y - 0.225 + tall)], 0.026, shade(coat, -0.2))


def _tiger(pen: Pen, coat: Colour, belly: Colour) -> None:
    _tabby(pen, coat, belly)
    dark = shade(coat, -0.2)
    for side in (-1, 1):
        for dy in (-0.02, 0.06):
            pen.stroke([(side * 0.285, _Y + dy), (side * 0.2, _Y + dy + 0.01)], 0.026, dark)
        for dy in (-0.38, -0.28, -0.18):
            pen.stroke([(side * 0.235, dy), (side * 0.16, dy + 0.02)], 0.028, dark)


def _cow(pen: Pen, coat: Colour, _: Colour) -> None:
    spot = hexed("4a4048") if lch(coat).lightness > 0.8 else shade(coat, -0.2)
    pen.blob(outline("0.04,-0.2 0.19,-0.18 0.24,-0.02 0.13,0.05 0.05,-0.04", _Y), spot)
    pen.blob(outline("-0.24,-0.32 -0.17,-0.4 -0.13,-0.25 -0.2,-0.16"), spot)


def _patch(pen: Pen, coat: Colour, _: Colour) -> None:
    patch = "-0.19,-0.13 -0.07,-0.13 -0.05,0.02 -0.14,0.07 -0.22,-0.01"
    pen.blob(outline(patch, _Y), shade(coat, -0.12))


def _wool(pen: Pen, coat: Colour, _: Colour) -> None:
    for dx in (-0.16, -0.08, 0.0, 0.08, 0.16):
        pen.ball((dx, _Y - 0.21 + abs(dx) * 0.3), 0.085, 0.075, coat)


_MARKS: dict[str, Callable[[Pen, Colour, Colour], None]] = {
    "fox": _fox,
    "panda": _panda,
    "raccoon": _raccoon,
    "tabby": _tabby,
    "tiger": _tiger,
    "cow": _cow,
    "patch": _patch,
    "wool": _wool,
}


def eyes(pen: Pen, y: float, apart: float, size: float = 0.033) -> None:
    """Two friendly eyes."""
    for side in (-1, 1):
        pen.oval((side * apart, y), size, size * 1.18, INK)
        pen.oval((side * apart - size * 0.3, y - size * 0.42), size * 0.36, size * 0.36, WHITE)


def draw_face(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    """Eyes, muzzle, cheeks."""
    if kind.face == "frog":
        _frog(pen, coat)
    else:
        if kind.face == "monkey":
            mask = "0,-0.08 0.12,-0.14 0.2,-0.02 0.14,0.17 0,0.2 -0.14,0.17 -0.2,-0.02 -0.12,-0.14"
            pen.blob(outline(mask, _Y), belly)
        eyes(pen, _Y - (0.015 if kind.face == "fox" else 0.0), 0.125)
        _MUZZLES.get(kind.face, _small_muzzle)(pen, kind, coat, belly)
    cheek = blush(coat if lch(coat).lightness > 0.45 else belly)
    for side in (-1, 1):
        pen.oval((side * 0.2, _Y + 0.085), 0.05, 0.032, cheek)


def _frog(pen: Pen, coat: Colour) -> None:
    for side in (-1, 1):
        pen.oval((side * 0.165, -0.905), 0.06, 0.06, WHITE)
        pen.oval((side * 0.165, -0.9), 0.036, 0.042, INK)
    smile = outline("-0.17,0.02 -0.08,0.085 0.08,0.085 0.17,0.02", _Y)
    pen.stroke(smile, 0.016, shade(coat, -0.28))


def _smile(pen: Pen, y: float, wide: float, coat: Colour) -> None:
    for side in (-1, 1):
        curve = [(0, y), (side * wide * 0.5, y + wide * 0.5), (side * wide, y + wide * 0.1)]
        pen.stroke(curve, 0.014, mix(INK, coat, 0.15))


def _snout(pen: Pen, kind: Species, coat: Colour, _: Colour) -> None:
    pen.stroke(outline("-0.07,0.16 0,0.185 0.07,0.16", _Y), 0.016, shade(coat, -0.3))
    natural = coat == hexed(kind.coat)
    snout = hexed(kind.nose) if natural else shade(coat, -0.07, chroma=1.25)
    pen.ball((0, _Y + 0.07), 0.115, 0.08, snout)
    for side in (-1, 1):
        pen.oval((side * 0.042, _Y + 0.07), 0.019, 0.029, shade(snout, -0.24))


def _broad(pen: Pen, kind: Species, coat: Colour, _: Colour) -> None:
    cow = kind.face == "cow"
    muzzle = hexed(kind.nose) if cow else hexed("f3dcc8")
    pen.ball((0, _Y + 0.12), 0.17 if cow else 0.1, 0.1 if cow else 0.08, muzzle)
    for side in (-1, 1):
        pen.oval((side * 0.06, _Y + 0.1), 0.02, 0.024, shade(hexed(kind.nose), -0.25))
    _smile(pen, _Y + 0.15, 0.05, coat)


def _koala(pen: Pen, kind: Species, coat: Colour, _: Colour) -> None:
    pen.ball((0, _Y + 0.05), 0.062, 0.095, hexed(kind.nose))
    _smile(pen, _Y + 0.15, 0.06, coat)


def _small_muzzle(pen: Pen, kind: Species, coat: Colour, belly: Colour) -> None:
    """A nose on a lighter muzzle: cats, dogs, bears, mice, rabbits."""
    if kind.face == "cat":
        for side in (-1, 1):
            pen.oval((side * 0.05, _Y + 0.105), 0.068, 0.055, belly)
    elif kind.face != "monkey":
        pen.oval((0, _Y + 0.1), 0.125, 0.092, belly)
    size = 0.045 if kind.face in ("dog", "bear") else 0.03
    place = _Y + 0.055
    _nose(pen, place, size, hexed(kind.nose))
    pen.stroke([(0, place + size * 0.6), (0, place + 0.055)], 0.013, mix(INK, coat, 0.15))
    _smile(pen, place + 0.055, 0.06, coat)
    if kind.face == "dog":
        tongue = "-0.03,0.14 0.03,0.14 0.032,0.19 0,0.21 -0.032,0.19"
        pen.blob(outline(tongue, _Y), hexed("ef7d88"))
    elif kind.face == "rabbit":
        pen.box(-0.024, _Y + 0.135, 0.024, _Y + 0.175, WHITE, radius=0.008)
    elif kind.face in ("cat", "mouse"):
        _whiskers(pen, mix(WHITE, coat, 0.3))


def _fox_nose(pen: Pen, kind: Species, _: Colour, __: Colour) -> None:
    _nose(pen, _Y + 0.19, 0.045, hexed(kind.nose))


def _nose(pen: Pen, y: float, size: float, colour: Colour) -> None:
    shape = outline("-1,-0.6 0,-0.7 1,-0.6 0.4,0.5 0,0.8 -0.4,0.5")
    pen.blob([(px * size, y + py * size) for px, py in shape], colour)


def _whiskers(pen: Pen, colour: Colour) -> None:
    for side in (-1, 1):
        for dy in (-0.015, 0.025):
            line = [(side * 0.14, _Y + 0.1 + dy * 0.5), (side * 0.3, _Y + 0.085 + dy * 1.8)]
            pen.stroke(line, 0.007, colour)


_MUZZLES: dict[str, Callable[[Pen, Species, Colour, Colour], None]] = {
    "snout": _snout,
    "cow": _broad,
    "sheep": _broad,
    "koala": _koala,
    "fox": _fox_nose,
}
