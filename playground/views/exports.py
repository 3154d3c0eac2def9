"""Pictures as one ZIP: first how many and how large, then the file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.access import current_membership
from accounts.models import Membership

from .. import exporting
from .bulk import batches, id_list
from .sorting import back


@login_required
@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Say what the ZIP of the chosen pictures will be; with `download`, stream it."""
    membership = current_membership(request)
    try:
        if request.POST.get("download"):
            return download(exporting.Archive(batches(request, membership)))
        return offer(request, membership)
    except exporting.NothingToExport as error:
        messages.error(request, str(error))
        return back(request, reverse("gallery"))


def offer(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The page before the click. Raises NothingToExport."""
    size = exporting.size(batches(request, membership))
    if not size.pictures:
        raise exporting.NothingToExport("Choose some pictures first.")
    chosen = {"all": "1", "query": request.POST.get("query", "")[:2000]}
    if not request.POST.get("all"):
        chosen = {"ids": ",".join(map(str, id_list(request)))}
    context = {
        "size": size,
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
