"""The team's pictures: all of them or those asked for, page after page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, editing_membership, person
from accounts.models import Team

from .. import gallery as pictures_of
from .. import services, sorting, waiting
from ..faults import Reason
from ..gallery import Filter, rail
from ..models import Generation
from ..templatetags.cards import seen
from . import filtering
from .playground import revisions

NARROW = 2
"""Parts of a filter up to which days are offered to jump to."""


@login_required
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """A page of pictures; to htmx only the tiles, to be put below or above the ones there."""
    team = current_membership(request).team
    asked = pictures_of.read(request.GET, team)
    target = request.htmx.target if request.htmx else None  # type: ignore[attr-defined]
    if "" in request.GET.values() and not asked.problems and not target:
        # A form sends its empty fields as well; an address is kept and sent on without them.
        return redirect(address(asked))
    context = page_of(request, team, asked)
    if target == "pictures":
        return render(request, f"playground/gallery.html#{tiles_only(request, context)}", context)
    context |= around(request, team, asked, context)
    if not context["inside"]:
        context |= arrivals(request, team, asked, context["page"].pictures)
    response = render(request, "playground/gallery.html", context)
    if target == "gallery":
        response["HX-Push-Url"] = address(asked)
    return response


def page_of(request: HttpRequest, team: Team, asked: Filter) -> dict[str, Any]:
    """The page of pictures that the address's cursor, month or day names."""
    user = person(request)
    there = rail.stretch(request.GET.get("at")) if asked.sort.by_age else None
    after, before = request.GET.get("after"), request.GET.get("before")
    if there and not after:
        after = rail.cursor_at(there, user, team, asked.sort)
    where = pictures_of.source(asked, user, team)
    page = pictures_of.browse(asked, user, team, after=after, before=before, where=where)
    return {
        "page": page,
        "where": where,
        "asked": asked,
        "there": there,
        "inside": bool(after or before),
        "starred": sorting.starred(user, page.pictures),
        "selectable": True,
        "next_query": asked.query_string(after=page.next),
        "previous_query": asked.query_string(before=page.previous),
    }


def address(asked: Filter) -> str:
    """The gallery's address for what is asked for."""
    query = asked.query_string()
    return reverse("gallery") + (f"?{query}" if query else "")


def tiles_only(request: HttpRequest, context: dict[str, Any]) -> str:
    """The fragment with the tiles of a page; only those newer than `than`, where it is given."""
    than = pictures_of.cursor(request.GET.get("than"))
    if than is None:
        return "pictures"
    page = context["page"]
    new = [each for each in page.pictures if each.pk > than]
    context |= {"page": replace(page, pictures=new), "newest": newest(page.pictures, [])}
    return "newer"


def around(
    request: HttpRequest, team: Team, asked: Filter, context: dict[str, Any]
) -> dict[str, Any]:
    """What stands round the pictures: filters, counts, collections, saved views, days."""
    user = person(request)
    known = filtering.names(user, team)
    # Where days are asked for already, or what is asked for is narrow, there is nowhere to jump to.
    narrow = asked.since or asked.until or len(asked.values()) > NARROW
    dated = asked.sort.by_age and not narrow
    return {
        "count": pictures_of.count(asked, user, team, where=context["where"]),
        "chips": filtering.chips(asked, known),
        "selects": filtering.selects(asked, known),
        "sorts": filtering.SORTS,
        "values": asked.values(),
        "known": known,
        "months": rail.rail(user, team, context["there"]) if dated else [],
        "only_upstream": asked.upstream
        and asked == Filter(upstream=asked.upstream, sort=asked.sort),
    }


def arrivals(
    request: HttpRequest, team: Team, asked: Filter, shown: list[Generation]
) -> dict[str, Any]:
    """What is on its way, where all is shown newest first; and from where on pictures are new."""
    plain = asked == Filter(upstream=asked.upstream)
    arriving = pictures_of.pending(person(request), team, asked.upstream) if plain else []
    return {
        "arriving": arriving,
        "watched": seen(arriving),
        # What waits for somebody to act may wait for days: no page need ask for it every second.
        "moving": any(each.fault not in (Reason.KEY_PAUSED, Reason.PAUSED) for each in arriving),
        "newest": newest(shown, arriving),
        "watching": asked.sort == pictures_of.Sort.NEWEST and not asked.state,
    }


def newest(page: list[Generation], arriving: list[Generation]) -> int:
    """The highest id that the page shows, of a picture or of what is to become one."""
    return max((each.pk for each in (*page[:1], *arriving[:1])), default=0)


@login_required
@never_cache
@require_safe
def arriving_pictures(request: HttpRequest) -> HttpResponse:
    """Wait until one of the tiles in `seen` is no longer as the page shows it; then show it."""
    shown = revisions(request.GET.get("seen", ""))
    mine = pictures_of.tiles(Generation.objects.visible_to(person(request)))
    current = dict(mine.filter(pk__in=shown).values_list("pk", "revision"))
    shown = {pk: revision for pk, revision in shown.items() if pk in current}
    held = not shown or current != shown or waiting.wait_for_change(shown)
    now = list(mine.filter(pk__in=shown).order_by("-pk"))
    context = {
        "changed": [each for each in now if each.revision != shown[each.pk]],
        "watched": seen(each for each in now if each.pending),
        "soon": not held,
        "selectable": True,
    }
    return render(request, "playground/gallery.html#arrived", context)


@login_required
@never_cache
@require_safe
def new_pictures(request: HttpRequest) -> HttpResponse:
    """How many pictures have come since the page was shown (`than`: the newest it shows)."""
    user, team = person(request), current_membership(request).team
    asked = pictures_of.read(request.GET, team)
    than = pictures_of.cursor(request.GET.get("than")) or 0
    most = pictures_of.NEW_COUNTED
    new = sum(each.pk > than for each in pictures_of.browse(asked, user, team, size=most).pictures)
    if str(new) == request.GET.get("shown"):
        # Nothing is swapped, so that screen readers do not say the same again.
        return HttpResponse(status=204)
    context = {"newest": than, "asked": asked, "new": new, "counted": most}
    return render(request, "playground/gallery.html#new", context)


@login_required
@require_POST
def examples(request: HttpRequest) -> HttpResponse:
    """Draw a dozen examples in the sandbox."""
    membership = editing_membership(request)
    try:
        services.draw_examples(team=membership.team, by=person(request))
    except services.NotPossible as error:
        messages.error(request, str(error))
    return redirect("gallery")
