"""Pictures of nothing but shape and colour."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from ..canvas import Point, Stage, gradient, noise
from ..colours import Colour, lch, mix, rgb, shade
from ..palettes import Palette, named
from ..sky import soft_circle
from ..terrain import Wave
from ..words import Wish


def inks(palette: Palette, wish: Wish) -> list[Colour]:
    """Six colours that go together, dark to light."""
    if wish.colours:
        tints = [named(name) for name in wish.colours]
        first = tints[0]
        light, chroma, hue = lch(first)
        series = [
            rgb(min(0.95, max(0.14, light + step)), chroma * (1 - abs(step) * 0.6), hue + step * 40)
            for step in (-0.3, -0.16, 0.0, 0.12, 0.24)
        ]
        return [*series, *(tints[1:] or [mix(palette.light, first, 0.2)])]
    return [palette.near, *palette.accents, *palette.sky[1:], palette.light]


def paint_abstract(stage: Stage, palette: Palette, wish: Wish) -> None:
    """One of the patterns: the one named, or the one the seed says."""
    stream = stage.dice("abstract")
    stage.horizon = float(stage.height)
    rolled = stream.choice(tuple(_KINDS))
    kind = wish.abstracts[0] if wish.abstracts else rolled
    _KINDS[kind](stage, inks(palette, wish))


def _waves(stage: Stage, colours: list[Colour]) -> None:
    stream = stage.dice("waves")
    ordered = sorted(
        colours, key=lambda colour: lch(colour).lightness, reverse=stream.random() < 0.5
    )
    stage.image.paste(gradient(stage.size, (ordered[0], mix(ordered[0], ordered[1], 0.5))), (0, 0))
    stage.paper = max(stage.paper, 0.42)
    count = 8
    tilt = stream.uniform(-0.35, 0.35)
    for index in range(count):
        t = (index + 1) / count
        tint = _along(ordered, t)
        wave, start = Wave(stage.dice("wave", index)), stream.uniform(0, 50)
        base = stage.height * (0.06 + 0.98 * t)
        edge = []
        for step in range(101):
            x = stage.width * (step / 100 * 1.1 - 0.05)
            place = x / stage.u
            y = base + stage.u * (
                tilt * (x / stage.width - 0.5)
                + 0.1 * math.sin(place * 2.6 + start)
                + 0.06 * wave(place * 1.6 + start)
            )
            edge.append((x, y))
        corners = [
            (stage.width * 1.1, stage.height * 1.5),
            (-stage.width * 0.1, stage.height * 1.5),
        ]
        stage.lay_polygon([*edge, *corners], (shade(tint, 0.04), shade(tint, -0.03)))


def _along(colours: list[Colour], t: float) -> Colour:
    place = t * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def _grid(stage: Stage, across: int) -> tuple[float, int, int]:
    cell = stage.u / across
    return cell, math.ceil(stage.width / cell), math.ceil(stage.height / cell)


def _draw_large(
    stage: Stage, draw: Callable[[ImageDraw.ImageDraw, float], None], ground: Colour
) -> None:
    """Draw the whole picture twice too large, then reduce it."""
    large = Image.new("RGB", (stage.width * 2, stage.height * 2), ground)
    draw(ImageDraw.Draw(large), 2.0)
    stage.image.paste(large.reduce(2), (0, 0))


def _tiles(stage: Stage, colours: list[Colour]) -> None:
    """Truchet tiles: arcs that join into endless ribbons."""
    stream = stage.dice("tiles")
    cell, columns, rows = _grid(stage, stream.choice((4, 5, 6, 8)))
    ground, line = (colours[0], colours[-1]) if stream.random() < 0.6 else (colours[-1], colours[0])
    tints = stream.sample(colours[1:-1], 2)

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        size = cell * scale
        for column in range(columns):
            for row in range(rows):
                x, y = column * size, row * size
                flip = stream.random() < 0.5
                corners = ((0, 0), (1, 1)) if flip else ((1, 0), (0, 1))
                if (column + row) % 2:
                    pen.rectangle((x, y, x + size, y + size), fill=mix(ground, tints[1], 0.09))
                for share, tint in ((0.36, line), (0.25, tints[0]), (0.11, line), (0.045, ground)):
                    for dx, dy in corners:
                        _ring_arc(
                            pen,
                            (x + dx * size, y + dy * size),
                            (size / 2, share * size),
                            tint,
                            (x, y, size),
                        )

    _draw_large(stage, draw, ground)


def _ring_arc(
    pen: ImageDraw.ImageDraw,
    centre: Point,
    ring: tuple[float, float],
    tint: Colour,
    cell: tuple[float, float, float],
) -> None:
    radius, thick = ring
    x, y = centre
    start = {(True, True): 0, (False, True): 90, (False, False): 180, (True, False): 270}[
        (x <= cell[0] + 1, y <= cell[1] + 1)
    ]
    outer = radius + thick / 2
    pen.arc(
        (x - outer, y - outer, x + outer, y + outer),
        start,
        start + 90,
        fill=tint,
        width=round(thick),
    )


def _circles(stage: Stage, colours: list[Colour]) -> None:
    """Concentric circles in a grid, each in its own colours."""
    stream = stage.dice("circles")
    cell, columns, rows = _grid(stage, stream.choice((3, 4, 5)))

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        size = cell * scale
        for column in range(columns):
            for row in range(rows):
                x, y = (column + 0.5) * size, (row + 0.5) * size
                row_colours = stream.sample(colours, 5)
                pen.rectangle(
                    (x - size / 2, y - size / 2, x + size / 2, y + size / 2), fill=row_colours[0]
                )
                for ring, share in enumerate((0.48, 0.36, 0.24, 0.12)):
                    reach = size * share * stream.uniform(0.86, 1.02)
                    pen.ellipse(
                        (x - reach, y - reach, x + reach, y + reach), fill=row_colours[ring + 1]
                    )

    _draw_large(stage, draw, colours[0])


def _mosaic(stage: Stage, colours: list[Colour]) -> None:
    """Triangles over a soft field of colour."""
    stream = stage.dice("mosaic")
    cell, columns, rows = _grid(stage, stream.choice((7, 9, 11)))
    small = _field(stream, colours, (columns + 2, rows + 2))
    points = {
        (column, row): (
            (column - 0.5 + stream.uniform(-0.32, 0.32)) * cell,
            (row - 0.5 + stream.uniform(-0.32, 0.32)) * cell,
        )
        for column in range(columns + 3)
        for row in range(rows + 3)
    }

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        for column in range(columns + 2):
            for row in range(rows + 2):
                tint = small.getpixel((min(column, columns + 1), min(row, rows + 1)))
                base: Colour = (
                    (int(tint[0]), int(tint[1]), int(tint[2]))
                    if isinstance(tint, tuple)
                    else colours[0]
                )
                a, b = points[column, row], points[column + 1, row]
                c, d = points[column, row + 1], points[column + 1, row + 1]
                split = ((a, b, c), (b, c, d)) if stream.random() < 0.5 else ((a, b, d), (a, c, d))
                for corners in split:
                    pen.polygon(
                        [(x * scale, y * scale) for x, y in corners],
                        fill=shade(base, stream.uniform(-0.05, 0.06)),
                    )

    _draw_large(stage, draw, colours[0])


def _field(stream: random.Random, colours: list[Colour], size: tuple[int, int]) -> Image.Image:
    """A small picture whose colours run softly into one another."""
    height = noise(stream, size, (3, 3))
    ordered = sorted(colours, key=lambda colour: lch(colour).lightness)
    ramp = [_along(ordered, min(1.0, max(0.0, (value - 55) / 150))) for value in range(256)]
    return Image.merge(
        "RGB", [height.point([colour[channel] for colour in ramp]) for channel in range(3)]
    )


def _bauhaus(stage: Stage, colours: list[Colour]) -> None:
    """Squares filled with quarters, halves and dots."""
    stream = stage.dice("bauhaus")
    cell, columns, rows = _grid(stage, stream.choice((4, 5, 6)))

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        size = cell * scale
        for column in range(columns):
            for row in range(rows):
                one, two, three = stream.sample(colours, 3)
                _bauhaus_cell(pen, (column * size, row * size, size), (one, two, three), stream)

    _draw_large(stage, draw, colours[-1])


def _bauhaus_cell(
    pen: ImageDraw.ImageDraw,
    cell: tuple[float, float, float],
    tints: tuple[Colour, Colour, Colour],
    stream: random.Random,
) -> None:
    x, y, size = cell
    pen.rectangle((x, y, x + size, y + size), fill=tints[0])
    kind = stream.randrange(6)
    if kind in (0, 1):
        dx, dy = stream.choice(((0, 0), (1, 0), (0, 1), (1, 1)))
        cx, cy = x + dx * size, y + dy * size
        for reach, tint in ((size, tints[1]), (size * 0.55, tints[2])):
            start = {(0, 0): 0, (1, 0): 90, (1, 1): 180, (0, 1): 270}[dx, dy]
            pen.pieslice(
                (cx - reach, cy - reach, cx + reach, cy + reach), start, start + 90, fill=tint
            )
    elif kind == 2:
        pen.ellipse(
            (x + size * 0.14, y + size * 0.14, x + size * 0.86, y + size * 0.86), fill=tints[1]
        )
        pen.ellipse(
            (x + size * 0.34, y + size * 0.34, x + size * 0.66, y + size * 0.66), fill=tints[2]
        )
    elif kind == 3:
        start = stream.choice((0, 90, 180, 270))
        pen.pieslice((x, y, x + size, y + size), start, start + 180, fill=tints[1])
    elif kind == 4:
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
        del corners[stream.randrange(4)]
        pen.polygon(corners, fill=tints[1])
    else:
        for step in range(0, 4, 2):
            pen.rectangle(
                (x, y + size * step / 4, x + size, y + size * (step + 1) / 4), fill=tints[1]
            )


def _stripes(stage: Stage, colours: list[Colour]) -> None:
    """A sun and its rays."""
    stream = stage.dice("stripes")
    x, y = stage.width * stream.uniform(0.25, 0.75), stage.height * stream.uniform(0.45, 1.0)
    count = stream.choice((10, 12, 14, 18))
    pair = stream.sample(colours, 2)

    def draw(pen: ImageDraw.ImageDraw, scale: float) -> None:
        reach, start = 2.2 * (stage.width + stage.height), stream.uniform(0, 1)
        for index in range(count * 2):
            a, b = (math.tau * (index + part + start) / (count * 2) for part in (0, 1))
            tint = mix(pair[index % 2], colours[(index * 3) % len(colours)], 0.24)
            ends = [
                ((x + reach * math.cos(angle)) * scale, (y + reach * math.sin(angle)) * scale)
                for angle in (a, b)
            ]
            pen.polygon([(x * scale, y * scale), *ends], fill=tint)
        tints = stream.sample(colours, 4)
        for ring, share in enumerate((0.4, 0.32, 0.24, 0.16)):
            size = stage.u * share * scale
            pen.ellipse(
                (x * scale - size, y * scale - size, x * scale + size, y * scale + size),
                fill=tints[ring],
            )

    _draw_large(stage, draw, pair[0])
    stage.shine((x, y), stage.u * 0.8, colours[-1], power=2.0, strength=0.3)


def _blobs(stage: Stage, colours: list[Colour]) -> None:
    """Colours that melt into one another, with a few lights."""
    stream = stage.dice("blobs")
    small = Image.new("RGB", (64, max(16, round(64 * stage.height / stage.width))), colours[0])
    draw = ImageDraw.Draw(small)
    for index in range(16):
        px, py = stream.uniform(-0.1, 1.1) * small.width, stream.uniform(-0.1, 1.1) * small.height
        size = stream.uniform(0.15, 0.42) * min(small.size)
        draw.ellipse(
            (px - size, py - size * 0.8, px + size, py + size * 0.8),
            fill=colours[(index * 5 + 1) % len(colours)],
        )
    small = small.filter(ImageFilter.GaussianBlur(min(small.size) * 0.11))
    stage.image.paste(small.resize(stage.size, Image.Resampling.BICUBIC), (0, 0))
    for _ in range(14):
        place = (stage.width * stream.random(), stage.height * stream.random())
        soft_circle(
            stage,
            place,
            stage.u * stream.uniform(0.02, 0.11),
            shade(stream.choice(colours), 0.12),
            stream.uniform(0.12, 0.4),
        )


_KINDS: dict[str, Callable[[Stage, list[Colour]], None]] = {
    "waves": _waves,
    "tiles": _tiles,
    "circles": _circles,
    "mosaic": _mosaic,
    "bauhaus": _bauhaus,
    "stripes": _stripes,
    "blobs": _blobs,
}
