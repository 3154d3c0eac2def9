"""The team's pictures, newest first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, editing_membership, person

from .. import gallery as pictures_of
from .. import services, waiting
from ..models import Generation, Upstream
from ..templatetags.cards import seen
from .playground import revisions


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """A page of pictures; to htmx only the page itself, to be put below the ones before it."""
    team = current_membership(request).team
    upstream = pictures_of.shown_upstream(request.GET.get("upstream"))
    before = pictures_of.cursor(request.GET.get("before"))
    pictures = pictures_of.generations(person(request), team, upstream).pictures()
    page = pictures_of.page(pictures, before=before)
    context: dict[str, Any] = {
        "page": page,
        "before": before,
        "upstream": upstream,
        "upstreams": Upstream.choices,
    }
    if request.htmx and before is not None:  # type: ignore[attr-defined]
        return render(request, "playground/gallery.html#pictures", context)
    if before is None:
        arriving = pictures_of.pending(person(request), team, upstream)
        context |= {
            "arriving": arriving,
            "watched": seen(arriving),
            "newest": newest(page.pictures, arriving),
        }
    return render(request, "playground/gallery.html", context)


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
    }
    return render(request, "playground/gallery.html#arrived", context)


@login_required
@never_cache
@require_safe
def new_pictures(request: HttpRequest) -> HttpResponse:
    """How many pictures have come since the page was shown (`than`: the newest it shows)."""
    team = current_membership(request).team
    upstream = pictures_of.shown_upstream(request.GET.get("upstream"))
    than = pictures_of.cursor(request.GET.get("than")) or 0
    pictures = pictures_of.generations(person(request), team, upstream).pictures()
    new = pictures_of.count_newer(pictures, than)
    if str(new) == request.GET.get("shown"):
        # Nothing is swapped, so that screen readers do not say the same again.
        return HttpResponse(status=204)
    context = {"newest": than, "upstream": upstream, "new": new, "counted": pictures_of.NEW_COUNTED}
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
