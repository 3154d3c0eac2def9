"""AUTOMATIC1111's text about a picture: the prompt, "Negative prompt: …", and a line of settings.

    a pig in a hat
    Negative prompt: fog
    Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x512, Model: some-model

A value with a comma, a colon or a line's end stands in quotes, as JSON writes a string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

NEGATIVE = "Negative prompt:"
# A name has a bounded length: else a long line without a colon takes time by its square.
SETTING = re.compile(r'(\w[\w \-/]{0,60}):[ \t]*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
SETTINGS_AT_LEAST = 3
"""A last line with fewer settings belongs to the prompt."""
LINE_MAXIMUM = 16_000
"""Characters of a line of settings that are looked at."""
SETTINGS_MAXIMUM = 100


@dataclass(frozen=True, slots=True)
class Infotext:
    positive_prompt: str = ""
    negative_prompt: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    """Name → value, in the order of the line."""


def parse(text: str) -> Infotext:
    """What a text says; one without a line of settings is all prompt."""
    *lines, last = text.replace("\r\n", "\n").strip().split("\n")
    settings = settings_in(last[:LINE_MAXIMUM])
    if len(settings) < SETTINGS_AT_LEAST:
        lines, settings = [*lines, last], {}
    positive: list[str] = []
    negative: list[str] = []
    into = positive
    for line in lines:
        words = line.strip()
        if words.startswith(NEGATIVE):
            into, words = negative, words.removeprefix(NEGATIVE).strip()
        into.append(words)
    return Infotext("\n".join(positive).strip(), "\n".join(negative).strip(), settings)


def settings_in(line: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in SETTING.findall(line)[:SETTINGS_MAXIMUM]:
        found.setdefault(name.strip(), unquoted(value.strip()))
    return found


def unquoted(value: str) -> str:
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value


def compose(positive_prompt: str, negative_prompt: str, settings: Iterable[tuple[str, str]]) -> str:
    """The text that says all this. A NUL would end it for some readers, so it becomes a space."""
    lines = [positive_prompt]
    if negative_prompt:
        lines.append(f"{NEGATIVE} {negative_prompt}")
    lines.append(", ".join(f"{name}: {quoted(value)}" for name, value in settings))
    return "\n".join(lines).replace("\0", " ")


def quoted(value: str) -> str:
    if not any(sign in value for sign in ',:\n"'):
        return value
    return json.dumps(value, ensure_ascii=False)
