"""What a person can do with experiments. Who may do it is the views' business; `by` is who does."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User

from .. import pipeline, services, tasks
from ..imagepig.endpoints import TABLE
from ..imagepig.parameters import draw_seed
from ..models import FAILED, Experiment, Generation, State, Upstream
from .axes import Axis, Value
from .grid import Grid, plan

logger = logging.getLogger(__name__)

NAME_LENGTH = 120
RACE = "race"
GRID = "grid"


@transaction.atomic
def create(  # noqa: PLR0913 (what a form holds, each with its name)
    *,
    team: Team,
    by: User,
    upstream: str,
    name: str,
    base: Mapping[str, object],
    grid: Grid,
    token: str,
    kind: str = GRID,
    parent: Generation | None = None,
) -> Experiment:
    """Keep a grid and have all of its pictures made.

    The token is good for one: whoever comes with it again gets that one. Raises TooManyWaiting,
    NoApiKey.
    """
    services.lock(team)
    spec = {
        "kind": kind,
        "base": {key: str(value) for key, value in base.items() if value},
        "axes": [axis.written() for axis in grid.axes],
        "cells": len(grid.cells),
        "same": {str(cell.number): cell.same_as for cell in grid.cells if cell.same_as is not None},
    }
    experiment, created = Experiment.objects.get_or_create(
        team=team,
        token=token,
        defaults={"author": by, "name": name[:NAME_LENGTH], "upstream": upstream, "spec": spec},
    )
    if created:
        drafts = _drafts(grid, upstream, parent)
        services.check_room(team, drafts)
        services.queue(team, drafts, author=by, experiment=experiment)
        logger.info("experiment %s: %s cells by person %s", experiment.pk, len(drafts), by.pk)
    return experiment


def _drafts(grid: Grid, upstream: str, parent: Generation | None) -> list[Generation]:
    in_sandbox = upstream == Upstream.SANDBOX
    return [
        Generation(
            upstream=upstream,
            endpoint=cell.endpoint.key,
            body=cell.body,
            calls=0 if in_sandbox else cell.endpoint.calls,
            template=cell.template,
            cell=cell.number,
            parent=parent,
        )
        for cell in grid.requests
    ]


def race(
    *, team: Team, by: User, upstream: str, values: Mapping[str, object], token: str
) -> Experiment:
    """One prompt and seed on every endpoint, side by side. Raises as `create`, and InvalidRequest.

    `values` are API attribute → value, of which each endpoint takes what it knows. Without a seed
    one is drawn for all.
    """
    base = {**values, "seed": values.get("seed", draw_seed())}
    grid = race_grid(base)
    name = f"Race: {values.get('positive_prompt', '')}"
    return create(
        team=team,
        by=by,
        upstream=upstream,
        name=name,
        base=base,
        grid=grid,
        token=token,
        kind=RACE,
    )


def race_calls(upstream: str) -> int:
    """How many calls a race counts as."""
    return 0 if upstream == Upstream.SANDBOX else sum(each.calls for each in TABLE.values())


def race_grid(base: Mapping[str, object]) -> Grid:
    """The grid of a race: the endpoints are its only axis."""
    return plan(base, [Axis("endpoint", tuple(Value(key) for key in TABLE))])


def pause(*, experiment: Experiment, by: User) -> None:
    """Let no further cell start."""
    due = pipeline.pause(experiment)
    transaction.on_commit(partial(tasks.enqueue, *due))
    logger.info("experiment %s paused by person %s", experiment.pk, by.pk)


def go_on(*, experiment: Experiment, by: User) -> None:
    """Let the cells start again."""
    due = pipeline.go_on(experiment)
    transaction.on_commit(partial(tasks.enqueue, *due))
    logger.info("experiment %s let go on by person %s", experiment.pk, by.pk)


def cancel_waiting(*, experiment: Experiment, by: User) -> int:
    """Cancel the cells that wait; gives how many did."""
    waiting = experiment.generations.filter(state=State.QUEUED).order_by("pk")
    cancelled = services.cancel_each(waiting, by)
    return len(cancelled)


def retry(*, experiment: Experiment, by: User, cell: int | None = None) -> list[Generation]:
    """Try one failed cell again, or all of them; the new generations take the failed ones' places.

    Raises TooManyWaiting, NoApiKey, NotPossible.
    """
    failed = experiment.generations.filter(state__in=FAILED, retried_as=None, endpoint__in=TABLE)
    if cell is not None:
        failed = failed.filter(cell=cell)
    return services.retry_all(experiment.team, list(failed.order_by("pk")), by)


def rename(*, experiment: Experiment, name: str) -> None:
    experiment.name = name[:NAME_LENGTH]
    experiment.save(update_fields=["name"])


def delete(*, experiment: Experiment, by: User) -> None:
    """Put an experiment into the bin: what waits is cancelled, its pictures stay in the gallery."""
    cancel_waiting(experiment=experiment, by=by)
    Experiment.objects.filter(pk=experiment.pk, deleted_at=None).update(deleted_at=timezone.now())
    logger.info("experiment %s deleted by person %s", experiment.pk, by.pk)


def restore(*, experiment: Experiment, by: User) -> None:
    """Take an experiment out of the bin."""
    Experiment.objects.filter(pk=experiment.pk).update(deleted_at=None)
    logger.info("experiment %s restored by person %s", experiment.pk, by.pk)
