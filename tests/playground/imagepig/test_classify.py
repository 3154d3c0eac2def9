from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.imagepig import classify
from playground.imagepig.errors import (
    SENT_AGAIN,
    Busy,
    CallError,
    Fault,
    MaybeBilled,
    NeverSent,
    Refused,
    Unusable,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOT_SUCCESS = st.integers(100, 599).filter(lambda status: not 200 <= status < 300)


@pytest.mark.parametrize(
    ("error", "family", "kind"),
    [
        (httpx.ConnectTimeout(""), NeverSent, Fault.CONNECT_TIMEOUT),
        (httpx.ConnectError(""), NeverSent, Fault.UNREACHABLE),
        (httpx.ReadTimeout(""), MaybeBilled, Fault.READ_TIMEOUT),
        (httpx.WriteTimeout(""), MaybeBilled, Fault.READ_TIMEOUT),
        (httpx.ReadError(""), MaybeBilled, Fault.CONNECTION_BROKEN),
        (httpx.WriteError(""), MaybeBilled, Fault.CONNECTION_BROKEN),
        (httpx.CloseError(""), MaybeBilled, Fault.CONNECTION_BROKEN),
        (httpx.RemoteProtocolError(""), MaybeBilled, Fault.CONNECTION_BROKEN),
        (httpx.LocalProtocolError(""), MaybeBilled, Fault.CONNECTION_BROKEN),
    ],
)
def test_only_errors_of_connecting_prove_that_nothing_was_sent(
    error: httpx.HTTPError, family: type[CallError], kind: Fault
) -> None:
    fault = classify.without_answer(error)

    assert (type(fault), fault.kind) == (family, kind)
    assert type(error).__name__ in fault.detail


@pytest.mark.parametrize(
    ("status", "family", "kind"),
    [
        (301, Refused, Fault.WRONG_ADDRESS),
        (308, Refused, Fault.WRONG_ADDRESS),
        (400, Refused, Fault.INVALID_REQUEST),
        (401, Refused, Fault.INVALID_KEY),
        (402, Refused, Fault.NEEDS_CREDIT),
        (403, Refused, Fault.FORBIDDEN),
        (404, Refused, Fault.WRONG_ADDRESS),
        (405, Refused, Fault.WRONG_ADDRESS),
        (408, MaybeBilled, Fault.SERVER_ERROR),
        (413, Refused, Fault.INVALID_REQUEST),
        (418, Refused, Fault.INVALID_REQUEST),
        (422, Refused, Fault.INVALID_REQUEST),
        (429, Busy, Fault.BUSY),
        (500, MaybeBilled, Fault.SERVER_ERROR),
        (502, MaybeBilled, Fault.SERVER_ERROR),
        (503, MaybeBilled, Fault.SERVER_ERROR),
        (504, MaybeBilled, Fault.SERVER_ERROR),
        (599, MaybeBilled, Fault.SERVER_ERROR),
        (101, MaybeBilled, Fault.SERVER_ERROR),
    ],
)
def test_each_status_has_its_meaning(status: int, family: type[CallError], kind: Fault) -> None:
    fault = classify.with_answer(status, {}, b'{"error": "Oink"}')

    assert (type(fault), fault.kind, fault.said) == (family, kind, "Oink")
    assert fault.detail == f"HTTP {status}"


@given(NOT_SUCCESS, st.binary(), st.text())
def test_any_answer_at_all_becomes_a_fault(status: int, body: bytes, retry_after: str) -> None:
    fault = classify.with_answer(status, {"retry-after": retry_after}, body, conceal="k" * 20)

    assert isinstance(fault, CallError)
    assert len(fault.said) <= 1000
    # The one that may be sent again is the one that has begun nothing.
    assert fault.retryable == (status == 429)
    assert str(fault)


def test_what_may_be_sent_again_was_never_sent_or_never_begun() -> None:
    safe = NeverSent(Fault.CONNECT_TIMEOUT), Busy(Fault.BUSY)
    assert all(fault.retryable for fault in safe)
    assert {
        "name_not_found",
        "connection_refused",
        "connect_timeout",
        "unreachable",
        "no_free_connection",
        "busy",
    } == SENT_AGAIN


def test_each_family_has_its_own_outcome() -> None:
    families = NeverSent, Refused, MaybeBilled, Unusable, Busy
    assert [family.outcome for family in families] == [
        "not_sent",
        "refused",
        "unknown",
        "unusable",
        "busy",
    ]


# Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("5", 5),
        (" 5 ", 5),
        ("1.5", 1.5),
        ("0", 1),
        ("61", 60),
        ("999999999", 60),
        ("-5", None),
        ("9" * 400, None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("soon", None),
        ("٣", None),
        (format_datetime(NOW + timedelta(seconds=20), usegmt=True), 20),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 1),
        (format_datetime(NOW + timedelta(days=1), usegmt=True), 60),
        ("Sun, 01 Mar 2026 12:00:30 -0000", 30),
        ("Sun, 01 Mar 2026 12:00:30", 30),
        ("Sun, 01 Mar 99999 12:00:30 GMT", None),
        ("Sun, 01 Mar 0001 12:00:30 +2359", 1),
    ],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(
    value: str | None, seconds: float | None
) -> None:
    assert classify.read_retry_after(value, NOW) == seconds


@given(st.text())
def test_any_retry_after_is_held_to_its_bounds(value: str) -> None:
    seconds = classify.read_retry_after(value)
    assert seconds is None or 1 <= seconds <= 60
