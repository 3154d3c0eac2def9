from __future__ import annotations

import pytest

from playground.imagepig.errors import (
    Busy,
    CallError,
    Fault,
    MaybeBilled,
    NeverSent,
    PictureNotReady,
    Refused,
    Unusable,
)


def test_a_fault_reads_as_its_code_and_the_best_words_there_are() -> None:
    assert str(MaybeBilled(Fault.SERVER_ERROR, said="Oink", detail="HTTP 500")) == (
        "server_error: Oink"
    )
    assert str(MaybeBilled(Fault.SERVER_ERROR, detail="HTTP 500")) == "server_error: HTTP 500"
    assert str(NeverSent(Fault.TLS)) == "tls"


def test_the_apis_words_stay_out_of_a_faults_repr() -> None:
    assert "Oink" not in repr(Refused(Fault.INVALID_REQUEST, said="Oink"))


@pytest.mark.parametrize("family", [NeverSent, Refused, MaybeBilled, Unusable, Busy])
def test_every_family_is_a_call_error_with_nothing_said_by_default(
    family: type[CallError],
) -> None:
    fault = family(Fault.TLS)

    assert isinstance(fault, CallError)
    assert (fault.said, fault.field_messages, fault.detail) == ("", {}, "")
    assert (fault.status, fault.retry_after, fault.retryable) == (None, None, False)


def test_a_code_is_plain_text_fit_for_a_record() -> None:
    assert all(fault == fault.value and fault.value.isascii() for fault in Fault)
    assert max(len(fault) for fault in Fault) <= 20


def test_a_picture_that_is_not_ready_is_no_failed_call() -> None:
    not_ready = PictureNotReady("HTTP 404", status=404)

    assert not isinstance(not_ready, CallError)
    assert (not_ready.status, not_ready.detail, str(not_ready)) == (404, "HTTP 404", "HTTP 404")
