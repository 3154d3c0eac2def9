"""Saved generations without files: many, fast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Team
from playground.models import Generation, State, Upstream


def rows(team: Team, number: int, **fields: Any) -> list[Generation]:
    """So many pictures with these fields; `body` is added to what each one's request says."""
    now = timezone.now()
    values: dict[str, Any] = {
        "upstream": Upstream.SANDBOX,
        "endpoint": "default",
        "calls": 0,
        "state": State.SAVED,
        "sent_at": now,
        "received_at": now + timedelta(seconds=1),
        "saved_at": now + timedelta(seconds=1),
        "seed": "7",
        "file": "none",
        "thumbnail": "none",
        "sha256": "0" * 64,
        "mime_type": "image/jpeg",
        "width": 512,
        "height": 512,
        "bytes": 1,
    } | fields
    body = values.pop("body", {})
    return Generation.objects.bulk_create(
        Generation(team=team, body={"positive_prompt": f"pig {each}", "seed": 7} | body, **values)
        for each in range(number)
    )
