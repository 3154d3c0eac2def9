from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from playground.imagepig import network
from playground.imagepig.client import Client
from playground.imagepig.endpoints import TABLE
from playground.imagepig.errors import CallError, Fault, NeverSent
from tests import upstream_behaviours as play
from tests.certificates import self_signed
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, Exchange


def fault_at(
    address: str, transport: httpx.BaseTransport | None = None, **settings: float
) -> CallError:
    settings = {"connect_seconds": 1, "deadline_seconds": 5, **settings}
    client = Client(address, transport=transport, **settings)  # type: ignore[arg-type]
    with contextlib.closing(client), pytest.raises(CallError) as caught:
        client.generate(TABLE["xl"], {"positive_prompt": "pig"}, api_key="key")
    return caught.value


def call(address: str, transport: httpx.BaseTransport) -> bytes:
    with contextlib.closing(Client(address, transport=transport, deadline_seconds=5)) as client:
        return client.generate(TABLE["xl"], {"positive_prompt": "pig"}, api_key="key").body


# TLS


def test_a_certificate_that_nobody_vouches_for_is_never_sent_to(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    with Upstream(tls=context) as upstream:
        fault = fault_at(upstream.url)

    assert isinstance(fault, NeverSent)
    assert (fault.kind, fault.retryable) == (Fault.TLS, False)
    assert "CERTIFICATE_VERIFY_FAILED" in fault.detail
    assert upstream.billed == 0


def test_a_server_that_speaks_no_tls_is_never_sent_to() -> None:
    plain = Behaviour(
        lambda exchange: exchange.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), early=True
    )
    with Upstream(plain) as upstream:
        fault = fault_at(upstream.url.replace("http:", "https:"))

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.TLS)


def test_silence_instead_of_a_handshake_is_a_connect_time_out() -> None:
    silence = Behaviour(Exchange.wait_for_the_other_side, early=True)
    with Upstream(silence) as upstream:
        began = time.monotonic()
        fault = fault_at(upstream.url.replace("http:", "https:"), connect_seconds=0.2)

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.CONNECT_TIMEOUT)
    assert fault.retryable
    assert time.monotonic() - began < 4


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    context, certificate_file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
    network.ssl_context.cache_clear()
    yield context
    network.ssl_context.cache_clear()


def test_a_call_over_tls_arrives(trusted: ssl.SSLContext) -> None:
    with Upstream(tls=trusted) as upstream:
        body = call(f"https://localhost:{upstream.port}", network.Transport())

    assert b"image_data" in body
    assert upstream.billed == 1


def test_a_drip_over_tls_ends_at_the_deadline(trusted: ssl.SSLContext) -> None:
    with Upstream(play.DRIP_BODY, tls=trusted) as upstream:
        began = time.monotonic()
        fault = fault_at(f"https://localhost:{upstream.port}", deadline_seconds=0.4)

    assert (fault.outcome, fault.kind) == ("unknown", Fault.DEADLINE)
    assert time.monotonic() - began < 4


def test_a_name_that_the_certificate_does_not_hold_is_never_sent_to(
    trusted: ssl.SSLContext,
) -> None:
    with Upstream(tls=trusted) as upstream:
        fault = fault_at(upstream.url)

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.TLS)


def test_all_connections_share_one_context() -> None:
    assert network.ssl_context() is network.ssl_context()


# Names and addresses


def test_an_unknown_name_may_be_tried_again() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    fault = fault_at("http://api.test", network.Transport(look_up=unknown))

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.NAME_NOT_FOUND)
    assert fault.retryable


def test_a_name_without_addresses_is_unreachable() -> None:
    fault = fault_at("http://api.test", network.Transport(look_up=lambda _host, _port: []))

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.UNREACHABLE)


def test_the_next_address_is_tried_when_the_first_refuses() -> None:
    with Upstream() as upstream:
        both = network.Transport(look_up=lambda _host, _port: ["::1", "127.0.0.1"])
        body = call(f"http://api.test:{upstream.port}", both)

    assert b"image_data" in body
    assert upstream.posts[0].headers["host"] == f"api.test:{upstream.port}"


def test_a_slow_look_up_leaves_no_time_to_connect() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(0.15)
        return ["127.0.0.1"]

    with Upstream() as upstream:
        address = f"http://api.test:{upstream.port}"
        fault = fault_at(address, network.Transport(look_up=slow), connect_seconds=0.1)

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.CONNECT_TIMEOUT)
    assert upstream.connections == 0


def test_a_dead_address_leaves_time_for_the_next() -> None:
    with Upstream() as upstream, contextlib.ExitStack() as callers:
        crowded = callers.enter_context(socket.socket(socket.AF_INET6))
        try:
            crowded.bind(("::1", upstream.port))
        except OSError as error:
            pytest.skip(f"This machine has no IPv6 loopback: {error}")
        crowded.listen(0)
        # Nobody accepts: once the queue is full, further callers hear nothing at all.
        for _ in range(4):
            caller = callers.enter_context(socket.socket(socket.AF_INET6))
            caller.setblocking(False)
            caller.connect_ex(crowded.getsockname())
        both = network.Transport(look_up=lambda _host, _port: ["::1", "127.0.0.1"])
        began = time.monotonic()
        client = Client(f"http://api.test:{upstream.port}", transport=both, connect_seconds=1)
        with contextlib.closing(client):
            client.generate(TABLE["xl"], {"positive_prompt": "pig"}, api_key="key")

    assert time.monotonic() - began >= 0.5
    assert upstream.billed == 1


def test_a_name_is_looked_up_as_the_system_does() -> None:
    assert "127.0.0.1" in network.resolve("localhost", 80)


# The stream itself


class Recorder(httpcore.MockStream):
    """Notes the time-out of each read."""

    def __init__(self) -> None:
        super().__init__([b"a", b"b", b"c"])
        self.timeouts: list[float | None] = []

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return super().read(max_bytes, timeout)


def test_each_read_has_what_is_left_of_the_whole_time() -> None:
    recorder = Recorder()
    stream = network.OneExchangeStream(recorder, time.monotonic() - 3)

    assert stream.read(1, timeout=10) + stream.read(1, timeout=None) == b"ab"
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(1, timeout=2)
    with pytest.raises(httpcore.WriteTimeout):
        stream.write(b"x", timeout=2)
    with pytest.raises(httpcore.ConnectTimeout):
        stream.start_tls(network.ssl_context(), "api.test", timeout=2)
    first, second = recorder.timeouts
    assert first is not None
    assert 6 < first <= 7
    assert second is None


def test_a_call_without_time_outs_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream() as upstream, contextlib.closing(network.Transport()) as transport:
        request: Any = httpx.Request("POST", upstream.url + "/xl", content=b"{}")
        response = transport.handle_request(request)
        assert response.read()

    assert response.status_code == 401
