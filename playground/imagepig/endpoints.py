"""THE TABLE: all that the application knows of the API's endpoints.

Form fields, their checks and help texts, the sandbox's validation, the code samples, the costs and
expected times, and the gallery's filters follow from it. Source: the vendor's API documentation.
An endpoint is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .parameters import (
    SEED_MAXIMUM,
    Choice,
    InvalidValue,
    Option,
    Parameter,
    Text,
    WholeNumber,
)

Value: TypeAlias = str | int
"""A request attribute's value. Seeds are exact integers up to 2**64 - 1."""

Body: TypeAlias = dict[str, Value]
"""A request's JSON body: API attribute → value."""

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""


class InvalidRequest(ValueError):
    """A body that the endpoint does not take: `problems` maps attribute → what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in problems.items()))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One of the API's endpoints. `key` names it in forms, records and URLs."""

    key: str
    path: str
    """What follows the API's address and a slash; "" for the default endpoint."""
    label: str
    summary: str
    model: str
    base_model: str
    licence: str
    licence_url: str
    calls: int
    """How many standard API calls one picture counts as."""
    usual_seconds: tuple[float, float | None]
    """The documented usual time, from and to; to is None where only "over" is documented."""
    sizes: Mapping[str, Size]
    """Proportion → size; the key "" where there is but one size."""
    parameters: tuple[Parameter, ...]

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, or None where this endpoint does not know it."""
        return next((each for each in self.parameters if each.name == name), None)

    def size(self, body: Mapping[str, object]) -> Size:
        """The size in pixels of the picture that a checked body asks for."""
        proportion = self.parameter("proportion")
        default = proportion.default if isinstance(proportion, Choice) else ""
        return self.sizes[str(body.get("proportion", default))]

    @property
    def defaults(self) -> Body:
        """What the API takes where a choice is left open: it says the same, sent or not."""
        return {each.name: each.default for each in self.parameters if isinstance(each, Choice)}

    @property
    def size_words(self) -> str:
        """ "512 × 512", or "4 shapes" where there is a choice."""
        sizes = list(self.sizes.values())
        return f"{len(sizes)} shapes" if len(sizes) > 1 else "{} × {}".format(*sizes[0])

    @property
    def typical_seconds(self) -> float:
        """One figure for a progress bar to run over."""
        low, high = self.usual_seconds
        return (low + (high if high is not None else low * 1.4)) / 2

    @property
    def usual_time(self) -> str:
        """The documented usual time in words: "1–2 s", "over 5 s"."""
        low, high = self.usual_seconds
        return f"over {low:g} s" if high is None else f"{low:g}–{high:g} s"

    def request(self, values: Mapping[str, object]) -> Body:
        """Check `values` (attribute → value) and give the JSON body to send.

        What the endpoint does not know is left out, as is what says nothing (an empty negative
        prompt, 0 storage days). Raises InvalidRequest with a message for each wrong attribute.
        """
        body: Body = {}
        problems: dict[str, str] = {}
        for parameter in self.parameters:
            if parameter.name not in values and not parameter.required:
                continue
            try:
                value = parameter.check(values.get(parameter.name, parameter.absent or ""))
            except InvalidValue as error:
                problems[parameter.name] = str(error)
                continue
            if value != parameter.absent:
                body[parameter.name] = value
        if problems:
            raise InvalidRequest(problems)
        return body


POSITIVE_PROMPT = Text(
    name="positive_prompt",
    label="Prompt",
    help="What you want to see in the picture.",
    required=True,
    # The API documents no limit; this one keeps pages and rows sane.
    max_length=2000,
)
NEGATIVE_PROMPT = Text(
    name="negative_prompt",
    label="Avoid",
    help="What you do not want to see.",
    max_length=2000,
)
PROPORTION = Choice(
    name="proportion",
    label="Proportion",
    help="The shape of the picture.",
    options=(
        Option(value="landscape", label="Landscape"),
        Option(value="portrait", label="Portrait"),
        Option(value="square", label="Square"),
        Option(value="wide", label="Wide"),
    ),
    default="landscape",
)
FORMAT = Choice(
    name="format",
    label="Format",
    help="JPEG is smaller, PNG keeps every pixel exactly.",
    options=(Option(value="JPEG", label="JPEG"), Option(value="PNG", label="PNG")),
    default="JPEG",
)
SEED = WholeNumber(
    name="seed",
    label="Seed",
    help="The same seed with the same words gives the same picture.",
    maximum=SEED_MAXIMUM,
)
STORAGE_DAYS = WholeNumber(
    name="storage_days",
    label="Storage days",
    help="Days that Image Pig also keeps the picture at a web address. "
    "0: not at all. Part of some plans only.",
    seldom=True,
    # The API documents no limit; ten years keeps every date a date.
    maximum=3650,
    default=0,
)

TABLE: dict[str, Endpoint] = {
    endpoint.key: endpoint
    for endpoint in (
        Endpoint(
            key="default",
            path="",
            label="Default",
            summary="Fast, for trying ideas",
            model="Realistic Vision V5.1",
            base_model="Stable Diffusion 1.5",
            licence="CreativeML Open RAIL-M",
            licence_url="https://huggingface.co/spaces/CompVis/stable-diffusion-license",
            calls=1,
            usual_seconds=(1, 2),
            sizes={"": (512, 512)},
            parameters=(POSITIVE_PROMPT, NEGATIVE_PROMPT, FORMAT, SEED, STORAGE_DAYS),
        ),
        Endpoint(
            key="xl",
            path="xl",
            label="XL",
            summary="Larger and finer",
            model="RealVisXL V5.0",
            base_model="Stable Diffusion XL",
            licence="CreativeML Open RAIL++-M",
            licence_url="https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md",
            calls=1,
            usual_seconds=(3, 4),
            sizes={"": (1024, 1024)},
            parameters=(POSITIVE_PROMPT, NEGATIVE_PROMPT, FORMAT, SEED, STORAGE_DAYS),
        ),
        Endpoint(
            key="flux",
            path="flux",
            label="FLUX",
            summary="Follows long prompts, can write words",
            model="FLUX.1 [schnell]",
            base_model="FLUX.1",
            licence="Apache License 2.0",
            licence_url="https://www.apache.org/licenses/LICENSE-2.0",
            calls=2,
            usual_seconds=(5, None),
            sizes={
                "landscape": (1216, 832),
                "portrait": (832, 1216),
                "square": (1024, 1024),
                "wide": (1344, 768),
            },
            parameters=(POSITIVE_PROMPT, PROPORTION, FORMAT, SEED, STORAGE_DAYS),
        ),
    )
}
"""Key → endpoint, in the order people meet them. Read it when you need it; never copy it."""


def all_parameters() -> dict[str, Parameter]:
    """Every parameter that some endpoint knows, by name, in the order people meet them."""
    return {each.name: each for endpoint in TABLE.values() for each in endpoint.parameters}
