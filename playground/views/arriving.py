"""What comes to a gallery while it is looked at: its tiles, and a pill that says how many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from accounts.access import current_membership, person
from accounts.models import Team, User

from .. import gallery as pictures_of
from .. import results, waiting
from ..faults import Reason
from ..gallery import Filter
from ..models import Generation
from .playground import revisions, written
from .zones import in_own_days

WAITING_TOLD = pictures_of.NEW_COUNTED
"""So many are waited for by id: the pill counts no further."""
RECOUNT = "recount"
"""The event after which a page asks anew how many pictures there are."""


def arrivals(
    user: User, asked: Filter, coming: list[int], shown: list[Generation]
) -> dict[str, Any]:
    """What is on its way, where all is shown newest first; and from where on pictures are new.

    `coming` are ids that were looked up before what is `shown`: what has arrived in between is in
    both, and so is not missed.
    """
    there = {each.pk for each in shown}
    coming = [pk for pk in coming if pk not in there]
    plain = asked == Filter(upstream=asked.upstream)
    arriving = tiles_of(user, coming, asked.upstream) if plain and coming else []
    newest = max((each.pk for each in (*shown[:1], *arriving[:1])), default=0)
    tiles = {each.pk for each in arriving}
    return {
        "arriving": arriving,
        "watched": written({each.pk: each.revision for each in arriving if each.pending}),
        # What waits for somebody to act may wait for days: no page need ask for it every second.
        "moving": any(each.fault not in (Reason.KEY_PAUSED, Reason.PAUSED) for each in arriving),
        "newest": newest,
        "waiting": told(pk for pk in coming if pk < newest and pk not in tiles),
        "watching": watching(asked),
    }


def watching(asked: Filter) -> bool:
    """Whether what comes belongs at the top of what is shown."""
    return asked.sort == pictures_of.Sort.NEWEST and not asked.state


def tiles_of(user: User, coming: list[int], upstream: str) -> list[Generation]:
    """Some of what is on its way, the newest first; by now it may have arrived."""
    mine = pictures_of.tiles(Generation.objects.visible_to(user).filter(pk__in=coming))
    mine = mine.filter(upstream=upstream) if upstream else mine
    return list(mine.order_by("-pk")[: pictures_of.PENDING_SHOWN])


def told(ids: Iterable[int]) -> str:
    """Ids as an address holds them: those that were begun first, since they are finished first."""
    return ",".join(map(str, sorted(ids)[:WAITING_TOLD]))


def read_ids(text: str | None) -> list[int]:
    """Those ids again."""
    read = map(pictures_of.cursor, (text or "").split(",")[:WAITING_TOLD])
    return [pk for pk in read if pk]


@login_required
@never_cache
@require_safe
@in_own_days
def new_pictures(request: HttpRequest) -> HttpResponse:
    """How many pictures have come since the page was shown.

    `than`: the newest that it shows; `waiting`: what was on its way below that.
    """
    user, team = person(request), current_membership(request).team
    asked = pictures_of.read(request.GET, team)
    than = pictures_of.cursor(request.GET.get("than")) or 0
    ids = read_ids(request.GET.get("waiting"))
    most = pictures_of.NEW_COUNTED
    come = pictures_of.newer(asked, user, team, than=than, waiting=ids)
    new = min(len(come.pictures), most)
    if str(new) == request.GET.get("shown"):
        # Nothing is swapped, so that screen readers do not say the same again.
        return HttpResponse(status=204)
    context = {"newest": than, "waiting": told(ids), "asked": asked, "new": new, "counted": most}
    return render(request, "playground/gallery.html#new", context)


def new_tiles(request: HttpRequest, team: Team, asked: Filter, than: int) -> HttpResponse:
    """The tiles of what has come since the page was shown, and the pill that looks out for more."""
    user = person(request)
    ids = set(read_ids(request.GET.get("waiting")))
    coming = list(pictures_of.coming(user, team).values_list("pk", flat=True))
    page = pictures_of.newer(asked, user, team, than=than, waiting=sorted(ids))
    found = {each.pk for each in page.pictures}
    newest = max([than, *found])
    still = {pk for pk in coming if pk < newest and (pk > than or pk in ids)}
    context = {
        "page": page,
        "asked": asked,
        "starred": page.starred,
        "selectable": True,
        "newest": newest,
        "waiting": told(still - found),
    }
    response = render(request, "playground/gallery.html#newer", context)
    return trigger_client_event(response, RECOUNT, {})


@login_required
@never_cache
@require_safe
@in_own_days
def arriving_pictures(request: HttpRequest) -> HttpResponse:
    """Wait until one of the tiles in `seen` is no longer as the page shows it; then show it."""
    shown = revisions(request.GET.get("seen", ""))
    mine = pictures_of.tiles(Generation.objects.visible_to(person(request)))
    current = dict(mine.filter(pk__in=shown).values_list("pk", "revision"))
    shown = {pk: revision for pk, revision in shown.items() if pk in current}
    held = not shown or current != shown or waiting.wait_for_change(shown)
    now = list(mine.filter(pk__in=shown).order_by("-pk"))
    changed = [each for each in now if each.revision != shown[each.pk]]
    context = {
        "changed": changed,
        "watched": written({each.pk: each.revision for each in now if each.pending}),
        "soon": not held,
        "selectable": True,
        "measured": results.measured_for(changed),
    }
    response = render(request, "playground/gallery.html#arrived", context)
    if any(not each.pending for each in changed):
        trigger_client_event(response, RECOUNT, {})
    return response
