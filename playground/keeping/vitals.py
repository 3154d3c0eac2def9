"""How the work is going just now: asked of the index of what is pending, and so at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Generation, State

STILL = timedelta(minutes=5)
"""For so long a generation may be in the queue, where nothing else is under way."""


def queue_age() -> timedelta:
    """How long the oldest generation has waited that was handed to the queue and is due."""
    now = timezone.now()
    due = Q(not_before=None) | Q(not_before__lte=now)
    handed_over = Generation.objects.pending().filter(due, state=State.QUEUED, handed_over=True)
    oldest: datetime | None = handed_over.aggregate(
        oldest=Min(Coalesce("not_before", "queued_at"))
    )["oldest"]
    return max(now - oldest, timedelta()) if oldest else timedelta()


def stands_still() -> bool:
    """Whether something is in the queue for long, and no call is under way before it."""
    if queue_age() < STILL:
        return False
    sending = Generation.objects.pending().filter(state=State.SENDING)
    return not sending.filter(deadline__gt=timezone.now()).exists()


def pending() -> dict[tuple[str, str, str], int]:
    """State, upstream and endpoint → how many generations have not ended."""
    columns = ("state", "upstream", "endpoint")
    counted = Generation.objects.pending().values(*columns).annotate(number=Count("pk")).order_by()
    return {(each["state"], each["upstream"], each["endpoint"]): each["number"] for each in counted}


def newest_id() -> int:
    """The highest number that a generation has."""
    return Generation.objects.aggregate(newest=Max("pk"))["newest"] or 0
