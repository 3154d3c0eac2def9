"""Making links for people without an account, and the list of those that a team has out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_membership, person

from .. import sharing
from ..access import editable_experiment, editable_generation, whole_number
from ..models import Collection, Share
from ..sharing.forms import ShareForm
from ..sharing.links import Thing, name_of

PAGE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def picture_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The links to a picture, and a form for another."""
    picture = editable_generation(request, pk)
    return _share(request, picture, back=reverse("picture", args=[pk]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def collection_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The links to a collection, and a form for another."""
    mine = Collection.objects.visible_to(person(request)).kept()
    collection = get_object_or_404(mine.select_related("team"), pk=pk)
    if not Collection.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners share them.")
    return _share(request, collection, back=f"{reverse('gallery')}?collection={pk}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def experiment_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The links to an experiment, and a form for another."""
    experiment = editable_experiment(request, pk)
    return _share(request, experiment, back=reverse("experiment", args=[pk]))


@login_required
@never_cache
@require_safe
def shares(request: HttpRequest) -> HttpResponse:
    """The links of the team, newest first."""
    team = current_membership(request).team
    mine = Share.objects.visible_to(person(request)).filter(team=team)
    if before := whole_number(request.GET.get("before")):
        mine = mine.filter(pk__lt=before)
    rows = _with_what_they_show(mine)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "shares": [(share, name_of(share)) for share in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "may_edit": current_membership(request).may_generate,
    }
    return render(request, "playground/sharing/shares.html", context)


@login_required
@require_POST
def revoke_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back: whoever has it sees nothing any more."""
    mine = Share.objects.visible_to(person(request)).select_related(
        "team", "collection", "experiment"
    )
    share = get_object_or_404(mine, pk=pk)
    if not Share.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners share them.")
    if sharing.revoke(share, by=person(request)):
        messages.success(request, "The link is taken back: whoever opens it finds nothing.")
    return redirect("shares")


def _share(request: HttpRequest, thing: Thing, *, back: str) -> HttpResponse:
    form = ShareForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "back": back}
    status = 200
    if form.is_valid():
        share, token = sharing.make(thing, by=person(request), **form.cleaned_data)
        context |= {"link": f"{settings.SITE_URL}{reverse('shared', args=[token])}", "made": share}
    elif form.is_bound:
        status = 422
    earlier = _with_what_they_show(thing.shares.open()).order_by("-pk")[:PAGE]
    context["shares"] = [(share, name_of(share)) for share in earlier]
    context["may_edit"] = True
    context["what"] = name_of(share) if "made" in context else ""
    return render(request, "playground/sharing/share.html", context, status=status)


def _with_what_they_show(rows: Any) -> Any:
    return rows.select_related("shared_by", "generation", "collection", "experiment")
