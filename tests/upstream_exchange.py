"""One request to the fake upstream, and the means to answer it, or not to."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .upstream import Upstream


@dataclass(frozen=True)
class Request:
    """One request as it arrived. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Behaviour:
    """What the upstream does with one request. `early`: without reading it at all.

    `bills` is False only for the answer that says no work was begun.
    """

    play: Callable[[Exchange], None] = field(repr=False)
    bills: bool = True
    early: bool = False


Script = Callable[[Request], Behaviour]


class Exchange:
    """One request on one connection, and the means to answer or not to."""

    def __init__(self, upstream: Upstream, connection: socket.socket, request: Request) -> None:
        self.upstream = upstream
        self.connection = connection
        self.request = request
        self.ended = False
        """Whether the connection has been closed from this side."""

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(
        self,
        status: int,
        body: bytes,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send a whole answer and leave the connection open."""
        self.send(head(status, content_type, len(body), headers) + body)

    def answer_json(
        self, status: int, content: object, headers: dict[str, str] | None = None
    ) -> None:
        self.answer(status, json.dumps(content).encode(), headers=headers)

    def close(self) -> None:
        """Close in good order."""
        self.ended = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def reset(self) -> None:
        """Close with a reset, as a crashed or overloaded machine does."""
        self.ended = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def wait(self, seconds: float) -> bool:
        """Let time pass; False when the upstream is being stopped."""
        return not self.upstream.stopping.wait(seconds)

    def wait_for_the_other_side(self) -> None:
        """Say nothing until the other side (or the upstream's end) closes the connection."""
        while self.connection.recv(4096):
            pass


def head(
    status: int,
    content_type: str = "application/json",
    length: int | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    """An answer's first part. Without `length` its body ends where the connection does."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Type: {content_type}"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def now() -> str:
    """The time as the API writes it."""
    return datetime.now(UTC).isoformat()


def error(status: int, message: str, headers: dict[str, str] | None = None) -> Behaviour:
    """An error in the first documented shape."""

    def play(exchange: Exchange) -> None:
        content = {"error": message, "started_at": now(), "completed_at": now()}
        exchange.answer_json(status, content, headers)

    return Behaviour(play, bills=status != 429)
