"""The queue's tasks: three lines each. The queue is only the transport; the rows are the truth."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from accounts import notices
from imagepig_site import context

from . import announcing, clicks, emptying, pipeline

logger = logging.getLogger(__name__)

STARTED_AT = timezone.now()
_starting = threading.Lock()
_started = threading.Event()


def enqueue(*due: pipeline.Due, clicked: Collection[int] = ()) -> None:
    """Hand generations to the queue; what it does not take waits, says so, and nothing fails.

    `clicked` are those that this request asked for: they carry its id. So does the one in hand.
    """
    own = {*clicked, context.generation_id()}
    for each in due:
        request_id = context.request_id() if each.generation_id in own else ""
        task = generate.s(each.generation_id, request_id, priority=each.priority, eta=each.at)
        try:
            settings.HUEY.enqueue(task)
        except settings.QUEUE_ERRORS as error:
            logger.warning("the queue is away: %s", type(error).__name__)
            pipeline.queue_is_away(each.generation_id)
    handed_over = {each.generation_id for each in due}
    clicks.leave(number for number in clicked if number not in handed_over)


@db_task()  # type: ignore[untyped-decorator]
def generate(generation_id: int, request_id: str = "") -> None:
    """Take one generation as far as it goes. `request_id` is for the logs: the click it is of."""
    with context.working_on(request_id or clicks.take(generation_id), generation_id):
        for due in pipeline.run(generation_id, then=announcing.announce):
            enqueue(due)


@db_periodic_task(crontab())  # type: ignore[untyped-decorator]
def sweep_each_minute() -> None:
    """Pick up what was left lying."""
    enqueue(*pipeline.sweep(queued_ids(), then=announcing.announce))


@db_periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]
def tidy_up() -> None:
    """Remove for good what its time is up of. Each hour: no machine runs every night."""
    emptying.empty_bin()
    emptying.remove_deleted_teams()
    notices.purge()
    clicks.forget_ended()


@db_task()  # type: ignore[untyped-decorator]
def sweep_at_deadline() -> None:
    """Give up what the last worker was sending, as soon as its time is up."""
    enqueue(*pipeline.sweep(queued_ids(), then=announcing.announce))
    await_deadline()


def await_deadline() -> None:
    """Have a sweep made at the next deadline of the calls that the last worker left open."""
    if deadline := pipeline.next_deadline(sent_before=STARTED_AT):
        settings.HUEY.enqueue(sweep_at_deadline.s(eta=deadline + timedelta(seconds=0.1)))


@on_startup()  # type: ignore[untyped-decorator]
def start() -> None:
    """Huey runs this in each of its threads before it takes anything: the first sweeps for all."""
    with _starting:
        if not _started.is_set():
            pipeline.prepare()
            found = pipeline.sweep(queued_ids(), starting=True, then=announcing.announce)
            enqueue(*found)
            await_deadline()
            _started.set()


def queued_ids() -> set[int]:
    """The generations that the queue holds, due or for later."""
    tasks = [*settings.HUEY.pending(), *settings.HUEY.scheduled()]
    return {task.args[0] for task in tasks if task.name == generate.task_class.__name__}
