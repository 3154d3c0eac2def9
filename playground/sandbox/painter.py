"""A prompt, a seed and a size in; a picture worth looking at out.

The same arguments give the same pixels in every process. The seed settles the composition, what
the prompt names settles what is shown, and words the painter doesn't know stir the composition.
"""

from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageChops

from .canvas import Stage, grain
from .figures.cast import set_figures
from .marking import SANDBOX_MARK, encode, marked
from .palettes import Palette, choose
from .scenes.abstract import paint_abstract
from .scenes.city import paint_city
from .scenes.forest import paint_forest
from .scenes.land import paint_desert, paint_hills, paint_mountains
from .scenes.space import paint_space
from .scenes.studio import paint_studio
from .scenes.water import paint_arctic, paint_lake, paint_sea, paint_underwater
from .styles import finished
from .vocabulary import HOMES
from .weather import paint_flock, paint_foreground_weather, paint_weather
from .words import Wish, read

__all__ = ["SANDBOX_MARK", "encode", "paint"]

_SCENES: dict[str, Callable[[Stage, Palette, Wish], None]] = {
    "mountains": paint_mountains,
    "hills": paint_hills,
    "meadow": paint_hills,
    "village": paint_hills,
    "forest": paint_forest,
    "desert": paint_desert,
    "sea": paint_sea,
    "lake": paint_lake,
    "city": paint_city,
    "space": paint_space,
    "underwater": paint_underwater,
    "arctic": paint_arctic,
    "abstract": paint_abstract,
    "studio": paint_studio,
}

_ANYWHERE = (
    ("mountains", 7),
    ("hills", 4),
    ("sea", 4),
    ("lake", 4),
    ("forest", 3),
    ("desert", 1),
    ("city", 2),
    ("abstract", 5),
    ("space", 2),
)


def paint(
    *, positive_prompt: str, negative_prompt: str, seed: int, width: int, height: int
) -> Image.Image:
    """A picture (mode RGB) of exactly this size, in pixels."""
    wish = read(positive_prompt, negative_prompt)
    stage = Stage((width, height), f"{seed} {' '.join(wish.leftover)}")
    scene = _scene(stage, wish)
    if scene not in wish.scenes:
        wish = replace(wish, scenes=(*wish.scenes, scene))
    palette = choose(wish, stage.dice("palette"))
    if wish.has("papercut"):
        stage.paper = 0.5
    _SCENES[scene](stage, palette, wish)
    paint_flock(stage, palette, wish)
    paint_weather(stage, palette, wish)
    set_figures(stage, palette, wish)
    paint_foreground_weather(stage, palette, wish)
    image = finished(stage.image, wish, stage.dice("style"))
    # The exact words leave their trace even where they change nothing else.
    layer = grain(stage.dice(positive_prompt, negative_prompt), stage.size, 5)
    return marked(ImageChops.add(image, Image.merge("RGB", (layer, layer, layer)), 1, -128))


def _scene(stage: Stage, wish: Wish) -> str:
    """The scene the prompt names, or one where its things belong, or one the seed says."""
    roll = stage.dice("scene").random()
    if "astronaut" in wish.wears and not wish.scenes:
        return "space"
    if wish.scenes:
        return _named_scene(wish)
    if wish.abstracts and not wish.figures:
        return "abstract"
    homes = _homes(wish)
    return homes[int(roll * len(homes))] if homes else _anywhere(wish, roll)


def _homes(wish: Wish) -> list[str]:
    named = [*(figure.name for figure in wish.figures), *wish.things]
    homes = [scene for name in named for scene in HOMES.get(name, ()) if wish.allows(scene)]
    if wish.figures and not homes:
        outside = bool(wish.weather or wish.seasons or wish.times)
        homes = ["hills", "meadow"] if outside else ["hills", "studio", "meadow", "studio"]
    return homes


def _anywhere(wish: Wish, roll: float) -> str:
    choices = [entry for entry in _ANYWHERE if wish.allows(entry[0])]
    if wish.times or wish.weather or wish.seasons or wish.things:
        choices = [entry for entry in choices if entry[0] not in ("abstract", "space")]
    roll *= sum(weight for _, weight in choices)
    for name, weight in choices:
        roll -= weight
        if roll < 0:
            return name
    return "abstract"


def _named_scene(wish: Wish) -> str:
    """The scene named first, but for those that only say what kind of picture it is."""
    if "abstract" in wish.scenes and not wish.figures:
        return "abstract"
    scenes = [scene for scene in wish.scenes if scene not in ("abstract", "studio")]
    if "mountains" in scenes and "lake" in scenes:
        return "lake"
    if "mountains" in scenes and "hills" in scenes:
        return "hills"
    return (scenes or list(wish.scenes))[0]
