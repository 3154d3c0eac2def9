"""Draws one figure by itself, in units of its own height, and sets it into the picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ..canvas import Point, Stage, smooth
from ..colours import Colour, mix, shade

INK: Colour = (38, 30, 46)
WHITE: Colour = (255, 255, 255)
# Figures are drawn this many times too large and reduced; large ones need it less.
OVERSAMPLING = 3
LARGE, OVERSAMPLING_LARGE = 260, 2


@dataclass(frozen=True)
class Spot:
    """Where a figure stands: the point under its feet, its height (pixels), tilt (degrees)."""

    foot: Point
    tall: float
    tilt: float = 0.0
    mirrored: bool = False


class Pen:
    """A drawing whose origin is between the figure's feet; one unit is its height, up is negative.

    It reaches from -0.9 to 0.9 across and from -1.35 to 0.15 down.
    """

    REACH = 0.9
    ABOVE = 1.35
    BELOW = 0.15

    def __init__(self, tall: float) -> None:
        self.scale = OVERSAMPLING if tall <= LARGE else OVERSAMPLING_LARGE
        self.unit = max(6.0, tall) * self.scale
        size = (round(2 * self.REACH * self.unit), round((self.ABOVE + self.BELOW) * self.unit))
        self.image = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self.image)

    def _to(self, points: Sequence[Point]) -> list[Point]:
        return [((x + self.REACH) * self.unit, (y + self.ABOVE) * self.unit) for x, y in points]

    def poly(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon with straight sides."""
        self._draw.polygon(self._to(points), fill=colour)

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled shape with a smooth outline through these points."""
        self._draw.polygon(self._to(smooth(points)), fill=colour)

    def oval(self, centre: Point, rx: float, ry: float, colour: Colour, turn: float = 0.0) -> None:
        """A filled ellipse, turned by degrees."""
        if not turn:
            (left, top), (right, bottom) = self._to(
                [(centre[0] - rx, centre[1] - ry), (centre[0] + rx, centre[1] + ry)]
            )
            self._draw.ellipse((left, top, right, bottom), fill=colour)
            return
        self.poly(ellipse(centre, rx, ry, turn), colour)

    def box(  # noqa: PLR0913 - four sides and a colour
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: Colour,
        *,
        radius: float = 0.0,
    ) -> None:
        """A filled rectangle, its corners rounded."""
        (x0, y0), (x1, y1) = self._to([(left, top), (right, bottom)])
        self._draw.rounded_rectangle((x0, y0, x1, y1), radius * self.unit, fill=colour)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A smooth line with round ends."""
        curve = smooth(points, closed=False) if len(points) > 2 else list(points)
        thick = max(1, round(width * self.unit))
        placed = self._to(curve)
        self._draw.line(placed, fill=colour, width=thick, joint="curve")
        for x, y in (placed[0], placed[-1]):
            self._draw.ellipse(
                (x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=colour
            )

    def solid(self, outline: Sequence[Point], colour: Colour, *, depth: float = 0.05) -> None:
        """A shape with a shaded edge below and a light one above, which makes it round."""
        placed = self._to(outline)
        xs, ys = [x for x, _ in placed], [y for _, y in placed]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        size = (math.ceil(max(xs)) - left + 1, math.ceil(max(ys)) - top + 1)
        shape = Image.new("L", size)
        ImageDraw.Draw(shape).polygon([(x - left, y - top) for x, y in placed], fill=255)
        self.image.paste(colour, (left, top), shape)
        for tint, dx, dy, share in (
            (shade(colour, -0.09, turn=-8), -depth * 0.55, -depth, 0.85),
            (shade(colour, 0.05), depth * 0.3, depth * 0.5, 0.6),
        ):
            moved = Image.new("L", size)
            moved.paste(shape, (round(dx * self.unit), round(dy * self.unit)))
            edge = ImageChops.subtract(shape, moved).point(
                [round(value * share) for value in range(256)]
            )
            self.image.paste(tint, (left, top), edge)

    def ball(self, centre: Point, rx: float, ry: float, colour: Colour, turn: float = 0.0) -> None:
        """An ellipse with shading."""
        self.solid(ellipse(centre, rx, ry, turn), colour, depth=min(rx, ry) * 0.2)

    def glass(self, centre: Point, radius: float) -> None:
        """A transparent dome."""
        (x0, y0), (x1, y1) = self._to(
            [(centre[0] - radius, centre[1] - radius), (centre[0] + radius, centre[1] + radius)]
        )
        layer = Image.new("RGBA", self.image.size)
        draw = ImageDraw.Draw(layer)
        rim = max(2, round(radius * 0.07 * self.unit))
        draw.ellipse(
            (x0, y0, x1, y1), fill=(190, 225, 255, 46), outline=(236, 244, 255, 235), width=rim
        )
        inset = radius * 0.3 * self.unit
        draw.arc(
            (x0 + inset, y0 + inset, x1 - inset, y1 - inset),
            195,
            255,
            fill=(255, 255, 255, 200),
            width=round(rim * 1.1),
        )
        self.image.alpha_composite(layer)
        self._draw = ImageDraw.Draw(self.image)

    def place(
        self, stage: Stage, spot: Spot, *, tint: tuple[Colour, float], shadow: float = 0.35
    ) -> None:
        """Set the figure into the picture; `tint` is the air between us and it, and how thick."""
        figure, (left, top) = self._cropped(spot)
        alpha = figure.getchannel("A")
        colours = figure.convert("RGB")
        if tint[1] > 0:
            colours = Image.blend(colours, Image.new("RGB", figure.size, tint[0]), tint[1])
        if shadow:
            _cast(stage, spot, shadow)
        if stage.paper:
            reach = max(2, round(stage.u * 0.012))
            soft = alpha.filter(ImageFilter.GaussianBlur(reach)).point(
                [round(v * stage.paper) for v in range(256)]
            )
            stage.image.paste((8, 8, 24), (left, top + reach), soft)
        stage.image.paste(colours, (left, top), alpha)

    def _cropped(self, spot: Spot) -> tuple[Image.Image, tuple[int, int]]:
        """The figure at its size, and where its upper left corner belongs."""
        scale = self.scale
        left, top, right, bottom = self.image.getbbox() or (0, 0, scale, scale)
        left, top = left // scale * scale, top // scale * scale
        right, bottom = -(-right // scale) * scale, -(-bottom // scale) * scale
        figure = self.image.crop((left, top, right, bottom)).reduce(scale)
        x, y = left / scale - self.REACH * self.unit / scale, top / scale
        if spot.mirrored:
            figure = figure.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            x = -x - figure.width
        y -= self.ABOVE * self.unit / scale
        if spot.tilt:
            middle = (x + figure.width / 2, y + figure.height / 2)
            figure = figure.rotate(spot.tilt, Image.Resampling.BICUBIC, expand=True)
            x, y = middle[0] - figure.width / 2, middle[1] - figure.height / 2
        return figure, (round(spot.foot[0] + x), round(spot.foot[1] + y))


def _cast(stage: Stage, spot: Spot, strength: float) -> None:
    wide, high = max(4, round(spot.tall * 0.62)), max(2, round(spot.tall * 0.13))
    soft = Image.radial_gradient("L").resize((wide * 2, high * 2))
    soft = soft.point(
        [round(255 * max(0.0, 1 - value / 180) ** 1.3 * strength) for value in range(256)]
    )
    stage.image.paste((10, 12, 30), (round(spot.foot[0]) - wide, round(spot.foot[1]) - high), soft)


def ellipse(centre: Point, rx: float, ry: float, turn: float = 0.0, steps: int = 56) -> list[Point]:
    """The outline of an ellipse, turned by degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    points = []
    for index in range(steps):
        angle = math.tau * index / steps
        x, y = rx * math.cos(angle), ry * math.sin(angle)
        points.append((centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos))
    return points


@lru_cache(maxsize=512)
def _parsed(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)


def outline(text: str, down: float = 0.0) -> list[Point]:
    """Points as SVG writes them ("x,y x,y …"), moved down."""
    return [(x, y + down) for x, y in _parsed(text)]


def both(points: Sequence[Point]) -> list[list[Point]]:
    """These points, and their mirror image."""
    return [list(points), [(-x, y) for x, y in points]]


def blush(coat: Colour) -> Colour:
    """The cheeks that suit a coat."""
    return mix(coat, (255, 105, 120), 0.38)
