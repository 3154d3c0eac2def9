"""The team's pictures: all of them or those asked for, page after page."""

from __future__ import annotations

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
from accounts.models import Team, User

from .. import gallery as pictures_of
from .. import results, services
from ..gallery import Count, Filter, Page, rail
from . import filtering
from .arriving import arrivals, new_tiles
from .filtering import Names
from .zones import in_own_days, zone_of


@login_required
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@require_safe
@in_own_days
def gallery(request: HttpRequest) -> HttpResponse:
    """A page of pictures; to htmx only the tiles, to be put below or above the ones there."""
    user, team = person(request), current_membership(request).team
    asked = pictures_of.read(request.GET, team)
    target = request.htmx.target if request.htmx else None  # type: ignore[attr-defined]
    if "" in request.GET.values() and not asked.problems and not target:
        # A form sends its empty fields as well; an address is kept and sent on without them.
        return redirect(address(asked))
    if target == "pictures":
        than = pictures_of.cursor(request.GET.get("than"))
        if than is not None:
            return new_tiles(request, team, asked, than)
        return render(request, "playground/gallery.html#pictures", page_of(request, team, asked))
    # First what is on its way: what is finished in between is seen twice, not missed.
    known = filtering.names(user, team, asked)
    context = page_of(request, team, asked)
    context |= around(request, team, asked, known, context)
    if not context["inside"]:
        context |= arrivals(user, asked, known.coming, context["page"].pictures)
    shown = [*context.get("arriving", []), *context["page"].pictures]
    context["measured"] = results.measured_for(shown)
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
    page = pictures_of.browse(asked, user, team, after=after, before=before)
    return {
        "page": page,
        "asked": asked,
        "there": there,
        "inside": bool(after or before),
        "starred": page.starred,
        "selectable": True,
        "next_query": asked.query_string(after=page.next),
        "previous_query": asked.query_string(before=page.previous),
    }


def address(asked: Filter) -> str:
    """The gallery's address for what is asked for."""
    query = asked.query_string()
    return reverse("gallery") + (f"?{query}" if query else "")


def around(
    request: HttpRequest, team: Team, asked: Filter, known: Names, context: dict[str, Any]
) -> dict[str, Any]:
    """What stands round the pictures: filters, collections, saved views, days."""
    return {
        "count": seen_count(context["page"], inside=context["inside"]),
        "chips": filtering.chips(asked, known),
        "selects": filtering.selects(asked, known),
        "sorts": filtering.SORTS,
        "values": asked.values(),
        "known": known,
        "zone": zone_of(request) or "UTC",
        "months": _months(person(request), team, asked, context["there"]),
        "unfiltered": not asked,
        "only_upstream": asked.upstream
        and asked == Filter(upstream=asked.upstream, sort=asked.sort),
    }


def _months(user: User, team: Team, asked: Filter, there: rail.Stretch | None) -> list[rail.Month]:
    """The months to jump to; none where pictures do not stand in the order of their days."""
    if not asked.sort.by_age:
        return []
    return rail.rail(user, team, there, since=asked.since, until=asked.until)


def seen_count(page: Page, *, inside: bool) -> Count | None:
    """How many there are as far as the page itself shows it; None where it does not.

    To count thousands takes longer than to show sixty: the page asks for that once it is there.
    """
    if inside or page.more_to_look:
        return None
    return Count(len(page.pictures), exact=page.next is None)


@login_required
@never_cache
@require_safe
@in_own_days
def gallery_count(request: HttpRequest) -> HttpResponse:
    """How many pictures are asked for, in words."""
    team = current_membership(request).team
    asked = pictures_of.read(request.GET, team)
    count = pictures_of.count(asked, person(request), team)
    return render(request, "playground/gallery.html#counted", {"count": count})


@login_required
@never_cache
@require_safe
@in_own_days
def gallery_days(request: HttpRequest) -> HttpResponse:
    """The rail of months and days with how many pictures each holds."""
    user, team = person(request), current_membership(request).team
    asked = pictures_of.read({"sort": request.GET.get("sort", "")}, team)
    there = rail.stretch(request.GET.get("at"))
    months = rail.counted(user, team, rail.rail(user, team, there))
    context = {"months": months, "there": there, "asked": asked}
    return render(request, "playground/_rail.html", context)


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
