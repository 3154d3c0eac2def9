"""What people are told when the work that they asked for is done."""

from __future__ import annotations

from django.urls import reverse

from accounts import notices
from accounts.models import NoticeKind

from .models import PENDING, Generation


def announce(generation_id: int) -> None:
    """Tell who began an experiment that it is finished, if this was the last of its cells."""
    ended = Generation.objects.filter(pk=generation_id, experiment__deleted_at=None)
    cell = (
        ended.exclude(experiment=None)
        .exclude(state__in=PENDING)
        .select_related("experiment__author", "experiment__team")
        .only("experiment")
        .first()
    )
    experiment = cell.experiment if cell else None
    if experiment is None or experiment.author is None:
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
