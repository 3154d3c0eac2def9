"""What a file remembers of a picture's making, in the playground's own terms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..imagepig.endpoints import TABLE, Endpoint, all_parameters
from ..imagepig.parameters import InvalidValue, Text
from ..models import Generation
from . import infotext
from .texts import Texts

VERSION = 1
MADE_WITH = "Image Pig Playground"
ENDPOINT_SETTING = "Image Pig endpoint"
PROMPTS = ("positive_prompt", "negative_prompt")
SILENT = ("Steps", "Version", "Image Pig endpoint", "Size", "Seed", "Model")
"""Settings of an infotext that are not listed as unknown: they are read, or say nothing."""
UNKNOWN_SHOWN = 12


@dataclass
class Memory:
    """What a file says: `values` for the form, and in words what was left aside."""

    values: dict[str, str] = field(default_factory=dict)
    """Form field → value, each of which the API's table knows."""
    left: list[str] = field(default_factory=list)
    """What the file says and the playground has no field for."""

    def __bool__(self) -> bool:
        return bool(self.values.get("positive_prompt") or self.values.get("seed"))

    def take(self, name: str, value: object) -> None:
        """Take a value over, if the API takes it; else it is left aside."""
        text = str(value)
        parameter = all_parameters().get(name)
        if isinstance(parameter, Text):
            # However long: the form says so where it is too long, and nothing of it is lost.
            self.values[name] = text
            return
        try:
            if parameter:
                self.values[name] = str(parameter.parse(text))
                return
        except InvalidValue:
            pass
        self.leave(name.replace("_", " "), text)

    def leave(self, name: str, value: str) -> None:
        words = f"{name} {value}".strip()
        if words and len(self.left) < UNKNOWN_SHOWN:
            self.left.append(words if len(words) <= 60 else f"{words[:59]}…")


def texts_of(generation: Generation) -> Texts:
    """The two texts that a file is given to remember a picture by."""
    entry = TABLE.get(generation.endpoint)
    model = entry.model if entry else ""
    seed = generation.seed or generation.sent_seed
    width, height = generation.size
    record = {
        "version": VERSION,
        "made_with": MADE_WITH,
        "upstream": generation.upstream,
        "endpoint": generation.endpoint,
        "model": model,
        # As text: many readers of JSON round a number of twenty digits.
        "seed": seed,
        "width": width,
        "height": height,
        "request": generation.body,
    }
    settings = [
        # AUTOMATIC1111's readers look for this word first. The API does not tell the number.
        ("Steps", "unknown"),
        ("Seed", seed),
        ("Size", f"{width}x{height}"),
        # The sandbox has no model, and its pictures must not pass for one's.
        ("Model", "sandbox" if generation.in_sandbox else model),
        (ENDPOINT_SETTING, generation.endpoint),
        ("Version", MADE_WITH),
    ]
    positive, negative = (str(generation.body.get(name, "")) for name in PROMPTS)
    words = infotext.compose(positive, negative, [each for each in settings if each[1]])
    return Texts(record=json.dumps(record), infotext=words)


def memory_of(texts: Texts, *, mime_type: str) -> Memory:
    """What the texts of a file say. Ours says it exactly; without it, theirs is read."""
    memory = from_record(texts.record) or from_infotext(texts.infotext, mime_type)
    if memory.values:
        # Nothing of what was in the form before may mix with a file that says nothing of it.
        memory.values = {"negative_prompt": "", "seed": "", **memory.values}
    return memory


def from_record(text: str) -> Memory:
    """Our own record; empty where it is none of ours."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return Memory()
    request = record.get("request") if isinstance(record, dict) else None
    if not isinstance(request, dict):
        return Memory()
    memory = Memory()
    for name, value in list(request.items())[: infotext.SETTINGS_MAXIMUM]:
        # How long the vendor keeps a copy is no part of the picture, and not every plan has it.
        if isinstance(value, str | int) and name not in ("seed", "storage_days"):
            memory.take(str(name), value)
    if seed := record.get("seed") or request.get("seed"):
        memory.take("seed", seed)
    take_endpoint(memory, str(record.get("endpoint", "")), str(record.get("model", "")))
    return memory


def take_endpoint(memory: Memory, key: str, model: str) -> None:
    entry = TABLE.get(key) or by_model(model)
    if entry:
        memory.values["endpoint"] = entry.key
    elif key:
        memory.leave("endpoint", key)


def from_infotext(text: str, mime_type: str) -> Memory:
    """AUTOMATIC1111's text, or our own words in its form."""
    memory = Memory()
    said = infotext.parse(text)
    if not said.settings:
        # Anything can be a comment; without a line of settings this is no infotext.
        return memory
    memory.take("positive_prompt", said.positive_prompt)
    memory.take("negative_prompt", said.negative_prompt)
    settings = said.settings
    if seed := settings.get("Seed"):
        memory.take("seed", seed)
    take_shape(memory, settings)
    take_format(memory, mime_type)
    if settings.get("Steps", "unknown") != "unknown":
        memory.leave("Steps", settings["Steps"])
    for name, value in settings.items():
        if name not in SILENT:
            memory.leave(name, value)
    return memory


def take_shape(memory: Memory, settings: Mapping[str, str]) -> None:
    """The endpoint by its name, its model or its size, and the proportion by the size."""
    model, size = settings.get("Model", ""), pixels(settings.get("Size", ""))
    named = TABLE.get(settings.get(ENDPOINT_SETTING, ""))
    entry = named or by_model(model) or by_size(size)
    if entry is None:
        memory.leave("Model", model)
        memory.leave("Size", settings.get("Size", ""))
        return
    memory.values["endpoint"] = entry.key
    if not named and not by_model(model):
        memory.leave("Model", model)
    shapes = [shape for shape, each in entry.sizes.items() if each == size]
    if not shapes:
        memory.leave("Size", settings.get("Size", ""))
    elif shapes[0]:
        memory.take("proportion", shapes[0])


def pixels(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,6})x(\d{1,6})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def by_model(name: str) -> Endpoint | None:
    """The endpoint with this model, however its name is spelt: "RealVisXL_V5.0"."""
    wanted = plain(name)
    return next((each for each in TABLE.values() if wanted and plain(each.model) == wanted), None)


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def by_size(size: tuple[int, int] | None) -> Endpoint | None:
    """The endpoint that alone makes pictures of this size."""
    makers = [each for each in TABLE.values() if size in each.sizes.values()]
    return makers[0] if len(makers) == 1 else None


def take_format(memory: Memory, mime_type: str) -> None:
    kind = {"image/png": "PNG", "image/jpeg": "JPEG"}.get(mime_type)
    if kind:
        memory.take("format", kind)
