"""What the API says is told in its own words, and never with the key."""

from __future__ import annotations

import logging
import traceback

import pytest

from playground.imagepig.errors import (
    Busy,
    Fault,
    Refused,
    Unusable,
)
from tests import upstream_behaviours as play
from tests.playground.imagepig.calling import KEY, MEGABYTE, client_of, fault_of, generate
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, Exchange, error
from tests.upstream_scenarios import ROWS

# What the API says


def test_both_shapes_of_error_give_the_apis_own_words() -> None:
    behaviours = error(400, "No <b>pigs</b> today"), play.invalid("seed", "Input is too large")
    with Upstream(*behaviours) as upstream, client_of(upstream.url) as client:
        plain, detailed = fault_of(client), fault_of(client)

    assert isinstance(plain, Refused)
    assert (plain.said, plain.field_messages) == ("No <b>pigs</b> today", {})
    assert detailed.said == "Input is too large"
    assert detailed.field_messages == {"seed": "Input is too large"}
    assert detailed.status == 422


@pytest.mark.parametrize(
    ("behaviour", "seconds"),
    [
        (play.busy(), None),
        (play.busy("2"), 2),
        (play.busy("3600"), 60),
        (play.busy("0"), 1),
        (play.busy("Thu, 01 Jan 2100 00:00:00 GMT"), 60),
        (play.busy("soon"), None),
    ],
)
def test_busy_says_how_long_to_wait(behaviour: Behaviour, seconds: float | None) -> None:
    with Upstream(behaviour) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client)

    assert isinstance(fault, Busy)
    assert fault.retryable
    assert fault.retry_after == seconds
    assert upstream.billed == 0


def test_a_redirect_is_not_followed_for_the_key_would_travel() -> None:
    with Upstream() as elsewhere, Upstream(play.redirect(elsewhere.url + "/xl")) as upstream:
        with client_of(upstream.url) as client:
            fault = fault_of(client)
        assert elsewhere.connections == 0

    assert (fault.outcome, fault.kind) == ("refused", Fault.WRONG_ADDRESS)


def test_a_refusal_stands_even_if_its_words_break_off() -> None:
    def half_a_refusal(exchange: Exchange) -> None:
        exchange.send(b'HTTP/1.1 402 No\r\nContent-Length: 900\r\n\r\n{"error": "Out of')
        exchange.close()

    with Upstream(Behaviour(half_a_refusal)) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client)

    assert (fault.outcome, fault.kind) == ("refused", Fault.NEEDS_CREDIT)


def test_a_refusal_without_end_is_cut_short() -> None:
    def talkative(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 400 No\r\n\r\n")
        while not exchange.upstream.stopping.is_set():
            exchange.send(b"No. " * 1000)

    with Upstream(Behaviour(talkative)) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client)

    assert fault.kind == Fault.INVALID_REQUEST
    assert 900 < len(fault.said) <= 1000


def test_an_answer_of_the_largest_size_fits_and_a_byte_more_does_not() -> None:
    fitting, larger = play.body(b"x" * MEGABYTE), play.body(b"x" * (MEGABYTE + 1))
    with (
        Upstream(fitting, larger) as upstream,
        client_of(upstream.url, max_answer_bytes=MEGABYTE) as client,
    ):
        assert len(generate(client).body) == MEGABYTE
        fault = fault_of(client)

    assert isinstance(fault, Unusable)
    assert fault.kind == Fault.TOO_LARGE


# The key


@pytest.mark.parametrize("name", ["401", "reset before the answer", "closed inside the answer"])
def test_the_key_is_in_no_error(name: str) -> None:
    with Upstream(ROWS[name].behaviour) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client)

    written = [str(fault), repr(fault), repr(vars(fault)), *traceback.format_exception(fault)]
    assert KEY not in "".join(written)
    # What is chained to an error, and with it the request, ends up in error reports.
    assert fault.__context__ is None


def test_the_key_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Upstream() as upstream, client_of(upstream.url) as client:
        written = repr(generate(client)) + repr(vars(client))

    assert "httpcore" in caplog.text, "the log was on"
    assert KEY not in caplog.text + written


@pytest.mark.parametrize(
    "body",
    [
        f'{{"error": "Unknown key {KEY}"}}',
        f'{{"detail": [{{"loc": ["header", "api_key"], "msg": "{KEY} is not known"}}]}}',
        "x" * 990 + KEY,
        f"<h1>{KEY}</h1>",
    ],
)
def test_a_key_that_the_api_quotes_is_taken_out(body: str) -> None:
    behaviour = play.body(body.encode(), status=401)
    with Upstream(behaviour) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client)

    written = fault.said + repr(fault.field_messages)
    assert KEY not in written
    assert KEY[:8] not in written


def test_a_quoted_key_is_taken_out_of_escaped_words_too() -> None:
    words = b'{"detail": [{"msg": "canary\\/key\\/99 is unknown", "loc": ["header", "api_key"]}]}'
    behaviour = play.body(words, status=401)
    with Upstream(behaviour) as upstream, client_of(upstream.url) as client:
        fault = fault_of(client, key="canary/key/99")

    assert fault.said == "… is unknown"
    assert fault.field_messages == {"api_key": "… is unknown"}
