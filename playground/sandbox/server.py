"""Image Pig's API, answered on this machine: a small WSGI application.

What it takes and refuses follows from THE TABLE at the time of the request. Its pictures come from
the painter: the same request with the same seed gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import application_uri, shift_path_info

from playground.imagepig.endpoints import FORMAT, TABLE, Body, Endpoint, InvalidRequest
from playground.imagepig.parameters import draw_seed

from . import painter
from .answers import Answer, Refused, as_json
from .hosting import Hosting

API_KEY = "sandbox"
MOST_BODY_BYTES = 256 * 1024
"""Prompts of the greatest length fit several times over, even with every character escaped."""

# More at once than there are cores only makes each of them slower.
_PAINTING = threading.BoundedSemaphore(2)

# What the painter draws by, and what leaves a picture as it is. Anything else that THE TABLE may
# come to know goes into the painter's seed, so that it shows in the picture too.
_KNOWN_TO_PAINTER = frozenset(
    ("positive_prompt", "negative_prompt", "proportion", "seed", "format", "storage_days")
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SandboxApplication:
    """The WSGI application. `hosting` is the folder for pictures asked for with storage_days.

    With `latency` an answer takes as long as the endpoint usually does. `now` tells the time.
    """

    def __init__(
        self, hosting: Path, *, latency: bool = False, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._hosting = Hosting(hosting)
        self._latency = latency
        self._now = now

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI (PEP 3333) has it."""
        started_at = self._now()
        try:
            answer = self._answer(environ, started_at)
        except Refused as refusal:
            answer = refusal.answer(started_at, self._now())
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.content))),
            ("X-Content-Type-Options", "nosniff"),
            *answer.headers.items(),
        ]
        start_response(f"{answer.status.value} {answer.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.content]

    def _answer(self, environ: WSGIEnvironment, started_at: datetime) -> Answer:
        # Read first, whatever the answer will be: a connection closed with bytes unread is reset,
        # and the client would see that instead of the answer.
        content = _read(environ)
        path = environ.get("PATH_INFO") or "/"
        if path.startswith("/files/"):
            return self._file(environ, path.removeprefix("/files/"))
        endpoint = next((each for each in TABLE.values() if path == f"/{each.path}"), None)
        if endpoint is None:
            raise Refused(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        _allow(environ, "POST")
        if environ.get("HTTP_API_KEY") != API_KEY:
            message = f"The API key is not valid. In the sandbox it is: {API_KEY}"
            raise Refused(HTTPStatus.UNAUTHORIZED, message)
        body = _check(endpoint, _parse(environ, content))
        return self._picture(environ, endpoint, body, started_at)

    def _picture(
        self, environ: WSGIEnvironment, endpoint: Endpoint, body: Body, started_at: datetime
    ) -> Answer:
        begun = time.monotonic()
        seed = int(body.get("seed", draw_seed()))
        image_format = str(body.get("format", FORMAT.default))
        stream = painter_seed(endpoint, body, seed)
        with _PAINTING:
            picture = _paint(endpoint, body, seed, stream, image_format)
        if self._latency:
            passed = time.monotonic() - begun
            time.sleep(max(0, usual_latency(endpoint, stream) - passed))
        mime_type = f"image/{image_format.lower()}"
        days = int(body.get("storage_days", 0))
        document = {
            **(
                {"image_url": self._keep(environ, picture, mime_type, days)}
                if days
                else {"image_data": b64encode(picture).decode("ascii")}
            ),
            "mime_type": mime_type,
            "seed": seed,
            "started_at": started_at.isoformat(),
            "completed_at": self._now().isoformat(),
        }
        return Answer(HTTPStatus.OK, as_json(document))

    def _keep(self, environ: WSGIEnvironment, picture: bytes, mime_type: str, days: int) -> str:
        """Keep a picture for some days; return its address."""
        now = self._now().timestamp()
        try:
            name = self._hosting.keep(picture, mime_type=mime_type, days=days, now=now)
        except OSError as error:
            message = "The picture could not be stored."
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, message) from error
        return f"{application_uri(environ).rstrip('/')}/files/{name}"

    def _file(self, environ: WSGIEnvironment, name: str) -> Answer:
        _allow(environ, "GET", "HEAD")
        hosted = self._hosting.find(name, now=self._now().timestamp())
        if hosted is None:
            raise Refused(HTTPStatus.NOT_FOUND, "There is no such picture, or no longer.")
        headers = {"Cache-Control": f"private, max-age={min(3600, hosted.seconds_left)}"}
        return Answer(HTTPStatus.OK, hosted.content, hosted.mime_type, headers)


def mounted(application: WSGIApplication, prefix: str) -> WSGIApplication:
    """Serve an application below a path of one part, "/sandbox": the addresses it gives hold it."""
    part = prefix.strip("/")

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        below = dict(environ)
        if shift_path_info(below) != part:
            # Nothing else lives here; the application words the refusal.
            below = {**environ, "PATH_INFO": "/not/here"}
        return application(below, start_response)

    return serve


def painter_seed(endpoint: Endpoint, body: Mapping[str, object], seed: int) -> int:
    """The 64-bit number that the painter draws by: another for each endpoint and unknown word."""
    unknown = {name: value for name, value in body.items() if name not in _KNOWN_TO_PAINTER}
    stream = json.dumps([endpoint.key, seed, sorted(unknown.items())])
    return int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")


def usual_latency(endpoint: Endpoint, stream: int) -> float:
    """Seconds within the endpoint's usual time, the same for the same picture."""
    low, high = endpoint.usual_seconds
    spread = (low + 2 if high is None else high) - low
    return low + spread * (stream % 1000) / 1000


def _paint(endpoint: Endpoint, body: Body, seed: int, stream: int, image_format: str) -> bytes:
    width, height = endpoint.size(body)
    image = painter.paint(
        positive_prompt=str(body.get("positive_prompt", "")),
        negative_prompt=str(body.get("negative_prompt", "")),
        seed=stream,
        width=width,
        height=height,
    )
    # Without storage_days: a picture is the same, wherever it is kept.
    said = {name: str(value) for name, value in body.items() if name != "storage_days"}
    description = {"endpoint": endpoint.key, **said, "seed": str(seed)}
    return painter.encode(image, image_format=image_format, description=description)


def _allow(environ: WSGIEnvironment, *methods: str) -> None:
    if environ["REQUEST_METHOD"] not in methods:
        message = f"This address takes {' and '.join(methods)} only."
        headers = {"Allow": ", ".join(methods)}
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, message, headers=headers)


