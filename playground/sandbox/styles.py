"""What happens to a finished picture: watercolour, pixels, pencil, colours taken away."""

import random
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from .canvas import dice, glow_mask, grain, noise
from .colours import Colour, Lch, hue_distance, lookup
from .palettes import avoided_hues
from .weather import softened
from .words import Wish

Stream = random.Random


def finished(image: Image.Image, wish: Wish, stream: Stream) -> Image.Image:
    """The picture in the styles asked for, without the colours to avoid."""
    image = _without_colours(image, wish)
    for style in wish.styles:
        if style in _STYLES and style not in wish.avoided:
            image = _STYLES[style](image, stream)
    return image


def _without_colours(image: Image.Image, wish: Wish) -> Image.Image:
    if "colour" in wish.avoided_colours:
        return _monochrome(image, dice("plain"))
    hues = avoided_hues(wish)
    if hues:

        def fade(colour: Lch) -> Lch:
            nearest = min(hue_distance(colour.hue, hue) for hue in hues)
            kept = min(1.0, max(0.06, (nearest - 24) / 18))
            return Lch(colour.lightness, colour.chroma * kept, colour.hue)

        image = image.filter(lookup(fade))
    if "white" in wish.avoided_colours:
        image = Image.blend(image, Image.new("RGB", image.size, (150, 120, 90)), 0.22)
    if "black" in wish.avoided_colours or "dark" in wish.avoided:
        image = image.point([round(40 + value * 215 / 255) for value in range(256)] * 3)
    return image


