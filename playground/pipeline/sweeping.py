"""Picks up what a crash, a full disk or a lost queue left lying. Sends nothing by itself.

Runs when a worker starts and each minute. What is `sending` is never handed to the queue: past its
deadline it is given up, unless its answer is on disk.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Min, Q
from django.utils import timezone

from ..faults import Reason
from ..models import PENDING, Generation, State
from . import saving, spool, steps, turns
from .sending import Callback, ignored
from .turns import Due

logger = logging.getLogger("playground.pipeline")

IN_HAND = timedelta(seconds=60)
"""For so long a received answer is left to whoever received it."""


def sweep(
    queued_ids: AbstractSet[int],
    *,
    starting: bool = False,
    then: Callback = ignored,
) -> Iterator[Due]:
    """Put right what lies around. Yields what has to be handed to the queue.

    `queued_ids` are the generations that the queue holds already. `starting` says that a worker
    begins, so that nothing on this machine is in anybody's hands. `then` is called with each that
    is given up.
    """
    now = timezone.now()
    yield from _sending(now, then, starting=starting)
    yield from _received(now, queued_ids, starting=starting)
    yield from _queued(now, queued_ids)
    if starting:
        _forget_answers()


def next_deadline(sent_before: datetime) -> datetime | None:
    """The earliest deadline of what was sent before that time and is still open."""
    sending = Generation.objects.pending().filter(state=State.SENDING, sent_at__lt=sent_before)
    deadline: datetime | None = sending.aggregate(earliest=Min("deadline"))["earliest"]
    return deadline


def _sending(now: datetime, then: Callback, *, starting: bool) -> Iterator[Due]:
    for generation in Generation.objects.pending().filter(state=State.SENDING):
        late = cast("datetime", generation.deadline) <= now
        if not (late or starting):
            continue
        if spool.path_of(generation).exists():
            # Its answer came, and whoever wrote it down got no further.
            if steps.receive(generation, now):
                yield Due(generation.pk)
        elif late and steps.give_up(generation, Reason.INTERRUPTED):
            logger.warning("generation %s: interrupted, nobody knows its answer", generation.pk)
            then(generation)
            yield from turns.take_waiting(generation.team_id)


def _received(now: datetime, queued_ids: AbstractSet[int], *, starting: bool) -> Iterator[Due]:
    due = Q(not_before=None) | Q(not_before__lte=now)
    received = Generation.objects.pending().filter(due, state=State.RECEIVED)
    if not starting:
        received = received.filter(received_at__lte=now - IN_HAND)
    for pk in received.values_list("pk", flat=True):
        if pk not in queued_ids:
            yield Due(pk)


def _queued(now: datetime, queued_ids: AbstractSet[int]) -> Iterator[Due]:
    queued = Generation.objects.pending().filter(state=State.QUEUED)
    # Handed to a queue that has lost it.
    handed_over = queued.filter(handed_over=True).order_by("pk")
    places: Counter[int] = Counter()
    for pk, team_id, not_before in handed_over.values_list("pk", "team", "not_before"):
        places[team_id] += 1
        if pk not in queued_ids:
            yield Due(pk, turns.priority(places[team_id], not_before or now), not_before)
    waiting = queued.filter(handed_over=False)
    paused = waiting.filter(fault=Reason.KEY_PAUSED)
    for team_id in paused.order_by().values_list("team", flat=True).distinct():
        yield from turns.resume(team_id)
    others = waiting.exclude(fault=Reason.KEY_PAUSED)
    for team_id in others.order_by().values_list("team", flat=True).distinct():
        yield from turns.take_waiting(team_id)


def _forget_answers() -> None:
    """Remove answers whose generations need them no more, with what was stored for them in vain.

    A crash came before their removal. Only the folder of answers is looked at, never all pictures.
    """
    kept = spool.kept()
    rows = Generation.objects.filter(pk__in=kept.values()).values_list("pk", "state", *saving.FILES)
    found = {pk: (state, names) for pk, state, *names in rows}
    for path, pk in kept.items():
        state, names = found.get(pk, (None, []))
        if state not in (*PENDING, State.UNKNOWN):
            saving.forget(path, keep=names)
