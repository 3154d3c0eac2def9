"""The API as its documentation has it, spoken by the fake upstream."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from .upstream_exchange import Behaviour, Exchange, Request, error, now
from .upstream_pictures import picture

SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "/": {"": (512, 512)},
    "/xl": {"": (1024, 1024)},
    "/flux": {
        "": (1216, 832),
        "landscape": (1216, 832),
        "portrait": (832, 1216),
        "square": (1024, 1024),
        "wide": (1344, 768),
    },
}
MIME_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


def by_the_book(exchange: Exchange) -> None:
    """Answer as the documentation says: success in either shape, or either shape of error."""
    request, started_at = exchange.request, now()
    if request.path not in SIZES:
        exchange.answer_json(404, {"error": "Not found"})
    elif not request.headers.get("api-key"):
        exchange.answer_json(401, {"error": "Missing API key"})
    elif problems := _problems(request):
        exchange.answer_json(422, {"detail": problems})
    elif exchange.wait(exchange.upstream.delay):
        exchange.answer_json(200, documented_success(exchange, started_at))


BY_THE_BOOK = Behaviour(by_the_book)


def _problems(request: Request) -> list[dict[str, object]]:
    body = request.json
    known = {"positive_prompt", "prompt", "format", "seed", "storage_days"}
    known.add("proportion" if request.path == "/flux" else "negative_prompt")
    checks = {
        "positive_prompt": isinstance(body.get("positive_prompt", body.get("prompt")), str),
        "format": body.get("format", "JPEG") in MIME_TYPES,
        "seed": type(body.get("seed", 0)) is int and 0 <= body.get("seed", 0) < 2**64,
        "storage_days": type(body.get("storage_days", 0)) is int,
        "proportion": body.get("proportion", "") in SIZES[request.path],
        **dict.fromkeys(set(body) - known, False),
    }
    return [
        {"msg": f"{name} is not valid", "loc": ["body", name], "type": "value_error"}
        for name, good in checks.items()
        if not good
    ]


def documented_success(exchange: Exchange, started_at: str | None = None) -> dict[str, Any]:
    """The body of a success: the same request with the same seed has the same picture."""
    upstream, body = exchange.upstream, exchange.request.json
    file_format = body.get("format", "JPEG")
    seed = body.get("seed", secrets.randbelow(2**64))
    size = SIZES[exchange.request.path][body.get("proportion", "")]
    words = [str(body.get(name, "")) for name in ("positive_prompt", "prompt", "negative_prompt")]
    content = picture(size, file_format, note=f"{seed} {' '.join(words)}")
    answer: dict[str, Any] = {
        "mime_type": MIME_TYPES[file_format],
        "seed": seed,
        "started_at": started_at or now(),
        "completed_at": now(),
    }
    if body.get("storage_days", 0):
        not_yet = [error(404, "Not found")] * upstream.hosted_after
        answer["image_url"] = upstream.host(content, answer["mime_type"], *not_yet)
    else:
        answer["image_data"] = base64.b64encode(content).decode()
    return answer
