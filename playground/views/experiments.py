"""Experiments: the list, the form with its preview, one experiment and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import current_membership, editing_membership, person
from accounts.models import Membership, Team

from .. import pulse, services, waiting
from ..access import (
    editable_experiment,
    editable_generation,
    visible_experiment,
    whole_number,
)
from ..experiments import running, shown
from ..experiments.forms import ExperimentForm, blank, from_record
from ..forms import new_token
from ..imagepig.endpoints import InvalidRequest
from ..library import Shelf
from ..models import Experiment, Generation, State
from .playground import form_of as playground_form
from .playground import has_key, initial_values, revisions
from .playground import page as playground_page


@login_required
@never_cache
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The team's experiments, newest first."""
    team = current_membership(request).team
    before = whole_number(request.GET.get("before")) or None
    page = shown.list_page(person(request), team, before=before)
    return render(request, "playground/experiments/list.html", {"page": page, "before": before})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_experiment(request: HttpRequest) -> HttpResponse:
    """The form, from the last picture's values or a picture's record; or begin what it asks for."""
    membership = editing_membership(request)
    if request.method == "POST":
        return begin(request, membership)
    recalled = initial_values(request, membership)
    initial = blank(has_key=has_key(membership)) | from_record(recalled)
    # The same twice: empty fields are no mistakes yet, and the preview has to be worked out.
    shown_form = experiment_form(membership, initial)
    shown_form.is_valid()
    context = {"form": experiment_form(membership, initial=initial), "shown": shown_form}
    return render(request, "playground/experiments/new.html", context)


