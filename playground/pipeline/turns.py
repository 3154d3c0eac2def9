"""Whose turn it is: which waiting generations the queue is given, and which of them go first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models import ApiKey

from ..faults import Reason
from ..models import Experiment, Generation, State
from .transactions import lock, transaction_again

R = TypeVar("R")

PLACE_SECONDS = 5
"""How much later than the one before it in its team's line one is begun, where all want to be."""


@dataclass(frozen=True, slots=True)
class Due:
    """A generation to hand to the queue, now or at some time; the highest `priority` first."""

    generation_id: int
    priority: float = 0
    at: datetime | None = None


def priority(place: int, at: datetime) -> float:
    """The priority of who may start at some time and has this place in its team's line, from 1 on.

    The longer a team's line, the later its end is begun: another team's single picture overtakes
    it. But only for so long, since whoever comes later stands further back: none waits for ever.
    """
    return -(at.timestamp() + PLACE_SECONDS * place)


@transaction_again
def take_waiting(team_id: int) -> list[Due]:
    """Take as many of a team's waiting generations, oldest first, as may run beside the others.

    They have to be handed to the queue after the commit. The rest waits in the database, so that
    no team's batch stands before another's single picture; and the more of a team's are under way,
    the further back in its line they stand.
    """
    now = timezone.now()
    lock(team_id)
    pending = Generation.objects.pending().filter(team=team_id)
    waiting = pending.filter(state=State.QUEUED, handed_over=False).exclude(
        Q(fault=Reason.KEY_PAUSED) | Q(experiment__paused=True)
    )
    most = settings.TEAM_CALLS_AT_ONCE
    due = list(waiting.order_by("pk").values_list("pk", "not_before")[:most])
    if not due:
        return []
    under_way = pending.filter(
        Q(state=State.SENDING) | Q(state=State.QUEUED, handed_over=True)
    ).count()
    due = due[: max(0, most - under_way)]
    Generation.objects.filter(pk__in=[pk for pk, _ in due], state=State.QUEUED).update(
        handed_over=True
    )
    places = enumerate(due, start=under_way + 1)
    return [Due(pk, priority(place, at or now), at) for place, (pk, at) in places]


@transaction_again
def pass_on(team_id: int, step: Callable[[], R]) -> tuple[R, list[Due]]:
    """Take a step that frees one of a team's places, and give the place to whoever is next.

    In one transaction: the disk is waited for once. Gives what the step gives, and who may start.
    """
    lock(team_id)
    return step(), take_waiting(team_id)


def queue_is_away(generation_id: int) -> None:
    """Say of a waiting generation that the queue does not take it. A sweep hands it over again."""
    Generation.objects.filter(pk=generation_id, state=State.QUEUED).update(
        fault=Reason.QUEUE_AWAY, handed_over=False, revision=F("revision") + 1
    )


@transaction_again
def resume(team_id: int) -> list[Due]:
    """Let go on what waited for the team's API key, if there is no reason any more."""
    lock(team_id)
    api_key = ApiKey.objects.filter(team=team_id, removed_at=None).first()
    if api_key is None or not api_key.paused:
        paused = Generation.objects.pending().filter(
            team=team_id, state=State.QUEUED, fault=Reason.KEY_PAUSED
        )
        why = Case(
            When(
                experiment__in=Experiment.objects.filter(paused=True),
                then=Value(Reason.PAUSED.value),
            ),
            default=Value(""),
        )
        paused.update(fault=why, revision=F("revision") + 1)
    return take_waiting(team_id)
