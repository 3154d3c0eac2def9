"""Who is in the picture, and where they stand."""

import random
from dataclasses import dataclass, replace

from ..canvas import Stage
from ..colours import Colour, hexed, mix, shade
from ..palettes import Palette, named
from ..words import Subject, Wish
from .critters import draw_critter
from .others import HEADS, OTHERS, draw_standing_pig
from .pen import Pen, Spot
from .species import COATS, HEAD, SPECIES
from .wearing import dress

FLOATING = frozenset({"fish", "whale"})
PEOPLE = frozenset({"person", "man"})


@dataclass(frozen=True)
class Role:
    """One figure's place: across the picture (0…1), and how near (0…1)."""

    subject: Subject
    across: float
    near: float
    # In pixels.
    tall: float = 0.0
    standing: bool = False


def set_figures(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Draw everyone the prompt names, the farthest first."""
    roles = _roles(stage, wish)
    count = len(roles)
    for index, role in enumerate(sorted(roles, key=lambda one: one.near)):
        room = stage.width / max(1, count)
        tall = min(stage.u * 0.56 / count**0.25, room * 1.3) * (0.8 + 0.25 * role.near)
        if count == 1:
            tall = stage.u * (0.5 if stage.height <= stage.width * 1.2 else 0.58)
        if role.subject.name in PEOPLE:
            tall = min(stage.u * (0.78 if wish.has("studio") else 0.6), room * 0.85)
        standing = _stands(stage, wish, role, index)
        if standing and count > 1:
            tall = min(tall, room * 0.92)
        _draw(stage, palette, wish, replace(role, tall=tall, standing=standing), index)


def _stands(stage: Stage, wish: Wish, role: Role, index: int) -> bool:
    """Pigs sit or stand; in a space suit they sit."""
    chance = stage.dice("pose", index).random()
    return role.subject.name == "pig" and "astronaut" not in wish.wears and chance < 0.4


def _roles(stage: Stage, wish: Wish) -> list[Role]:
    everyone = [subject for subject in wish.figures for _ in range(subject.count)][:9]
    stream = stage.dice("cast")
    count = len(everyone)
    if count == 1:
        side = -1 if stage.light[0] > stage.width / 2 else 1
        centre = 0.5 + side * stream.uniform(0.0, 0.12)
        return [Role(everyone[0], centre if everyone[0].name not in PEOPLE else 0.5, 1.0)]
    return [
        Role(
            subject,
            (index + 0.5 + stream.uniform(-0.12, 0.12)) / count * 0.92 + 0.04,
            stream.random() if count > 2 else 0.8,
        )
        for index, subject in enumerate(everyone)
    ]


def _draw(stage: Stage, palette: Palette, wish: Wish, role: Role, index: int) -> None:
    name, tall = role.subject.name, role.tall
    stream = stage.dice("figure", index)
    pen = Pen(tall)
    colour = _coat(role.subject, stage.dice("coat", index))
    standing = role.standing
    head = (*HEAD, 0.3)
    if standing:
        draw_standing_pig(pen, colour)
        head = HEADS["standing pig"]
    elif name in SPECIES:
        draw_critter(pen, name, colour)
    else:
        OTHERS[name](pen, colour)
        head = HEADS[name]
    worn = named(wish.parts["wear"]) if "wear" in wish.parts else None
    dress(pen, wish.wears if name not in FLOATING else (), head, worn)
    floats = stage.floor is None or name in FLOATING or wish.has("flying")
    if floats:
        foot = (
            stage.width * role.across,
            stage.height
            * (
                (0.42 if wish.has("flying") else 0.5)
                + 0.22 * (role.near - 0.8)
                + stream.uniform(-0.06, 0.06)
            )
            + tall * 0.5,
        )
    else:
        base = stage.floor or 0.0
        if name in PEOPLE:
            base = stage.height * 1.0
        foot = (stage.width * role.across, base - (1 - role.near) * stage.height * 0.05)
    tilt = stream.uniform(-10, 10) if floats else 0.0
    mirrored = stream.random() < 0.5
    pen.place(
        stage,
        Spot(foot, tall, tilt, mirrored),
        tint=_air(palette, wish, stage),
        shadow=0.0 if floats or name in PEOPLE else 0.4,
    )


# A red fox is the colour foxes are: what the usual coat is called, and other names for a coat.
_NATURAL = {
    ("fox", "red"): "",
    ("fox", "orange"): "",
    ("pig", "pink"): "",
    ("cat", "orange"): "",
    ("bear", "brown"): "",
    ("cow", "brown"): "a9714b",
    ("dog", "gold"): "e2b068",
    ("dog", "brown"): "9a6a45",
    ("rabbit", "brown"): "a9846a",
    ("cat", "white"): "f4efe8",
}


def _coat(subject: Subject, stream: random.Random) -> Colour | None:
    if subject.colour is None:
        code = stream.choice(COATS.get(subject.name, ("",)))
        return hexed(code) if code else None
    if (subject.name, subject.colour) in _NATURAL:
        code = _NATURAL[subject.name, subject.colour]
        return hexed(code) if code else None
    return named(subject.colour)


def _air(palette: Palette, wish: Wish, stage: Stage) -> tuple[tuple[int, int, int], float]:
    if stage.floor is None and not palette.dark:
        return palette.haze, 0.04
    share = {"night": 0.2, "dusk": 0.15, "sunset": 0.08, "dawn": 0.06}.get(palette.time, 0.03)
    tint = mix(palette.sky[1], palette.light, 0.2) if palette.dark else palette.haze
    if wish.has("fog"):
        share += 0.1
    return shade(tint, 0.0), share
