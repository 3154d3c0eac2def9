"""What falls, drifts or flashes in front of everything."""

import math

from PIL import Image, ImageChops, ImageFilter

from .canvas import Brush, Stage, noise
from .colours import hexed, mix
from .palettes import Palette
from .sky import paint_birds, soft_circle
from .words import Wish


def paint_weather(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Rain, snow, lightning, mist, petals behind whoever stands in front: as far as named."""
    if "lightning" not in wish.avoided and wish.has("storm") and stage.horizon < stage.height:
        _lightning(stage, palette)
    if wish.has("fog"):
        _haze(stage, palette)
    if wish.has("rain", "storm"):
        _rain(stage, palette, 1.5 if wish.has("storm") else 1.0)
    if "snow" in wish.weather and wish.has("snow"):
        _snow(stage, 1.0)


def paint_foreground_weather(stage: Stage, palette: Palette, wish: Wish) -> None:
    """What drifts before everyone's faces: little enough not to hide them."""
    if wish.figures and wish.has("rain", "storm"):
        _rain(stage, palette, 0.3)
    if wish.figures and "snow" in wish.weather and wish.has("snow"):
        _snow(stage, 0.22)
    if wish.has("fireflies") or (palette.time == "night" and wish.has("summer")):
        _fireflies(stage)
    if wish.has("butterflies"):
        _butterflies(stage, palette)
    if wish.has("blossom", "autumn") and wish.allows("leaves"):
        _drift(stage, palette, wish)


def paint_flock(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Birds where they are asked for, and now and then of their own accord."""
    asked = "birds" in wish.things and wish.has("birds")
    chance = palette.time != "night" and not wish.figures and stage.dice("flock").random() < 0.3
    if not wish.allows("birds") or stage.horizon >= stage.height * 0.95 or not (asked or chance):
        return
    count = max(2, wish.count("birds", 5)) if asked else stage.dice("flock size").randrange(3, 7)
    paint_birds(
        stage, mix(palette.near, palette.sky[0], 0.3), min(9, max(5, count) if asked else count)
    )


def _rain(stage: Stage, palette: Palette, strength: float) -> None:
    stream = stage.dice("rain", strength)
    slant = stream.uniform(0.1, 0.3) * stream.choice((-1, 1))
    tint = mix(palette.haze, (255, 255, 255), 0.55)
    for near in (0.4, 1.0):
        count = round(
            (230 if near < 1 else 110) * strength * stage.width * stage.height / stage.u**2
        )

        def draw(brush: Brush, near: float = near, count: int = count) -> None:
            for _ in range(count):
                x, y = (
                    stream.uniform(-0.1, 1.1) * stage.width,
                    stream.uniform(-0.05, 1) * stage.height,
                )
                long = stage.u * stream.uniform(0.03, 0.06) * (0.5 + near)
                thick = max(0.3, stage.u * 0.0011 * near)
                brush.polygon(
                    [
                        (x, y),
                        (x + slant * long, y + long),
                        (x + slant * long + thick, y + long),
                        (x + thick * 0.4, y),
                    ],
                    value=stream.randrange(90, 220),
                )

        stage.lay((0, 0, stage.width, stage.height), (tint,), draw, strength=0.42 + 0.12 * near)


def _snow(stage: Stage, amount: float) -> None:
    stream = stage.dice("snowflakes", amount)
    flakes = round(240 * amount * stage.width * stage.height / stage.u**2)

    def draw(brush: Brush) -> None:
        for _ in range(flakes):
            size = stage.u * 0.0014 * (1 + 3.2 * stream.random() ** 3)
            brush.ellipse(
                (stage.width * stream.random(), stage.height * stream.random()),
                max(0.6, size),
                value=stream.randrange(120, 250),
            )

    stage.lay((0, 0, stage.width, stage.height), ((255, 255, 255),), draw, strength=0.9)
    for _ in range(round(16 * amount * stage.width * stage.height / stage.u**2)):
        place = (stage.width * stream.random(), stage.height * stream.random())
        soft_circle(
            stage,
            place,
            stage.u * stream.uniform(0.007, 0.016),
            (255, 255, 255),
            stream.uniform(0.25, 0.55),
        )


def _haze(stage: Stage, palette: Palette) -> None:
    stream = stage.dice("haze")
    small = (max(8, stage.width // 8), max(8, stage.height // 8))
    bank = noise(
        stream,
        small,
        (max(2, round(2 * stage.width / stage.u)), max(3, round(4 * stage.height / stage.u))),
    )
    fade = Image.linear_gradient("L").resize(small)
    fade = fade.point(
        [
            round(255 * math.sin(math.pi * min(1.0, value / 255 * 1.02)) ** 1.5)
            for value in range(256)
        ]
    )
    bank = ImageChops.multiply(
        bank.point([min(255, max(0, round((value - 70) * 1.6))) for value in range(256)]), fade
    )
    mask = bank.point([round(value * 0.6) for value in range(256)]).resize(
        stage.size, Image.Resampling.BICUBIC
    )
    stage.veil(mask, palette.haze)


def _lightning(stage: Stage, palette: Palette) -> None:
    stream = stage.dice("lightning")
    x, y = stage.width * stream.uniform(0.2, 0.8), -stage.u * 0.02
    path = [(x, y)]
    while y < stage.horizon * 0.95:
        x += stage.u * stream.uniform(-0.06, 0.06)
        y += stage.u * stream.uniform(0.03, 0.08)
        path.append((x, y))
    tint = hexed("eef0ff")
    for place in path[:: max(1, len(path) // 4)]:
        stage.shine(place, stage.u * 0.4, mix(tint, palette.sky[1], 0.4), power=2.4, strength=0.3)
    fork = [path[len(path) // 3]]
    for _ in range(4):
        fork.append(
            (
                fork[-1][0] + stage.u * stream.uniform(-0.02, 0.09),
                fork[-1][1] + stage.u * stream.uniform(0.02, 0.06),
            )
        )
    for line, wide in ((path, 0.0052), (fork, 0.003)):
        stage.lay_line(line, max(0.8, stage.u * wide), tint)


def _fireflies(stage: Stage) -> None:
    stream = stage.dice("fireflies")
    for _ in range(34):
        place = (stage.width * stream.random(), stage.height * stream.uniform(0.45, 0.97))
        size = stage.u * stream.uniform(0.005, 0.011)
        stage.shine(place, size * 4.5, hexed("ffe27a"), power=2.4, strength=0.65)
        soft_circle(stage, place, size, hexed("fffbd0"), 0.95)


def _butterflies(stage: Stage, palette: Palette) -> None:
    stream = stage.dice("butterflies")
    for index in range(5):
        x, y = stage.width * stream.uniform(0.08, 0.92), stage.height * stream.uniform(0.35, 0.85)
        size, tint = (
            stage.u * stream.uniform(0.018, 0.034),
            palette.accents[index % len(palette.accents)],
        )

        def draw(brush: Brush, x: float = x, y: float = y, size: float = size) -> None:
            for side in (-1, 1):
                brush.polygon(
                    [
                        (x, y),
                        (x + side * size * 0.5, y - size),
                        (x + side * size * 1.2, y - size * 0.7),
                        (x + side * size * 0.9, y),
                    ]
                )
                brush.ellipse((x + side * size * 0.55, y + size * 0.3), size * 0.45, size * 0.4)

        stage.lay(
            (x - size * 2, y - size * 2, x + size * 2, y + size * 2),
            (tint, mix(tint, (255, 255, 255), 0.4)),
            draw,
        )


def _drift(stage: Stage, palette: Palette, wish: Wish) -> None:
    stream = stage.dice("drift")
    tints = [
        hexed(code)
        for code in (
            ("f9b8cf", "fddbe6") if wish.has("blossom") else ("e8871e", "d1495b", "f2c14e")
        )
    ]
    for tint in tints:

        def draw(brush: Brush) -> None:
            for _ in range(14):
                x, y = stage.width * stream.random(), stage.height * stream.random()
                size, turn = stage.u * stream.uniform(0.006, 0.012), stream.uniform(0, math.pi)
                dx, dy = size * math.cos(turn), size * math.sin(turn)
                brush.polygon(
                    [
                        (x - dx, y - dy),
                        (x + dy * 0.6, y - dx * 0.6),
                        (x + dx, y + dy),
                        (x - dy * 0.6, y + dx * 0.6),
                    ]
                )

        stage.lay(
            (0, 0, stage.width, stage.height), (mix(tint, palette.haze, 0.12),), draw, strength=0.9
        )


def softened(image: Image.Image, radius: float) -> Image.Image:
    """The picture out of focus, cheaply: blurred small, then enlarged."""
    small = image.resize(
        (max(8, image.width // 3), max(8, image.height // 3)),
        Image.Resampling.BILINEAR,
        reducing_gap=2.0,
    )
    return small.filter(ImageFilter.GaussianBlur(radius / 3)).resize(
        image.size, Image.Resampling.BICUBIC
    )
