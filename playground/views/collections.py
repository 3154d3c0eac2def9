"""Collections and saved views: made, renamed, deleted. Looking at one is the gallery's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_membership, editing_membership, person

from .. import gallery, sorting
from ..models import Collected, Collection, Generation, SavedView, State
from .sorting import back

SHOWN = 60


@login_required
@never_cache
@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """The team's collections in the order of the alphabet, each with its newest picture."""
    membership = current_membership(request)
    after = request.GET.get("after", "")[:80].replace("\x00", "")
    kept = Collection.objects.visible_to(person(request)).filter(team=membership.team).kept()
    found = list(with_cover(kept.filter(name__gt=after)).order_by("name")[: SHOWN + 1])
    shown = found[:SHOWN]
    covers = Generation.objects.only(*gallery.TILE_FIELDS).in_bulk(
        [each.cover for each in shown if each.cover]
    )
    context = {
        "collections": [(each, covers.get(each.cover)) for each in shown],
        "next": shown[-1].name if len(found) > SHOWN else None,
        "after": after,
    }
    return render(request, "playground/collections.html", context)


def with_cover(rows: QuerySet[Collection]) -> QuerySet[Any]:
    """With `cover`: the id of the newest picture that is not in the bin."""
    inside = Collected.objects.filter(
        collection=OuterRef("pk"), generation__state=State.SAVED, generation__deleted_at=None
    )
    return rows.annotate(
        cover=Subquery(inside.order_by("-generation_id").values("generation_id")[:1])
    )


def editable_collection(request: HttpRequest, pk: int) -> Collection:
    """A collection of one's teams; Http404 for an outsider, PermissionDenied for a viewer."""
    user = person(request)
    collection = get_object_or_404(
        Collection.objects.visible_to(user).select_related("team"), pk=pk
    )
    if not Collection.objects.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied("Viewers look at pictures; editors and owners sort them.")
    return collection


def attempt(request: HttpRequest, change: Callable[[], object], words: str) -> bool:
    """Do it and say so, or say what is wrong with the name."""
    try:
        change()
    except sorting.NameTaken as error:
        messages.error(request, str(error))
        return False
    messages.success(request, words)
    return True


@login_required
@require_POST
def collection_create(request: HttpRequest) -> HttpResponse:
    """Begin a collection."""
    team, name = editing_membership(request).team, request.POST.get("name", "")[:200]
    attempt(
        request,
        lambda: sorting.create_collection(team=team, name=name, by=person(request)),
        "The collection is there. Put pictures into it from the gallery.",
    )
    return back(request, reverse("collections"))


@login_required
@require_POST
def collection_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a collection another name."""
    collection, name = editable_collection(request, pk), request.POST.get("name", "")[:200]
    attempt(
        request,
        lambda: sorting.rename_collection(collection=collection, name=name, by=person(request)),
        "The collection has its new name.",
    )
    return back(request, reverse("collections"))


@login_required
@require_POST
def collection_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a collection away; its pictures stay, and the message brings it back."""
    collection = editable_collection(request, pk)
    sorting.delete_collection(collection=collection, by=person(request))
    messages.success(
        request,
        f"The collection “{collection.name}” is deleted. Its pictures are still in the gallery.",
        extra_tags=reverse("collection_restore", args=[pk]),
    )
    return redirect("collections")


@login_required
@require_POST
def collection_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a deleted collection back."""
    collection = editable_collection(request, pk)
    attempt(
        request,
        lambda: sorting.restore_collection(collection=collection, by=person(request)),
        f"The collection “{collection.name}” is back.",
    )
    return redirect("collections")


# Saved views


def own_view(request: HttpRequest, pk: int) -> SavedView:
    """One of the person's own views; Http404 for anybody else."""
    user = person(request)
    return get_object_or_404(SavedView.objects.visible_to(user).filter(user=user), pk=pk)


@login_required
@require_POST
def gallery_view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter in `query` under a `name`. What undoes a deletion has both in its address."""
    team = current_membership(request).team
    told = request.POST if "name" in request.POST else request.GET
    asked = gallery.read(QueryDict(told.get("query", "")[:2000]), team)
    name, query = told.get("name", "")[:200], asked.query_string()
    attempt(
        request,
        lambda: sorting.save_view(team=team, name=name, query=query, by=person(request)),
        f"The view “{name.strip()}” is kept.",
    )
    return redirect(f"{reverse('gallery')}?{query}")


@login_required
@require_POST
def gallery_view_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one of one's views another name."""
    view, name = own_view(request, pk), request.POST.get("name", "")[:200]
    attempt(
        request, lambda: sorting.rename_view(view=view, name=name), "The view has its new name."
    )
    return back(request, f"{reverse('gallery')}?{view.query}")


@login_required
@require_POST
def gallery_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's views; the message brings it back."""
    view = own_view(request, pk)
    sorting.delete_view(view=view)
    again = urlencode({"name": view.name, "query": view.query})
    messages.success(
        request,
        f"The view “{view.name}” is deleted.",
        extra_tags=f"{reverse('gallery_view_save')}?{again}",
    )
    return back(request, reverse("gallery"))
