"""Over every row of the matrix × every point at which the process can die.

Requests that may be billed ≤ generations, and every generation has exactly one outcome.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from accounts.models import Team, User
from accounts.services import set_api_key
from playground import pipeline, tasks
from playground.models import Generation, State
from playground.pipeline import saving, sending, spool, steps, turns, upstreams
from tests.playground.playing import ENDED, named_files, play_to_the_end, submit
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, Request
from tests.upstream_scenarios import ROWS

pytestmark = pytest.mark.django_db(transaction=True)


class Died(BaseException):
    """What SIGKILL does to a thread: nothing of it goes on, not even its error handling."""


BEFORE, AFTER = True, False
POINTS: dict[str, list[tuple[ModuleType, str, bool]]] = {
    "nowhere": [],
    "before the claim": [(steps, "claim", BEFORE)],
    "after the claim": [(steps, "claim", AFTER)],
    "when the call has ended": [(sending, "keep", BEFORE), (turns, "pass_on", BEFORE)],
    "when the answer is on disk": [(spool, "write", AFTER)],
    "before what it came to is committed": [
        (steps, "receive", AFTER),
        (steps, "end", AFTER),
        (steps, "give_back", AFTER),
    ],
    "when what it came to is committed": [(turns, "pass_on", AFTER)],
    "while a hosted picture is awaited": [(steps, "postpone_saving", BEFORE)],
    "when the files are stored": [(saving, "store", AFTER)],
    "when it is saved": [(steps, "finish", AFTER)],
    "when saving waits again": [(steps, "postpone_saving", AFTER)],
}


def dying(function: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    @functools.wraps(function)
    def die(*args: Any, **kwargs: Any) -> Any:
        if not before:
            function(*args, **kwargs)
        raise Died

    return die


@pytest.fixture
def scripted(settings: LazySettings) -> Iterator[Upstream]:
    """A fake Image Pig that plays the row whose name is the prompt."""

    def script(request: Request) -> Behaviour:
        return ROWS[request.json["positive_prompt"]].behaviour

    settings.CALL_SECONDS = 0.3
    with Upstream(script=script) as upstream:
        settings.IMAGEPIG_API_URL = upstream.url
        upstreams._imagepig.cache_clear()
        yield upstream
    upstreams._imagepig.cache_clear()


def deliver(generation_id: int) -> None:
    try:
        for _ in pipeline.run(generation_id):
            pass
    except Died:
        pass
    finally:
        connection.close()


@pytest.mark.parametrize("point", POINTS)
def test_wherever_the_process_dies_no_call_is_made_twice_and_every_one_has_an_outcome(
    point: str, scripted: Upstream, settings: LazySettings, alice: User
) -> None:
    for name in ROWS:
        # A team for each row: a refused key would pause all the others.
        team = Team.objects.create(name=name[:80])
        set_api_key(team=team, by=alice, label="Ours", secret=f"pig-canary-{team.pk:0>8}")
        submit(team, alice, positive_prompt=name)
    settings.HUEY.flush()
    earlier = stored_files()
    with pytest.MonkeyPatch.context() as patch:
        for module, function, before in POINTS[point]:
            patch.setattr(module, function, dying(getattr(module, function), before=before))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(deliver, Generation.objects.values_list("pk", flat=True)))
    restart()
    outcomes = Counter(Generation.objects.values_list("state", flat=True))
    assert sum(outcomes[state] for state in ENDED) == len(ROWS), outcomes
    assert scripted.billed <= len(ROWS)
    bodies = Counter(post.body for post in scripted.posts if bills(post))
    assert set(bodies.values()) <= {1}
    assert not spool.kept(), "no answer is left lying"
    assert stored_files() - earlier == named_files(), "each file is a row's, each row has its files"
    check_records()


def bills(request: Request) -> bool:
    return ROWS[request.json["positive_prompt"]].behaviour.bills


def restart() -> None:
    """The worker comes back, long after."""
    # Twice: what died during the first sweep's own work is found by the second.
    for _ in range(2):
        Generation.objects.filter(state=State.SENDING).update(deadline=timezone.now())
        tasks._started.clear()
        tasks.start()
        play_to_the_end()


def stored_files() -> set[str]:
    folder = Path(saving._pictures().path(""))
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def check_records() -> None:
    for generation in Generation.objects.all():
        if generation.state == State.SAVED:
            assert saving._pictures().exists(generation.file)
        else:
            assert generation.wording is not None, (generation.state, generation.fault)
