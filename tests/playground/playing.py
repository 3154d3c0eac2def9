"""Playing the worker by hand: what is in the queue is taken out and done, in this very thread."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Team, User
from playground import services, tasks
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Upstream

ENDED = (
    State.SAVED,
    State.CANCELLED,
    State.NOT_SENT,
    State.REFUSED,
    State.UNUSABLE,
    State.UNKNOWN,
)


def submit(
    team: Team,
    by: User,
    *,
    endpoint: str = "default",
    upstream: str = Upstream.IMAGEPIG,
    count: int = 1,
    token: str = "",
    **values: Any,
) -> list[Generation]:
    """What a click on the button does; gives the generations in their order."""
    submission = services.submit(
        team=team,
        by=by,
        token=token or f"token-{time.monotonic_ns()}",
        drafts=services.drafts(
            upstream=upstream,
            endpoint=TABLE[endpoint],
            values={"positive_prompt": "adorable pig", **values},
            count=count,
        ),
    )
    return list(submission.generations.order_by("pk"))


def the_one() -> Generation:
    """The only generation there is, as it stands now."""
    return Generation.objects.get()


def play() -> int:
    """Do what the queue holds, until it holds nothing that is due; gives how much that was."""
    huey, done = settings.HUEY, 0
    while huey.pending_count():
        task = huey.dequeue()
        if task is not None:
            huey.execute(task)
            done += 1
    return done


def wait_no_longer() -> int:
    """Let the time of all that waits for a later time be now; gives how much that was."""
    huey = settings.HUEY
    waiting = {task.args[0]: task.args for task in huey.scheduled() if task.args}
    huey.storage.flush_schedule()
    Generation.objects.filter(not_before__isnull=False).update(not_before=timezone.now())
    for number in sorted(waiting):
        tasks.generate(*waiting[number])
    return len(waiting)


def play_to_the_end(most: int = 50) -> None:
    """Do all there is, without waiting for its time."""
    for _ in range(most):
        play()
        if not wait_no_longer():
            return
    raise AssertionError("There is no end to it.")


def named_files() -> set[str]:
    """What the rows name in the pictures' storage."""
    rows = Generation.objects.values_list("file", "thumbnail", "kept_answer")
    return {name for row in rows for name in row if name}


def full(folder: Path) -> None:
    """Let nothing be written there any more, as on a full disk."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until something is so; gives what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.01)
    raise AssertionError(f"Not so after {seconds} s.")


def all_ended(*, seconds: float = 20) -> None:
    """Wait until every generation has ended."""
    until(lambda: not Generation.objects.exclude(state__in=ENDED).exists(), seconds)
