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

# Where something is usually found, if the prompt names no scene.
_HOMES = {
    "fish": ("underwater",), "whale": ("underwater",), "penguin": ("arctic",), "polarbear": ("arctic",),
    "duck": ("lake", "meadow"), "lion": ("desert", "hills"), "owl": ("forest",), "fox": ("forest", "hills"),
    "bear": ("forest", "mountains"), "wolf": ("forest", "mountains"), "panda": ("forest",), "koala": ("forest",),
    "robot": ("studio", "city"), "person": ("studio",), "frog": ("lake", "meadow"), "tiger": ("forest", "studio"),
    "monkey": ("forest",),
    "lighthouse": ("sea",), "boat": ("sea", "lake"), "island": ("sea",), "palm": ("sea",), "cactus": ("desert",),
    "castle": ("hills", "mountains"), "tent": ("lake", "forest"), "rocket": ("space",), "planet": ("space",),
    "comet": ("mountains", "lake"), "aurora": ("arctic", "lake", "mountains"), "balloon": ("hills", "mountains", "desert"),
    "pine": ("forest", "mountains"), "birch": ("forest",), "mushrooms": ("forest",), "fireflies": ("forest", "meadow"),
    "windows": ("city",), "flowers": ("meadow",), "poppies": ("meadow",), "tulips": ("meadow",), "sunflowers": ("meadow",),
    "blossom": ("forest", "meadow"), "tree": ("hills", "forest"), "house": ("hills",), "church": ("hills",),
    "windmill": ("hills",), "butterflies": ("meadow",), "lavender": ("meadow",), "wheat": ("meadow",), "stars": ("mountains", "lake"),
}  # fmt: skip
_ANYWHERE = (
    ("mountains", 7), ("hills", 4), ("sea", 4), ("lake", 4), ("forest", 3), ("desert", 1), ("city", 2), ("abstract", 5),
    ("space", 2),
)  # fmt: skip


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
    stream = stage.dice("scene")
    roll = stream.random()
    if "astronaut" in wish.wears and not wish.scenes:
        return "space"
    if wish.scenes:
        return _named_scene(wish)
    if wish.abstracts and not wish.figures:
        return "abstract"
    named = [figure.name for figure in wish.figures] + list(wish.things)
    homes = [
        scene for name in named if name in _HOMES for scene in _HOMES[name] if wish.allows(scene)
    ]
    if wish.figures and not homes:
        homes = (
            ["hills", "studio", "meadow", "studio"]
            if not wish.weather and not wish.seasons
            else ["hills"]
        )
    if homes:
        home = [scene for scene in homes if wish.allows(scene)] or ["abstract"]
        return home[int(roll * len(home))]
    choices = [entry for entry in _ANYWHERE if wish.allows(entry[0])] or [("abstract", 1)]
    if wish.times or wish.weather or wish.seasons or wish.things:
        choices = [entry for entry in choices if entry[0] not in ("abstract", "space")] or choices
    roll *= sum(weight for _, weight in choices)
    for name, weight in choices:
        roll -= weight
        if roll < 0:
            return name
    return choices[-1][0]


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
