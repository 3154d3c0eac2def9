"""The sky: its colours, sun or moon, stars, aurora, clouds and what flies there."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from .canvas import Brush, Point, Stage, glow_mask, gradient, noise
from .colours import Colour, hexed, lch, mix, shade
from .palettes import Palette
from .words import Wish

WHITE: Colour = (255, 255, 255)


def paint_sky(stage: Stage, palette: Palette, wish: Wish, *, clouds: bool = True) -> None:
    """Everything above the horizon, farthest first."""
    below = stage.height - int(stage.horizon)
    stage.image.paste(gradient((stage.width, int(stage.horizon) + 1), palette.sky), (0, 0))
    stage.image.paste(palette.haze, (0, stage.height - below, stage.width, stage.height))
    if palette.time in ("night", "dusk") and wish.allows("stars") and not wish.has("storm"):
        paint_stars(stage, amount=1.0 if palette.time == "night" else 0.45)
    elif wish.has("stars"):
        paint_stars(stage, amount=0.8)
    if wish.has("aurora"):
        paint_aurora(stage, palette)
    if wish.has("comet"):
        paint_comet(stage)
    _light(stage, palette, wish)
    if wish.has("rainbow"):
        _rainbow(stage)
    if clouds and wish.allows("clouds"):
        paint_clouds(stage, palette, wish)


def place_light(stage: Stage, palette: Palette) -> None:
    """Where sun or moon stands: low at the day's ends, high at noon and at night."""
    stream = stage.dice("light")
    across = stream.choice(
        (stream.uniform(0.2, 0.42), stream.uniform(0.58, 0.8), stream.uniform(0.42, 0.58))
    )
    low, high = {"noon": (0.3, 0.5), "morning": (0.4, 0.62), "night": (0.3, 0.6)}.get(
        palette.time, (0.6, 0.95)
    )
    stage.light = (stage.width * across, stage.horizon * stream.uniform(low, high))


def _light(stage: Stage, palette: Palette, wish: Wish) -> None:
    stream = stage.dice("disc")
    moon = palette.time == "night" or (wish.has("moon") and not wish.has("sun"))
    radius = stage.u * (
        stream.uniform(0.06, 0.105)
        if palette.time not in ("noon", "morning")
        else stream.uniform(0.045, 0.06)
    )
    if wish.has("moon", "sun"):
        radius *= 1.35
    hidden = wish.has("storm", "rain") or not wish.allows("moon" if moon else "sun")
    around = mix(palette.light, palette.haze, 0.35)
    stage.shine(stage.light, stage.u * 0.95, around, power=2.6, strength=0.42)
    stage.shine(
        stage.light, radius * 4.2, palette.light, power=2.4, strength=0.4 if hidden else 0.55
    )
    if hidden:
        return
    if moon:
        _moon(stage, palette, wish, radius)
    else:
        x, y = stage.light
        box = (x - radius, y - radius, x + radius, y + radius)
        stage.lay(
            box,
            (shade(palette.light, 0.03), palette.light),
            lambda brush: brush.ellipse((x, y), radius),
        )
        stage.shine(stage.light, radius * 1.9, palette.light, power=1.6, strength=0.35)


def _moon(stage: Stage, palette: Palette, wish: Wish, radius: float) -> None:
    stream = stage.dice("moon")
    x, y = stage.light
    box = (x - radius, y - radius, x + radius, y + radius)
    crescent = (stream.random() < 0.4 or wish.has("crescent")) and not wish.has("fullmoon")

    def disc(brush: Brush) -> None:
        brush.ellipse((x, y), radius)
        if crescent:
            brush.ellipse((x + radius * 0.42, y - radius * 0.2), radius * 0.86, value=0)

    def seas(brush: Brush) -> None:
        for _ in range(7):
            angle, reach = stream.uniform(0, math.tau), stream.uniform(0, 0.62)
            size = radius * stream.uniform(0.07, 0.24)
            brush.ellipse(
                (x + radius * reach * math.cos(angle), y + radius * reach * math.sin(angle)), size
            )

    paper, stage.paper = stage.paper, 0.0
    stage.lay(box, (shade(palette.light, 0.02), palette.light), disc)
    if not crescent:
        stage.lay(box, (mix(palette.light, palette.sky[1], 0.3),), seas, strength=0.4)
    stage.paper = paper


