"""What can come of a call to the API other than a usable answer: one family of errors.

Each subclass of CallError is one promise about the money: `NeverSent` (nothing left this machine),
`Refused` (the API said no), `MaybeBilled` (nobody can tell), `Unusable` (an answer, but no
picture), `Busy` (the API said "later" and has begun nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar


class Fault(StrEnum):
    """Everything that can go wrong with a call, as a stable code for records and wordings."""

    # Never sent
    NAME_NOT_FOUND = "name_not_found"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    UNREACHABLE = "unreachable"
    """No way there: no route, network down, cut off before or while connecting."""
    NO_FREE_CONNECTION = "no_free_connection"
    """As many calls as may run at once were already running."""
    TLS = "tls"
    """The other side could not prove who it is, or speaks no TLS."""
    UNSENDABLE = "unsendable"
    """The API key or the body holds characters that cannot travel over HTTP."""

    # Maybe billed
    READ_TIMEOUT = "read_timeout"
    """No answer within the deadline."""
    DEADLINE = "deadline"
    """An answer had begun and was not whole at the deadline."""
    CONNECTION_BROKEN = "connection_broken"
    """Reset or closed after the request may have left, or an answer that is not HTTP."""
    SERVER_ERROR = "server_error"
    """500 and above, 408, and every status that says nothing definite."""

    # Refused
    INVALID_REQUEST = "invalid_request"
    """400, 413, 422, and 4xx without a meaning of their own here."""
    INVALID_KEY = "invalid_key"
    """401."""
    NEEDS_CREDIT = "needs_credit"
    """402."""
    FORBIDDEN = "forbidden"
    """403: perhaps not part of the plan."""
    WRONG_ADDRESS = "wrong_address"
    """404, 405 or a redirect: the configured address is not the API's."""

    # Busy
    BUSY = "busy"
    """429."""

    # Unusable
    NOT_JSON = "not_json"
    """HTML, nothing, a list, NaN, nesting without end, numbers without end."""
    NO_IMAGE = "no_image"
    BAD_BASE64 = "bad_base64"
    TOO_LARGE = "too_large"
    BAD_IMAGE_URL = "bad_image_url"
    """Not an https address, or one that redirects again and again."""
    FORBIDDEN_ADDRESS = "forbidden_address"
    """The picture's address leads into a private network."""
    DAMAGED_IMAGE = "damaged_image"
    """Truncated or otherwise undecodable (found when the picture is opened)."""
    UNSUPPORTED_IMAGE = "unsupported_image"
    """Neither JPEG nor PNG nor WebP (found when the picture is opened)."""
    IMAGE_TOO_BIG = "image_too_big"
    """More pixels than any endpoint makes (found when the picture is opened)."""

    # A hosted picture that can be asked for again
    PICTURE_NOT_READY = "picture_not_ready"


SENT_AGAIN = frozenset(
    {
        Fault.NAME_NOT_FOUND,
        Fault.CONNECTION_REFUSED,
        Fault.CONNECT_TIMEOUT,
        Fault.UNREACHABLE,
        Fault.NO_FREE_CONNECTION,
        Fault.BUSY,
    }
)
"""The faults after which the same call may be sent again without asking anybody."""


class CallError(Exception):
    """A call that brought no usable answer.

    `outcome` is the state it leads to. `said` are the API's own words: plain text of at most
    about 1,000 characters, not escaped, "" if none. `field_messages` maps request attribute →
    the API's words about it. `detail` is for administrators and logs; no attribute ever holds an
    API key. `retry_after` is in seconds (1–60), for `Busy` only.
    """

    outcome: ClassVar[str]

    def __init__(  # noqa: PLR0913 (facts, each with its name)
        self,
        kind: Fault,
        *,
        said: str = "",
        field_messages: Mapping[str, str] | None = None,
        detail: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.said = said
        self.field_messages = dict(field_messages or {})
        self.detail = detail
        self.status = status
        self.retry_after = retry_after

    @property
    def retryable(self) -> bool:
        """Whether the same call may be sent again by itself."""
        return self.kind in SENT_AGAIN

    def __str__(self) -> str:
        return ": ".join(filter(None, (str(self.kind), self.said or self.detail)))


class NeverSent(CallError):
    """Nothing of the request left this machine, so it cost nothing."""

    outcome = "not_sent"


class MaybeBilled(CallError):
    """The request, or part of it, may have arrived. Never to be sent again by itself."""

    outcome = "unknown"


class Refused(CallError):
    """The API said no."""

    outcome = "refused"


class Busy(CallError):
    """The API said "later" (429) and has begun no work."""

    outcome = "busy"


class Unusable(CallError):
    """The API answered, but there is no picture in it that can be used."""

    outcome = "unusable"


class PictureNotReady(Exception):
    """A hosted picture could not be fetched this time; asking again costs nothing.

    `status` is the HTTP status where there was an answer, `detail` is for logs.
    """

    def __init__(self, detail: str, *, status: int | None = None) -> None:
        super().__init__(detail)
        self.kind = Fault.PICTURE_NOT_READY
        self.detail = detail
        self.status = status
