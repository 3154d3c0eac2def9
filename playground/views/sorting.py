"""What a person makes of one picture: a star, a rating, tags, collections.

Each address takes a plain form and leads back to where it came from. To htmx only the part
concerned is sent: the picture's panel, or with `part=tile` the marks on its tile.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import person

from .. import sorting
from ..models import Collection, Generation, GenerationQuerySet, Tag
from .files import visible_picture
from .panels import marks_panel
from .pictures import editable_picture


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page of ours that the form names as `next`."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return redirect(there if ours else otherwise)


def only(picture: Generation) -> GenerationQuerySet:
    """One picture, as the services take them."""
    return Generation.objects.filter(pk=picture.pk)


def shown(
    request: HttpRequest, picture: Generation, problem: str = "", focus: str = ""
) -> HttpResponse:
    """The part of the page that a change concerns; `problem` says what was wrong with it.

    `focus` is the field to go on with, where the button that was pressed is gone, or the one that
    the problem is with.
    """
    if not request.htmx:  # type: ignore[attr-defined]
        if problem:
            messages.error(request, problem)
        return back(request, reverse("picture", args=[picture.pk]))
    user = person(request)
    if request.POST.get("part") == "tile":
        starred = sorting.starred(user, [picture])
        context = {"generation": picture, "starred": starred}
        return render(request, "playground/_tile.html#marks", context)
    may_edit = Generation.objects.editable_by(user).filter(pk=picture.pk).exists()
    typed = request.POST.get("name", "") if problem else ""
    context = marks_panel(user, picture, may_edit=may_edit) | {
        "problem": problem,
        "focus": focus,
        "typed": typed,
    }
    return render(request, "playground/_marks.html", context, status=422 if problem else 200)


@login_required
@require_POST
def picture_star(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the person's star on a picture (`on=1`), or take it off (`on=0`)."""
    picture = visible_picture(request, pk)
    if request.POST.get("on") == "0":
        sorting.unstar(pictures=only(picture), by=person(request))
    else:
        sorting.star(pictures=only(picture), team=picture.team_id, by=person(request))
    return shown(request, picture)


@login_required
@require_POST
def picture_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate a picture: `stars` from 1 to 5, or 0 to take the rating back."""
    picture = visible_picture(request, pk)
    stars = request.POST.get("stars", "")
    if stars not in {"0", "1", "2", "3", "4", "5"}:
        return HttpResponseBadRequest("A rating is a number from 0 to 5.")
    sorting.rate(picture=picture, stars=int(stars), by=person(request))
    return shown(request, picture)


@login_required
@require_POST
def picture_tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a picture the tag `name`."""
    picture = editable_picture(request, pk)

    def give(name: str) -> None:
        sorting.tag(pictures=only(picture), team=picture.team_id, name=name, by=person(request))

    return attempt(request, picture, "tag", give)


@login_required
@require_POST
def picture_untag(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the tag with the id `tag` off a picture."""
    picture = editable_picture(request, pk)
    tag = get_object_or_404(Tag, team=picture.team_id, pk=number(request.POST.get("tag")))
    sorting.untag(pictures=only(picture), name=tag.name, by=person(request))
    return shown(request, picture, focus="tag")


@login_required
@require_POST
def picture_collect(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a picture into the collection called `name`, which is begun if there is none."""
    picture = editable_picture(request, pk)

    def put(name: str) -> None:
        collection = sorting.collection_called(team=picture.team, name=name, by=person(request))
        sorting.collect(pictures=only(picture), collection=collection, by=person(request))

    return attempt(request, picture, "collection", put)


@login_required
@require_POST
def picture_uncollect(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture out of the collection with the id `collection`."""
    picture = editable_picture(request, pk)
    kept = Collection.objects.kept().filter(team=picture.team_id)
    collection = get_object_or_404(kept, pk=number(request.POST.get("collection")))
    sorting.remove_from_collection(
        pictures=only(picture), collection=collection, by=person(request)
    )
    return shown(request, picture, focus="collection")


def attempt(
    request: HttpRequest, picture: Generation, field: str, change: Callable[[str], object]
) -> HttpResponse:
    """Do something with the `name` that was typed, or say at its field what is wrong with it."""
    try:
        change(request.POST.get("name", "")[:200])
    except (sorting.InvalidTag, sorting.NameTaken) as error:
        return shown(request, picture, problem=str(error), focus=field)
    return shown(request, picture)


def number(text: str | None) -> int:
    """The id that a form sends; 0, which is nobody's, for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0
