"""Which colours a picture is painted with: from the time of day, the colours and the mood named."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from .colours import Colour, Lch, hexed, hue_distance, lch, mix, rgb, shade
from .words import Wish


@dataclass(frozen=True)
class Palette:
    """The colours of one picture. `sky` runs from the top to the horizon."""

    sky: tuple[Colour, ...]
    light: Colour
    far: Colour
    near: Colour
    accents: tuple[Colour, ...]
    time: str
    water: Colour | None = None

    @property
    def dark(self) -> bool:
        """Whether lamps would be lit."""
        return self.time in ("dusk", "night")

    @property
    def haze(self) -> Colour:
        """What distance fades into."""
        return self.sky[-1]

    def land(self, depth: float) -> Colour:
        """The ground at a depth from 0 (at the horizon) to 1 (at our feet)."""
        return mix(self.far, self.near, depth**0.9)


# sky from top to horizon / sun or moon / far land, near land / accents
_SKETCHES: dict[str, tuple[str, ...]] = {
    "dawn": (
        "1b2450 6a4c7d d98080 f7b58b / ffedc4 / b5788f 241f43 / ffd27a f28f8f 8fb8de",
        "7fa8d8 c3c6e3 f7d6c8 fdeacd / fff8e6 / b9bcd2 3d5273 / f5a38f f6c667 6fa8a0",
        "34567e 8792b5 e6ab9c fbd9a8 / fff2cf / a596a9 26374f / f7a072 ffd97d 84a9c0",
        "4f8f9a a5c9b8 f2dfb2 fbe6c0 / fffbe6 / a6bfae 1f4b4f / f29e6d f6cf71 3d8f86",
        "2d2a5e 7f5a93 e08fa0 ffc6a3 / fff0d0 / b1829c 2a2350 / ffb26b ff8fa3 9ad0d6",
        "5b6aa8 b59cc4 f3bcb8 ffe1c2 / fff6df / b59fbb 3a3a68 / f48c8c ffd08a 8ec5c0",
    ),
    "morning": (
        "4d9ad6 93c9ea d9eef0 fbf3dd / fffdf0 / a9c9cc 24594e / f2b84b e9724c 3d86c6",
        "5bb0c4 a5d8d8 e4f0de fdf4d6 / fffdf0 / a6cbb8 1d5548 / f4a259 e76f51 2a9d8f",
        "7a9fe0 b7c8f0 eadff0 fdebe0 / fffaf0 / b6b9d6 3c4a7c / f6bd60 f28482 84a59d",
    ),
    "noon": (
        "1f6fc4 5aa9e6 a9d8f2 e3f4f5 / fffbe0 / 9cc6d6 1f5f4a / ffcb47 ef6f6c 2e86ab",
        "1e8fb5 66c3d0 b9e6dc f4f5da / fffde8 / 93c4ac 1a5a48 / ffb84d f25f5c 247ba0",
        "4a7fd1 86b1ec c6dbf7 f3eefa / fffdf0 / a3b3dc 2f4b8a / ffd166 ef476f 06d6a0",
        "2a9d8f 7cc7b5 c8e6cf f9f0d2 / fffbe3 / 9fc9ae 20523f / e9c46a f4a261 e76f51",
        "3f88c5 88bde6 cfe6f0 fbf0e0 / fffdf2 / b4c7c9 3f6b4d / f9c74f f3722c 577590",
    ),
    "goldenhour": (
        "6d8fb3 c7b8a3 f5c98a ffdf9e / fff4c9 / c79f7a 4a3428 / ffd166 e76f51 8ab17d",
        "c9803f eba85a f9cf86 ffe9b5 / fffbe0 / cf9553 5a2f17 / fff0b3 d1495b 66a182",
        "8a6a8f d79a86 fbc98c ffe3a6 / fff6d5 / bd8a78 3c2a3d / ffca5f ef6f6c 7fb7be",
    ),
    "sunset": (
        "1a1747 5f2a6b c9485b ff8a4d ffc26b / fff3b0 / a6506a 1d1538 / ffd166 ff6f59 43aa8b",
        "2b1b4d 7d2f6b d9596a ffa65e / ffe59a / 9b4a72 1f1336 / ffc857 ff7b9c 5bc0be",
        "0f2f4f 4f6079 d9776a ffc371 / ffefb5 / 8d6b74 122438 / ffb347 ff6b6b 4ecdc4",
        "3a0f3f 8c1f5c d34468 ff9472 / ffe98a / 8f2f63 240a33 / ffd56b ff5d8f 7ad7f0",
        "5b1f0e a8431a e57f2a ffc14f / fff6c0 / a54e1d 35120a / ffe08a ef3e36 f2a65a",
        "27356e 7a5d96 e38d8d ffc98f / fff1c7 / a37390 262a52 / ffbf69 ff8c8c 7bdff2",
    ),
    "dusk": (
        "0d1033 332a66 87508f e08a7a / fff1d6 / 5e4a82 120f2e / ffc971 ff7f7f 7fd1ff",
        "10233f 3f4f86 a878a0 eab0a0 / fff4e0 / 665a86 111c34 / ffcf8a ff9aa2 9fe3ff",
        "1b0b36 55206a a63d7f ef7a8a / ffe7c9 / 6a2c70 170a2b / ffd07a ff5fa2 6fe0ff",
        "1f1f4f 4c4a8f 8f86c4 d8bde0 / fff7ff / 5f5a9f 191a40 / ffd7a0 e8a0d0 a0d8ff",
        "0a2a3a 1f5a6a 5f9792 d9c9a0 / fff6d8 / 3f7478 08202c / ffcf70 ff8a66 9ff0dc",
    ),
    "neon": (
        "0a0221 2a0a5e 8a1a9a ff3fa0 / ffd9f2 / 4a1a8a 0a0420 / ff2bd6 21e6ff ffe14d",
        "030322 0b1a5e 1a4fb0 17d4e6 / f0fbff / 1a2f8a 05061f / 21e6ff ff2bd6 b6ff3b",
        "12022e 4a0a6e c01a8a ff7a4d / fff0a0 / 5a1a7a 0d0322 / ffe14d ff2bd6 21e6ff",
    ),
    "night": (
        "02061a 0a1740 173274 2f5aa8 / e6f4ff / 24468a 040a20 / ffd479 8fd3ff ff9ecb",
        "03120e 0b2e27 1c5546 3f8a68 / fdf7c4 / 25604f 04130f / ffe08a 8ff0c0 ffb38a",
        "0a0620 1f1450 41358f 7a68c8 / f6ecff / 443a92 0b0822 / ffcf8a d0a0ff 8fe0ff",
        "01141c 07404f 127181 45a5a6 / fdfff0 / 1c6470 03161d / ffd98a 8ff5e5 ff9f80",
        "12081f 3a1240 76235f b4487a / fff0da / 5d2054 12061c / ffcb77 ff7fb0 8fd9ff",
        "0a0c14 1c2233 39435c 6c7890 / fdfaf0 / 3a445c 090b12 / ffd591 b5c9e8 f2a08f",
        "050a24 12205a 2c3f96 6a6fc4 / fff3d0 / 2a3a86 070c26 / ffce73 a0b8ff ff9fb5",
    ),
}

# hue, chroma, lightness the colour's name makes one expect
_NAMED: dict[str, tuple[float, float, float]] = {
    "red": (26, 0.19, 0.50),
    "maroon": (18, 0.12, 0.36),
    "orange": (52, 0.17, 0.66),
    "coral": (32, 0.15, 0.70),
    "peach": (55, 0.08, 0.84),
    "rust": (42, 0.12, 0.50),
    "gold": (82, 0.14, 0.74),
    "yellow": (100, 0.17, 0.84),
    "lime": (122, 0.18, 0.78),
    "green": (150, 0.13, 0.52),
    "olive": (112, 0.08, 0.52),
    "mint": (165, 0.08, 0.82),
    "teal": (195, 0.09, 0.50),
    "turquoise": (190, 0.11, 0.68),
    "cyan": (210, 0.12, 0.74),
    "blue": (257, 0.16, 0.52),
    "navy": (265, 0.10, 0.30),
    "indigo": (278, 0.15, 0.38),
    "violet": (303, 0.17, 0.46),
    "lilac": (305, 0.09, 0.74),
    "magenta": (338, 0.21, 0.56),
    "pink": (358, 0.13, 0.74),
    "brown": (58, 0.07, 0.42),
    "beige": (80, 0.04, 0.84),
    "white": (250, 0.012, 0.93),
    "black": (270, 0.012, 0.16),
    "grey": (255, 0.012, 0.56),
}

_DEFAULT_TIMES = (
    ("dawn", 6),
    ("morning", 3),
    ("noon", 5),
    ("goldenhour", 3),
    ("sunset", 6),
    ("dusk", 5),
    ("night", 5),
)
_NEUTRAL = frozenset({"white", "black", "grey", "beige"})


def named(colour: str) -> Colour:
    """The colour that its name makes one expect."""
    hue, chroma, lightness = _NAMED[colour]
    return rgb(lightness, chroma, hue)


def avoided_hues(wish: Wish) -> list[float]:
    """The hues the negative prompt takes away."""
    return [
        _NAMED[name][0] for name in wish.avoided_colours if name in _NAMED and name not in _NEUTRAL
    ]


_DAY = ("morning", "noon", "goldenhour")
_DARK = ("dusk", "night")


def _time(wish: Wish, stream: random.Random) -> str:
    roll = stream.random()
    if wish.times:
        return wish.times[0]
    if wish.has("moon", "stars", "aurora", "comet", "fireflies", "neon", "galaxy"):
        return "night"
    names = _fitting(wish, [(name, weight) for name, weight in _DEFAULT_TIMES if wish.allows(name)])
    roll *= sum(weight for _, weight in names)
    for name, weight in names:
        roll -= weight
        if roll < 0:
            return name
    return "dusk"


def _fitting(wish: Wish, names: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The hours that suit what is named."""
    lit = [entry for entry in names if entry[0] not in _DARK]
    flowering = wish.has(
        "flowers", "poppies", "tulips", "sunflowers", "lavender", "wheat", "blossom"
    )
    if wish.has("rainbow", "sun", "butterflies", "spring", "summer"):
        return [entry for entry in names if entry[0] in _DAY] or names
    if wish.has("dark"):
        return [entry for entry in names if entry[0] in _DARK] or names
    # Whoever asks for an animal or a season wants to see it.
    if wish.figures or wish.seasons or flowering or not wish.allows("dark"):
        return lit or names
    return names


