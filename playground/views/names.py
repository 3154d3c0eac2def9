"""All of a team's tags, collections and so on, of which the gallery's page has the newest only."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, person
from accounts.paging import cursor

from .. import gallery, sorting
from .filtering import KINDS, named, told
from .sorting import number
from .zones import in_own_days

PAGE = 200
LONGEST = 100
TYPED = ("tag", "collection")
"""Of these, fields in which one is typed ask for those that hold the same letters."""


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
@in_own_days
def gallery_names(request: HttpRequest, kind: str) -> HttpResponse:
    """Links to what is asked for with each of the names, newest first, a page of them at a time.

    To htmx, from a field in which one is typed, the newest ones with these letters as options.
    """
    if kind not in KINDS:
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        return suggested(request, kind)
    user, team = person(request), current_membership(request).team
    asked, find = gallery.read(request.GET, team), _letters(request, "find")
    own = named(user, team)[kind]
    rows = told(own, kind, holding=find).order_by(f"-{own.pk}")
    before = cursor(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(**{f"{own.pk}__lt": before})
    found = list(rows[: PAGE + 1])
    links = []
    for _, pk, name, query in found[:PAGE]:
        part = name if kind == "tag" else pk
        narrowed = query if kind == "view" else replace(asked, **{kind: part}).query_string()
        links.append((name, narrowed))
    context = {
        "kind": KINDS[kind],
        "before": found[PAGE - 1][1] if len(found) > PAGE else None,
        "inside": before is not None,
        "links": links,
        "find": find,
        "here": asked.query_string(),
        "rest": asked.without(kind).values() if kind != "view" else {},
    }
    return render(request, "playground/names.html", context)


def suggested(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest names that hold what is typed in a field, of a picture's team or of one's own."""
    if kind not in TYPED:
        raise Http404
    user = person(request)
    team = number(request.GET.get("team")) or current_membership(request).team.pk
    typed = _letters(request, "tag") or _letters(request, "name")
    rows = told(named(user, team)[kind], kind, holding=typed).order_by("-pk")[: sorting.OFFERED]
    names = sorted(name for _, _, name, _ in rows)
    return render(request, "playground/names.html#options", {"names": names})


def _letters(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]
