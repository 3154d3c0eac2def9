"""Experiments: the list, the form with its preview, one experiment and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_membership, editing_membership, person
from accounts.models import Membership

from .. import emptying, pulse, results, services, waiting
from ..access import editable_experiment, visible_experiment, whole_number
from ..experiments import running, shown
from ..experiments.forms import ExperimentForm, blank, from_experiment, from_record
from ..experiments.grid import Grid
from ..library import Shelf
from ..models import Experiment, Generation, State
from .generations import told
from .playground import initial_values, origin_of, revisions, watched


@login_required
@never_cache
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The team's experiments, newest first."""
    team = current_membership(request).team
    before = whole_number(request.GET.get("before")) or None
    context = {
        "page": shown.list_page(person(request), team, before=before),
        "before": before,
        "binned": shown.binned(person(request), team),
        "kept": emptying.KEPT,
    }
    return render(request, "playground/experiments/list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_experiment(request: HttpRequest) -> HttpResponse:
    """The form, filled in from what was last or is named; or begin what it asks for.

    `from` and `recall` name a picture's record, `like` another experiment. With `preview` the page
    comes back with what the form asks for, and nothing is begun.
    """
    membership = editing_membership(request)
    if request.method == "POST" and "preview" not in request.POST:
        return begin(request, membership)
    if request.method == "POST":
        form = shown_form = experiment_form(membership, request.POST)
    else:
        initial = blank(has_key=membership.has_key) | named_values(request, membership)
        # The same twice: empty fields are no mistakes yet, and the preview has to be worked out.
        shown_form = experiment_form(membership, initial)
        form = experiment_form(membership, initial=initial)
    shown_form.is_valid()
    context = {"form": form, "shown": shown_form}
    return render(request, "playground/experiments/new.html", context)


def named_values(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What the form starts from: another experiment, a picture's record, or what was last."""
    if like := whole_number(request.GET.get("like")):
        return from_experiment(visible_experiment(request, like))
    source = whole_number(request.GET.get("from"))
    return from_record({"from": source, **initial_values(request, membership)})


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
                known=form.shown_known,
                origin=origin_of(request, membership),
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
    def find_known(upstream: str, grid: Grid) -> running.Known:
        return running.known_cells(
            team=membership.team, by=membership.user, upstream=upstream, grid=grid
        )

    return ExperimentForm(
        data,
        has_key=membership.has_key,
        lists=Shelf(membership).lists,
        find_known=find_known,
        **kwargs,
    )


@login_required
@never_cache
@require_safe
def experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """An experiment's grid, which fills while it is looked at."""
    found = visible_experiment(request, pk)
    context = page(request, found) | {
        "facts": shown.spec_facts(found),
        "takes_its_time": settings.SANDBOX_LATENCY,
    }
    return render(request, "playground/experiments/experiment.html", context)


def page(request: HttpRequest, found: Experiment) -> dict[str, Any]:
    grid = shown.ShownGrid(found, person(request))
    return {
        "experiment": found,
        "grid": grid,
        "away": bool(grid.progress.waiting) and not found.paused and pulse.nobody_works(),
        "lanes": shown.lanes(grid) if grid.is_race else [],
        "measured": results.measured_for(grid.pending),
        "watched": watched(request, grid.pending),
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
    """Try one failed cell again (`cell`), or all of them where the person has agreed to that."""
    found = editable_experiment(request, pk)
    cell = cell_number(request)
    if cell is None and not agreed_to_retry(request, found):
        return changed(request, found)
    again: list[Generation] = []
    with told(request):
        again = running.retry(experiment=found, by=person(request), cell=cell)
    return changed(request, found, again)


def agreed_to_retry(request: HttpRequest, found: Experiment) -> bool:
    """Whether the page has named the calls, and the person confirmed them where they are many."""
    grid = shown.ShownGrid(found, person(request))
    named = whole_number(request.POST.get("agreed"))
    if grid.retry_calls <= named and ("confirmed" in request.POST or not grid.retry_asks):
        return True
    words = f"Trying them again counts as {grid.retry_calls} calls. If that is what you want, "
    tick = "tick the box and press the button again." if grid.retry_asks else "press it again."
    messages.warning(request, words + tick)
    return False


@login_required
@require_POST
def run_cells_anyway(request: HttpRequest, pk: int) -> HttpResponse:
    """Make anew what one cell (`cell`) shows of earlier."""
    found = editable_experiment(request, pk)
    cell = cell_number(request)
    again: list[Generation] = []
    if cell is not None:
        with told(request):
            again = running.run_anyway(experiment=found, by=person(request), cell=cell)
    return changed(request, found, again)


def cell_number(request: HttpRequest) -> int | None:
    """The number in `cell`, −1 for what is none; None where nothing is said of a cell."""
    text = request.POST.get("cell")
    return None if text is None else whole_number(text) if text.isdecimal() else -1


def told_by_cells(request: HttpRequest, found: Experiment) -> HttpResponse:
    """To a page that waits for its cells, nothing: what has become of them is what it waits for.

    Its answer may replace the button that asked here before this one arrives.
    """
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    return redirect("experiment", pk=found.pk)


def changed(
    request: HttpRequest, found: Experiment, again: Sequence[Generation] = ()
) -> HttpResponse:
    """What the experiment looks like now: what is not done yet or was begun `again`, or its page.

    What was begun may be done by now.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("experiment", pk=found.pk)
    found.refresh_from_db(fields=["paused"])
    context = page(request, found)
    latest = context["grid"].latest.values()
    open_cells = [each for each in latest if each.state != State.SAVED or each in again]
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
    words = f"“{found.name}” is in the bin. Its pictures are still in the gallery."
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
