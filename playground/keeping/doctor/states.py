"""Generations that stand still, although nothing holds them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ... import pipeline, tasks
from ...faults import Reason
from ...models import Generation, GenerationQuerySet, State
from ...pipeline import spool
from .findings import Finding, Kind

GRACE = timedelta(minutes=2)
"""A worker looks each minute for what was left lying."""


def states(*, fix: bool) -> Iterator[Finding]:
    """Nothing where the queue does not answer: then nobody knows what it holds."""
    found = dict(_found(timezone.now() - GRACE, tasks.queued_ids()))
    if fix and found:
        # What a worker does each minute. It sends nothing by itself.
        tasks.enqueue(*pipeline.sweep(tasks.queued_ids()))
        still = dict(_found(timezone.now() - GRACE, tasks.queued_ids()))
        found = {pk: replace(each, mended=pk not in still) for pk, each in found.items()}
    yield from found.values()


def _found(before: datetime, queued_ids: AbstractSet[int]) -> Iterator[tuple[int, Finding]]:
    """Generation's id → what is wrong with it, of what has been so since that time."""
    pending = Generation.objects.pending()
    for each in pending.filter(state=State.SENDING, deadline__lt=before):
        yield each.pk, Finding(Kind.STUCK_SENDING, f"generation {each.pk}, since {each.deadline}")
    due = Q(not_before=None) | Q(not_before__lt=before)
    for each in pending.filter(state=State.RECEIVED, received_at__lt=before):
        path = spool.path_of(each)
        if not path.exists():
            yield each.pk, Finding(Kind.ANSWER_MISSING, f"generation {each.pk}: {path}")
        elif each.pk not in queued_ids and (each.not_before is None or each.not_before < before):
            subject = f"generation {each.pk}, since {each.received_at}"
            yield each.pk, Finding(Kind.STUCK_RECEIVED, subject)
    for each in _forgotten().filter(due, queued_at__lt=before):
        if each.pk not in queued_ids:
            subject = f"generation {each.pk}, since {each.queued_at}"
            yield each.pk, Finding(Kind.STUCK_QUEUED, subject)


def _forgotten() -> GenerationQuerySet:
    """What waits and is in the queue's hands, or could be: nothing of its team is under way."""
    pending = Generation.objects.pending()
    running = Q(state=State.SENDING) | Q(state=State.QUEUED, handed_over=True)
    under_way = pending.filter(running, team=OuterRef("team"))
    held = Q(fault=Reason.KEY_PAUSED) | Q(experiment__paused=True)
    alone = Q(pk__in=pending.exclude(held).filter(~Exists(under_way)).values("pk"))
    return pending.filter(Q(handed_over=True) | alone, state=State.QUEUED)
