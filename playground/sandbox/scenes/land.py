"""Mountains, hills, meadows, deserts and forests."""

import random

from ..canvas import Brush, Stage
from ..colours import hexed, mix, shade
from ..palettes import Palette
from ..sky import bloom, paint_sky, place_light, rays
from ..terrain import (
    DUNES,
    HILLS,
    PEAKS,
    PLAIN,
    RANGE,
    SNOW,
    Grove,
    Shape,
    lay_facets,
    lay_ground,
    lay_mist,
    lay_snowcaps,
    lay_trees,
    misted,
    ridge,
)
from ..words import Wish
from .ground import (
    fog_of,
    lay_foreground,
    set_flowers,
    set_landmarks,
    set_mushrooms,
    set_sky_things,
    set_trees,
    snowy,
)


def paint_mountains(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Range behind range, paler with distance."""
    stream = stage.dice("mountains")
    stage.horizon = stage.height * stream.uniform(0.52, 0.64)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    style = stream.choice(("peaks", "range", "range", "mixed"))
    count = 4 if wish.has("minimal") else stream.choice((5, 6, 7))
    if snowy(wish):
        style = "peaks"
    first = stage.horizon - stage.u * 0.02
    for index in range(count):
        depth = index / (count - 1)
        base = first + (stage.height * 1.03 - first) * depth**1.25 * 0.86
        shape = (
            PEAKS
            if style == "peaks" and index < 2
            else RANGE
            if style != "mixed" or index < 3
            else HILLS
        )
        _range(stage, palette, wish, (base, depth), shape)
        if index == count - 3:
            set_landmarks(
                stage,
                palette,
                wish,
                ridge(stage, stage.dice("ridge", base), base, _flatter(shape, depth)),
                depth,
            )
        _wood(stage, palette, wish, (base, depth), shape)
    _near_ground(stage, palette, wish)


def _flatter(shape: Shape, depth: float) -> Shape:
    return Shape(
        shape.height * (1 - 0.45 * depth),
        shape.bend * (1 - 0.2 * depth),
        shape.rough,
        shape.ridged,
        shape.octaves,
    )


def _range(
    stage: Stage, palette: Palette, wish: Wish, place: tuple[float, float], shape: Shape
) -> None:
    base, depth = place
    fog = fog_of(wish)
    edge = ridge(stage, stage.dice("ridge", base), base, _flatter(shape, depth))
    crest, foot = misted(palette, depth, fog)
    lay_ground(
        stage,
        edge,
        (crest, foot, foot) if depth < 0.99 else (crest, shade(crest, -0.05)),
        stage.u * 0.5 if depth < 0.99 else None,
    )
    if shape.ridged:
        dark = mix(crest, palette.near, 0.4) if not snowy(wish) else mix(palette.sky[0], crest, 0.6)
        capped = snowy(wish) or (stage.dice("capped").random() < 0.7 and wish.allows("snow"))
        if capped:
            white = mix(SNOW, palette.light, 0.25) if not palette.dark else mix(SNOW, crest, 0.45)
            lay_snowcaps(stage, edge, white, dark, base - stage.u * 0.03)
        else:
            lay_facets(stage, edge, dark, 0.4)
    if fog and depth < 0.95:
        lay_mist(stage, base + stage.u * 0.1, 0.16 + 0.1 * fog, palette.haze, 0.25 + 0.45 * fog)
    bloom(stage, palette, 0.16 * (1 - depth))


def _wood(
    stage: Stage, palette: Palette, wish: Wish, place: tuple[float, float], shape: Shape
) -> None:
    base, depth = place
    asked = wish.has("forest", "pine")
    if (
        depth < (0.35 if asked else 0.7)
        or not wish.allows("pine", "forest")
        or wish.has("papercut", "minimal", "desert")
    ):
        return
    if not asked and stage.dice("wooded").random() < 0.5:
        return
    edge = ridge(stage, stage.dice("ridge", base), base, _flatter(shape, depth))
    crest = shade(palette.land(depth), -0.12 if snowy(wish) else -0.02)
    lay_trees(
        stage,
        edge,
        (crest, crest),
        Grove(0.05 + 0.05 * depth, 0.02 + 0.02 * depth),
        stage.dice("trees", base),
    )


def _near_ground(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Room for whoever stands in front; grass where the prompt wants it."""
    stage.floor = stage.height * 0.93
    flowering = wish.has(
        "flowers", "poppies", "tulips", "sunflowers", "lavender", "meadow", "spring", "summer"
    )
    if wish.figures or flowering:
        lay_foreground(stage, palette, wish, stage.height * 0.86)
        set_flowers(stage, palette, wish, stage.height * 0.88)
    set_mushrooms(stage, palette, wish)


def paint_hills(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Rolling hills with trees here and there, and a meadow in front."""
    stream = stage.dice("hills")
    stage.horizon = stage.height * stream.uniform(0.5, 0.6)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    if stream.random() < 0.6 or wish.has("mountains"):
        _range(
            stage,
            palette,
            wish,
            (stage.horizon - stage.u * 0.01, 0.02),
            PEAKS if snowy(wish) else RANGE,
        )
    count = stream.choice((3, 4))
    for index in range(count):
        depth = (index + 1) / (count + 1)
        base = stage.horizon + (stage.height * 0.9 - stage.horizon) * (index + 0.35) / count
        edge = ridge(stage, stage.dice("hill", index), base, HILLS)
        _hill(stage, palette, wish, (edge, depth))
        if index == count - 2:
            set_landmarks(stage, palette, wish, edge, depth)
            set_trees(stage, palette, wish, edge, depth)
    level = stage.height * (0.82 if wish.figures or wish.has("meadow") else 0.88)
    stage.floor = stage.height * 0.93
    lay_foreground(stage, palette, wish, level)
    set_flowers(stage, palette, wish, level)
    set_mushrooms(stage, palette, wish)


def _hill(
    stage: Stage, palette: Palette, wish: Wish, hill: tuple[list[tuple[float, float]], float]
) -> None:
    edge, depth = hill
    crest, foot = misted(palette, depth, fog_of(wish))
    if (
        not snowy(wish)
        and not wish.colours
        and "land" not in wish.parts
        and not palette.dark
        and palette.time != "sunset"
    ):
        fresh = hexed("7fae5c") if "autumn" not in wish.seasons else hexed("c98a3f")
        crest = mix(crest, fresh, 0.38)
        foot = mix(foot, fresh, 0.22)
    lay_ground(stage, edge, (shade(crest, 0.03), crest, foot))
    if fog_of(wish) > 0.5:
        lay_mist(stage, max(y for _, y in edge) + stage.u * 0.03, 0.2, palette.haze, 0.6)
    if wish.allows("tree", "forest") and not wish.has("minimal", "desert"):
        kind = "pine" if snowy(wish) or stage.dice("kind").random() < 0.4 else "tree"
        tint = shade(
            mix(crest, palette.near, 0.45 if not snowy(wish) else 0.1),
            -0.05 if not snowy(wish) else -0.3,
        )
        grove = Grove(
            0.045 + 0.05 * depth, (0.028 if wish.has("forest") else 0.16) + 0.06 * depth, kind
        )
        lay_trees(stage, edge, (shade(tint, 0.03), tint), grove, stage.dice("grove", depth))
    bloom(stage, palette, 0.14 * (1 - depth))


def paint_desert(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Dunes, each with a side in the light and a side in the shade."""
    stream = stage.dice("desert")
    stage.horizon = stage.height * stream.uniform(0.48, 0.6)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    sand = hexed("e3a45c") if not wish.colours and "land" not in wish.parts else palette.far
    share = 0.25 if palette.dark else 0.62
    count = 5
    for index in range(count):
        depth = index / (count - 1)
        base = stage.horizon + (stage.height * 0.96 - stage.horizon) * depth**1.3 * 0.85
        edge = ridge(
            stage,
            stage.dice("dune", index),
            base,
            Shape(DUNES.height * (0.35 + 0.85 * depth), DUNES.bend * (0.8 + depth), 0.1, True, 2),
        )
        crest = mix(mix(palette.land(depth * 0.75), sand, share), palette.haze, 0.5 * (1 - depth))
        lay_ground(stage, edge, (shade(crest, 0.06), crest, shade(crest, -0.07, chroma=1.05)))
        lay_facets(stage, edge, shade(mix(crest, palette.near, 0.35), -0.03), 0.62)
        bloom(stage, palette, 0.14 * (1 - depth))
        if index == 3:
            set_landmarks(stage, palette, wish, edge, depth)
            set_trees(stage, palette, wish, edge, depth)
    stage.floor = stage.height * 0.94


def paint_forest(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Rows of trees that fade into the light between them."""
    stream = stage.dice("forest")
    stage.horizon = stage.height * stream.uniform(0.62, 0.7)
    place_light(stage, palette)
    stage.light = (stage.light[0], stage.horizon * stream.uniform(0.35, 0.6))
    paint_sky(stage, palette, wish)
    birches = wish.has("birch") or (
        "tree" not in wish.things
        and not wish.has("pine", "snow", "winter")
        and stream.random() < 0.3
    )
    fog = max(0.45 if wish.allows("fog") else 0.1, fog_of(wish))
    count = 5
    for index in range(count):
        depth = index / (count - 1)
        base = stage.horizon + (stage.height * 0.9 - stage.horizon) * depth
        edge = ridge(stage, stage.dice("wood", index), base, PLAIN)
        tint = mix(palette.land(0.25 + 0.75 * depth), palette.haze, 0.55 * (1 - depth) ** 1.2)
        if snowy(wish):
            tint = mix(shade(palette.near, -0.38), palette.haze, 0.62 * (1 - depth))
        elif not wish.colours and not palette.dark:
            tint = mix(
                tint, hexed("b5651f") if "autumn" in wish.seasons else hexed("2f6b4a"), 0.35 * depth
            )
        if birches and depth > 0.3:
            _birches(stage, palette, wish, (base, depth))
        else:
            grove = Grove(
                0.34 + 0.34 * depth,
                0.06 + 0.09 * depth,
                "pine" if not wish.has("autumn", "tree") else "tree",
            )
            lay_trees(
                stage,
                edge,
                (tint, mix(tint, palette.haze, 0.3 * fog * (1 - depth))),
                grove,
                stage.dice("pines", index),
            )
        ground = (
            mix(tint, palette.near, 0.5)
            if not snowy(wish)
            else mix(palette.near, palette.haze, 0.3 * (1 - depth))
        )
        lay_ground(stage, edge, (ground, shade(ground, -0.03)))
        lay_mist(stage, base, 0.3, palette.haze, fog * (0.75 - 0.5 * depth))
        bloom(stage, palette, 0.2 * (1 - depth))
    if (
        palette.time in ("dawn", "morning", "goldenhour", "noon", "sunset")
        and wish.allows("fog")
        and not wish.has("rain")
    ):
        rays(stage, stage.light, palette.light, 0.42)
    stage.floor = stage.height * 0.93
    level = stage.height * 0.88
    lay_foreground(stage, palette, wish, level)
    set_flowers(stage, palette, wish, level)
    set_mushrooms(stage, palette, wish)


def _birches(stage: Stage, palette: Palette, wish: Wish, place: tuple[float, float]) -> None:
    base, depth = place
    stream = stage.dice("birches", round(depth, 2))
    bark = mix(
        mix(hexed("f1ece2"), palette.haze, 0.65 * (1 - depth)),
        palette.sky[0],
        0.35 if palette.dark else 0.05,
    )
    leaves = (
        hexed("e3a52f")
        if "autumn" in wish.seasons or stage.dice("leaf").random() < 0.4
        else hexed("7fae4a")
    )
    leaves = mix(
        mix(leaves, palette.haze, 0.55 * (1 - depth)), palette.near, 0.4 if palette.dark else 0.0
    )
    trunks = []
    x = stream.uniform(0, 0.1) * stage.u
    while x < stage.width:
        trunks.append(
            (
                x,
                stage.u * (0.008 + 0.024 * depth) * stream.uniform(0.7, 1.2),
                stream.uniform(-0.02, 0.02),
            )
        )
        x += stage.u * (0.05 + 0.1 * depth) * stream.uniform(0.5, 1.7)
    box = (0, 0, stage.width, base + stage.u * 0.05)
    stage.lay(
        box,
        (bark, mix(bark, palette.haze, 0.2)),
        lambda brush: _trunks(brush, trunks, base + stage.u * 0.03),
    )
    stage.lay(
        box,
        (mix(hexed("3a3038"), bark, 0.25),),
        lambda brush: _notches(brush, trunks, base, stream),
        strength=0.8,
    )
    if not wish.has("winter", "snow"):
        stage.lay(
            (0, 0, stage.width, base * 0.7),
            (shade(leaves, 0.05), leaves),
            lambda brush: _leaves(brush, stage, stream, base * 0.62),
            strength=0.92,
        )


def _trunks(brush: Brush, trunks: list[tuple[float, float, float]], base: float) -> None:
    for x, wide, lean in trunks:
        brush.polygon(
            [
                (x - wide, base),
                (x - wide * 0.7 + lean * base, -9),
                (x + wide * 0.7 + lean * base, -9),
                (x + wide, base),
            ]
        )


def _notches(
    brush: Brush, trunks: list[tuple[float, float, float]], base: float, stream: random.Random
) -> None:
    for x, wide, lean in trunks:
        for _ in range(12):
            y = stream.uniform(0, base)
            left = x + lean * (base - y) + stream.choice((-0.85, 0.0)) * wide
            brush.polygon(
                [
                    (left, y),
                    (left + wide * stream.uniform(0.4, 0.85), y + wide * 0.1),
                    (left, y + wide * 0.25),
                ]
            )


def _leaves(brush: Brush, stage: Stage, stream: random.Random, bottom: float) -> None:
    for _ in range(round(240 * stage.width / stage.u)):
        y = bottom * stream.random() ** 1.8 - stage.u * 0.03
        size = stage.u * stream.uniform(0.008, 0.026)
        brush.ellipse((stream.uniform(0, stage.width), y), size, size * 0.75)
