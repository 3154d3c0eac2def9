"""Reading what the API sends back: strictly where money and memory depend on it."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NoReturn

from .errors import Fault, Unusable
from .parameters import SEED_MAXIMUM

MAX_SAID = 1000
"""Characters kept of the API's own words."""
MAX_DEPTH = 20
"""Levels of nesting in an answer. The documented ones have one; errors three."""
MAX_ENVELOPE = 64 * 2**10
"""Characters of an answer, image data not counted, that are kept as they are."""
MAX_URL = 2000
MAX_MIME_TYPE = 100
DOCUMENTED = ("image_url", "mime_type", "seed", "started_at", "completed_at")
"""The attributes of a success beside image_data."""
YEARS = range(1970, 3000)
"""Others stand for "no time", and overflow when they are turned into another time zone."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_TEXT = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff]+")
# The last stands for what could not be stored.
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff\ufffd]")
_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_PLACES = frozenset({"body", "query", "header", "path", "__root__"})
_ALIASES = {"prompt": "positive_prompt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A success, as documented. It has `image_bytes`, or else an `image_url` to fetch them from.

    `seed_problem` says why there is no seed ("missing", "not_a_whole_number", "out_of_range"), and
    is "" where there is one. Times are in UTC, None where missing or unreadable. `envelope` is the
    answer's JSON without image_data, fit for a database: no NUL, no lone surrogates, and of an
    oversized one only the documented attributes.
    """

    image_bytes: bytes | None = field(repr=False)
    image_url: str | None
    mime_type: str
    seed: int | None
    seed_problem: str
    started_at: datetime | None
    completed_at: datetime | None
    envelope: dict[str, Any]

    @property
    def api_seconds(self) -> float | None:
        """The API's own time, or None where a time is missing or they are reversed."""
        if self.started_at is None or self.completed_at is None:
            return None
        seconds = (self.completed_at - self.started_at).total_seconds()
        return seconds if seconds >= 0 else None


def read_answer(body: bytes) -> Answer:
    """Read the body of a success. Raises Unusable where there is no picture to be had from it."""
    content, image_data = _read_object(body)
    size = len(body) - (len(image_data) if isinstance(image_data, str) else 0)
    image_bytes = _read_image_data(image_data)
    seed, seed_problem = read_seed(content.get("seed"))
    return Answer(
        image_bytes=image_bytes,
        image_url=None if image_bytes is not None else _read_image_url(content.get("image_url")),
        mime_type=plain_text(content.get("mime_type"), MAX_MIME_TYPE),
        seed=seed,
        seed_problem=seed_problem,
        started_at=read_time(content.get("started_at")),
        completed_at=read_time(content.get("completed_at")),
        envelope=_envelope(content, size),
    )


def _read_object(body: bytes) -> tuple[dict[str, Any], object]:
    """The answer without its image data, and these apart: megabytes need no tidying."""
    try:
        content = json.loads(
            body.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite
        )
        image_data = content.pop("image_data", None) if isinstance(content, dict) else None
        content = _storable(content, MAX_DEPTH)
    # ValueError: not UTF-8, not JSON, NaN, or a whole number of more digits than Python reads.
    except (ValueError, RecursionError) as error:
        raise Unusable(Fault.NOT_JSON, detail=f"{type(error).__name__}: {error}"[:200]) from None
    if not isinstance(content, dict):
        raise Unusable(Fault.NOT_JSON, detail="JSON, but not an object")
    return content, image_data


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def _storable(value: Any, depth: int) -> Any:
    """Replace the characters that JSON can express and databases cannot hold."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict | list) and not depth:
        raise RecursionError("nested too deeply")
    if isinstance(value, list):
        return [_storable(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {_storable(key, depth): _storable(item, depth - 1) for key, item in value.items()}
    return value


def _envelope(content: dict[str, Any], size: int) -> dict[str, Any]:
    if size <= MAX_ENVELOPE:
        return content
    return {
        name: plain_text(content[name], MAX_URL)
        if isinstance(content[name], str)
        else read_seed(content[name])[0]
        for name in DOCUMENTED
        if name in content
    }


def _read_image_data(value: object) -> bytes | None:
    if value is None:
        return None
    try:
        decoded = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError as error:
        raise Unusable(Fault.BAD_BASE64, detail=str(error)) from None
    if not decoded:
        raise Unusable(Fault.NO_IMAGE, detail="image_data holds no data")
    return decoded


def _read_image_url(value: object) -> str:
    if value is None:
        raise Unusable(Fault.NO_IMAGE, detail="neither image_data nor image_url")
    if not isinstance(value, str) or not 0 < len(value) <= MAX_URL or _NO_ADDRESS.search(value):
        raise Unusable(Fault.BAD_IMAGE_URL, detail="image_url is no address")
    return value


def read_seed(value: object) -> tuple[int | None, str]:
    """Read a seed, a number or its digits, to the digit; or None and why there is none."""
    if value is None:
        return None, "missing"
    if isinstance(value, str) and re.fullmatch("[0-9]{1,40}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None, "not_a_whole_number"
    if not 0 <= value <= SEED_MAXIMUM:
        return None, "out_of_range"
    return value, ""


def read_time(value: object) -> datetime | None:
    """Read an ISO 8601 date and time into UTC; one without an offset is in UTC already."""
    # Ten characters or fewer are a date without a time.
    if not isinstance(value, str) or not 10 < len(value) <= 64:
        return None
    try:
        time = datetime.fromisoformat(value)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if time.year in YEARS else None


def plain_text(value: object, limit: int = MAX_SAID) -> str:
    """Give a string as one line of at most `limit` characters; "" for anything else."""
    if not isinstance(value, str):
        return ""
    # Cut first: what follows need not look at megabytes.
    text = _NOT_TEXT.sub(" ", value[: 4 * limit]).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def read_error(status: int, body: bytes) -> tuple[str, dict[str, str]]:
    """Read both documented shapes of an error: its words, and attribute → words about it.

    `{"error": "…"}` and `{"detail": [{"msg": "…", "loc": [...]}]}`. Of an HTML page only the
    status is told, of other text its beginning. Never raises.
    """
    text = body.decode("utf-8", "replace")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _read_page(status, text), {}
    if not isinstance(content, Mapping):
        return plain_text(content), {}
    problems = list(_problems(content.get("detail")))
    words = plain_text(content.get("error")) or plain_text(content.get("detail"))
    said = plain_text(words or "; ".join(message for _, message in problems))
    messages: dict[str, str] = {}
    for name, message in problems:
        if name:
            messages[name] = plain_text("; ".join(filter(None, (messages.get(name), message))))
    return said, messages


def _read_page(status: int, text: str) -> str:
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return plain_text(text)
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _problems(detail: object) -> Iterator[tuple[str, str]]:
    for item in detail[:20] if isinstance(detail, list) else []:
        if isinstance(item, Mapping) and (message := plain_text(item.get("msg"))):
            yield _attribute(item.get("loc")), message


def _attribute(loc: object) -> str:
    for part in loc if isinstance(loc, list) else []:
        if isinstance(part, str) and part not in _PLACES and _ATTRIBUTE.fullmatch(part):
            return _ALIASES.get(part, part)
    return ""
