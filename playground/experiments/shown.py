"""What a person sees of experiments: tables of cells, how far they are. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count

from accounts.models import Team, User

from ..imagepig.endpoints import TABLE, Endpoint
from ..models import FAILED, Experiment, Generation, GenerationQuerySet, State
from ..results import Retried, may_retry
from .axes import Axis, Value, choice_names
from .grid import ignored
from .layout import Layout, points

PAGE = 24
SAMPLES = 4
"""Pictures that the list shows of each experiment, of its first cells."""
TINY = ("experiment", "cell", "width", "height", "upstream")
CELL_FIELDS = (
    "team",
    "upstream",
    "endpoint",
    "body",
    "state",
    "revision",
    "fault",
    "said",
    "kept_answer",
    "positive_prompt",
    "thumbnail",
    "width",
    "height",
    "sent_at",
    "received_at",
    "queued_at",
    "not_before",
    "seconds",
    "calls",
    "deleted_at",
    "experiment",
    "cell",
)


@dataclass(frozen=True)
class ShownCell:
    """One place of the grid. `generation` is the latest one there, or the one it is the same as."""

    number: int
    labels: tuple[str, ...]
    generation: Generation | None
    same: bool = False
    """Whether the request is another cell's too, which has the picture."""
    known: bool = False
    """Whether the picture was there before the experiment."""

    @property
    def title(self) -> str:
        return ", ".join(self.labels)


@dataclass
class Progress:
    """How many cells stand where."""

    total: int
    states: dict[str, int] = field(default_factory=dict)

    def of(self, *states: str) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def done(self) -> int:
        return self.of(State.SAVED)

    @property
    def failed(self) -> int:
        return self.of(*FAILED)

    @property
    def cancelled(self) -> int:
        return self.of(State.CANCELLED)

    @property
    def waiting(self) -> int:
        return self.of(State.QUEUED)

    @property
    def running(self) -> int:
        return self.of(State.SENDING, State.RECEIVED)

    @property
    def ended(self) -> bool:
        return not self.waiting and not self.running


class ShownGrid(Retried):
    """An experiment's cells as its axes lay them out. One query, two where some were known."""

    def __init__(self, experiment: Experiment, user: User) -> None:
        self.experiment = experiment
        self.axes = [Axis.read(each) for each in experiment.spec["axes"]]
        own = latest(cells_of(experiment, user))
        self.known = {
            number: picture
            for number, picture in known_in([experiment], user)[experiment.pk].items()
            if number not in own
        }
        self.latest = self.known | own
        self.has_own = bool(own)
        """Whether the gallery finds any by this experiment."""

    @cached_property
    def progress(self) -> Progress:
        progress = Progress(total=len(self.latest))
        for each in self.latest.values():
            progress.states[each.state] = progress.states.get(each.state, 0) + 1
        return progress

    @property
    def to_retry(self) -> list[Generation]:
        return [each for each in self.latest.values() if may_retry(each)]

    @property
    def retry_asks(self) -> bool:
        """Whether that is so much that it wants to be confirmed."""
        return self.retry_calls > settings.ASK_ABOVE_CALLS

    @property
    def ignored(self) -> list[str]:
        """What some of the endpoints ignore, in sentences."""
        base: dict[str, str] = self.experiment.spec["base"]
        single = {name: base[name] for name in ("endpoint", *choice_names()) if name in base}
        rest = {name: value for name, value in base.items() if name not in single}
        axes = [Axis(name, (Value(value),)) for name, value in single.items()]
        return ignored(rest, [*self.axes, *axes])

    @property
    def pending(self) -> list[Generation]:
        return [each for each in self.latest.values() if each.pending]

    @cached_property
    def is_race(self) -> bool:
        return bool(self.experiment.spec["kind"] == "race")

    @cached_property
    def cells(self) -> list[ShownCell]:
        found: list[ShownCell] = []
        same = {int(number): of for number, of in self.experiment.spec["same"].items()}
        for number, labels in enumerate(points([axis.labels for axis in self.axes])):
            of = same.get(number, number)
            found.append(
                ShownCell(
                    number, labels, self.latest.get(of), same=of != number, known=of in self.known
                )
            )
        return found

    @cached_property
    def layout(self) -> Layout[ShownCell]:
        return Layout(self.axes, self.cells)

    def shown_at(self, generations: Iterable[Generation]) -> list[ShownCell]:
        """All cells that show one of these."""
        keys = {each.pk for each in generations}
        return [cell for cell in self.cells if cell.generation and cell.generation.pk in keys]


def cells_of(experiment: Experiment, user: User) -> GenerationQuerySet:
    """An experiment's generations with what a cell shows of them, oldest first."""
    mine = Generation.objects.visible_to(user).filter(experiment=experiment)
    return with_fields(mine).order_by("pk")


def with_fields(generations: GenerationQuerySet) -> GenerationQuerySet:
    return generations.select_related("retried_as").only(*CELL_FIELDS, "retried_as__id")


def latest(generations: Iterable[Generation]) -> dict[int, Generation]:
    """Cell → its latest generation."""
    return {each.cell: each for each in generations if each.cell is not None}


