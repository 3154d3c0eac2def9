"""Mountains and hills."""

from ..canvas import Stage
from ..colours import mix, shade
from ..palettes import Palette
from ..sky import bloom, paint_sky, place_light
from ..terrain import (
    HILLS,
    PEAKS,
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


def fog_of(wish: Wish) -> float:
    """How thick the mist lies, 0…1."""
    if not wish.allows("fog"):
        return 0.0
    return 1.0 if wish.has("fog") else 0.28


def paint_mountains(stage: Stage, palette: Palette, wish: Wish) -> None:
    """Range behind range, paler with distance."""
    stream = stage.dice("mountains")
    stage.horizon = stage.height * stream.uniform(0.52, 0.64)
    place_light(stage, palette)
    paint_sky(stage, palette, wish)
    fog = fog_of(wish)
    style = stream.choice(("peaks", "range", "range", "mixed"))
    count = 4 if wish.has("minimal") else stream.choice((5, 6, 7))
    snowy = wish.has("snow", "winter") or (
        style == "peaks" and stream.random() < 0.7 and wish.allows("snow")
    )
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
        shape = Shape(
            shape.height * (1 - 0.45 * depth),
            shape.bend * (1 - 0.2 * depth),
            shape.rough,
            shape.ridged,
            shape.octaves,
        )
        edge = ridge(stage, stage.dice("ridge", index), base, shape)
        crest, foot = misted(palette, depth, fog)
        lay_ground(
            stage,
            edge,
            (crest, foot, foot) if depth < 0.99 else (crest, shade(crest, -0.05)),
            stage.u * 0.5,
        )
        if shape.ridged:
            dark = mix(crest, palette.near, 0.4)
            if snowy:
                lay_snowcaps(
                    stage,
                    edge,
                    mix(SNOW, palette.light, 0.25) if not palette.dark else mix(SNOW, crest, 0.45),
                    dark,
                    base - stage.u * 0.03,
                )
            else:
                lay_facets(stage, edge, dark, 0.4)
        if fog and depth < 0.95:
            lay_mist(stage, base + stage.u * 0.1, 0.16 + 0.1 * fog, palette.haze, 0.25 + 0.45 * fog)
        bloom(stage, palette, 0.16 * (1 - depth))
        if (
            index >= count - 2
            and stream.random() < 0.5
            and wish.allows("pine", "forest")
            and not wish.has("papercut", "minimal")
        ):
            lay_trees(
                stage,
                edge,
                (crest, crest),
                Grove(0.05 + 0.05 * depth, 0.02 + 0.02 * depth),
                stage.dice("trees", index),
            )
