"""An endpoint nobody has heard of, with parameters nobody has heard of.

Added to THE TABLE by a test, it has to work everywhere with no other change.
"""

from __future__ import annotations

from playground.imagepig.endpoints import POSITIVE_PROMPT, SEED, Endpoint
from playground.imagepig.parameters import Choice, Option, WholeNumber

FOURTH_ENDPOINT = Endpoint(
    key="sketch",
    path="sketch",
    label="Sketch",
    summary="Pencil only",
    model="Graphite",
    base_model="Carbon",
    licence="MIT",
    licence_url="https://opensource.org/license/mit",
    calls=3,
    usual_seconds=(0.2, 0.3),
    sizes={"": (96, 64)},
    parameters=(
        POSITIVE_PROMPT,
        Choice(
            name="language",
            label="Language",
            help="The language of the prompt.",
            options=(Option(value="cs", label="Czech"), Option(value="en", label="English")),
            default="en",
        ),
        WholeNumber(name="hardness", label="Hardness", help="Of the pencil.", maximum=9, default=0),
        SEED,
    ),
)