def known_in(
    experiments: Iterable[Experiment], user: User, *, below: int | None = None
) -> dict[int, dict[int, Generation]]:
    """Experiment's id → cell (with a number `below`) → the picture that it shows of earlier.

    At most one query. What has left the bin for good is no longer there.
    """
    wanted = {
        experiment.pk: {
            int(number): pk
            for number, pk in experiment.spec.get("known", {}).items()
            if below is None or int(number) < below
        }
        for experiment in experiments
    }
    pks = {pk for cells in wanted.values() for pk in cells.values()}
    found = with_fields(Generation.objects.visible_to(user)).in_bulk(pks) if pks else {}
    return {
        experiment: {number: found[pk] for number, pk in cells.items() if pk in found}
        for experiment, cells in wanted.items()
    }


@dataclass(frozen=True)
class Listed:
    """An experiment in the list."""

    experiment: Experiment
    progress: Progress
    samples: list[Generation]
    described: str


@dataclass(frozen=True)
class ListPage:
    listed: list[Listed]
    older: int | None
    """The cursor of the next page; None on the last."""


def list_page(user: User, team: Team, *, before: int | None) -> ListPage:
    """The newest experiments of a team, or those older than the one with the id `before`.

    Four queries at most, however many there are.
    """
    mine = Experiment.objects.visible_to(user).filter(team=team, deleted_at=None)
    chosen = mine if before is None else mine.filter(pk__lt=before)
    experiments = list(chosen.select_related("author").order_by("-pk")[: PAGE + 1])
    older = experiments[PAGE - 1].pk if len(experiments) > PAGE else None
    experiments = experiments[:PAGE]
    generations = Generation.objects.filter(experiment__in=experiments)
    states: dict[int | None, dict[str, int]] = {}
    counted = generations.filter(retried_as=None).values_list("experiment", "state")
    for pk, state, many in counted.annotate(many=Count("pk")).order_by():
        states.setdefault(pk, {})[state] = many
    known = known_in(experiments, user, below=SAMPLES)
    samples: dict[int | None, dict[int, Generation]] = {
        pk: {number: each for number, each in cells.items() if each.deleted_at is None}
        for pk, cells in known.items()
    }
    for each in generations.pictures().filter(cell__lt=SAMPLES).order_by("cell").only(*TINY):
        samples[each.experiment_id][each.cell or 0] = each
    listed = []
    for experiment in experiments:
        own = states.get(experiment.pk, {})
        there = len(experiment.spec.get("known", {}))
        counts = {**own, State.SAVED: own.get(State.SAVED, 0) + there}
        listed.append(
            Listed(
                experiment,
                Progress(sum(counts.values()), counts),
                [each for _, each in sorted(samples[experiment.pk].items())],
                described([Axis.read(axis) for axis in experiment.spec["axes"]]),
            )
        )
    return ListPage(listed, older)


def binned(user: User, team: Team) -> list[Experiment]:
    """The experiments of a team that lie in the bin, the ones deleted last first."""
    mine = Experiment.objects.visible_to(user).filter(team=team, deleted_at__isnull=False)
    return list(mine.order_by("-deleted_at", "-pk")[:PAGE])


@dataclass(frozen=True)
class Lane:
    """One endpoint in a race. `width` draws its time, 1000 the slowest's."""

    cell: ShownCell
    endpoint: Endpoint
    seconds: float | None
    width: int
    first: bool


def lanes(grid: ShownGrid) -> list[Lane]:
    """A race's endpoints with their times, from sending to receiving by our own clock."""
    times = {cell.number: _seconds(cell.generation) for cell in grid.cells}
    known = [seconds for seconds in times.values() if seconds is not None]
    slowest, fastest = max(known, default=0.0), min(known, default=None)
    all_in = len(known) == len(times)
    found = []
    for cell, value in zip(grid.cells, grid.axes[0].values if grid.axes else (), strict=True):
        seconds = times[cell.number]
        width = round(1000 * seconds / slowest) if seconds is not None and slowest else 0
        first = all_in and len(times) > 1 and seconds == fastest
        if value.value in TABLE:
            found.append(Lane(cell, TABLE[value.value], seconds, width, first))
    return found


def _seconds(generation: Generation | None) -> float | None:
    if generation is None or generation.state != State.SAVED:
        return None
    if generation.sent_at is None or generation.received_at is None:
        return None
    return (generation.received_at - generation.sent_at).total_seconds()


def described(axes: list[Axis]) -> str:
    """ "3 prompts × 4 seeds"."""
    return " × ".join(f"{len(axis.values)} {_plural(axis)}" for axis in axes)


def _plural(axis: Axis) -> str:
    return f"{axis.label.lower()}s"


def spec_facts(experiment: Experiment) -> list[tuple[str, str]]:
    """Label → value of what all cells have in common."""
    base: dict[str, Any] = experiment.spec["base"]
    facts = []
    for name, value in base.items():
        axis = Axis(name, ())
        if value:
            facts.append((axis.label, axis.label_of(str(value))))
    return facts
