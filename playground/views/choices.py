"""Blind choices between an experiment's pictures, their ranking, and the grid as one picture."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import person

from ..access import visible_experiment, whole_number
from ..experiments import choosing
from ..experiments.layout import Layout
from ..experiments.poster import PosterCell, poster
from ..experiments.shown import ShownCell, ShownGrid
from ..models import State, Upstream


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Two pictures without their prompts; or count which one is better, and show the next two."""
    experiment = visible_experiment(request, pk)
    found = choosing.choices(experiment, person(request))
    if request.method == "POST":
        choosing.choose(
            found,
            person(request),
            left=whole_number(request.POST.get("left")),
            right=whole_number(request.POST.get("right")),
            choice=request.POST.get("choice", ""),
        )
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("experiment_choose", pk=pk)
        found = choosing.choices(experiment, person(request))
    context = {
        "experiment": experiment,
        "pair": choosing.next_pair(found, person(request)),
        "mine": len(found.seen_by(person(request))),
        "found": found,
    }
    fragment = "#pair" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"playground/experiments/choose.html{fragment}", context)


@login_required
@never_cache
@require_safe
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """Which wording wins, and which picture, and how sure that is."""
    experiment = visible_experiment(request, pk)
    found = choosing.choices(experiment, person(request))
    context = {
        "experiment": experiment,
        "found": found,
        "votes": len(found.between()),
        "axes": choosing.axis_rankings(found),
        "pictures": choosing.picture_ranking(found),
    }
    return render(request, "playground/experiments/ranking.html", context)


@login_required
@never_cache
@require_safe
def experiment_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole grid as one PNG."""
    experiment = visible_experiment(request, pk)
    grid = ShownGrid(experiment, person(request))
    layout = Layout(grid.axes, [poster_cell(cell) for cell in grid.cells])
    sandbox = experiment.upstream == Upstream.SANDBOX
    content = poster(experiment.name, layout, sandbox=sandbox)
    name = slugify(experiment.name)[:60] or "experiment"
    return HttpResponse(
        content,
        content_type="image/png",
        headers={"Content-Disposition": f'attachment; filename="{name}-{pk}.png"'},
    )


def poster_cell(cell: ShownCell) -> PosterCell:
    generation = cell.generation
    if generation is None or generation.state != State.SAVED or generation.deleted_at:
        return PosterCell(None, "" if generation is None else generation.get_state_display())
    try:
        with storages["pictures"].open(generation.thumbnail) as file:
            return PosterCell(file.read())
    except FileNotFoundError:
        return PosterCell(None, "Missing")
