"""What waits in a backup may have been sent since, by the installation that was backed up."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from ..faults import Reason
from ..models import State, Upstream


def end_waiting(generations: Any) -> int:
    """queued → unknown, of what would be sent to Image Pig; gives how many that were.

    `generations` are rows of this version or of an earlier one, before anything else may see them.
    """
    waiting = generations.filter(state=State.QUEUED, upstream=Upstream.IMAGEPIG)
    return int(
        waiting.update(
            state=State.UNKNOWN,
            fault=Reason.RESTORED,
            ended_at=timezone.now(),
            handed_over=False,
            not_before=None,
            revision=F("revision") + 1,
        )
    )
