"""What administrators see of generations and share links.

An administrator looks after the installation, not over people's shoulders: lists show what was
asked for and how it ended, and a prompt is on the page of its generation alone. Pictures are not
shown at all: who is in no team of theirs sees them nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.administration import Newest

from .faults import Reason
from .imagepig.endpoints import TABLE
from .imagepig.errors import Fault
from .models import Generation, Share

COURSE = (
    "words", "said", "attempts", "not_before", "handed_over", "sent_at", "deadline", "received_at",
    "saved_at", "ended_at", "started_at", "completed_at", "api_key", "retry_of",
)  # fmt: skip
PICTURE = (
    "seed", "mime_type", "width", "height", "bytes", "sha256", "parent", "experiment", "deleted_at",
)  # fmt: skip


class Listed(admin.SimpleListFilter):
    """A filter by what can be, not by what is found in a million rows."""

    values: Iterable[str] = ()

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(value, value.replace("_", " ")) for value in self.values]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(**{str(self.parameter_name): self.value()}) if self.value() else rows


class FaultFilter(Listed):
    title, parameter_name = "fault", "fault"
    values = tuple(sorted({*Fault, *Reason}))


class EndpointFilter(Listed):
    title, parameter_name = "endpoint", "endpoint"
    values = tuple(TABLE)


@admin.register(Generation)
class GenerationAdmin(Newest):
    list_display = (
        "id", "state", "fault", "upstream", "endpoint", "calls", "team", "author", "queued_at",
    )  # fmt: skip
    list_filter = ("state", FaultFilter, "upstream", EndpointFilter)
    list_select_related = ("team", "author")
    fieldsets = (
        (None, {"fields": list_display}),
        ("How it went", {"fields": COURSE}),
        ("The picture", {"fields": PICTURE}),
        ("What was asked for", {"fields": ("request",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Generation]:
        # Long, and of no use in a list.
        return super().get_queryset(request).defer("answer", "placeholder", "template")

    @admin.display(description="in words")
    def words(self, generation: Generation) -> str:
        wording = generation.wording
        return f"{wording.title}: {wording.text}" if wording else "–"

    @admin.display(description="request")
    def request(self, generation: Generation) -> str:
        body = json.dumps(generation.body, indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", body)


@admin.register(Share)
class ShareAdmin(Newest):
    """Without what its link holds: that is in no row."""

    list_display = (
        "id", "team", "what", "shared_by", "created_at", "expires_at", "revoked_at", "views",
    )  # fmt: skip
    list_select_related = ("team", "shared_by")
    fields = (*list_display, "shows_prompt", "shows_seed", "viewed_at")

    @admin.display(description="shows")
    def what(self, share: Share) -> str:
        kinds = ("generation", "collection", "experiment")
        shown = ((kind, getattr(share, f"{kind}_id")) for kind in kinds)
        return next((f"{kind} {number}" for kind, number in shown if number), "–")
