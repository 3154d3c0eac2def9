"""Pictures as one ZIP: first how many and how large, then the file."""

from __future__ import annotations

import json
from collections import Counter
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
from accounts.models import Happened, Membership, Team, User

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
            about = happenings.counted(archive.pictures, "picture")
            happenings.record(membership.team, person(request), Happened.EXPORTED, about)
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
        found = dict(mine.values_list("pk", "team")[: exporting.PICTURES_MAXIMUM])
        ids = list(found)
        batches = (mine.filter(pk__in=ids[at : at + BATCH]) for at in range(0, len(ids), BATCH))
        archive = exporting.Archive(batches, {"account.json": about.encode()})
        record_export(user, Counter(found.values()))
        return download(archive)
    except exporting.NothingToExport as error:
        messages.error(request, str(error))
        return redirect("account")


def record_export(user: User, numbers: Counter[int]) -> None:
    """Write down in each team how many pictures somebody took along that were their own there."""
    for pk, team in Team.objects.in_bulk(numbers).items():
        about = happenings.counted(numbers[pk], "picture")
        happenings.record(team, user, Happened.EXPORTED, f"{about} of their own")


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
