"""Pictures as one ZIP: first how many and how large, then the file."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import happenings
from accounts.access import current_membership, person
from accounts.models import Happened, Membership, User

from .. import exporting
from ..models import Comment, Generation
from .bulk import Chosen, id_list
from .sorting import back
from .zones import in_own_days

BATCH = 500


@login_required
@never_cache
@require_POST
@in_own_days
def export(request: HttpRequest) -> HttpResponseBase:
    """Say what the ZIP of the chosen pictures will be; with `download`, stream it."""
    membership = current_membership(request)
    try:
        if request.POST.get("download"):
            archive = exporting.Archive(Chosen(request, membership))
            number = f"{archive.pictures} picture{'' if archive.pictures == 1 else 's'}"
            happenings.record(membership.team, person(request), Happened.EXPORTED, number)
            return download(archive)
        return offer(request, membership)
    except exporting.NothingToExport as error:
        messages.error(request, str(error))
        return back(request, reverse("gallery"))


@login_required
@never_cache
@require_POST
def export_mine(request: HttpRequest) -> HttpResponseBase:
    """All the pictures that the person made and may still see, and what is kept of the person."""
    user = person(request)
    mine = Generation.objects.visible_to(user).filter(author=user).pictures().order_by("-pk")
    about = json.dumps(about_person(user), ensure_ascii=False, indent=2)
    try:
        ids = list(mine.values_list("pk", flat=True)[: exporting.PICTURES_MAXIMUM])
        batches = (mine.filter(pk__in=ids[at : at + BATCH]) for at in range(0, len(ids), BATCH))
        return download(exporting.Archive(batches, {"account.json": about.encode()}))
    except exporting.NothingToExport as error:
        messages.error(request, str(error))
        return redirect("account")


def about_person(user: User) -> dict[str, Any]:
    """What is kept of a person, besides pictures; no secret is in it."""
    teams = user.memberships.select_related("team").order_by("pk")
    comments = Comment.objects.kept().filter(author=user).order_by("pk")
    return {
        "email": user.email,
        "name": user.name,
        "signed_up_at": user.date_joined.isoformat(),
        "teams": [
            {"name": each.team.name, "role": each.role, "joined_at": each.joined_at.isoformat()}
            for each in teams
        ],
        "saved_views": list(user.saved_views.order_by("pk").values("name", "query")),
        "starred_pictures": list(user.stars.order_by("pk").values_list("generation", flat=True)),
        "comments": [
            {"picture": each.generation_id, "text": each.text, "at": each.written_at.isoformat()}
            for each in comments
        ],
    }


def offer(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page before the click. Raises NothingToExport."""
    found = Chosen(request, membership)
    size = exporting.size(found)
    if not size.pictures:
        raise exporting.NothingToExport(found.left_out or "Choose some pictures first.")
    chosen = {"all": "1", "query": request.POST.get("query", "")[:2000]}
    if not request.POST.get("all"):
        chosen = {"ids": ",".join(map(str, id_list(request)))}
    context = {
        "size": size,
        "left_out": found.left_out,
        "chosen": chosen,
        "next": back(request, reverse("gallery"))["Location"],
    }
    return render(request, "playground/export.html", context)


def download(archive: exporting.Archive) -> StreamingHttpResponse:
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response["Content-Length"] = str(len(archive))
    name = f"image-pig-pictures-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
