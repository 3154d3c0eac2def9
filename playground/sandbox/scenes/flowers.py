"""Flowers and toadstools in the foreground."""

from PIL import Image

from ..canvas import Stage
from ..colours import Colour, hexed, mix, shade
from ..figures.pen import Pen, Spot
from ..figures.plants import draw_flower, draw_mushroom
from ..palettes import Palette, named
from ..words import Wish
from .ground import air, snowy

FLOWERS = {
    "poppies": "poppy",
    "tulips": "tulip",
    "sunflowers": "sunflower",
    "lavender": "lavender",
    "flowers": "daisy",
}


def set_flowers(stage: Stage, palette: Palette, wish: Wish, level: float) -> None:
    """Flowers in the foreground, larger and lower the nearer they are."""
    asked = [name for name in FLOWERS if wish.has(name)]
    if not asked and not (
        wish.has("spring", "summer", "meadow") or stage.dice("flowering").random() < 0.3
    ):
        return
    if (
        not wish.allows("flowers")
        or snowy(wish)
        or wish.has("minimal")
        or (wish.has("wheat") and not asked)
    ):
        return
    stream = stage.dice("flowers")
    kinds = [FLOWERS[name] for name in asked] or [stream.choice(("daisy", "poppy", "tulip"))]
    stem = mix(hexed("4f8f4c"), palette.near, 0.35)
    stamps = [_stamp(palette, wish, kind, stem, variant) for kind in kinds for variant in range(3)]
    rows = 4 if asked or wish.has("meadow") else 2
    for row in range(rows):
        near = (row + 1) / rows
        tall = stage.u * (0.045 + 0.1 * near**1.3)
        y = level + (stage.height * 1.03 - level) * near**1.15
        count = round((26 - 15 * near) * stage.width / stage.u * (1.0 if asked else 0.55))
        _row(stage, [(stamp, air(palette, 0.4 + 0.6 * near)) for stamp in stamps], (y, tall, count))


def _stamp(palette: Palette, wish: Wish, kind: str, stem: Colour, variant: int) -> Pen:
    natural = {
        "daisy": "fdfbf4",
        "poppy": "e5402f",
        "tulip": "ee5a6f",
        "sunflower": "ffc636",
        "lavender": "8d6fd1",
    }[kind]
    petal = hexed(natural)
    if kind in ("daisy", "tulip") and variant:
        petal = palette.accents[variant % len(palette.accents)]
    if "accent" in wish.parts:
        petal = shade(named(wish.parts["accent"]), (0.0, 0.05, -0.05)[variant])
    pen = Pen(72)
    draw_flower(pen, kind, shade(petal, (0.0, 0.02, -0.03)[variant]), stem)
    return pen


def _row(
    stage: Stage, stamps: list[tuple[Pen, tuple[Colour, float]]], row: tuple[float, float, int]
) -> None:
    y, tall, count = row
    stream = stage.dice("row", round(y / stage.height, 2))
    scaled = []
    for pen, (tint, share) in stamps:
        size = (max(2, round(tall * 2 * Pen.REACH)), max(2, round(tall * (Pen.ABOVE + Pen.BELOW))))
        flower = pen.image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        alpha = flower.getchannel("A")
        scaled.append(
            (Image.blend(flower.convert("RGB"), Image.new("RGB", size, tint), share), alpha)
        )
    for index in range(count):
        colours, alpha = stream.choice(scaled)
        x = stage.width * (index + stream.uniform(0.1, 0.9)) / count
        top = y - tall * Pen.ABOVE + stream.uniform(-0.3, 0.5) * tall
        stage.image.paste(colours, (round(x - colours.width / 2), round(top)), alpha)


def set_mushrooms(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Toadstools at our feet."""
    if not wish.has("mushrooms"):
        return
    stream = stage.dice("mushrooms")
    for _ in range(max(3, min(9, wish.count("mushrooms", 5)))):
        x, tall = stage.width * stream.uniform(0.05, 0.95), stage.u * stream.uniform(0.08, 0.2)
        pen = Pen(tall)
        draw_mushroom(pen, mix(hexed("d9483f"), palette.accents[1], 0.25), stream)
        pen.place(
            stage, Spot((x, stage.height * stream.uniform(0.9, 0.99)), tall), tint=air(palette, 1)
        )