def _reduced(image: Image.Image, longest: int) -> Image.Image:
    """The picture with its longer side this long: painterly filters are dear."""
    scale = longest / max(image.size)
    size = (max(16, round(image.width * scale)), max(16, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _watercolour(image: Image.Image, stream: Stream) -> Image.Image:
    small = ImageEnhance.Color(_reduced(image, 330)).enhance(1.25)
    flat = small.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MedianFilter(5))
    edges = ImageOps.invert(flat.convert("L").filter(ImageFilter.FIND_EDGES)).filter(
        ImageFilter.GaussianBlur(0.8)
    )
    flat = ImageChops.multiply(
        flat,
        Image.merge("RGB", [edges.point([150 + value * 105 // 255 for value in range(256)])] * 3),
    )
    pools = noise(stream, flat.size, (14, 14)).point(
        [round(205 + value * 50 / 255 * 1.6) if value < 160 else 255 for value in range(256)]
    )
    light = Image.blend(flat, Image.new("RGB", flat.size, (255, 252, 244)), 0.2)
    pooled = ImageChops.multiply(light, Image.merge("RGB", [pools] * 3)).resize(
        image.size, Image.Resampling.BICUBIC
    )
    wet = Image.blend(pooled, softened(pooled, 6), 0.15)
    return _on_paper(wet, stream)


def _on_paper(image: Image.Image, stream: Stream) -> Image.Image:
    """A ragged white margin and the tooth of the paper."""
    small = (max(16, image.width // 6), max(16, image.height // 6))
    frame = Image.new("L", small)
    inset = max(1, round(min(small) * 0.035))
    ImageDraw.Draw(frame).rectangle(
        (inset, inset, small[0] - inset - 1, small[1] - inset - 1), fill=255
    )
    ragged = ImageChops.add(
        frame.filter(ImageFilter.GaussianBlur(min(small) * 0.022)),
        noise(stream, small, (16, 16)),
        1,
        -128,
    )
    mask = ragged.point([min(255, max(0, (value - 105) * 5)) for value in range(256)]).resize(
        image.size, Image.Resampling.BICUBIC
    )
    sheet = Image.composite(image, Image.new("RGB", image.size, (252, 249, 241)), mask)
    tooth = grain(stream, image.size, 16)
    tooth = tooth.resize((max(2, image.width // 2), max(2, image.height // 2))).resize(
        image.size, Image.Resampling.BICUBIC
    )
    return ImageChops.add(sheet, Image.merge("RGB", [tooth] * 3), 1, -128)


def _pixel_art(image: Image.Image, _: Stream) -> Image.Image:
    across = 112
    cell = max(2, round(max(image.size) / across))
    small = image.resize(
        (max(4, image.width // cell), max(4, image.height // cell)), Image.Resampling.BOX
    )
    small = small.quantize(40, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return small.resize(image.size, Image.Resampling.NEAREST)


def _sketch(image: Image.Image, stream: Stream) -> Image.Image:
    grey = ImageOps.autocontrast(image.convert("L"))
    inverted = ImageOps.invert(grey)
    soft = softened(inverted, max(3.0, min(image.size) / 110))
    lines = ImageChops.add(grey, soft).point(
        [round(255 * (value / 255) ** 2.6) for value in range(256)]
    )
    tone = grey.point([150 + value * 105 // 255 for value in range(256)])
    hatch = _hatching(image.size)
    dark = grey.point([255 if value < 88 else 0 for value in range(256)]).filter(
        ImageFilter.BoxBlur(2)
    )
    hatched = Image.composite(ImageChops.multiply(tone, hatch), tone, dark)
    drawn = ImageChops.multiply(lines, hatched)
    tinted = ImageOps.colorize(drawn, (48, 44, 56), (252, 248, 238))
    return _on_paper(tinted, stream)


def _hatching(size: tuple[int, int]) -> Image.Image:
    side = 96
    tile = Image.new("L", (side * 2, side * 2), 255)
    draw = ImageDraw.Draw(tile)
    for offset in range(-side * 2, side * 4, 12):
        draw.line((offset, 0, offset - side * 2, side * 2), fill=150, width=2)
    tile = tile.reduce(2)
    whole = Image.new("L", size)
    for left in range(0, size[0], side):
        for top in range(0, size[1], side):
            whole.paste(tile, (left, top))
    return whole


def _oil(image: Image.Image, stream: Stream) -> Image.Image:
    small = _reduced(image, 400)
    dabs = _dabs(small, stream)
    strokes = ImageEnhance.Color(dabs).enhance(1.15)
    relief = (
        strokes.convert("L")
        .filter(ImageFilter.EMBOSS)
        .point([round(128 + (value - 128) * 0.22) for value in range(256)])
    )
    strokes = ImageChops.add(strokes, Image.merge("RGB", [relief] * 3), 1, -128)
    return strokes.resize(image.size, Image.Resampling.BICUBIC)


def _dabs(small: Image.Image, stream: Stream) -> Image.Image:
    """Short strokes in the picture's colours, coarse ones first."""
    samples = _Samples(small, 1)
    out = small.filter(ImageFilter.MedianFilter(5))
    draw = ImageDraw.Draw(out)
    for size, count in ((9, 1400), (5, 3000)):
        for _ in range(count):
            x, y = stream.randrange(small.width), stream.randrange(small.height)
            rise = size * stream.uniform(-0.5, 0.5)
            tint = _astray(samples(x, y), stream, 9)
            draw.line((x - size, y + rise, x + size, y - rise), fill=tint, width=max(2, size // 2))
    return out


def _vintage(image: Image.Image, stream: Stream) -> Image.Image:
    def aged(colour: Lch) -> Lch:
        warm = 70.0
        return Lch(
            0.12 + colour.lightness * 0.83,
            0.5 * colour.chroma + 0.03,
            warm if colour.chroma < 0.05 else colour.hue,
        )

    old = image.filter(lookup(aged))
    side = max(image.size)
    shade = Image.new("RGB", image.size, (58, 36, 22))
    middle = glow_mask(side, 0.9, 1.0).resize((round(image.width * 1.7), round(image.height * 1.7)))
    left, top = (middle.width - image.width) // 2, (middle.height - image.height) // 2
    keep = middle.crop((left, top, left + image.width, top + image.height)).point(
        [min(255, value * 2 + 95) for value in range(256)]
    )
    old = Image.composite(old, shade, keep)
    return ImageChops.add(old, Image.merge("RGB", [grain(stream, image.size, 14)] * 3), 1, -128)


def _monochrome(image: Image.Image, _: Stream) -> Image.Image:
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=0.5)
    return Image.merge("RGB", [grey] * 3)


class _Samples:
    """The colours of a small copy of a picture, by a place on the large one."""

    def __init__(self, image: Image.Image, step: int) -> None:
        size = (max(2, image.width // step), max(2, image.height // step))
        small = image.resize(size, Image.Resampling.BOX)
        self._bytes, self._size = small.tobytes(), small.size
        self._scale = (size[0] / image.width, size[1] / image.height)

    def __call__(self, x: float, y: float) -> Colour:
        column = min(self._size[0] - 1, max(0, int(x * self._scale[0])))
        row = min(self._size[1] - 1, max(0, int(y * self._scale[1])))
        start = 3 * (row * self._size[0] + column)
        return self._bytes[start], self._bytes[start + 1], self._bytes[start + 2]


def _facets(image: Image.Image, stream: Stream, cells: int, lead: float) -> Image.Image:
    """The picture in triangles, about `cells` along its shorter side, leaded if `lead` > 0."""
    cell = min(image.size) / cells
    columns, rows = int(image.width / cell) + 2, int(image.height / cell) + 2
    corner = [
        [
            tuple((place - 0.5 + stream.uniform(-0.36, 0.36)) * cell for place in (column, row))
            for row in range(rows + 1)
        ]
        for column in range(columns + 1)
    ]
    samples = _Samples(image, 4)
    out = Image.new("RGB", (image.width * 2, image.height * 2))
    draw = ImageDraw.Draw(out)
    for column in range(columns):
        for row in range(rows):
            a, b = corner[column][row], corner[column + 1][row]
            c, d = corner[column][row + 1], corner[column + 1][row + 1]
            split = ((a, b, c), (b, c, d)) if stream.random() < 0.5 else ((a, b, d), (a, c, d))
            for three in split:
                middle = [sum(point[axis] for point in three) / 3 for axis in (0, 1)]
                placed = [(point[0] * 2, point[1] * 2) for point in three]
                draw.polygon(placed, fill=samples(*middle))
                if lead:
                    draw.line([*placed, placed[0]], fill=(26, 22, 30), width=round(lead * 2))
    return out.reduce(2)


def _low_poly(image: Image.Image, stream: Stream) -> Image.Image:
    return _facets(image, stream, 30, 0.0)


def _stained_glass(image: Image.Image, stream: Stream) -> Image.Image:
    lit = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(1.5)).enhance(1.15)
    return _facets(lit, stream, 20, max(1.0, min(image.size) / 260))


def _pointillism(image: Image.Image, stream: Stream) -> Image.Image:
    samples = _Samples(image, 4)
    out = image.filter(ImageFilter.BoxBlur(min(image.size) // 80))
    draw = ImageDraw.Draw(out)
    reach = min(image.size) / 125
    for _ in range(8000):
        x, y = stream.uniform(0, image.width), stream.uniform(0, image.height)
        size = reach * stream.uniform(0.6, 1.1)
        draw.ellipse(
            (x - size, y - size, x + size, y + size), fill=_astray(samples(x, y), stream, 24)
        )
    return out


def _astray(colour: Colour, stream: Stream, by: int) -> Colour:
    red, green, blue = (min(255, max(0, channel + stream.randint(-by, by))) for channel in colour)
    return red, green, blue


def _pop_art(image: Image.Image, _: Stream) -> Image.Image:
    vivid = ImageEnhance.Color(ImageOps.autocontrast(image)).enhance(1.7)
    flat = ImageOps.posterize(vivid.filter(ImageFilter.MedianFilter(3)), 2)
    return flat.point([min(255, round(value * 255 / 192)) for value in range(256)] * 3)


def _blur(image: Image.Image, _: Stream) -> Image.Image:
    return softened(image, min(image.size) / 60)


_STYLES: dict[str, Callable[[Image.Image, Stream], Image.Image]] = {
    "watercolour": _watercolour,
    "pixelart": _pixel_art,
    "sketch": _sketch,
    "oil": _oil,
    "vintage": _vintage,
    "monochrome": _monochrome,
    "lowpoly": _low_poly,
    "stainedglass": _stained_glass,
    "pointillism": _pointillism,
    "popart": _pop_art,
    "blur": _blur,
}
