"""What each thing that can happen to a call means. One place, so that the matrix can be read."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from .answers import read_error
from .concealing import concealed
from .errors import Busy, CallError, Fault, MaybeBilled, NeverSent, Refused

RETRY_AFTER = (1.0, 60.0)
"""Least and most seconds to wait after "busy", whatever the API asks for."""

_REFUSALS = {
    401: Fault.INVALID_KEY,
    402: Fault.NEEDS_CREDIT,
    403: Fault.FORBIDDEN,
    404: Fault.WRONG_ADDRESS,
    405: Fault.WRONG_ADDRESS,
}
_TOO_MANY_REQUESTS = 429
_REQUEST_TIMEOUT = 408


def without_answer(error: httpx.HTTPError) -> CallError:
    """What it means that `error` was raised before any answer began.

    Only errors of connecting prove that nothing was sent. Whatever comes later does not: not even
    a failing write, for part of the request may be there already.
    """
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx.ConnectTimeout):
        return NeverSent(Fault.CONNECT_TIMEOUT, detail=detail)
    if isinstance(error, httpx.ConnectError):
        return NeverSent(_not_connected(error), detail=detail)
    if isinstance(error, httpx.TimeoutException):
        return MaybeBilled(Fault.READ_TIMEOUT, detail=detail)
    return MaybeBilled(Fault.CONNECTION_BROKEN, detail=detail)


def _not_connected(error: BaseException) -> Fault:
    match _system_error(error):
        case ssl.SSLError():
            return Fault.TLS
        # A name that can be no host's raises UnicodeError.
        case socket.gaierror() | UnicodeError():
            return Fault.NAME_NOT_FOUND
        case ConnectionRefusedError():
            return Fault.CONNECTION_REFUSED
        case _:
            return Fault.UNREACHABLE


def _system_error(error: BaseException | None) -> BaseException | None:
    """The system's own error below httpx's. httpcore drops causes (`from None`), not contexts."""
    while error is not None and not isinstance(error, OSError | UnicodeError):
        error = error.__cause__ or error.__context__
    return error


def inside_answer(error: httpx.HTTPError) -> CallError:
    """What it means that `error` was raised while an answer was being read."""
    late = isinstance(error, httpx.TimeoutException)
    return MaybeBilled(
        Fault.DEADLINE if late else Fault.CONNECTION_BROKEN,
        detail=f"{type(error).__name__}: {error}",
    )


def with_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, conceal: str = ""
) -> CallError:
    """What it means that the API answered with `status`, which is not one of success.

    `conceal` is the API key, which is taken out of the API's words should it be quoted there.
    """
    # Before the words are cut to length.
    said, field_messages = read_error(status, concealed(body, conceal))
    kind = Fault.SERVER_ERROR
    family: type[CallError] = MaybeBilled
    if status == _TOO_MANY_REQUESTS:
        kind, family = Fault.BUSY, Busy
    elif 300 <= status < 400:
        kind, family = Fault.WRONG_ADDRESS, Refused
    elif 400 <= status < 500 and status != _REQUEST_TIMEOUT:
        kind, family = _REFUSALS.get(status, Fault.INVALID_REQUEST), Refused
    return family(
        kind,
        said=said,
        field_messages=field_messages,
        detail=f"HTTP {status}",
        status=status,
        retry_after=read_retry_after(headers.get("retry-after")) if family is Busy else None,
    )


def read_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Read a Retry-After header, in seconds or as an HTTP date; None if there is none to read.

    The result is in seconds, held to RETRY_AFTER. `now` is for tests.
    """
    if value is None:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        seconds = float(value)
    else:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        seconds = (date - (now or datetime.now(UTC))).total_seconds()
    least, most = RETRY_AFTER
    return min(max(seconds, least), most)
