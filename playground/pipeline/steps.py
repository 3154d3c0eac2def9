"""The steps between states, each one short transaction around one conditional UPDATE."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts import encryption, notices
from accounts.models import ApiKey, KeyState
from accounts.services import mark_key, secret_of

from .. import spending
from ..faults import Reason
from ..imagepig.endpoints import TABLE
from ..imagepig.errors import CallError, Fault
from ..models import Experiment, Generation, State, Upstream
from . import spool
from .transactions import lock, transaction_again
from .turns import Due, priority, take_waiting
from .upstreams import SANDBOX_KEY

logger = logging.getLogger("playground.pipeline")

DEADLINE_MARGIN = timedelta(seconds=15)
"""Between the client's deadline and ours, for writing down what came at the last moment."""

PAUSES = {Fault.INVALID_KEY: KeyState.REFUSED, Fault.NEEDS_CREDIT: KeyState.NEEDS_CREDIT}
"""Refusals that would meet every other call with the same key, and what they show of the key."""

COUNTS_FOR_NOTHING = (State.NOT_SENT, State.REFUSED)
"""Ends of a call that go back to the budget; what may have counted does not."""

TOLD_TO_ADMINISTRATORS: dict[str, str] = {
    Fault.TLS: "Image Pig could not prove who it is, so nothing is sent to it. Look at this "
    "machine’s clock and certificates, and at IMAGEPIG_API_URL.",
    Fault.WRONG_ADDRESS: "Image Pig’s address looks wrong: calls end nowhere. Look at "
    "IMAGEPIG_API_URL.",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one generation's request, once."""

    api_key: ApiKey | None
    secret: str


# queued →


@transaction_again
def claim(generation: Generation) -> Claim | None:
    """queued → sending, committed before the first byte leaves; None where that may not be (now).

    On success `generation` holds what was written.
    """
    now = timezone.now()
    lock(generation.team_id)
    row = Generation.objects.filter(pk=generation.pk, state=State.QUEUED)
    running = Generation.objects.pending().filter(team=generation.team_id, state=State.SENDING)
    if running.count() >= settings.TEAM_CALLS_AT_ONCE:
        # Back to those that wait their turn: the end of one that runs brings it forth again.
        row.update(handed_over=False)
        return None
    experiment = generation.experiment_id
    if experiment and Experiment.objects.filter(pk=experiment, paused=True).exists():
        row.update(handed_over=False, fault=Reason.PAUSED, revision=F("revision") + 1)
        return None
    found = _key_for(generation)
    if isinstance(found, Reason):
        _refuse_to_send(generation, found, now)
        return None
    sending = {
        "state": State.SENDING,
        "api_key": found.api_key,
        "sent_at": now,
        "deadline": now + timedelta(seconds=settings.CALL_SECONDS) + DEADLINE_MARGIN,
        "handed_over": False,
        "not_before": None,
        "fault": "",
        "said": "",
    }
    due = row.filter(Q(not_before=None) | Q(not_before__lte=now))
    if not due.update(**sending, revision=F("revision") + 1):
        return None
    for name, value in sending.items():
        setattr(generation, name, value)
    return found


def _key_for(generation: Generation) -> Claim | Reason:
    """What to call with; or why there can be no call."""
    if generation.endpoint not in TABLE:
        return Reason.ENDPOINT_GONE
    if not spool.has_room():
        logger.error("no room for answers in %s: nothing is sent", spool.folder())
        return Reason.DISK_FULL
    if generation.upstream == Upstream.SANDBOX:
        return Claim(None, SANDBOX_KEY)
    return _api_key_for(generation)


def _api_key_for(generation: Generation) -> Claim | Reason:
    api_key = ApiKey.objects.filter(team=generation.team_id, removed_at=None).first()
    if api_key is None:
        return Reason.NO_KEY
    if api_key.paused:
        return Reason.KEY_PAUSED
    try:
        return Claim(api_key, secret_of(api_key))
    except (encryption.Unreadable, encryption.EncryptionKeyProblem) as error:
        logger.error("API key %s: %s", api_key.pk, error)  # noqa: TRY400 (no trace: it may show more)
        return Reason.KEY_UNREADABLE


def _refuse_to_send(generation: Generation, reason: Reason, now: datetime) -> None:
    changes: dict[str, Any] = {"state": State.NOT_SENT, "ended_at": now}
    if reason == Reason.KEY_PAUSED:
        changes = {}
    row = Generation.objects.filter(pk=generation.pk, state=State.QUEUED)
    moved = row.update(**changes, fault=reason, handed_over=False, revision=F("revision") + 1)
    if moved and changes:
        spending.give_back(generation)


@transaction_again
def cancel(*generations: Generation) -> tuple[list[int], list[Due]]:
    """queued → cancelled, of one team. Gives the ids of those that were, and who may start now."""
    if not generations:
        return [], []
    team_id = generations[0].team_id
    lock(team_id)
    cancelled = []
    for generation in generations:
        row = Generation.objects.filter(pk=generation.pk, team=team_id, state=State.QUEUED)
        changes = {"state": State.CANCELLED, "fault": "", "handed_over": False}
        if row.update(**changes, ended_at=timezone.now(), revision=F("revision") + 1):
            cancelled.append(generation.pk)
            spending.give_back(generation)
    return cancelled, take_waiting(team_id)


# sending →


@transaction_again
def receive(generation: Generation, received_at: datetime, *, proved: bool = False) -> bool:
    """sending → received: the raw answer is on disk. False where somebody else moved it.

    An answer that arrives after all, when its generation was given up as interrupted, is as good
    as any other: what was paid for is never lost.
    """
    given_up = Q(state=State.UNKNOWN, fault=Reason.INTERRUPTED)
    row = Generation.objects.filter(
        Q(state=State.SENDING) | given_up, pk=generation.pk, sent_at=generation.sent_at
    )
    if not row.update(
        state=State.RECEIVED,
        received_at=received_at,
        ended_at=None,
        fault="",
        attempts=0,
    ):
        return False
    generation.state, generation.received_at, generation.attempts = State.RECEIVED, received_at, 0
    if proved and generation.api_key_id:
        mark_key(generation.api_key_id, KeyState.WORKING)
    return True


@transaction_again
def give_back(generation: Generation, error: CallError, seconds: float) -> Due | None:
    """sending → queued: nothing was begun, and the request goes out again after some seconds."""
    at = timezone.now() + timedelta(seconds=seconds)
    moved = _leave(
        generation,
        State.SENDING,
        state=State.QUEUED,
        fault=error.kind,
        said=error.said,
        attempts=generation.attempts + 1,
        not_before=at,
        handed_over=True,
        sent_at=None,
        deadline=None,
    )
    return Due(generation.pk, priority(1, at), at) if moved else None


@transaction_again
def end(generation: Generation, state: State, error: CallError) -> None:
    """sending → how the call ended without an answer to keep."""
    received_at = timezone.now() if error.status is not None else None
    moved = _leave(
        generation,
        State.SENDING,
        state=state,
        fault=error.kind,
        said=error.said,
        field_messages=error.field_messages,
        # Not sent at all is what the record says where it is so.
        sent_at=None if state == State.NOT_SENT else generation.sent_at,
        received_at=received_at,
        ended_at=timezone.now(),
    )
    if moved and state in COUNTS_FOR_NOTHING:
        spending.give_back(generation)
    if moved and error.kind in TOLD_TO_ADMINISTRATORS:
        _tell_administrators(generation, error)
    if moved and generation.api_key_id and error.kind in PAUSES:
        _pause(generation, generation.api_key_id, PAUSES[error.kind], error.said)


def _tell_administrators(generation: Generation, error: CallError) -> None:
    """Tell them once a day, and the log each time."""
    logger.error("generation %s: %s", generation.pk, error.detail or error.kind)
    notices.tell_administrators(
        TOLD_TO_ADMINISTRATORS[error.kind],
        reverse("admin:playground_generation_change", args=[generation.pk]),
        key=f"{error.kind} {timezone.now():%Y-%m-%d}",
    )


def _pause(generation: Generation, api_key_id: UUID, key_state: KeyState, said: str) -> None:
    """Stop what else the team would send with a key that was refused."""
    lock(generation.team_id)
    if not ApiKey.objects.filter(pk=api_key_id, removed_at=None).exists():
        # Another key has taken its place, and may be in order.
        return
    mark_key(api_key_id, key_state, said)
    waiting = Generation.objects.pending().filter(
        team=generation.team_id, state=State.QUEUED, upstream=Upstream.IMAGEPIG
    )
    waiting.update(fault=Reason.KEY_PAUSED, handed_over=False, revision=F("revision") + 1)


@transaction_again
def give_up(generation: Generation, reason: str) -> bool:
    """sending or received → unknown: whoever had it in hand is gone."""
    return _leave(
        generation, generation.state, state=State.UNKNOWN, fault=reason, ended_at=timezone.now()
    )


# received →


@transaction_again
def show(generation: Generation) -> None:
    """Have waiting pages show that an answer is there, where its picture takes a while to come.

    Otherwise the picture itself comes as soon as a page could have asked.
    """
    _leave(generation, State.RECEIVED)


@transaction_again
def postpone_saving(generation: Generation, reason: str, at: datetime) -> Due | None:
    """received, and later again. Gives when."""
    moved = _leave(
        generation,
        State.RECEIVED,
        fault=reason,
        attempts=generation.attempts + 1,
        not_before=at,
    )
    return Due(generation.pk, at=at) if moved else None


@transaction_again
def finish(generation: Generation, state: State, **record: Any) -> bool:
    """received → saved or unusable, with all that is to be recorded of it."""
    left = _leave(generation, State.RECEIVED, state=state, not_before=None, **record)
    if left and state == State.SAVED and generation.parent_id is not None:
        # The page of the picture it came of shows it from now on.
        Generation.objects.filter(pk=generation.parent_id).update(reruns=F("reruns") + 1)
    return left


def _leave(generation: Generation, left: str, /, **changes: Any) -> bool:
    """Leave the state `left`, if it is still so and still about the same request."""
    row = Generation.objects.filter(pk=generation.pk, state=left, sent_at=generation.sent_at)
    return bool(row.update(**changes, revision=F("revision") + 1))