def begin(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = experiment_form(membership, request.POST)
    if form.is_valid() and form.grid and form.agreed_to:
        try:
            experiment = running.create(
                team=membership.team,
                by=person(request),
                upstream=form.chosen_upstream,
                name=form.title,
                base=form.common,
                grid=form.grid,
                token=form.cleaned_data["token"],
            )
            return redirect("experiment", pk=experiment.pk)
        except services.NotPossible as error:
            form.add_error(None, str(error))
    context = {"form": form, "shown": form, "again": form.is_valid()}
    return render(request, "playground/experiments/new.html", context, status=422)


@login_required
@never_cache
@require_POST
def preview_experiment(request: HttpRequest) -> HttpResponse:
    """The cells that the form asks for and what they count as; changes nothing."""
    form = experiment_form(editing_membership(request), request.POST)
    form.is_valid()
    return render(request, "playground/experiments/new.html#previewed", {"shown": form})


def experiment_form(membership: Membership, data: Any = None, **kwargs: Any) -> ExperimentForm:
    lists = Shelf(membership).lists
    return ExperimentForm(data, has_key=has_key(membership), lists=lists, **kwargs)


@login_required
@never_cache
@require_safe
def experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """An experiment's grid, which fills while it is looked at."""
    found = visible_experiment(request, pk)
    context = page(request, found) | {"facts": shown.spec_facts(found)}
    return render(request, "playground/experiments/experiment.html", context)


def page(request: HttpRequest, found: Experiment) -> dict[str, Any]:
    grid = shown.ShownGrid(found, person(request))
    return {
        "experiment": found,
        "grid": grid,
        "away": bool(grid.progress.waiting) and not found.paused and pulse.nobody_works(),
        "lanes": shown.lanes(grid) if grid.is_race else [],
        "may_edit": Experiment.objects.editable_by(person(request)).filter(pk=found.pk).exists(),
    }


@login_required
@never_cache
@require_safe
def experiment_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Wait until one of the cells in `seen` is no longer as the page shows it; then show it."""
    found = visible_experiment(request, pk)
    seen = revisions(request.GET.get("seen", ""))
    cells = found.generations.filter(pk__in=seen)
    current = dict(cells.values_list("pk", "revision"))
    seen = {number: revision for number, revision in seen.items() if number in current}
    held = current != seen or waiting.wait_for_change(seen)
    found.refresh_from_db(fields=["paused"])
    context = page(request, found)
    changed = [each for each in context["grid"].latest.values() if moved(seen, each)]
    context |= {"changed": context["grid"].shown_at(changed), "soon": not held}
    return render(request, "playground/experiments/experiment.html#changes", context)


def moved(seen: dict[int, int], generation: Generation) -> bool:
    """Whether the page does not show it as it is, or not at all: somebody has tried it again."""
    if generation.pk not in seen:
        return generation.pending
    return seen[generation.pk] != generation.revision


@login_required
@require_POST
def pause_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Let no further cell start."""
    found = editable_experiment(request, pk)
    running.pause(experiment=found, by=person(request))
    return told_by_cells(request, found)


@login_required
@require_POST
def resume_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the cells start again."""
    found = editable_experiment(request, pk)
    running.go_on(experiment=found, by=person(request))
    return told_by_cells(request, found)


@login_required
@require_POST
def cancel_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the cells that wait."""
    found = editable_experiment(request, pk)
    running.cancel_waiting(experiment=found, by=person(request))
    return told_by_cells(request, found)


@login_required
@require_POST
def retry_cells(request: HttpRequest, pk: int) -> HttpResponse:
    """Try one failed cell again (`cell`), or all of them."""
    found = editable_experiment(request, pk)
    number = request.POST.get("cell")
    cell = None if number is None else whole_number(number) if number.isdecimal() else -1
    try:
        running.retry(experiment=found, by=person(request), cell=cell)
    except services.NotPossible as error:
        messages.error(request, str(error))
    return changed(request, found)


def told_by_cells(request: HttpRequest, found: Experiment) -> HttpResponse:
    """To a page that waits for its cells, nothing: what has become of them is what it waits for.

    Its answer may replace the button that asked here before this one arrives.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return redirect("experiment", pk=found.pk)


def changed(request: HttpRequest, found: Experiment) -> HttpResponse:
    """What the experiment looks like now: what is not done yet, or its page."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("experiment", pk=found.pk)
    found.refresh_from_db(fields=["paused"])
    context = page(request, found)
    open_cells = [each for each in context["grid"].latest.values() if each.state != State.SAVED]
    context["changed"] = context["grid"].shown_at(open_cells)
    return render(request, "playground/experiments/experiment.html#acted", context)


@login_required
@require_POST
def rename_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an experiment another name."""
    found = editable_experiment(request, pk)
    if name := " ".join(request.POST.get("name", "").replace("\x00", "").split()):
        running.rename(experiment=found, name=name)
    return redirect("experiment", pk=pk)


@login_required
@require_POST
def delete_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an experiment into the bin; the message can undo it."""
    found = editable_experiment(request, pk)
    running.delete(experiment=found, by=person(request))
    undo = reverse("restore_experiment", args=[pk])
    words = "The experiment is in the bin. Its pictures are still in the gallery."
    messages.success(request, words, extra_tags=undo)
    return redirect("experiments")


@login_required
@require_POST
def restore_experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an experiment out of the bin."""
    found = editable_experiment(request, pk, in_bin=True)
    running.restore(experiment=found, by=person(request))
    messages.success(request, "The experiment is back.")
    return redirect("experiment", pk=pk)


@login_required
@require_POST
def race(request: HttpRequest) -> HttpResponse:
    """Race the endpoints with what the playground's form holds."""
    membership = editing_membership(request)
    data = request.POST.copy()
    data["count"] = "1"
    form = playground_form(membership, data)
    if not form.is_valid():
        # A race makes one picture on each; the form comes back as it was typed.
        data["count"] = request.POST.get("count", "")
        context = playground_page(request, membership, form)
        fragment = "#form" if request.htmx else ""  # type: ignore[attr-defined]
        page_or_form = f"playground/playground.html{fragment}"
        return render(request, page_or_form, context, status=200 if fragment else 422)
    # What the chosen endpoint ignores, the others may not.
    values = {"negative_prompt": form.data.get("negative_prompt", "").strip(), **form.values}
    back = redirect("playground")
    return raced(request, membership.team, form.chosen_upstream, values, back)


@login_required
@require_POST
def race_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Race the endpoints with a picture's prompt and seed."""
    picture = editable_generation(request, pk)
    values = dict(picture.body)
    if picture.seed:
        values["seed"] = int(picture.seed)
    back = redirect("picture", pk=pk)
    return raced(request, picture.team, picture.upstream, values, back)


def raced(
    request: HttpRequest, team: Team, upstream: str, values: dict[str, Any], back: HttpResponse
) -> HttpResponse:
    token = request.POST.get("token") or new_token()
    try:
        found = running.race(
            team=team, by=person(request), upstream=upstream, values=values, token=token[:43]
        )
    except (services.NotPossible, InvalidRequest) as error:
        messages.error(request, str(error))
        return led_to(request, back)
    return led_to(request, redirect("experiment", pk=found.pk))


def led_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same redirect for a script that asked in the page's place."""
    to_htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(response["Location"]) if to_htmx else response
