"""A prompt, a seed and a size in; a picture worth looking at out.

The same arguments give the same pixels in every process. The seed settles the composition, what
the prompt names settles what is shown, and words the painter doesn't know stir the composition.
"""

import random

from PIL import Image, ImageChops

from .canvas import Stage, grain
from .marking import SANDBOX_MARK, encode, marked
from .palettes import choose
from .scenes.land import paint_mountains
from .words import read

__all__ = ["SANDBOX_MARK", "encode", "paint"]


def paint(
    *, positive_prompt: str, negative_prompt: str, seed: int, width: int, height: int
) -> Image.Image:
    """A picture (mode RGB) of exactly this size, in pixels."""
    wish = read(positive_prompt, negative_prompt)
    stage = Stage((width, height), f"{seed} {' '.join(wish.leftover)}")
    palette = choose(wish, stage.dice("palette"))
    paint_mountains(stage, palette, wish)
    exact = stage.dice(positive_prompt, negative_prompt)
    image = ImageChops.add(stage.image, _coloured_grain(exact, stage), 1, -128)
    return marked(image)


def _coloured_grain(stream: random.Random, stage: Stage) -> Image.Image:
    layer = grain(stream, stage.size, 5)
    return Image.merge("RGB", (layer, layer, layer))
