"""Pictures that were asked for and are there already: made again where somebody wants them so."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import person

from .. import results, services
from ..access import listed_pictures
from ..forms import new_token
from ..models import Generation, Submission
from .generations import told
from .playground import live, results_address


def editable_pictures(request: HttpRequest) -> list[Generation]:
    """The pictures of one team whose ids are in `pictures`; PermissionDenied for a viewer."""
    pictures = listed_pictures(request, request.POST.get("pictures", ""))
    if len({each.team_id for each in pictures}) != 1:
        raise Http404("There are no such pictures.")
    editable = Generation.objects.editable_by(person(request))
    if editable.filter(pk__in=[each.pk for each in pictures]).count() != len(pictures):
        raise PermissionDenied("Viewers look at pictures; editors and owners make them.")
    return pictures


@login_required
@require_POST
def rerun_pictures(request: HttpRequest) -> HttpResponse:
    """Send the requests of `pictures` again; a second click shows what the first began."""
    pictures = editable_pictures(request)
    team, token = pictures[0].team, (request.POST.get("token") or new_token())[:43]
    before = Submission.objects.filter(team=team, token=token).exists()
    submission = None
    with told(request):
        submission = services.rerun_each(
            team=team, pictures=pictures, by=person(request), token=token
        )
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(results_address(submission) if submission else "playground")
    runs = results.recent_runs(person(request), team)
    context = live(request, runs) | {"again": before, "measured": results.measured_seconds(team)}
    context["runs"] = [run for run in runs if before or run.submission == submission]
    return render(request, "playground/playground.html#began", context)
