"""A dozen requests whose pictures are worth looking at: for galleries that are still empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    endpoint: str
    values: Mapping[str, object]


def _example(endpoint: str, seed: int, positive_prompt: str, **values: object) -> Example:
    return Example(endpoint, {"positive_prompt": positive_prompt, "seed": seed, **values})


EXAMPLES = (
    _example("flux", 144, "northern lights over a frozen lake, pine forest", proportion="wide"),
    _example("xl", 42, "an adorable pig with a crown, pink background"),
    _example("flux", 34, "a lighthouse by the sea at dusk, full moon", proportion="portrait"),
    _example("flux", 21, "a city skyline at night, neon, stars", proportion="landscape"),
    _example("xl", 89, "desert dunes at sunset, orange and purple sky"),
    _example("flux", 13, "hot air balloons over mountains at sunrise", proportion="landscape"),
    _example("default", 377, "geometric pattern, teal and coral", negative_prompt="text"),
    _example("flux", 1597, "a tall castle on a cliff under the stars", proportion="portrait"),
    _example("xl", 987, "tropical beach, palm trees, turquoise water, noon"),
    _example("default", 233, "an autumn forest, golden leaves, fog"),
    _example("flux", 610, "a planet and a rocket in space", proportion="square"),
    _example("xl", 2584, "lavender fields in summer, sunset, distant mountains"),
)
