"""What is sent, and what each fault comes to."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from playground.imagepig.answers import read_answer
from playground.imagepig.client import Client, RawAnswer
from playground.imagepig.endpoints import TABLE
from playground.imagepig.errors import (
    CallError,
    Fault,
    NeverSent,
    Unusable,
)
from tests import upstream_behaviours as play
from tests.playground.imagepig.calling import BODY, KEY, client_of, fault_of, generate
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, Exchange, error
from tests.upstream_scenarios import ROWS, Row

DEADLINE = 0.4


def outcome_of(client: Client) -> tuple[str, Fault | None]:
    """What a call comes to, up to and with reading the answer."""
    try:
        read_answer(generate(client).body)
    except CallError as fault:
        return fault.outcome, fault.kind
    return "saved", None


# What is sent


def test_a_request_is_the_documented_one() -> None:
    with Upstream() as upstream, client_of(upstream.url) as client:
        answer = generate(client)

    (request,) = upstream.requests
    assert (request.method, request.path) == ("POST", "/xl")
    assert request.json == BODY
    assert request.headers["api-key"] == KEY
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"].startswith("imagepig-playground")
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert read_answer(answer.body).seed == 2**64 - 1


@pytest.mark.parametrize("endpoint", TABLE)
def test_each_endpoint_has_its_documented_path_and_answers(endpoint: str) -> None:
    with Upstream() as upstream, client_of(upstream.url + "/") as client:
        answer = generate(client, {"positive_prompt": "pig"}, endpoint=endpoint)

    assert read_answer(answer.body).image_bytes
    assert upstream.posts[0].path == {"default": "/", "xl": "/xl", "flux": "/flux"}[endpoint]


def test_words_of_every_script_arrive_as_they_are() -> None:
    prompt = 'Schwein "mit" Hut\\, 豚 🐖 \u2028 é'
    with Upstream() as upstream, client_of(upstream.url) as client:
        generate(client, {"positive_prompt": prompt})

    assert upstream.posts[0].json == {"positive_prompt": prompt}


def test_the_answer_is_kept_byte_for_byte() -> None:
    strange = b'{ "seed" :  18446744073709551615.0 }\n\xff'
    with Upstream(play.body(strange, "text/plain")) as upstream, client_of(upstream.url) as client:
        answer = generate(client)

    assert answer == RawAnswer(200, strange, "text/plain")


@pytest.mark.parametrize(
    "key", ["", "two words", "line\nbreak", "carriage\rreturn", "schlüssel", "鍵", "nul\0"]
)
def test_a_key_that_fits_in_no_header_is_never_sent(key: str) -> None:
    with Upstream() as upstream, client_of(upstream.url) as client:
        fault = fault_of(client, key=key)

    assert isinstance(fault, NeverSent)
    assert (fault.kind, fault.retryable) == (Fault.UNSENDABLE, False)
    assert not key or key not in str(fault) + repr(fault)
    assert upstream.connections == 0


@pytest.mark.parametrize("prompt", ["half a character \ud83d", float("nan")])
def test_a_body_that_is_no_json_is_never_sent(prompt: Any) -> None:
    with Upstream() as upstream, client_of(upstream.url) as client:
        fault = fault_of(client, body={"positive_prompt": prompt})

    assert (fault.outcome, fault.kind) == ("not_sent", Fault.UNSENDABLE)
    assert upstream.connections == 0


@pytest.mark.parametrize(
    "address",
    ["", "api.imagepig.com", "ftp://api.imagepig.com", "https://", "https://a/?b=c", "http://\0/"],
)
def test_an_address_that_is_none_is_rejected_at_once(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Client(address)


# The matrix


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_matrix_comes_to_its_outcome(name: str) -> None:
    row = ROWS[name]
    with Upstream(row.behaviour) as upstream, client_of(upstream.url, **patience(row)) as client:
        began = time.monotonic()
        outcome = outcome_of(client)
        took = time.monotonic() - began

    if row.found_by in {"client", "answer"}:
        assert outcome == (row.outcome, row.kind)
    else:
        assert outcome == ("saved", None)
    assert upstream.connections == 1, "a call is sent once, whatever becomes of it"
    assert upstream.billed == (row.behaviour.bills and not row.behaviour.early)
    assert took < 10


def patience(row: Row) -> dict[str, float]:
    late = row.kind in {Fault.READ_TIMEOUT, Fault.DEADLINE}
    return {"deadline_seconds": DEADLINE} if late else {}


@pytest.mark.parametrize("behaviour", [play.DRIP_HEAD, play.DRIP_BODY, play.NEVER_ANSWER])
def test_one_deadline_ends_the_whole_call(behaviour: Behaviour) -> None:
    with (
        Upstream(behaviour) as upstream,
        client_of(upstream.url, deadline_seconds=DEADLINE) as client,
    ):
        began = time.monotonic()
        fault_of(client)
        took = time.monotonic() - began

    assert DEADLINE <= took < DEADLINE + 2


def test_refused_connections_are_never_sent_and_may_be_tried_again() -> None:
    with Upstream() as upstream, client_of(upstream.url) as client:
        with upstream.refusing():
            fault = fault_of(client)
        generate(client)

    assert isinstance(fault, NeverSent)
    assert (fault.kind, fault.retryable) == (Fault.CONNECTION_REFUSED, True)
    assert upstream.billed == 1


def test_a_name_that_can_be_no_host_is_not_found() -> None:
    with client_of(f"http://{'a' * 64}.test") as client:
        fault = fault_of(client)

    assert isinstance(fault, NeverSent)
    assert (fault.kind, fault.retryable) == (Fault.NAME_NOT_FOUND, True)


def test_connecting_has_its_own_time_out() -> None:
    with socket.socket() as crowded, contextlib.ExitStack() as callers:
        crowded.bind(("127.0.0.1", 0))
        crowded.listen(0)
        # Nobody accepts: once the queue is full, further callers hear nothing at all.
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(crowded.getsockname())
        address = "http://{}:{}".format(*crowded.getsockname())
        with client_of(address, connect_seconds=0.2) as client:
            began = time.monotonic()
            fault = fault_of(client)

    assert isinstance(fault, NeverSent)
    assert (fault.kind, fault.retryable) == (Fault.CONNECT_TIMEOUT, True)
    assert time.monotonic() - began < 4


# Many at once


def test_no_more_calls_run_at_once_than_allowed() -> None:
    with (
        Upstream(play.NEVER_ANSWER) as upstream,
        client_of(upstream.url, max_connections=1, connect_seconds=0.1) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(fault_of, client)
        upstream.wait_for_posts(1)
        second = fault_of(client)
        upstream.stop()
        assert first.result().kind == Fault.CONNECTION_BROKEN

    assert isinstance(second, NeverSent)
    assert (second.kind, second.retryable) == (Fault.NO_FREE_CONNECTION, True)


def test_a_slot_is_given_back_whatever_happens() -> None:
    faults = [play.RESET_BEFORE_ANSWER, error(500, "Oops"), play.CLOSE_INSIDE_ANSWER]
    with Upstream(*faults) as upstream, client_of(upstream.url, max_connections=1) as client:
        for _ in faults:
            fault_of(client)
        generate(client)

    assert upstream.billed == 4


def test_thirty_two_calls_run_side_by_side() -> None:
    with (
        Upstream(delay=0.3) as upstream,
        client_of(upstream.url) as client,
        ThreadPoolExecutor(32) as pool,
    ):
        generate(client, endpoint="default")
        began = time.monotonic()
        answers = list(pool.map(lambda _: generate(client, endpoint="default"), range(32)))
        took = time.monotonic() - began

    assert len(answers) == 32
    assert upstream.billed == 33
    assert took < 4, "one after the other they would take 9.6 s"


# What must not happen


def test_no_connection_is_used_twice() -> None:
    with Upstream() as upstream, client_of(upstream.url) as client:
        for _ in range(3):
            generate(client, endpoint="default")

    assert upstream.connections == 3


def test_cookies_of_one_call_do_not_travel_with_the_next() -> None:
    def with_cookie(exchange: Exchange) -> None:
        exchange.answer(200, b"{}", headers={"Set-Cookie": "team=1; Path=/"})

    with Upstream(Behaviour(with_cookie)) as upstream, client_of(upstream.url) as client:
        generate(client)
        generate(client)

    assert "cookie" not in upstream.requests[1].headers


def test_a_proxy_in_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Upstream() as upstream, Upstream() as proxy, client_of(upstream.url) as client:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        generate(client)
        assert proxy.connections == 0

    assert upstream.billed == 1


# Another transport


def test_another_transport_carries_the_call() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [environ["PATH_INFO"].encode(), b" ", environ["HTTP_API_KEY"].encode()]

    transport = httpx.WSGITransport(application)
    with client_of("http://sandbox.test/sandbox", transport=transport) as client:
        answer = generate(client)

    assert answer.body == f"/sandbox/xl {KEY}".encode()


def test_closing_while_nothing_runs_frees_everything() -> None:
    before = threading.active_count()
    with Upstream() as upstream, client_of(upstream.url) as client:
        generate(client)
        with contextlib.suppress(Unusable):
            client.fetch("https://127.0.0.1:9/")

    assert threading.active_count() <= before