def _parse(text: str, time: str) -> Palette:
    sky, light, land, accents = (
        tuple(hexed(code) for code in part.split()) for part in text.split(" / ")
    )
    return Palette(sky, light[0], land[0], land[1], accents, time)


def _clash(palette: Palette, hues: list[float]) -> int:
    colours = (*palette.sky, palette.far, palette.near)
    return sum(
        1
        for colour in colours
        for hue in hues
        if lch(colour).chroma > 0.03 and hue_distance(lch(colour).hue, hue) < 32
    )


def choose(wish: Wish, stream: random.Random) -> Palette:
    """The palette for a wish: always the same one for the same wish and stream."""
    time = _time(wish, stream)
    glowing = wish.has("neon") and not wish.colours and time in ("dusk", "night")
    sketches = [_parse(text, time) for text in _SKETCHES["neon" if glowing else time]]
    first = stream.randrange(len(sketches))
    hues = avoided_hues(wish)
    ordered = sketches[first:] + sketches[:first]
    palette = min(ordered, key=lambda one: _clash(one, hues)) if hues else ordered[0]
    palette = _colour(palette, wish)
    palette = _season(palette, wish)
    palette = _weather(palette, wish)
    return _tone(palette, wish)


def _each(palette: Palette, change: Callable[[Colour], Colour]) -> Palette:
    return replace(
        palette,
        sky=tuple(change(colour) for colour in palette.sky),
        far=change(palette.far),
        near=change(palette.near),
    )


