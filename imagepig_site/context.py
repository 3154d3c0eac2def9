"""What is being worked on just now, for the log lines that are written meanwhile."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}", re.ASCII)

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_generation_id: ContextVar[int | None] = ContextVar("generation_id", default=None)


def new_request_id() -> str:
    return secrets.token_hex(8)


def request_id() -> str:
    """The id of the request that this comes of, whichever process it is in; "" where none is."""
    return _request_id.get()


def generation_id() -> int | None:
    """The generation that a worker has in hand."""
    return _generation_id.get()


@contextmanager
def working_on(request: str, generation: int | None = None) -> Iterator[None]:
    """Within this, log lines carry these."""
    before = _request_id.set(request), _generation_id.set(generation)
    try:
        yield
    finally:
        _request_id.reset(before[0])
        _generation_id.reset(before[1])
