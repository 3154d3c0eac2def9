"""What a generation can be: where it stands, where it is sent, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a generation stands. Every one ends in exactly one of the last six."""

    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Generating"
    RECEIVED = "received", "Saving"
    SAVED = "saved", "Done"
    CANCELLED = "cancelled", "Cancelled"
    NOT_SENT = "not_sent", "Not sent"
    REFUSED = "refused", "Refused"
    UNUSABLE = "unusable", "Unusable"
    UNKNOWN = "unknown", "Unknown"

    @property
    def pending(self) -> bool:
        return self in PENDING


PENDING = (State.QUEUED, State.SENDING, State.RECEIVED)
IS_PENDING = Q(state=State.QUEUED) | Q(state=State.SENDING) | Q(state=State.RECEIVED)
"""The same as a condition. An index and the queries it carries share it word for word: SQLite does
not see that `state IN (?, ?, ?)` is what a partial index holds."""
FAILED = (State.NOT_SENT, State.REFUSED, State.UNUSABLE, State.UNKNOWN)


class Upstream(models.TextChoices):
    """Where a generation is sent. A re-run goes where its original was made."""

    IMAGEPIG = "imagepig", "Image Pig"
    SANDBOX = "sandbox", "Sandbox"


class Verdict(models.TextChoices):
    """What a re-run with the same seed came to."""

    IDENTICAL_BYTES = "identical_bytes", "Identical bytes"
    IDENTICAL_PIXELS = "identical_pixels", "Identical pixels"
    NEARLY_THE_SAME = "nearly_the_same", "Nearly the same"
    DIFFERENT = "different", "Different: the model may have changed"


class Pick(models.TextChoices):
    """What a team has decided about a picture."""

    UNDECIDED = "", "Undecided"
    PICKED = "picked", "Picked"
    REJECTED = "rejected", "Rejected"
