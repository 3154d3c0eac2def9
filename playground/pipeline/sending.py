"""One delivery of one generation: sends it if it waits, goes on saving if it was received."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.utils import timezone

from accounts.models import KeyState

from ..faults import Reason
from ..imagepig.concealing import concealed
from ..imagepig.errors import Busy, CallError, NeverSent
from ..models import Generation, State
from . import spool, steps, turns
from .saving import save
from .transactions import release_connection
from .turns import Due
from .upstreams import client_for

logger = logging.getLogger("playground.pipeline")

BUSY_AGAIN = 3
"""How often a request is sent again that the API said "later" to."""
CONNECT_AGAIN = 2
SPOOL_SECONDS = 1.0
SPOOL_TRIES_A_LINE = 60
"""So that a full disk does not fill up with the log of it."""


Callback = Callable[[Generation], None]
"""What somebody else does with a generation that has got somewhere."""


def ignored(_: Generation) -> None:
    pass


def run(generation_id: int, *, then: Callback = ignored) -> Iterator[Due]:
    """Take one generation as far as it goes. Yields what has to be handed to the queue now.

    `then` is called with it in the end, however far that was.
    """
    generation = next(iter(Generation.objects.filter(pk=generation_id)), None)
    if generation is None:
        return
    if generation.state == State.QUEUED:
        yield from _send(generation)
    if generation.state == State.RECEIVED:
        yield from save(generation)
    then(generation)


def _send(generation: Generation) -> Iterator[Due]:
    claim = steps.claim(generation)
    if claim is None:
        # It may be another one's turn instead.
        yield from turns.take_waiting(generation.team_id)
        return
    logger.info("generation %s: sending to %s", generation.pk, generation.upstream)
    again, others = turns.pass_on(generation.team_id, _call(generation, claim))
    yield from ([again] if again else [])
    yield from others


def _call(generation: Generation, claim: steps.Claim) -> Callable[[], Due | None]:
    """Make the call; gives the step to what came of it, which gives when to make it again."""
    release_connection()
    try:
        answer = client_for(generation.upstream).generate(
            generation.table_entry, generation.request_body, api_key=claim.secret
        )
    except CallError as error:
        return partial(_without_answer, generation, error)
    # Whatever else happens here, the request may have left.
    except Exception:
        logger.exception("generation %s: the call failed in a way nobody foresaw", generation.pk)
        return partial(_give_up, generation, Reason.INTERRUPTED)
    received_at = timezone.now()
    # Answers can be downloaded.
    keep(generation, concealed(answer.body, claim.secret))
    logger.info("generation %s: received %s bytes", generation.pk, len(answer.body))
    return partial(_receive, generation, claim, received_at)


def _receive(generation: Generation, claim: steps.Claim, received_at: datetime) -> None:
    proved = claim.api_key is not None and claim.api_key.state == KeyState.UNPROVED
    steps.receive(generation, received_at, proved=proved)


def _give_up(generation: Generation, reason: Reason) -> None:
    steps.give_up(generation, reason)


def _without_answer(generation: Generation, error: CallError) -> Due | None:
    state, seconds = outcome(error, generation.attempts)
    if state == State.QUEUED:
        logger.info("generation %s: %s, again in %.0f s", generation.pk, error.kind, seconds)
        return steps.give_back(generation, error, seconds)
    logger.info("generation %s: %s, %s", generation.pk, state, error.kind)
    steps.end(generation, state, error)
    return None


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


def keep(generation: Generation, answer: bytes) -> None:
    """Write down an answer that was paid for, however long the disk refuses it.

    There was room before the call, so this is about disks that fill up within seconds. Nothing new
    is sent meanwhile; should the worker be stopped, the row says that the call may have counted.
    """
    path = spool.path_of(generation)
    tried = 0
    while True:
        try:
            return spool.write(path, answer)
        except OSError:
            if tried % SPOOL_TRIES_A_LINE == 0:
                logger.exception("generation %s: its answer cannot be written", generation.pk)
        tried += 1
        time.sleep(SPOOL_SECONDS)