def paint_stars(stage: Stage, *, amount: float = 1.0, bottom: float | None = None) -> None:
    """Many small stars, a few that shine."""
    stream = stage.dice("stars")
    depth = stage.horizon if bottom is None else bottom
    count = round(230 * amount * max(1.0, stage.width * depth / (stage.u * stage.u)))
    box = stage.clip((0, 0, stage.width, depth))
    if box is None:
        return

    def small(brush: Brush) -> None:
        for _ in range(count):
            x, y = stream.uniform(0, stage.width), depth * stream.random() ** 1.35
            fade = 1 - 0.75 * y / depth
            size = stage.u * stream.choice((0.0009, 0.0011, 0.0016))
            brush.ellipse((x, y), max(0.5, size), value=round(255 * fade * stream.uniform(0.35, 1)))

    stage.lay(box, (hexed("f4f8ff"),), small)
    for _ in range(round(9 * amount)):
        place = (stream.uniform(0, stage.width), depth * 0.75 * stream.random())
        tint = stream.choice((hexed("cfe3ff"), hexed("fff1cf"), WHITE))
        twinkle(stage, place, stage.u * stream.uniform(0.006, 0.013), tint)


def twinkle(stage: Stage, place: Point, size: float, tint: Colour) -> None:
    """A star with a glow and four fine rays."""
    stage.shine(place, size * 2.2, tint, power=2.2, strength=0.75)
    x, y = place
    thin = max(0.45, size * 0.09)

    def rays(brush: Brush) -> None:
        for dx, dy in ((size * 1.6, thin), (thin, size * 1.6)):
            brush.polygon([(x - dx, y), (x, y - dy), (x + dx, y), (x, y + dy)])

    stage.lay(
        (x - size * 2, y - size * 2, x + size * 2, y + size * 2), (WHITE,), rays, strength=0.85
    )


def paint_aurora(stage: Stage, palette: Palette) -> None:
    """Curtains of light, green at their hem and violet above."""
    stream = stage.dice("aurora")
    size = (160, 120)
    low, high = hexed("4dffb0"), hexed("8a5cff")
    if palette.accents and lch(palette.sky[1]).hue < 120:
        low, high = hexed("7dffcf"), hexed("ff6fd0")
    strip = gradient((1, 64), (low, low, high))
    for _ in range(3):
        mask = Image.new("L", size)
        base, swing = stream.uniform(0.45, 0.85), stream.uniform(0.08, 0.2)
        phase, speed = stream.uniform(0, 6.3), stream.uniform(1.2, 2.6)
        fall = Image.new("L", (1, 64))
        fall.putdata(
            [
                round(255 * (index / 63) ** 1.7 if index < 58 else 255 * (63 - index) / 6)
                for index in range(64)
            ]
        )
        for x in range(size[0]):
            t = x / size[0]
            y = (
                base
                + swing * math.sin(speed * t * 3.1 + phase)
                + 0.05 * math.sin(9 * t + phase * 2)
            ) * size[1]
            tall = size[1] * (
                0.5 + 0.22 * math.sin(17 * t + phase) + 0.16 * math.sin(41 * t - phase)
            )
            power = 0.55 + 0.3 * math.sin(23 * t + 3 * phase) + 0.15 * math.sin(61 * t)
            column = fall.resize((1, max(2, round(tall)))).point(
                [round(v * max(0.12, power) * 0.8) for v in range(256)]
            )
            mask.paste(column, (x, round(y - tall)))
        whole = (stage.width, int(stage.horizon))
        soft = mask.resize(whole, Image.Resampling.BICUBIC)
        stage.image.paste(strip.resize(whole, Image.Resampling.BILINEAR), (0, 0), soft)


