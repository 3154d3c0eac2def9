"""The HTTP client of the API: one request, one answer, and for all else one CallError."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version

import httpx

from . import classify
from .addresses import is_public
from .endpoints import Body, Endpoint
from .errors import CallError, Fault, NeverSent, PictureNotReady, Unusable
from .network import ForbiddenAddress, Transport

MAX_ERROR_BYTES = 64 * 2**10
"""Read of an answer that is an error; its words come first."""
MAX_REDIRECTS = 3
"""Followed from a picture's address. The API itself is never followed: the key would travel."""
PICTURE_USER_AGENT = "Mozilla/5.0"
"""What the vendor's own clients fetch hosted pictures with."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENDABLE_KEY = re.compile(r"[\x21-\x7e]+")


def _user_agent() -> str:
    try:
        return f"imagepig-playground/{version('imagepig-playground')}"
    except PackageNotFoundError:
        return "imagepig-playground"


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A success, byte for byte as it came; `answers.read_answer` makes sense of it."""

    status: int
    body: bytes = field(repr=False)
    content_type: str


class Client:
    """Calls the API at `base_url`. One for a whole process; threads may share it.

    `transport` is what carries the requests to `base_url` (the sandbox in-process, say); by
    default, the network. A call takes at most `deadline_seconds`, of which `connect_seconds` go
    into connecting (looking the name up is up to the system's resolver and not cut short);
    another transport has to keep the deadline by itself. At most `max_connections` calls run at
    once, and an answer has at most `max_answer_bytes`. Raises ValueError for a `base_url` that is
    no http or https address.
    """

    def __init__(  # noqa: PLR0913 (settings, each with its name)
        self,
        base_url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        connect_seconds: float = 10,
        deadline_seconds: float = 120,
        max_connections: int = 64,
        max_answer_bytes: int = 64 * 2**20,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._origin = _origin(_parse_base_url(self.base_url))
        self._transport = transport or Transport()
        self._connect_seconds = connect_seconds
        self._deadline_seconds = deadline_seconds
        self._slots = threading.BoundedSemaphore(max_connections)
        self._max_answer_bytes = max_answer_bytes
        self._user_agent = _user_agent()

    @cached_property
    def _public(self) -> httpx.BaseTransport:
        return Transport(allowed=is_public)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()
        if "_public" in self.__dict__:
            self._public.close()

    def generate(self, endpoint: Endpoint, body: Body, *, api_key: str) -> RawAnswer:
        """Send one request, once, and give the raw answer of a success (2xx).

        Follows no redirects. Raises CallError for everything else.
        """
        content, headers = self._content(body), self._headers(api_key)
        until = time.monotonic() + self._deadline_seconds
        with self._slot():
            request = httpx.Request(
                "POST",
                f"{self.base_url}/{endpoint.path}",
                content=content,
                headers=headers,
                extensions=self._timeouts(until),
            )
            with closing(self._send(request)) as response:
                if not response.is_success:
                    raise self._refusal(response, api_key)
                return RawAnswer(
                    status=response.status_code,
                    body=self._read(response),
                    content_type=response.headers.get("content-type", ""),
                )

    @staticmethod
    def _content(body: Body) -> bytes:
        try:
            text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return text.encode()
        # A lone surrogate is no character, and NaN is no JSON.
        except ValueError as error:
            detail = f"The body cannot be sent: {type(error).__name__}"
            raise NeverSent(Fault.UNSENDABLE, detail=detail) from None

    def _headers(self, api_key: str) -> dict[str, str]:
        if not _SENDABLE_KEY.fullmatch(api_key):
            detail = "The API key holds characters that cannot be sent in a header."
            raise NeverSent(Fault.UNSENDABLE, detail=detail)
        return {
            "Api-Key": api_key,
            "Content-Type": "application/json",
            "Accept": "application/json",
            # The body counts as it travels, so a small one cannot unpack into gigabytes.
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": self._user_agent,
        }

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._connect_seconds):
            raise NeverSent(Fault.NO_FREE_CONNECTION, detail="Too many calls at once.")
        try:
            yield
        finally:
            self._slots.release()

    def _timeouts(self, until: float) -> dict[str, dict[str, float]]:
        left = max(until - time.monotonic(), 0.001)
        connect = min(self._connect_seconds, left)
        return {"timeout": {"connect": connect, "write": left, "read": left, "pool": connect}}

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._transport.handle_request(request)
        except httpx.HTTPError as error:
            fault = classify.without_answer(error)
        # Raised out here so that it carries no trace of the request, which holds the key.
        raise fault

    def _read(self, response: httpx.Response) -> bytes:
        try:
            return b"".join(_bounded(response, self._max_answer_bytes))
        except httpx.HTTPError as error:
            fault = classify.inside_answer(error)
        raise fault

    @staticmethod
    def _refusal(response: httpx.Response, api_key: str) -> CallError:
        beginning: list[bytes] = []
        # The status has said what happened already; the words, if they come, are only company.
        with suppress(httpx.HTTPError, Unusable):
            beginning.extend(_bounded(response, MAX_ERROR_BYTES))
        return classify.with_answer(
            response.status_code, response.headers, b"".join(beginning), conceal=api_key
        )

    def fetch(self, image_url: str) -> bytes:
        """Fetch a hosted picture. No API key goes with it.

        Only https, only public addresses (the API's own origin excepted), and at most three
        redirects, each held to the same. Raises Unusable where that is not so or the picture is
        too large, and PictureNotReady for everything that may be better the next time.
        """
        until = time.monotonic() + self._deadline_seconds
        url = _parse_image_url(image_url)
        for _ in range(1 + MAX_REDIRECTS):
            with closing(self._get(url, until)) as response:
                if response.status_code in _REDIRECTS:
                    url = _parse_image_url(response.headers.get("location", ""), base=url)
                    continue
                if response.status_code != httpx.codes.OK:
                    raise PictureNotReady(
                        f"HTTP {response.status_code}", status=response.status_code
                    )
                return self._read_picture(response)
        raise Unusable(Fault.BAD_IMAGE_URL, detail="The picture's address redirects too often.")

    def _get(self, url: httpx.URL, until: float) -> httpx.Response:
        at_home = _origin(url) == self._origin
        if not at_home and url.scheme != "https":
            raise Unusable(Fault.BAD_IMAGE_URL, detail="The picture's address is not https.")
        request = httpx.Request(
            "GET",
            url,
            headers={
                "User-Agent": PICTURE_USER_AGENT,
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            extensions=self._timeouts(until),
        )
        try:
            return (self._transport if at_home else self._public).handle_request(request)
        except ForbiddenAddress as error:
            raise Unusable(Fault.FORBIDDEN_ADDRESS, detail=str(error)) from None
        except httpx.HTTPError as error:
            raise PictureNotReady(f"{type(error).__name__}: {error}") from error

    def _read_picture(self, response: httpx.Response) -> bytes:
        try:
            picture = b"".join(_bounded(response, self._max_answer_bytes))
        except httpx.HTTPError as error:
            raise PictureNotReady(f"{type(error).__name__}: {error}") from error
        if not picture:
            raise PictureNotReady("The picture is empty so far.", status=response.status_code)
        return picture


def _bounded(response: httpx.Response, limit: int) -> Iterator[bytes]:
    """The body's chunks as they travelled; raises Unusable when they exceed `limit` bytes."""
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > limit:
            raise Unusable(Fault.TOO_LARGE, detail=f"more than {limit:,} bytes")
        yield chunk


def _parse_base_url(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise ValueError(f"{base_url!r} is no address: {error}") from None
    if url.scheme not in {"http", "https"} or not host or url.query or url.fragment:
        raise ValueError(f"{base_url!r} is no http or https address.")
    return url


def _parse_image_url(address: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = base.join(address) if base is not None else httpx.URL(address)
        # `host` decodes the name, and raises ValueError for one that cannot be.
        usable = bool(url.host) and not url.userinfo and (url.port or 0) < 2**16
    except (httpx.InvalidURL, ValueError):
        usable = False
    if not usable:
        raise Unusable(Fault.BAD_IMAGE_URL, detail="The picture's address cannot be used.")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, port
