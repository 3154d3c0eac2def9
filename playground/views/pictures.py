"""One picture: all that is known of it, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import person

from .. import details, gallery, lineage, pulse, results, services, talking, times
from ..access import editable_generation
from ..experiments import running
from ..forms import new_token
from ..imagepig.endpoints import TABLE
from ..models import Generation, State
from .panels import comments_panel, marks_panel
from .playground import live


@login_required
@never_cache
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture's page; where there is no picture (yet), what has become of it."""
    user = person(request)
    visible = Generation.objects.visible_to(user).filter(deleted_at=None)
    generation = get_object_or_404(
        visible.select_related(
            "author",
            "parent",
            "origin",
            "submission",
            "retried_as",
            "experiment",
            "team",
            "picked_by",
        ).defer("answer", "parent__answer", "origin__answer"),
        pk=pk,
    )
    members = talking.members_of(generation.team)
    context: dict[str, Any] = {
        "generation": generation,
        "entry": TABLE.get(generation.endpoint),
        "parameters": details.parameter_rows(generation),
        "may_edit": any(each.may_generate for each in members if each.user_id == user.pk),
    }
    if generation.state != State.SAVED:
        context |= unfinished(request, generation)
        return render(request, "playground/unfinished.html", context)
    context |= marks_panel(user, generation, may_edit=context["may_edit"])
    context |= comments_panel(user, generation, members)
    return render(request, "playground/picture.html", context | pictured(request, generation))


def unfinished(request: HttpRequest, generation: Generation) -> dict[str, Any]:
    """What its card needs to change while it is looked at."""
    away, runs = pulse.told([generation]), results.runs_of([generation])
    measured = results.measured_seconds(generation.team_id) if generation.pending else {}
    return {"away": away, "runs": runs, "measured": measured, **live(request, runs)}


def pictured(request: HttpRequest, generation: Generation) -> dict[str, Any]:
    """What there is to say once there is a picture."""
    newer, older = gallery.neighbours(person(request), generation)
    reruns = Generation.objects.visible_to(person(request)).filter(parent=generation).pictures()
    before = gallery.cursor(request.GET.get("reruns_before"))
    ends_at = generation.image_url_ends_at
    return {
        "newer": newer,
        "older": older,
        "reruns": gallery.page(reruns, before=before, size=gallery.RERUNS),
        "source": lineage.source_of(generation),
        "offspring": lineage.made_from(
            generation, person(request), before=gallery.cursor(request.GET.get("made_before"))
        ),
        "spans": times.spans(generation),
        "total": times.duration(times.total(generation)),
        "moments": times.moments(generation),
        "hosting_ended": ends_at is not None and ends_at < timezone.now(),
        "codes": details.codes(generation),
        "token": new_token(),
        "race_calls": running.race_calls(generation.upstream),
    }


def editable_picture(request: HttpRequest, pk: int) -> Generation:
    """A picture that is not in the bin; Http404 for an outsider, PermissionDenied for a viewer."""
    generation = editable_generation(request, pk)
    if generation.state != State.SAVED or generation.deleted_at:
        raise Http404("There is no such picture.")
    return generation


@login_required
@require_POST
def rerun(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the recorded request again, seed and all; a second click shows what the first began."""
    generation = editable_picture(request, pk)
    token = request.POST.get("token") or new_token()
    try:
        submission = services.rerun(picture=generation, by=person(request), token=token[:43])
    except services.NotPossible as error:
        messages.error(request, str(error))
        return redirect("picture", pk=pk)
    return redirect(f"{reverse('results')}?submission={submission.pk}")


@login_required
@require_POST
def delete_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a picture into the bin and show its neighbour; the message can undo it.

    A script that shows all this itself gets an empty answer.
    """
    generation = editable_picture(request, pk)
    newer, older = gallery.neighbours(person(request), generation)
    services.delete(picture=generation, by=person(request))
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    messages.success(
        request, "The picture is in the bin.", extra_tags=reverse("restore_picture", args=[pk])
    )
    neighbour = older or newer
    return redirect("picture", pk=neighbour) if neighbour else redirect("gallery")


@login_required
@require_POST
def restore_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture out of the bin again."""
    generation = editable_generation(request, pk)
    services.restore(picture=generation, by=person(request))
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    messages.success(request, "The picture is back.")
    return redirect("picture", pk=pk)
