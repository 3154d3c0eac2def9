"""What a picture's page says of the request: its parameters by the table, and the same as code."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from .imagepig.endpoints import TABLE
from .imagepig.parameters import Choice, Parameter
from .imagepig.samples import LANGUAGES, sample
from .models import Generation
from .naming import file_name

SHOWN_APART = ("positive_prompt", "seed")
"""These two have places of their own on the page."""


@dataclass(frozen=True)
class Row:
    """One parameter: what people call it, what the API calls it, and its value in words."""

    label: str
    name: str
    value: str
    sent: bool


@dataclass(frozen=True)
class Code:
    """The request in one language."""

    key: str
    label: str
    text: str


def parameter_rows(generation: Generation) -> list[Row]:
    """Each parameter that the endpoint knows, then whatever else was sent.

    What was sent is shown even if the table no longer knows it: the record is the truth.
    """
    entry = TABLE.get(generation.endpoint)
    known = [each for each in entry.parameters if each.name not in SHOWN_APART] if entry else []
    names = {*SHOWN_APART, *(each.name for each in known)}
    others = [
        Row(label=name.replace("_", " "), name=name, value=str(value), sent=True)
        for name, value in generation.body.items()
        if name not in names
    ]
    return [row_of(parameter, generation) for parameter in known] + others


def row_of(parameter: Parameter, generation: Generation) -> Row:
    sent = parameter.name in generation.body
    value = generation.body.get(parameter.name, getattr(parameter, "default", None))
    return Row(label=parameter.label, name=parameter.name, value=said(parameter, value), sent=sent)


def said(parameter: Parameter, value: object) -> str:
    """A value as people read it: an option by its label, nothing as a dash."""
    if isinstance(parameter, Choice):
        labels = {option.value: option.label for option in parameter.options}
        return labels.get(str(value), str(value))
    return "—" if value in (None, "") else str(value)


def codes(generation: Generation) -> list[Code]:
    """The request as code in every language; none where the table has lost the endpoint."""
    entry = TABLE.get(generation.endpoint)
    if entry is None:
        return []
    sandbox_url = f"{settings.SITE_URL}/sandbox"
    base_url = sandbox_url if generation.in_sandbox else settings.IMAGEPIG_API_URL
    return [
        Code(
            key=language.key,
            label=language.label,
            text=sample(
                language.key,
                entry,
                generation.request_body,
                base_url=base_url,
                file_name=file_name(generation),
            ),
        )
        for language in LANGUAGES.values()
    ]