class Change:
    """Turns colours towards a named one, keeping their light and dark."""

    def __init__(self, name: str, around: float, pull: float = 0.3) -> None:
        self.hue, self.chroma, self.lightness = _NAMED[name]
        self.neutral = name in _NEUTRAL
        self.pull = 0.55 if self.neutral else pull
        self.around = around

    def __call__(self, colour: Colour) -> Colour:
        lightness, chroma, hue = lch(colour)
        spread = (hue - self.around + 180) % 360 - 180
        lightness += (self.lightness - 0.55) * self.pull * 1.5
        if self.neutral:
            return rgb(min(0.98, max(0.05, lightness)), max(self.chroma, chroma * 0.15), self.hue)
        strength = 0.45 * chroma + 0.62 * self.chroma * (1 - 0.4 * abs(2 * lightness - 1.05))
        return rgb(
            min(0.97, max(0.09, lightness)),
            strength,
            (self.hue + max(-16.0, min(16.0, spread * 0.12))) % 360,
        )


def _around(colours: tuple[Colour, ...]) -> float:
    return lch(colours[len(colours) // 2]).hue


def _colour(palette: Palette, wish: Wish) -> Palette:
    names = wish.colours
    if names:
        palette = _each(palette, Change(names[0], _around(palette.sky)))
        palette = replace(palette, light=mix(palette.light, named(names[0]), 0.12))
    if len(names) > 1:
        palette = _second(palette, names)
    for part, name in wish.parts.items():
        palette = _part(palette, part, name)
    return palette


def _second(palette: Palette, names: tuple[str, ...]) -> Palette:
    """The second colour: in the light, at the horizon and in the details."""
    other = named(names[1])
    change = Change(names[1], lch(palette.haze).hue, 0.3)
    horizon = (mix(palette.sky[-2], change(palette.sky[-2]), 0.35), change(palette.sky[-1]))
    return replace(
        palette,
        sky=(*palette.sky[:-2], *horizon),
        light=shade(other, 0.14),
        far=mix(palette.far, change(palette.far), 0.4),
        accents=(other, shade(other, 0.1), named(names[2]) if len(names) > 2 else named(names[0])),
    )


def _part(palette: Palette, part: str, name: str) -> Palette:
    if part == "sky":
        change = Change(name, _around(palette.sky), 0.45)
        return replace(palette, sky=tuple(change(colour) for colour in palette.sky))
    if part == "land":
        change = Change(name, lch(palette.far).hue, 0.45)
        return replace(
            palette, far=mix(change(palette.far), palette.haze, 0.15), near=change(palette.near)
        )
    if part == "light":
        return replace(palette, light=shade(named(name), 0.08))
    if part == "water":
        return replace(palette, water=named(name))
    return replace(
        palette, accents=(named(name), shade(named(name), 0.1), shade(named(name), -0.08))
    )


def _season(palette: Palette, wish: Wish) -> Palette:
    if wish.colours or "land" in wish.parts:
        return palette
    turns = {
        "autumn": ("rust", 0.55),
        "spring": ("green", 0.35),
        "summer": ("green", 0.25),
        "winter": ("blue", 0.3),
    }
    for season in wish.seasons:
        name, share = turns[season]
        change = Change(name, lch(palette.far).hue)
        palette = replace(
            palette,
            far=mix(palette.far, change(palette.far), share),
            near=mix(palette.near, change(palette.near), share),
        )
        if season == "autumn":
            palette = replace(
                palette, accents=tuple(hexed(code) for code in ("e8871e", "d1495b", "f2c14e"))
            )
    return palette


def _weather(palette: Palette, wish: Wish) -> Palette:
    if wish.has("storm", "rain"):
        strength = 1.0 if wish.has("storm") else 0.5
        grim = tuple(
            shade(mix(colour, hexed("465064"), strength * 0.62), -0.12 * strength)
            for colour in palette.sky
        )
        palette = replace(palette, sky=grim if not wish.has("neon") else palette.sky)
        palette = replace(
            palette,
            far=mix(palette.far, palette.haze, 0.35),
            near=shade(palette.near, -0.02, chroma=0.8),
        )
    if wish.has("snow", "winter", "arctic"):
        ice = Change("white", lch(palette.far).hue)
        tint = mix(palette.sky[-1], hexed("eef4fb"), 0.62 if not palette.dark else 0.38)
        lit = mix(ice(palette.near), hexed("f4f8fd"), 0.75)
        if palette.dark:
            lit = mix(mix(palette.sky[-1], palette.sky[-2], 0.5), hexed("eef4ff"), 0.45)
        near = mix(lit, palette.sky[0], 0.12)
        palette = replace(palette, far=mix(palette.far, tint, 0.52), near=near)
    return palette


_TONES: dict[str, tuple[float, float, float]] = {
    # added lightness, pull of lightness to the middle of its range, chroma
    "pastel": (0.09, 0.78, 0.75),
    "vivid": (0.0, 1.0, 1.35),
    "dark": (-0.14, 0.8, 0.85),
    "muted": (0.02, 0.85, 0.5),
    "neon": (-0.03, 1.05, 1.35),
}


def _tone(palette: Palette, wish: Wish) -> Palette:
    for tone in wish.tones:
        if tone in ("warm", "cool") and not wish.colours:
            change = Change("orange" if tone == "warm" else "blue", _around(palette.sky), 0.1)
            share = 0.15 if palette.dark else 0.4
            palette = _each(palette, partial(_partly, change, share))
        if tone == "neon":
            palette = replace(
                palette,
                accents=tuple(hexed(code) for code in ("ff2bd6", "21e6ff", "ffe14d", "8b5cff")),
            )
        if tone in _TONES:
            palette = _toned(palette, *_TONES[tone])
    if not wish.allows("dark"):
        palette = _toned(palette, 0.1, 0.9, 1.0)
    return palette


def _partly(change: Change, share: float, colour: Colour) -> Colour:
    return mix(colour, change(colour), share)


def _toned(palette: Palette, lift: float, pull: float, strength: float) -> Palette:
    def change(colour: Colour) -> Colour:
        lightness, chroma, hue = lch(colour)
        return rgb(
            min(0.97, max(0.05, 0.6 + (lightness - 0.6) * pull + lift)), chroma * strength, hue
        )

    palette = replace(palette, accents=tuple(change(colour) for colour in palette.accents))
    return replace(
        palette,
        sky=tuple(change(colour) for colour in palette.sky),
        far=change(palette.far),
        near=change(palette.near),
    )


def painted(tint: Lch) -> Colour:
    """The RGB colour of OKLCH coordinates."""
    return rgb(*tint)
