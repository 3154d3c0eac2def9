"""Mountains, hills, meadows, deserts and forests."""

from dataclasses import replace

from ..canvas import Stage
from ..colours import hexed, mix, shade
from ..palettes import Palette
from ..sky import bloom, paint_sky, place_light
from ..terrain import (
    HILLS,
    PEAKS,
    PLAIN,
    RANGE,
    SNOW,
    Grove,
    Shape,
    lay_dunes,
    lay_facets,
    lay_ground,
    lay_mist,
    lay_snowcaps,
    misted,
    ridge,
)
from ..words import Wish
from .flowers import set_flowers, set_mushrooms
from .ground import fog_of, lay_foreground, lay_wood, set_trees, snowy
from .landmarks import set_landmarks, set_sky_things


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
    grove = Grove(0.05 + 0.05 * depth, 0.02 + 0.02 * depth)
    lay_wood(stage, palette, wish, (edge, depth), grove)


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
        spacing = (0.028 if wish.has("forest") else 0.16) + 0.06 * depth
        lay_wood(stage, palette, wish, (edge, depth), Grove(0.045 + 0.05 * depth, spacing, kind))
    bloom(stage, palette, 0.14 * (1 - depth))


def paint_desert(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Dunes, each with a side in the light and a side in the shade."""
    stream = stage.dice("desert")
    stage.horizon = stage.height * stream.uniform(0.48, 0.6)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    set_sky_things(stage, palette, wish)
    own = not wish.colours and "land" not in wish.parts
    if own:
        warm = hexed("6b3a1e") if not palette.dark else hexed("2a1a2e")
        palette = replace(palette, near=mix(palette.near, warm, 0.7))
    sand = hexed("e3a45c") if own else palette.far
    share = 0.25 if palette.dark else 0.62
    count = 5
    for index in range(count):
        depth = index / (count - 1)
        base = stage.horizon + (stage.height * 0.99 - stage.horizon) * depth**1.4 * 0.92
        crest = mix(mix(palette.land(depth * 0.7), sand, share), palette.haze, 0.5 * (1 - depth))
        edge = ridge(stage, stage.dice("dune", index), base, PLAIN)
        lay_ground(stage, edge, (crest, crest, shade(crest, -0.04)))
        lee = shade(mix(crest, palette.near, 0.36), -0.04, chroma=1.1)
        lay_dunes(stage, base, stage.u * (0.035 + 0.13 * depth), (crest, lee))
        bloom(stage, palette, 0.14 * (1 - depth))
        if index == 3:
            set_landmarks(stage, palette, wish, edge, depth)
            set_trees(stage, palette, wish, edge, depth)
    ground = mix(mix(palette.land(0.8), sand, share), palette.near, 0.15)
    if wish.figures:
        near = ridge(stage, stage.dice("near sand"), stage.height * 0.88, PLAIN)
        lay_ground(stage, near, (shade(ground, 0.04), ground))
    stage.floor = stage.height * 0.94
