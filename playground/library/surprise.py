"""A prompt for whoever has no idea yet: somebody somewhere, at some time, in some manner."""

from __future__ import annotations

from random import Random

SUBJECTS = (
    "a pig in a top hat",
    "a pink pig with glasses",
    "two pigs with crowns",
    "a fox with a red scarf",
    "an owl with a wizard hat",
    "a rabbit with a bow tie",
    "a family of penguins",
    "a lone wolf",
    "a teal robot",
    "a raccoon in a party hat",
    "three frogs",
    "a polar bear with a blue scarf",
    "an astronaut cat",
    "a corgi with sunglasses",
    "a koala",
    "a lighthouse",
    "a castle",
    "a windmill",
    "a hot air balloon",
    "a small cottage",
    "a sailing boat",
    "a rocket",
)
PLACES = (
    "on a green hill",
    "in a pine forest",
    "by a mountain lake",
    "by the sea",
    "in a poppy meadow",
    "in a lavender field",
    "in desert dunes",
    "near snowy mountains",
    "in a birch forest",
    "near a village",
    "on a tropical beach",
    "under an oak tree",
    "in a field of sunflowers",
    "in the arctic",
)
TIMES = (
    "at dawn",
    "in the early morning",
    "at golden hour",
    "at sunset, orange sky",
    "at dusk, full moon",
    "at night, under the stars",
    "at night, northern lights",
    "in the rain",
    "in soft fog",
    "in snowfall",
    "in a thunderstorm",
    "in autumn",
    "in spring",
    "under a rainbow",
)
MANNERS = (
    "watercolour",
    "oil painting",
    "pencil drawing",
    "layered paper cut",
    "pixel art",
    "low poly",
    "stained glass",
    "pop art",
    "minimalist",
    "vintage",
    "pastel",
    "vivid",
    "muted",
    "moody",
)


def surprise(seed: int) -> str:
    """A prompt, always the same one for a seed."""
    random = Random(seed)  # noqa: S311 (nothing secret hangs on it)
    subject, place, time, manner = (
        random.choice(table) for table in (SUBJECTS, PLACES, TIMES, MANNERS)
    )
    return f"{subject} {place} {time}, {manner}"
