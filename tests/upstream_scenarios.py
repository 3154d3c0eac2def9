"""The matrix of faults as a table: what the upstream does, and what has to come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from playground.imagepig.errors import Fault

from . import upstream_behaviours as play
from .upstream_exchange import Behaviour, error
from .upstream_pictures import bomb, picture, plain_picture, truncated

Where = Literal["client", "answer", "picture", "fetch", ""]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: `outcome` as CallError.outcome names it, "saved" where there is a picture.

    `found_by` says who notices: the client's generate, read_answer, whoever opens the picture, or
    the client's fetch. "" where nobody has to complain.
    """

    behaviour: Behaviour
    outcome: str = "saved"
    kind: Fault | None = None
    found_by: Where = ""


def unknown(behaviour: Behaviour, kind: Fault) -> Row:
    return Row(behaviour=behaviour, outcome="unknown", kind=kind, found_by="client")


def refused(behaviour: Behaviour, kind: Fault) -> Row:
    return Row(behaviour=behaviour, outcome="refused", kind=kind, found_by="client")


def busy(behaviour: Behaviour) -> Row:
    return Row(behaviour=behaviour, outcome="busy", kind=Fault.BUSY, found_by="client")


def unusable(behaviour: Behaviour, kind: Fault, found_by: Where = "answer") -> Row:
    return Row(behaviour=behaviour, outcome="unusable", kind=kind, found_by=found_by)


SMALL = (64, 48)
SECONDS_NEVER_WAITED = "3600"
NEXT_CENTURY = format_datetime(datetime(2100, 1, 1, tzinfo=UTC), usegmt=True)
LONG_AGO = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
DEEP = b"[" * 200_000
NESTED = b'{"a":' * 60 + b"1" + b"}" * 60
HUGE_NUMBER = b'{"seed": ' + b"9" * 10_000 + b"}"
ELSEWHERE = "https://127.0.0.1:9/picture.jpeg"

