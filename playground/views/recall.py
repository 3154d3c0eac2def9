"""The form, filled in from a picture's file. The file is read and forgotten."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.access import editing_membership
from accounts.models import Membership

from ..details import said
from ..experiments.variations import literal
from ..forms import blank, new_token
from ..imagepig.endpoints import TABLE, all_parameters
from ..imagepig.parameters import Text
from ..remembering import Memory, TooBig, UnknownFile, read_memory
from ..remembering.files import FILE_MAXIMUM
from .playground import form_of, page

FILE_FIELD = "remembering_file"


class NothingRecalled(Exception):
    """A file that fills in nothing; the message is for the person who chose it."""


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_POST
def recall_file(request: HttpRequest) -> HttpResponse:
    """Fill in what a file remembers; what it does not speak of stays as it was typed."""
    membership = editing_membership(request)
    values = typed(request, membership)
    told: dict[str, Any] = {}
    try:
        memory = remembered(request)
        # Its words stand for themselves: in no style, and they are no other picture's.
        values |= memory.values | {"style": "", "from": ""}
        if "positive_prompt" in memory.values:
            values["positive_prompt"] = literal(values["positive_prompt"])
        told["recalled"] = {"words": words_of(memory), "left": memory.left}
    except NothingRecalled as error:
        told["recall_problem"] = str(error)
    form = form_of(membership, initial=values)
    context = page(request, membership, form) | told
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "playground/playground.html#form", context)
    status = 422 if "recall_problem" in told else 200
    return render(request, "playground/playground.html", context, status=status)


def typed(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What the form held, with a token that is good for the next click."""
    known = form_of(membership, request.POST).fields
    held = {name: request.POST[name] for name in known if name in request.POST}
    return blank(has_key=membership.has_key) | held | {"token": new_token()}


def remembered(request: HttpRequest) -> Memory:
    """What the file of a request remembers. Raises NothingRecalled."""
    file = request.FILES.get(FILE_FIELD)
    size = f"It may have {filesizeformat(FILE_MAXIMUM)} at most."
    if not isinstance(file, UploadedFile):
        # A file beyond the maximum is thrown away while it arrives.
        sent = request.headers.get("Content-Length", "")
        big = sent.isascii() and sent.isdecimal() and int(sent[:18]) > FILE_MAXIMUM
        raise NothingRecalled(f"This file is too big. {size}" if big else "Choose a file first.")
    try:
        memory = read_memory(cast("BinaryIO", file))
    except TooBig:
        raise NothingRecalled(f"This file is too big. {size}") from None
    except UnknownFile:
        raise NothingRecalled(
            "This is no picture that can be read. A JPEG, PNG or WebP file is needed."
        ) from None
    if memory is None:
        raise NothingRecalled(
            "This picture carries no prompt. Choose one that was downloaded “with its prompt”, "
            "or one as AUTOMATIC1111’s web UI saves them."
        )
    return memory


def words_of(memory: Memory) -> list[str]:
    """What was filled in, in the form's order: "Prompt", "Endpoint FLUX", "Seed 42"."""
    words = []
    names = list(all_parameters())
    for name in (*names[:1], "endpoint", *names[1:]):
        value, parameter = memory.values.get(name), all_parameters().get(name)
        if not value:
            continue
        if parameter is None:
            words.append(f"Endpoint {TABLE[value].label}")
        elif isinstance(parameter, Text):
            words.append(parameter.label)
        else:
            words.append(f"{parameter.label} {said(parameter, value)}")
    return words