def paint_comet(stage: Stage) -> None:
    stream = stage.dice("comet")
    x, y = stage.width * stream.uniform(0.25, 0.75), stage.horizon * stream.uniform(0.15, 0.4)
    length, angle = (
        stage.u * stream.uniform(0.25, 0.4),
        stream.uniform(0.35, 0.7) * stream.choice((-1, 1)),
    )
    dx, dy = length * math.copysign(math.cos(angle), angle), -length * abs(math.sin(angle))
    for part in range(24):
        share = part / 24
        stage.shine(
            (x + dx * share, y + dy * share),
            stage.u * 0.014 * (1.1 - share),
            WHITE,
            strength=0.65 * (1 - share),
        )
    twinkle(stage, (x, y), stage.u * 0.02, WHITE)


def _rainbow(stage: Stage) -> None:
    stream = stage.dice("rainbow")
    radius = min(stage.width * 0.55, stage.horizon * stream.uniform(0.86, 0.98))
    band = stage.u * 0.014
    x, y = stage.width * stream.uniform(0.35, 0.65), stage.horizon * 1.06
    for index, code in enumerate(("e4572e", "f3a712", "f7e733", "5cb85c", "2e86de", "7d4cdb")):
        reach = radius - index * band

        def arc(brush: Brush, reach: float = reach) -> None:
            brush.ellipse((x, y), reach)
            brush.ellipse((x, y), reach - band * 1.05, value=0)

        box = (x - reach, y - reach, x + reach, stage.horizon)
        stage.lay(box, (hexed(code),), arc, strength=0.42)


