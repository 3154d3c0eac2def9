"""What every scene paints with: a stage, soft gradients, smooth shapes, noise."""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .colours import Colour, mix

Point = tuple[float, float]
Box = tuple[int, int, int, int]

# Shapes are drawn this many times too large and reduced: that smooths their edges.
OVERSAMPLING = 2


def dice(*parts: object) -> random.Random:
    """A stream of random numbers that depends on these parts alone."""
    material = "\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")
    seed = int.from_bytes(hashlib.sha256(material).digest(), "big")
    return random.Random(seed)  # noqa: S311 - pictures, not secrets


def gradient(size: tuple[int, int], colours: Sequence[Colour]) -> Image.Image:
    """A picture that runs from the first colour at the top to the last at the bottom."""
    steps = max(2, min(128, size[1]))
    column = Image.new("RGB", (1, steps))
    column.putdata([at(colours, index / (steps - 1)) for index in range(steps)])
    return column.resize(size, Image.Resampling.BILINEAR)


def at(colours: Sequence[Colour], position: float) -> Colour:
    """The colour at a position (0…1) along a row of evenly spaced colours."""
    if len(colours) == 1:
        return colours[0]
    place = min(max(position, 0.0), 1.0) * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def noise(stream: random.Random, size: tuple[int, int], cells: tuple[int, int]) -> Image.Image:
    """Soft noise (mode L, mean about 128): three octaves, the coarsest of `cells`."""
    across, down = max(2, cells[0]), max(2, cells[1])
    work = (max(8, min(size[0], across * 16)), max(8, min(size[1], down * 16)))
    total: Image.Image | None = None
    for octave, share in ((1, 1.0), (2, 0.36), (4, 0.22)):
        cell = (across * octave, down * octave)
        raw = Image.frombytes("L", cell, stream.randbytes(cell[0] * cell[1]))
        layer = raw.resize(work, Image.Resampling.BICUBIC)
        total = layer if total is None else Image.blend(total, layer, share)
    assert total is not None  # noqa: S101 - the loop above always runs
    return total.resize(size, Image.Resampling.BICUBIC)


@lru_cache(maxsize=1)
def _grain_tile() -> Image.Image:
    stream = dice("grain")
    side = 256
    one = Image.frombytes("L", (side, side), stream.randbytes(side * side))
    two = Image.frombytes("L", (side, side), stream.randbytes(side * side))
    return Image.blend(one, two, 0.5)


def grain(stream: random.Random, size: tuple[int, int], strength: float) -> Image.Image:
    """Fine noise around 128, up to `strength` levels either way."""
    tile = _grain_tile().point(
        [round(128 + (value - 127.5) / 127.5 * strength) for value in range(256)]
    )
    tile = ImageChops.offset(tile, stream.randrange(256), stream.randrange(256))
    return tiled(tile, size)


def tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The tile repeated over a picture of this size."""
    whole = Image.new(tile.mode, size)
    for left in range(0, size[0], tile.width):
        for top in range(0, size[1], tile.height):
            whole.paste(tile, (left, top))
    return whole


@lru_cache(maxsize=64)
def _falloff(power: float) -> Image.Image:
    radial = Image.radial_gradient("L").resize((128, 128), Image.Resampling.BILINEAR)
    # Pillow's gradient is full in its corners; ours has to end at the middle of its edges.
    rim = radial.tobytes()[64 * 128]
    return radial.point([round(255 * max(0.0, 1 - value / rim) ** power) for value in range(256)])


def glow_mask(radius: int, power: float, strength: float) -> Image.Image:
    """A round light (mode L), strongest in its middle, nothing at its rim."""
    side = max(2, radius * 2)
    soft = _falloff(power).resize((side, side), Image.Resampling.BICUBIC)
    return soft.point([round(value * strength) for value in range(256)])


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A curve through these points (Catmull-Rom)."""
    count = len(points)
    curve: list[Point] = []
    for index in range(count if closed else count - 1):
        p0, p1, p2, p3 = (
            points[k % count] if closed else points[min(max(k, 0), count - 1)]
            for k in range(index - 1, index + 3)
        )
        for step in range(steps):
            t = step / steps
            curve.append(
                (_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t))
            )
    if not closed:
        curve.append(points[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


class Stage:
    """The picture in the making.

    `u` is the length of the shorter side: sizes are given in it, so that a scene keeps its
    proportions at any picture size. `horizon` is a height in pixels, `light` the place of
    sun or moon.
    """

    def __init__(self, size: tuple[int, int], key: str) -> None:
        self.width, self.height = size
        self.u = float(min(size))
        self.key = key
        self.image = Image.new("RGB", size)
        self.horizon = self.height * 0.6
        self.light: Point = (self.width * 0.5, self.height * 0.3)
        # Where whoever is in the foreground stands; without a ground they float.
        self.floor: float | None = None
        # Above zero, every layer throws a shadow on the one behind it, like cut paper.
        self.paper = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    def dice(self, *names: object) -> random.Random:
        """The stream for one part of the picture; parts don't disturb each other's."""
        return dice(self.key, *names)

    def clip(self, box: tuple[float, float, float, float]) -> Box | None:
        """The whole pixels of a box that lie on the picture; None if there are none."""
        left, top = max(0, int(box[0]) - 1), max(0, int(box[1]) - 1)
        right, bottom = min(self.width, int(box[2]) + 2), min(self.height, int(box[3]) + 2)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def mask(self, box: Box, draw: Callable[["Brush"], None]) -> Image.Image:
        """A smooth-edged mask (mode L) of a box, drawn in the picture's own coordinates."""
        brush = Brush(box, OVERSAMPLING)
        draw(brush)
        return brush.image.reduce(OVERSAMPLING)

    def lay(
        self,
        box: tuple[float, float, float, float],
        colours: Sequence[Colour],
        draw: Callable[["Brush"], None],
        *,
        strength: float = 1.0,
    ) -> None:
        """Put shapes on the picture, filled from the first colour (top) to the last (bottom)."""
        whole = self.clip(box)
        if whole is None:
            return
        mask = self.mask(whole, draw)
        if strength < 1:
            mask = mask.point([round(value * strength) for value in range(256)])
        if self.paper:
            self._shadow(whole, mask)
        size = (whole[2] - whole[0], whole[3] - whole[1])
        if len(colours) == 1:
            self.image.paste(colours[0], whole, mask)
        else:
            self.image.paste(gradient(size, colours), whole, mask)

    def lay_polygon(
        self, points: Sequence[Point], colours: Sequence[Colour], strength: float = 1.0
    ) -> None:
        """A filled polygon."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        self.lay(box, colours, lambda brush: brush.polygon(points), strength=strength)

    def lay_ellipse(
        self,
        centre: Point,
        radii: tuple[float, float],
        colours: Sequence[Colour],
        strength: float = 1.0,
    ) -> None:
        """A filled ellipse."""
        (x, y), (rx, ry) = centre, radii
        box = (x - rx, y - ry, x + rx, y + ry)
        self.lay(box, colours, lambda brush: brush.ellipse(centre, rx, ry), strength=strength)

    def lay_line(
        self, points: Sequence[Point], width: float, colour: Colour, strength: float = 1.0
    ) -> None:
        """A stroke through these points."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width)
        self.lay(box, (colour,), lambda brush: brush.line(points, width), strength=strength)

    @contextmanager
    def flat(self) -> Iterator[None]:
        """For a while, layers throw no shadows."""
        paper, self.paper = self.paper, 0.0
        yield
        self.paper = paper

    def _shadow(self, box: Box, mask: Image.Image) -> None:
        reach = max(2, round(self.u * 0.022))
        small = mask.reduce(4) if min(mask.size) >= 16 else mask
        scale = mask.width / small.width
        grown = Image.new(
            "L", (small.width + 2 * round(reach / scale), small.height + 2 * round(reach / scale))
        )
        grown.paste(small, (round(reach / scale), round(reach / scale)))
        soft = grown.filter(ImageFilter.GaussianBlur(reach / scale / 2.2))
        soft = soft.resize(
            (mask.width + 2 * reach, mask.height + 2 * reach), Image.Resampling.BILINEAR
        )
        soft = soft.point([round(value * self.paper) for value in range(256)])
        self.image.paste((8, 8, 24), (box[0] - reach, box[1] - reach - reach // 3), soft)

    def shine(
        self,
        centre: Point,
        radius: float,
        colour: Colour,
        *,
        power: float = 2.0,
        strength: float = 0.8,
    ) -> None:
        """A soft round light."""
        reach = max(1, round(radius))
        left, top = round(centre[0]) - reach, round(centre[1]) - reach
        if (
            left >= self.width
            or top >= self.height
            or left + 2 * reach <= 0
            or top + 2 * reach <= 0
        ):
            return
        self.image.paste(colour, (left, top), glow_mask(reach, power, strength))

    def veil(self, mask: Image.Image, colour: Colour, origin: tuple[int, int] = (0, 0)) -> None:
        """Colour over the picture, as thick as the mask says."""
        self.image.paste(colour, (*origin, origin[0] + mask.width, origin[1] + mask.height), mask)


class Brush:
    """Draws on an oversized mask in the picture's own coordinates."""

    def __init__(self, box: Box, scale: int) -> None:
        self.scale = scale
        self.left, self.top = box[0], box[1]
        self.image = Image.new("L", ((box[2] - box[0]) * scale, (box[3] - box[1]) * scale))
        self._draw = ImageDraw.Draw(self.image)

    def _to(self, points: Iterable[Point]) -> list[Point]:
        return [((x - self.left) * self.scale, (y - self.top) * self.scale) for x, y in points]

    def polygon(self, points: Iterable[Point], value: int = 255) -> None:
        """A filled polygon."""
        self._draw.polygon(self._to(points), fill=value)

    def ellipse(self, centre: Point, rx: float, ry: float | None = None, value: int = 255) -> None:
        """A filled ellipse (a circle without `ry`)."""
        x, y = self._to([centre])[0]
        wide, high = rx * self.scale, (rx if ry is None else ry) * self.scale
        self._draw.ellipse((x - wide, y - high, x + wide, y + high), fill=value)

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, value: int = 255
    ) -> None:
        """A filled rectangle."""
        (x0, y0), (x1, y1) = self._to([(left, top), (right, bottom)])
        self._draw.rectangle((x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)), fill=value)

    def line(self, points: Iterable[Point], width: float, value: int = 255) -> None:
        """A stroke; its width is in the picture's pixels."""
        self._draw.line(
            self._to(points), fill=value, width=max(1, round(width * self.scale)), joint="curve"
        )