ROWS: dict[str, Row] = {
    "documented success": Row(behaviour=play.success()),
    # Nothing, or not all, of an answer
    "accepted and never answered": unknown(play.NEVER_ANSWER, Fault.READ_TIMEOUT),
    "closed before the answer": unknown(play.CLOSE_BEFORE_ANSWER, Fault.CONNECTION_BROKEN),
    "reset before the answer": unknown(play.RESET_BEFORE_ANSWER, Fault.CONNECTION_BROKEN),
    "reset with the request unread": unknown(play.RESET_UNREAD, Fault.CONNECTION_BROKEN),
    "closed inside the answer": unknown(play.CLOSE_INSIDE_ANSWER, Fault.CONNECTION_BROKEN),
    "reset inside the answer": unknown(play.RESET_INSIDE_ANSWER, Fault.CONNECTION_BROKEN),
    "silence inside the answer": unknown(play.STALL_INSIDE_ANSWER, Fault.DEADLINE),
    "a dripping head": unknown(play.DRIP_HEAD, Fault.READ_TIMEOUT),
    "a dripping body": unknown(play.DRIP_BODY, Fault.DEADLINE),
    "an answer that is not HTTP": unknown(play.NOT_HTTP, Fault.CONNECTION_BROKEN),
    # Refusals
    "400": refused(error(400, "Bad request"), Fault.INVALID_REQUEST),
    "413": refused(error(413, "Too large"), Fault.INVALID_REQUEST),
    "422": refused(play.invalid("seed", "Input should be less"), Fault.INVALID_REQUEST),
    "422 with words alone": refused(error(422, "No such format"), Fault.INVALID_REQUEST),
    "401": refused(error(401, "Invalid API key"), Fault.INVALID_KEY),
    "402": refused(error(402, "Out of credit"), Fault.NEEDS_CREDIT),
    "403": refused(error(403, "Storage is not part of your plan"), Fault.FORBIDDEN),
    "403 as a page": refused(play.page(403), Fault.FORBIDDEN),
    "404": refused(error(404, "Not found"), Fault.WRONG_ADDRESS),
    "redirect": refused(play.redirect("/elsewhere"), Fault.WRONG_ADDRESS),
    "redirect of the old kind": refused(play.redirect("/elsewhere", 302), Fault.WRONG_ADDRESS),
    # Later
    "429": busy(play.busy()),
    "429 in seconds": busy(play.busy("2")),
    "429 in too many seconds": busy(play.busy(SECONDS_NEVER_WAITED)),
    "429 until a date": busy(play.busy(NEXT_CENTURY)),
    "429 until a past date": busy(play.busy(LONG_AGO)),
    "429 until nonsense": busy(play.busy("soon")),
    # The server's own trouble
    "500": unknown(error(500, "Internal error"), Fault.SERVER_ERROR),
    "502 as a page": unknown(play.page(502), Fault.SERVER_ERROR),
    "503": unknown(error(503, "Unavailable"), Fault.SERVER_ERROR),
    "504 as a page": unknown(play.page(504), Fault.SERVER_ERROR),
    # Answers without a picture
    "200 with HTML": unusable(play.page(200), Fault.NOT_JSON),
    "200 with nothing": unusable(play.body(b""), Fault.NOT_JSON),
    "invalid JSON": unusable(play.body(b'{"image_data": "'), Fault.NOT_JSON),
    "a list": unusable(play.body(b"[]"), Fault.NOT_JSON),
    "NaN": unusable(play.body(b'{"image_data": NaN}'), Fault.NOT_JSON),
    "a number beyond bounds": unusable(play.body(b'{"seed": 1e999}'), Fault.NOT_JSON),
    "a whole number without end": unusable(play.body(HUGE_NUMBER), Fault.NOT_JSON),
    "nesting without end": unusable(play.body(DEEP), Fault.NOT_JSON),
    "deep nesting": unusable(play.body(NESTED), Fault.NOT_JSON),
    "not UTF-8": unusable(play.body(b'{"image_data": "\xff"}'), Fault.NOT_JSON),
    "no image": unusable(play.success(image_data=None), Fault.NO_IMAGE),
    "an empty image": unusable(play.success(image_data=""), Fault.NO_IMAGE),
    "an error's body with 200": unusable(
        play.body(json.dumps({"error": "Sorry"}).encode()), Fault.NO_IMAGE
    ),
    "bad base64": unusable(play.success(image_data="never*mind"), Fault.BAD_BASE64),
    "broken base64": unusable(play.success(image_data="abcde"), Fault.BAD_BASE64),
    "a body without end": unusable(play.ENDLESS_BODY, Fault.TOO_LARGE, "client"),
    # Pictures that are none
    "truncated JPEG": unusable(
        play.success(image=truncated((256, 256), "JPEG")), Fault.DAMAGED_IMAGE, "picture"
    ),
    "truncated PNG": unusable(
        play.success(image=truncated((256, 256), "PNG"), mime_type="image/png"),
        Fault.DAMAGED_IMAGE,
        "picture",
    ),
    "not a picture at all": unusable(
        play.success(image=b"Oink " * 99), Fault.UNSUPPORTED_IMAGE, "picture"
    ),
    "decompression bomb": unusable(
        play.success(image=bomb(), mime_type="image/png"), Fault.IMAGE_TOO_BIG, "picture"
    ),
    "GIF": unusable(
        play.success(image=plain_picture(SMALL, "GIF")), Fault.UNSUPPORTED_IMAGE, "picture"
    ),
    "BMP": unusable(
        play.success(image=plain_picture(SMALL, "BMP")), Fault.UNSUPPORTED_IMAGE, "picture"
    ),
    # Oddities that cost nobody a picture
    "mime_type against the bytes": Row(
        behaviour=play.success(image=picture(SMALL, "PNG"), mime_type="image/jpeg")
    ),
    "WebP": Row(behaviour=play.success(image=plain_picture(SMALL, "WEBP"))),
    "mime_type missing": Row(behaviour=play.success(mime_type=None)),
    "seed of 2^63": Row(behaviour=play.success(seed=2**63)),
    "seed of 2^64-1": Row(behaviour=play.success(seed=2**64 - 1)),
    "seed in digits": Row(behaviour=play.success(seed=str(2**64 - 1))),
    "seed of 2^64": Row(behaviour=play.success(seed=2**64)),
    "seed below nought": Row(behaviour=play.success(seed=-1)),
    "seed with a fraction": Row(behaviour=play.success(seed=1.5)),
    "seed missing": Row(behaviour=play.success(seed=None)),
    "times missing": Row(behaviour=play.success(started_at=None, completed_at=None)),
    "times not ISO": Row(behaviour=play.success(started_at="yesterday", completed_at=17)),
    "times reversed": Row(
        behaviour=play.success(
            started_at="2026-01-01T00:00:02Z", completed_at="2026-01-01T00:00:01Z"
        )
    ),
    # Hosted pictures
    "hosted": Row(behaviour=play.hosted()),
    "hosted after two times 404": Row(
        behaviour=play.hosted(None, error(404, "Not found"), error(404, "Not found"))
    ),
    "hosted after 503, a reset and a close": Row(
        behaviour=play.hosted(
            None, play.page(503), play.RESET_BEFORE_ANSWER, play.CLOSE_INSIDE_PICTURE
        )
    ),
    "hosted at a private address": unusable(
        play.success(image_data=None, image_url=ELSEWHERE), Fault.FORBIDDEN_ADDRESS, "fetch"
    ),
    "hosted without TLS": unusable(
        play.success(image_data=None, image_url="http://pictures.test/a.jpeg"),
        Fault.BAD_IMAGE_URL,
        "fetch",
    ),
    "hosted behind a redirect to a private address": unusable(
        play.hosted(None, play.redirect(ELSEWHERE)), Fault.FORBIDDEN_ADDRESS, "fetch"
    ),
    "hosted at no address": unusable(
        play.success(image_data=None, image_url="some where"), Fault.BAD_IMAGE_URL
    ),
}
"""Name → row. Refused connections and names that lead nowhere need no upstream, so they are not
here; nor are faults of TLS."""