def paint_clouds(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Soft streaks nearly always; heaps where clouds are asked for, or by chance."""
    stream = stage.dice("clouds")
    asked = wish.has("clouds")
    grim = wish.has("storm", "rain")
    if wish.has("clear"):
        return
    cover = 0.75 if grim else 0.55 if asked else stream.choice((0.0, 0.22, 0.32, 0.4))
    lit = mix(mix(palette.haze, WHITE, 0.35), palette.light, 0.45)
    if palette.time == "night":
        lit = mix(palette.sky[-1], palette.light, 0.18)
    if grim:
        lit = mix(palette.sky[1], palette.sky[-1], 0.5)
    if cover:
        _streaks(
            stage,
            stream,
            cover,
            (lit, palette.sky[0] if grim else palette.sky[len(palette.sky) // 2]),
        )
    if (asked or stream.random() < 0.22) and not grim:
        for _ in range(stream.randrange(2, 5) if asked else 2):
            _heap(stage, stream, lit, palette)


def _streaks(
    stage: Stage, stream: random.Random, cover: float, tints: tuple[Colour, Colour]
) -> None:
    size = (stage.width, int(stage.horizon))
    small = (max(8, size[0] // 3), max(8, size[1] // 3))
    wide = max(2, round(2.4 * stage.width / stage.u))
    cloud = noise(stream, small, (wide, max(5, round(8 * size[1] / stage.u))))
    start = 150 - 60 * cover
    cloud = cloud.point(
        [round(min(1.0, max(0.0, (value - start) / 95)) ** 1.3 * 235) for value in range(256)]
    )
    fade = Image.linear_gradient("L").resize(small)
    fade = fade.point(
        [
            round(255 * (0.35 + 0.65 * math.sin(math.pi * min(1.0, value / 255 * 1.1))))
            for value in range(256)
        ]
    )
    cloud = ImageChops.multiply(cloud, fade).point(
        [round(value * min(1.0, 0.45 + cover)) for value in range(256)]
    )
    under = ImageChops.offset(cloud, 0, max(1, small[1] // 60))
    stage.veil(
        under.resize(size, Image.Resampling.BICUBIC).point([round(v * 0.5) for v in range(256)]),
        tints[1],
    )
    stage.veil(cloud.resize(size, Image.Resampling.BICUBIC), tints[0])


def _heap(stage: Stage, stream: random.Random, lit: Colour, palette: Palette) -> None:
    wide = stage.u * stream.uniform(0.22, 0.46)
    x, y = stage.width * stream.uniform(0.02, 0.98), stage.horizon * stream.uniform(0.16, 0.7)
    tall = wide * stream.uniform(0.22, 0.34)
    puffs = []
    for _ in range(13):
        t = stream.uniform(-1, 1)
        size = tall * stream.uniform(0.32, 0.62) * (1.1 - 0.6 * abs(t))
        puffs.append(
            (
                x + t * wide * 0.5,
                y - size * 0.55 - tall * 0.45 * (1 - t * t) * stream.random(),
                size,
            )
        )
    dim = mix(lit, palette.sky[max(0, len(palette.sky) - 2)], 0.55)

    def draw(brush: Brush) -> None:
        for px, py, size in puffs:
            brush.ellipse((px, py), size)
        brush.ellipse((x, y - tall * 0.12), wide * 0.58, tall * 0.17)
        brush.rectangle(x - wide, y, x + wide, y + tall, value=0)

    box = (x - wide, y - tall * 1.7, x + wide, y)
    stage.lay(box, (shade(lit, 0.04), lit, dim), draw, strength=0.92)


def paint_birds(stage: Stage, colour: Colour, count: int) -> None:
    """A flock far away."""
    stream = stage.dice("birds")
    x, y = stage.width * stream.uniform(0.2, 0.7), stage.horizon * stream.uniform(0.2, 0.5)
    birds = []
    for index in range(count):
        side = 1 if index % 2 else -1
        rank = (index + 1) // 2
        px = x + side * rank * stage.u * stream.uniform(0.03, 0.045)
        py = y + rank * stage.u * stream.uniform(0.012, 0.024)
        birds.append((px, py, stage.u * stream.uniform(0.011, 0.019), stream.uniform(-0.25, 0.25)))

    def draw(brush: Brush) -> None:
        for px, py, size, tilt in birds:
            for side in (-1, 1):
                tip = (px + side * size, py - size * (0.34 + side * tilt))
                knee = (px + side * size * 0.5, py - size * 0.5)
                brush.polygon(
                    [(px, py), knee, tip, (knee[0], knee[1] + size * 0.17), (px, py + size * 0.16)]
                )

    reach = stage.u * 0.5
    paper, stage.paper = stage.paper, 0.0
    stage.lay((x - reach, y - reach * 0.2, x + reach, y + reach * 0.6), (colour,), draw)
    stage.paper = paper


def bloom(stage: Stage, palette: Palette, strength: float) -> None:
    """The light once more over what stands before it, fainter than on the sky."""
    stage.shine(
        stage.light,
        stage.u * 0.62,
        mix(palette.light, palette.haze, 0.4),
        power=2.6,
        strength=strength,
    )


def rays(stage: Stage, origin: Point, colour: Colour, strength: float) -> None:
    """Shafts of light that fan out downwards."""
    stream = stage.dice("rays")
    small = (max(16, stage.width // 6), max(16, stage.height // 6))
    mask = Image.new("L", small)
    draw = ImageDraw.Draw(mask)
    x, y = origin[0] / stage.width * small[0], origin[1] / stage.height * small[1]
    reach = 2 * max(small)
    for _ in range(9):
        angle, spread = stream.uniform(0.55, math.pi - 0.55), stream.uniform(0.02, 0.075)
        ends = [
            (x + reach * math.cos(a), y + reach * math.sin(a))
            for a in (angle - spread, angle + spread)
        ]
        draw.polygon([(x, y), *ends], fill=stream.randrange(50, 130))
    fade = Image.linear_gradient("L").resize(small).point([255 - value for value in range(256)])
    mask = ImageChops.multiply(
        mask.resize((small[0] // 2, small[1] // 2)).resize(small, Image.Resampling.BICUBIC), fade
    )
    mask = mask.point([round(value * strength) for value in range(256)])
    stage.veil(mask.resize(stage.size, Image.Resampling.BICUBIC), colour)


def soft_circle(
    stage: Stage, centre: Point, radius: float, colour: Colour, strength: float
) -> None:
    """A round light whose middle is even: a lamp out of focus."""
    reach = max(2, round(radius))
    mask = glow_mask(reach, 0.35, strength)
    stage.image.paste(colour, (round(centre[0]) - reach, round(centre[1]) - reach), mask)
