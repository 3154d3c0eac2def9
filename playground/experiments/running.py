"""What a person can do with experiments. Who may do it is the views' business; `by` is who does."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone

from accounts import happenings
from accounts.models import Happened, Team, User

from .. import pipeline, services, tasks
from ..imagepig.endpoints import TABLE
from ..imagepig.parameters import draw_seed
from ..models import FAILED, Experiment, Generation, State, Upstream, request_key
from ..results import may_retry
from .axes import Axis, Value
from .grid import Cell, Grid, plan

logger = logging.getLogger(__name__)

NAME_LENGTH = 120
RACE = "race"
GRID = "grid"

Known: TypeAlias = Mapping[int, Generation]
"""A cell's number → the picture that was there before and is shown in it."""


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
    known: Known | None = None,
    origin: Generation | None = None,
) -> Experiment:
    """Keep a grid and have its pictures made, but those of the cells that show a known one.

    `origin` is the picture whose record the form was filled in from. The token is good for one:
    whoever comes with it again gets that one. Raises TooManyWaiting, NoApiKey, OverBudget.
    """
    known = known or {}
    services.lock(team)
    spec = {
        "kind": kind,
        "base": {key: str(value) for key, value in base.items() if value},
        "axes": [axis.written() for axis in grid.axes],
        "cells": len(grid.cells),
        "same": {str(cell.number): cell.same_as for cell in grid.cells if cell.same_as is not None},
        "known": {str(number): picture.pk for number, picture in known.items()},
    }
    experiment, created = Experiment.objects.get_or_create(
        team=team,
        token=token,
        defaults={"author": by, "name": name[:NAME_LENGTH], "upstream": upstream, "spec": spec},
    )
    if created:
        missing = [cell for cell in grid.requests if cell.number not in known]
        drafts = _drafts(missing, upstream, origin)
        services.check_room(team, drafts)
        services.queue(team, drafts, author=by, experiment=experiment)
        logger.info("experiment %s: %s cells by person %s", experiment.pk, len(drafts), by.pk)
    return experiment


def _drafts(cells: Iterable[Cell], upstream: str, origin: Generation | None) -> list[Generation]:
    in_sandbox = upstream == Upstream.SANDBOX
    return [
        Generation(
            upstream=upstream,
            endpoint=cell.endpoint.key,
            body=cell.body,
            calls=0 if in_sandbox else cell.endpoint.calls,
            template=cell.template,
            cell=cell.number,
            origin=origin,
        )
        for cell in cells
    ]


def known_cells(*, team: Team, by: User, upstream: str, grid: Grid) -> Known:
    """The team's pictures of the very requests that a grid would make, by the cells' numbers."""
    keys = {
        cell.number: request_key(upstream, cell.endpoint.key, cell.body)
        for cell in grid.requests
        # What is sent without a seed comes out differently each time.
        if "seed" in cell.body
    }
    pictures = services.known_pictures(team, by, list(keys.values()))
    return {number: pictures[key] for number, key in keys.items() if key in pictures}


def race(  # noqa: PLR0913 (as for `create`)
    *,
    team: Team,
    by: User,
    upstream: str,
    values: Mapping[str, object],
    token: str,
    template: str = "",
    origin: Generation | None = None,
) -> Experiment:
    """One prompt and seed on every endpoint, side by side. Raises as `create`, and InvalidRequest.

    `values` are API attribute → value, of which each endpoint takes what it knows; `template` is
    what the prompt was written as. Without a seed one is drawn for all. All of it is made anew,
    even what there is: times of another day would be no race.
    """
    base = {**values, "seed": values.get("seed", draw_seed())}
    grid = race_grid(base, template)
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
        origin=origin,
    )


def race_calls(upstream: str) -> int:
    """How many calls a race counts as."""
    return 0 if upstream == Upstream.SANDBOX else sum(each.calls for each in TABLE.values())


def race_grid(base: Mapping[str, object], template: str = "") -> Grid:
    """The grid of a race: the endpoints are its only axis."""
    endpoints = Axis("endpoint", tuple(Value(key) for key in TABLE))
    prompt = Axis("positive_prompt", (Value(str(base.get("positive_prompt", "")), template),))
    return plan(base, [endpoints, prompt])


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
    """Try one failed cell again, or all that may be; the new generations take their places.

    Raises TooManyWaiting, NoApiKey, NotPossible.
    """
    failed = experiment.generations.filter(state__in=FAILED, retried_as=None, endpoint__in=TABLE)
    if cell is not None:
        failed = failed.filter(cell=cell)
    again = [each for each in failed.order_by("pk") if cell is not None or may_retry(each)]
    return services.retry_all(experiment.team, again, by)


@transaction.atomic
def run_anyway(*, experiment: Experiment, by: User, cell: int | None = None) -> list[Generation]:
    """Make anew what a cell shows that was there before, or all such cells; gives the new ones.

    Each takes the place of the earlier picture, as a re-run of it. Raises TooManyWaiting, NoApiKey,
    OverBudget.
    """
    services.lock(experiment.team)
    experiment.refresh_from_db(fields=["spec"])
    known = {int(number): pk for number, pk in experiment.spec.get("known", {}).items()}
    wanted = {number: pk for number, pk in known.items() if cell in (None, number)}
    pictures = Generation.objects.filter(team=experiment.team, endpoint__in=TABLE)
    found = pictures.in_bulk(wanted.values())
    drafts = [
        Generation(
            parent=found[pk],
            template=found[pk].template,
            upstream=found[pk].upstream,
            endpoint=found[pk].endpoint,
            body=found[pk].body,
            calls=found[pk].calls,
            cell=number,
        )
        for number, pk in wanted.items()
        if pk in found
    ]
    services.check_room(experiment.team, drafts)
    made = {draft.cell for draft in drafts}
    experiment.spec["known"] = {str(n): pk for n, pk in known.items() if n not in made}
    experiment.save(update_fields=["spec"])
    services.queue(experiment.team, drafts, author=by, experiment=experiment)
    return drafts


def rename(*, experiment: Experiment, name: str) -> None:
    experiment.name = name[:NAME_LENGTH]
    experiment.save(update_fields=["name"])


@transaction.atomic
def delete(*, experiment: Experiment, by: User) -> None:
    """Put an experiment into the bin: what waits is cancelled, its pictures stay in the gallery."""
    there = Experiment.objects.filter(pk=experiment.pk, deleted_at=None)
    if there.update(deleted_at=timezone.now()):
        about = f"experiment “{experiment.name}”"
        happenings.record(experiment.team, by, Happened.DELETED, about)
    cancel_waiting(experiment=experiment, by=by)
    logger.info("experiment %s deleted by person %s", experiment.pk, by.pk)


def restore(*, experiment: Experiment, by: User) -> None:
    """Take an experiment out of the bin."""
    Experiment.objects.filter(pk=experiment.pk).update(deleted_at=None)
    logger.info("experiment %s restored by person %s", experiment.pk, by.pk)
