"""What people are told when the work that they asked for is done."""

from __future__ import annotations

from django.urls import reverse

from accounts import notices
from accounts.models import NoticeKind, User

from .models import Experiment, Generation


def announce(cell: Generation, *, but: User | None = None) -> None:
    """Tell who began an experiment that it is finished, if this was the last of its cells.

    But not the person whose own click has ended it.
    """
    if cell.experiment_id is None:
        return
    kept = Experiment.objects.filter(pk=cell.experiment_id, deleted_at=None)
    experiment = kept.select_related("author", "team").first()
    if experiment is None or experiment.author in (None, but):
        return
    if experiment.generations.pending().exists():
        return
    notices.tell(
        experiment.author,
        experiment.team,
        NoticeKind.EXPERIMENT_DONE,
        f"Your experiment “{experiment.name}” is finished.",
        reverse("experiment", args=[experiment.pk]),
        key=f"experiment {experiment.pk}",
    )
