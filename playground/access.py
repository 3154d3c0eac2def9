"""One line at the top of a view: the thing asked for, if the person may see or change it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import person

from .models import Experiment, Generation, Submission


def visible_generation(request: HttpRequest, pk: int) -> Generation:
    """A generation of one of the person's teams; Http404 for anybody else."""
    return get_object_or_404(
        Generation.objects.visible_to(person(request)).select_related("submission", "team"), pk=pk
    )


def editable_generation(request: HttpRequest, pk: int) -> Generation:
    """The same for an editor or owner; PermissionDenied for a viewer."""
    generation = visible_generation(request, pk)
    if not Generation.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners make them.")
    return generation


LISTED_MAXIMUM = 8


def listed_pictures(request: HttpRequest, listed: str) -> list[Generation]:
    """Those of the pictures in "12,13" that the person may see, in that order; the first eight."""
    numbers = [whole_number(each) for each in listed.split(",")[:LISTED_MAXIMUM]]
    pictures = Generation.objects.visible_to(person(request)).pictures()
    found = pictures.select_related("team").defer("answer").in_bulk(numbers)
    return [found[pk] for pk in dict.fromkeys(numbers) if pk in found]


def whole_number(text: str | None) -> int:
    """The number of up to 18 digits that a text is; 0 for any other text."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def visible_submission(request: HttpRequest, pk: int) -> Submission:
    """A submission of one of the person's teams; Http404 for anybody else."""
    return get_object_or_404(Submission.objects.visible_to(person(request)), pk=pk)


def editable_submission(request: HttpRequest, pk: int) -> Submission:
    """The same for an editor or owner; PermissionDenied for a viewer."""
    submission = visible_submission(request, pk)
    if not Submission.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners make them.")
    return submission


def visible_experiment(request: HttpRequest, pk: int, *, in_bin: bool = False) -> Experiment:
    """An experiment of one of the person's teams; Http404 for anybody else."""
    mine = Experiment.objects.visible_to(person(request)).select_related("team", "author")
    return get_object_or_404(mine.filter(deleted_at__isnull=not in_bin), pk=pk)


def editable_experiment(request: HttpRequest, pk: int, *, in_bin: bool = False) -> Experiment:
    """The same for an editor or owner; PermissionDenied for a viewer."""
    experiment = visible_experiment(request, pk, in_bin=in_bin)
    if not Experiment.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners make them.")
    return experiment
