"""The pictures' files, for those who may see them. Nothing else serves them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import person

from ..access import editable_generation
from ..models import Generation, State
from ..naming import file_name
from ..remembering import with_memory

# A picture that is opened on its own runs nothing and loads nothing; browsers style such a page.
ON_ITS_OWN = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
ASK_EACH_TIME = "private, no-cache"
"""The browser keeps it, and asks before each use whether it may still be seen."""
KEPT_A_DAY = "private, max-age=86400, immutable"
"""Sixty thumbnails a page: scrolling back asks for none of them again."""
MISSING = "This file is missing."


def visible_picture(request: HttpRequest, pk: int) -> Generation:
    """A picture that is not in the bin; Http404 for an outsider."""
    return get_object_or_404(Generation.objects.visible_to(person(request)).pictures(), pk=pk)


@login_required
@require_safe
def picture_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The original, byte for byte."""
    picture = visible_picture(request, pk)
    response = stored(request, picture.file, picture.mime_type, etag=picture.sha256)
    response["Cache-Control"] = ASK_EACH_TIME
    return response


@login_required
@require_safe
def picture_thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    picture = visible_picture(request, pk)
    etag = f"{picture.sha256}-thumbnail"
    response = stored(request, picture.thumbnail, "image/webp", etag=etag)
    response["Cache-Control"] = KEPT_A_DAY
    return response


@login_required
@require_safe
def binned_thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The thumbnail of a picture in the bin, which has none of its other addresses."""
    binned = Generation.objects.visible_to(person(request)).binned().filter(state=State.SAVED)
    picture = get_object_or_404(binned, pk=pk)
    etag = f"{picture.sha256}-thumbnail"
    response = stored(request, picture.thumbnail, "image/webp", etag=etag)
    response["Cache-Control"] = ASK_EACH_TIME
    return response


@login_required
@require_safe
def picture_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The original, to be saved under a name of our making."""
    picture = visible_picture(request, pk)
    response = stored(request, picture.file, picture.mime_type, etag=picture.sha256)
    response["Cache-Control"] = ASK_EACH_TIME
    response["Content-Disposition"] = f'attachment; filename="{file_name(picture)}"'
    return response


@login_required
@require_safe
def picture_with_memory(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of the original with prompt, parameters and seed in it; no pixel is changed."""
    picture = visible_picture(request, pk)
    try:
        with storages["pictures"].open(picture.file) as original:
            content = with_memory(original.read(), picture)
    except FileNotFoundError:
        raise Http404(MISSING) from None
    response = HttpResponse(content, content_type=picture.mime_type)
    response["Cache-Control"] = ASK_EACH_TIME
    response["Content-Security-Policy"] = ON_ITS_OWN
    name = file_name(picture, "with-prompt")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_vary_headers(response, ["Cookie"])
    return response


@login_required
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The answer in which there was no usable picture, byte for byte but never with a key in it."""
    generation = editable_generation(request, pk)
    if generation.state != State.UNUSABLE or not generation.kept_answer:
        raise Http404("No answer was kept.")
    response = opened(generation.kept_answer, "application/octet-stream")
    response["Cache-Control"] = ASK_EACH_TIME
    response["Content-Disposition"] = f'attachment; filename="image-pig-answer-{pk}.txt"'
    return response


def stored(request: HttpRequest, name: str, mime_type: str, *, etag: str) -> HttpResponseBase:
    """A file of the pictures' storage, or 304 where the browser holds the same bytes."""
    known = get_conditional_response(request, etag=f'"{etag}"')
    response = known or opened(name, mime_type)
    response["ETag"] = f'"{etag}"'
    response["Content-Security-Policy"] = ON_ITS_OWN
    patch_vary_headers(response, ["Cookie"])
    return response


def opened(name: str, mime_type: str) -> FileResponse:
    try:
        return FileResponse(storages["pictures"].open(name), content_type=mime_type)
    except FileNotFoundError:
        raise Http404(MISSING) from None
