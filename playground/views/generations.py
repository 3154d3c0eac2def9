"""What can be done with generations that wait or have failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import person

from .. import results, services
from ..access import editable_generation, editable_submission, whole_number
from ..models import Generation, Submission
from .playground import live


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a generation that waits; one that is already being sent goes on."""
    generation = editable_generation(request, pk)
    services.cancel(generation=generation, by=person(request))
    return shown_of(request, generation)


@login_required
@require_POST
def cancel_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel all of a submission's generations that wait."""
    submission = editable_submission(request, pk)
    services.cancel_all(submission=submission, by=person(request))
    return shown(request, submission)


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed generation's request once more, as a generation of its own."""
    generation = editable_generation(request, pk)
    with told(request):
        services.retry(generation=generation, by=person(request))
    return shown_of(request, generation)


@login_required
@require_POST
def retry_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the requests of a submission's failed generations once more, for the calls it named."""
    submission = editable_submission(request, pk)
    if agreed_to_retry(request, submission):
        with told(request):
            services.retry_failed(submission=submission, by=person(request))
    return shown(request, submission)


def agreed_to_retry(request: HttpRequest, submission: Submission) -> bool:
    """Whether the button has named as many calls as it would count as by now."""
    mine = results.cards(Generation.objects.visible_to(person(request)))
    calls = sum(run.retry_calls for run in results.runs_of(mine.filter(submission=submission)))
    if calls <= whole_number(request.POST.get("agreed")):
        return True
    words = f"Trying them again counts as {calls} call{'' if calls == 1 else 's'} by now."
    messages.warning(request, f"{words} If that is what you want, press the button again.")
    return False


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """Tell the person where something cannot be done now."""
    try:
        yield
    except services.NotPossible as error:
        messages.error(request, str(error))


def shown_of(request: HttpRequest, generation: Generation) -> HttpResponse:
    """What has become of a generation: on its experiment's page, or among those of its click."""
    if generation.experiment_id is None:
        return shown(request, generation.submission)
    address = reverse("experiment", args=[generation.experiment_id])
    # Its cards are not on the page that asked: the browser goes where they are.
    to_htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(address) if to_htmx else redirect(address)


def shown(request: HttpRequest, submission: Submission | None) -> HttpResponse:
    """What the submission looks like now: its part of the page, or its own page."""
    if submission is None:
        return redirect("playground")
    own_page = f"{reverse('results')}?submission={submission.pk}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(own_page)
    page = asked_from(request)
    if page not in (reverse("playground"), reverse("results")):
        return HttpResponseClientRedirect(own_page)
    mine = results.cards(Generation.objects.visible_to(person(request)))
    runs = results.runs_of(mine.filter(submission=submission))
    beside = results.recent_runs(person(request), submission.team)
    others = [run for run in beside if run.submission != submission]
    # What is watched is what is shown, both as of one moment: or a card could stand still.
    watched = runs + others if page == reverse("playground") else runs
    measured = results.measured_seconds(submission.team_id)
    context = {"runs": runs, "measured": measured, **live(request, watched)}
    return render(request, "playground/playground.html#changed_run", context)


def asked_from(request: HttpRequest) -> str:
    """The path of the page that the button was on, as htmx tells it."""
    return urlsplit(request.htmx.current_url or "").path  # type: ignore[attr-defined]
