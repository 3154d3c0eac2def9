"""Connections for exactly one exchange: one deadline for all of it, and checked addresses.

httpx counts a time-out for each read, so an answer that drips never ends; and it looks a host's
name up where nobody can see the address. Both are mended here, one level below httpx.

No connection is ever used twice. A kept one may have been closed by the other side in between, and
the error that this raises looks the same as one after the request has arrived: nobody could say
whether the call was billed. A new connection costs one more round trip (two with TLS), which is
little beside a picture's seconds.
"""

from __future__ import annotations

import functools
import socket
import ssl
import time
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx


class ForbiddenAddress(Exception):
    """The host's name leads to no address that may be connected to."""


Resolve: typing.TypeAlias = Callable[[str, int], list[str]]
"""Host, port → numeric addresses. Raises OSError or UnicodeError."""


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """The one context for all connections: loading the root certificates takes some 20 ms."""
    return httpx.create_ssl_context()


def resolve(host: str, port: int) -> list[str]:
    """Look up a host's numeric addresses, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class OneExchangeStream(httpcore.NetworkStream):
    """A connection on which every time-out counts from its opening, not from each operation."""

    def __init__(self, stream: httpcore.NetworkStream, opened: float) -> None:
        self._stream = stream
        self._opened = opened

    def _left(self, timeout: float | None, late: type[Exception]) -> float | None:
        if timeout is None:
            return None
        left = self._opened + timeout - time.monotonic()
        if left <= 0:
            raise late("The deadline has passed.")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return OneExchangeStream(secured, self._opened)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


class Backend(httpcore.NetworkBackend):
    """Looks a name up once, checks the addresses, and connects to one of those very addresses.

    So a name that answers differently the second time gains nothing, while TLS still verifies the
    name. Raises ForbiddenAddress where `allowed` takes none of the addresses.
    """

    def __init__(self, allowed: Callable[[str], bool] | None, look_up: Resolve) -> None:
        self._allowed = allowed
        self._look_up = look_up
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        opened = time.monotonic()
        addresses = self._addresses(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for remaining in range(len(addresses), 0, -1):
            # Each address gets its share, so that a dead first one leaves time for the others.
            share = timeout and (opened + timeout - time.monotonic()) / remaining
            if share is not None and share <= 0:
                raise httpcore.ConnectTimeout("Connecting took too long.")
            try:
                stream = self._tcp.connect_tcp(
                    addresses[-remaining], port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return OneExchangeStream(stream, opened)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._look_up(host, port)
        # Names that can be no host's raise UnicodeError.
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if self._allowed is None:
            return addresses
        allowed = [address for address in addresses if self._allowed(address)]
        if not allowed:
            raise ForbiddenAddress(f"{host} is not on the public internet.")
        return allowed


class Transport(httpx.BaseTransport):
    """httpx's transport over such connections. Takes no proxy from the environment.

    `allowed` says which numeric addresses may be connected to; None: all of them.
    """

    def __init__(
        self, allowed: Callable[[str], bool] | None = None, look_up: Resolve = resolve
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context(),
            max_connections=None,
            max_keepalive_connections=0,
            retries=0,
            network_backend=Backend(allowed, look_up),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with _httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpcore's errors as httpx's ones, which have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        same: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise same(str(error)) from error
