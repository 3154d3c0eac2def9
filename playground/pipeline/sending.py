"""One delivery of one generation: sends it if it waits, goes on saving if it was received."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from django.utils import timezone

from accounts.models import KeyState

from ..faults import Reason
from ..imagepig.errors import Busy, CallError, NeverSent
from ..models import Generation, State
from . import spool, steps
from .saving import save
from .steps import Due
from .upstreams import client_for

logger = logging.getLogger("playground.pipeline")

BUSY_AGAIN = 3
"""How often a request is sent again that the API said "later" to."""
CONNECT_AGAIN = 2
SHORTEST_SECRET = 8
"""Anything shorter could stand in an answer by chance."""
SPOOL_SECONDS = 1.0
SPOOL_TRIES = 600


def run(generation_id: int) -> Iterator[Due]:
    """Take one generation as far as it goes. Yields what has to be handed to the queue now."""
    generation = next(iter(Generation.objects.filter(pk=generation_id)), None)
    if generation is None:
        return
    if generation.state == State.QUEUED:
        yield from _send(generation)
    if generation.state == State.RECEIVED:
        yield from save(generation)


def _send(generation: Generation) -> Iterator[Due]:
    claim = steps.claim(generation)
    if claim is not None:
        logger.info("generation %s: sending to %s", generation.pk, generation.upstream)
        yield from _call(generation, claim)
    # Whatever became of it, one of the team's calls is no longer under way.
    yield from steps.take_waiting(generation.team_id)


def _call(generation: Generation, claim: steps.Claim) -> Iterator[Due]:
    steps.release_connection()
    try:
        answer = client_for(generation.upstream).generate(
            generation.table_entry, generation.request_body, api_key=claim.secret
        )
    except CallError as error:
        yield from _without_answer(generation, error)
    # Whatever else happens here, the request may have left.
    except Exception:
        logger.exception("generation %s: the call failed in a way nobody foresaw", generation.pk)
        steps.give_up(generation, Reason.INTERRUPTED)
    else:
        _receive(generation, claim, answer.body)


def _receive(generation: Generation, claim: steps.Claim, body: bytes) -> None:
    received_at = timezone.now()
    if not keep(generation, concealed(body, claim.secret)):
        steps.give_up(generation, Reason.ANSWER_LOST)
        return
    proved = claim.api_key is not None and claim.api_key.state == KeyState.UNPROVED
    if steps.receive(generation, received_at, proved=proved):
        logger.info("generation %s: received %s bytes", generation.pk, len(body))


def _without_answer(generation: Generation, error: CallError) -> Iterator[Due]:
    state, seconds = outcome(error, generation.attempts)
    if state == State.QUEUED:
        logger.info("generation %s: %s, again in %.0f s", generation.pk, error.kind, seconds)
        due = steps.give_back(generation, error, seconds)
        yield from [due] if due else []
        return
    logger.info("generation %s: %s, %s", generation.pk, state, error.kind)
    steps.end(generation, state, error)


def outcome(error: CallError, attempts: int) -> tuple[State, float]:
    """The state that a failed call leads to; for `queued`, after how many seconds it is sent again.

    `attempts` are those that came to nothing before.
    """
    if isinstance(error, Busy):
        if attempts < BUSY_AGAIN:
            seconds = error.retry_after if error.retry_after is not None else 2.0 ** (attempts + 1)
            return State.QUEUED, seconds
        return State.REFUSED, 0
    if isinstance(error, NeverSent) and error.retryable and attempts < CONNECT_AGAIN:
        return State.QUEUED, 1.0 + 2 * attempts
    return State(error.outcome), 0


def keep(generation: Generation, answer: bytes) -> bool:
    """Write down an answer that was paid for; False if the disk refuses it for ten minutes.

    There was room before the call, so this is about disks that fill up within seconds.
    """
    path = spool.path_of(generation)
    for tried in range(SPOOL_TRIES):
        if tried:
            time.sleep(SPOOL_SECONDS)
        try:
            spool.write(path, answer)
        except OSError:
            logger.exception("generation %s: its answer cannot be written", generation.pk)
        else:
            return True
    return False


def concealed(answer: bytes, secret: str) -> bytes:
    """The answer without the API key, should it be quoted there: answers can be downloaded."""
    if len(secret) < SHORTEST_SECRET:
        return answer
    return answer.replace(secret.encode(), "…".encode())
