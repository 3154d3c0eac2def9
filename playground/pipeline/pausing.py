"""An experiment that waits until somebody lets it go on: its cells stay queued and say so."""

from __future__ import annotations

from django.db.models import Case, F, Value, When

from ..faults import Reason
from ..models import Experiment, Generation, GenerationQuerySet, State
from .transactions import lock, transaction_again
from .turns import Due, take_waiting


@transaction_again
def pause(experiment: Experiment) -> list[Due]:
    """Let no further cell of an experiment start. Gives who else of the team may start instead.

    What the queue holds of it already comes back from there unsent.
    """
    lock(experiment.team_id)
    if Experiment.objects.filter(pk=experiment.pk, paused=False).update(paused=True):
        why = Case(When(fault="", then=Value(Reason.PAUSED.value)), default=F("fault"))
        _waiting(experiment).update(fault=why, handed_over=False, revision=F("revision") + 1)
    return take_waiting(experiment.team_id)


@transaction_again
def go_on(experiment: Experiment) -> list[Due]:
    """Let an experiment's cells start again. Gives those that may start now."""
    lock(experiment.team_id)
    if Experiment.objects.filter(pk=experiment.pk, paused=True).update(paused=False):
        why = Case(When(fault=Reason.PAUSED, then=Value("")), default=F("fault"))
        _waiting(experiment).update(fault=why, revision=F("revision") + 1)
    return take_waiting(experiment.team_id)


def _waiting(experiment: Experiment) -> GenerationQuerySet:
    mine = Generation.objects.pending().filter(team=experiment.team_id, state=State.QUEUED)
    return mine.filter(experiment=experiment)
