"""What the sandbox answers, and the shapes of error that it shares with Image Pig's API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, before it is sent."""

    status: HTTPStatus
    content: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Cache-Control": "no-store"})


class Refused(Exception):
    """A request that ends in the API's own shape of error: a message, or details by attribute."""

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        *,
        detail: list[dict[str, object]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def answer(self, started_at: datetime, completed_at: datetime) -> Answer:
        """Return this refusal as an answer."""
        document: dict[str, object] = {
            "error": str(self),
            "started_at": started_at.isoformat(),
            "completed_at": completed_at.isoformat(),
        }
        if self.detail is not None:
            document = {"detail": self.detail}
        headers = {"Cache-Control": "no-store", **self.headers}
        return Answer(self.status, as_json(document), headers=headers)


def as_json(document: dict[str, object]) -> bytes:
    """A JSON document as it travels."""
    return json.dumps(document).encode("ascii")
