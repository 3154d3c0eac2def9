"""What somebody without an account sees who has a link. Nothing of it is indexed or kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import sharing
from ..access import whole_number
from ..models import Generation
from ..remembering import Damaged, without_memory
from ..sharing import Shared
from ..sharing.card import card
from .files import MISSING, ON_ITS_OWN, opened

PAGE = 60
GONE = "This link leads nowhere: it has ended, was taken back, or was never one."


def by_token(
    view: Callable[..., HttpResponseBase],
) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """The view of what a token opens; Http404 for any other. Search engines are told to leave."""

    @wraps(view)
    def shown(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        shared = sharing.opened(token)
        if shared is None:
            raise Http404(GONE)
        response = view(request, shared, token, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        # The address is the key: it goes to nobody else.
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown


@require_safe
@never_cache
@by_token
def shared(request: HttpRequest, shared: Shared, token: str) -> HttpResponse:
    """The page behind a link: a picture, or the pictures of a collection or an experiment."""
    pictures = shared.pictures.order_by("-pk")
    if before := whole_number(request.GET.get("before")):
        pictures = pictures.filter(pk__lt=before)
    found = list(pictures[: PAGE + 1])
    if not before and request.method == "GET":
        sharing.count_view(shared.share, request.user)
    context = {"pictures": found[:PAGE], "next": found[PAGE - 1].pk if len(found) > PAGE else None}
    if shared.one:
        return render(request, "playground/sharing/picture.html", _page(shared, token, found[0]))
    return render(request, "playground/sharing/pictures.html", _page(shared, token) | context)


@require_safe
@never_cache
@by_token
def shared_picture(request: HttpRequest, shared: Shared, token: str, pk: int) -> HttpResponse:
    """One of the pictures behind a link."""
    picture = get_object_or_404(shared.pictures, pk=pk)
    return render(request, "playground/sharing/picture.html", _page(shared, token, picture))


@require_safe
@never_cache
@by_token
def shared_thumbnail(
    _request: HttpRequest, shared: Shared, _token: str, pk: int
) -> HttpResponseBase:
    picture = get_object_or_404(shared.pictures, pk=pk)
    return _alone(opened(picture.thumbnail, "image/webp"))


@require_safe
@never_cache
@by_token
def shared_file(_request: HttpRequest, shared: Shared, _token: str, pk: int) -> HttpResponseBase:
    """The picture in full; without a word in its file where words were to be left out."""
    picture = get_object_or_404(shared.pictures, pk=pk)
    if shared.share.shows_prompt and shared.share.shows_seed:
        return _alone(opened(picture.file, picture.mime_type))
    try:
        content = without_memory(_read(picture.file))
    except Damaged:
        raise Http404(MISSING) from None
    return _alone(HttpResponse(content, content_type=picture.mime_type))


@require_safe
@never_cache
@by_token
def shared_card(_request: HttpRequest, shared: Shared, _token: str) -> HttpResponseBase:
    """The preview that chat programs show."""
    pictures = shared.pictures.order_by("-pk").values_list("thumbnail", flat=True)[:4]
    thumbnails = [_read(name) for name in pictures]
    if not thumbnails:
        raise Http404(MISSING)
    return _alone(HttpResponse(card(thumbnails), content_type="image/jpeg"))


def _page(shared: Shared, token: str, picture: Generation | None = None) -> dict[str, Any]:
    here = f"{settings.SITE_URL}{reverse('shared', args=[token])}"
    return {"shared": shared, "token": token, "here": here, "picture": picture}


def _alone(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Security-Policy"] = ON_ITS_OWN
    return response


def _read(name: str) -> bytes:
    try:
        with storages["pictures"].open(name) as file:
            return bytes(file.read())
    except FileNotFoundError:
        raise Http404(MISSING) from None