def _read(environ: WSGIEnvironment) -> bytes:
    """The request's body, as long as it is not too long."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length:
        if not (length.isascii() and length.isdecimal()):
            raise Refused(HTTPStatus.BAD_REQUEST, "The header Content-Length is not a number.")
        if len(length) > 12 or int(length) > MOST_BODY_BYTES:
            _refuse_length()
        content: bytes = environ["wsgi.input"].read(int(length))
        return content
    if not environ.get("wsgi.input_terminated"):
        # Without a length there is no telling where the body ends.
        return b""
    content = environ["wsgi.input"].read(MOST_BODY_BYTES + 1)
    if len(content) > MOST_BODY_BYTES:
        _refuse_length()
    return content


def _refuse_length() -> NoReturn:
    message = f"The request is too long: at most {MOST_BODY_BYTES:,} bytes fit."
    raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)


def _parse(environ: WSGIEnvironment, content: bytes) -> dict[str, object]:
    """The body as a JSON object, whole numbers exact."""
    content_type = (environ.get("CONTENT_TYPE") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        message = "Send the request as JSON, with the header Content-Type: application/json"
        raise Refused(HTTPStatus.BAD_REQUEST, message)
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        message = "The request is not valid JSON."
        raise Refused(HTTPStatus.BAD_REQUEST, message) from error
    if not isinstance(document, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "The request has to be a JSON object.")
    return document


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _check(endpoint: Endpoint, document: dict[str, object]) -> Body:
    """The request by THE TABLE, defaults filled in, or a refusal naming each wrong attribute."""
    alias = "prompt" if "positive_prompt" not in document and "prompt" in document else ""
    values = {**document, "positive_prompt": document[alias]} if alias else document
    try:
        return {**endpoint.defaults, **endpoint.request(values)}
    except InvalidRequest as error:
        detail: list[dict[str, object]] = [
            {
                "msg": message,
                "loc": ["body", alias if alias and name == "positive_prompt" else name],
                "type": "value_error" if name in values else "missing",
            }
            for name, message in error.problems.items()
        ]
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), detail=detail) from error
