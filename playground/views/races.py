"""Races: one prompt and seed on every endpoint. What comes of one is an experiment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import editing_membership, person
from accounts.models import Membership

from .. import services
from ..access import editable_generation
from ..experiments import running
from ..forms import GenerationForm, new_token
from ..imagepig.endpoints import InvalidRequest
from ..library import avoiding
from ..models import Experiment
from .playground import form_of, origin_of, page, say_in


@login_required
@require_POST
def race(request: HttpRequest) -> HttpResponse:
    """Race the endpoints with what the playground's form holds."""
    membership = editing_membership(request)
    data = request.POST.copy()
    data["count"] = "1"
    form = form_of(membership, data)
    if form.is_valid() and form.wording.total > 1:
        form.add_error(
            "positive_prompt",
            f"A race runs one prompt, and this stands for {form.wording.total}. An experiment runs "
            "them all, on as many endpoints as you like.",
        )
    if not form.errors:
        begin = race_of(request, membership, form)
        try:
            return led_to(request, redirect("experiment", pk=begun(request, begin).pk))
        except (services.NotPossible, InvalidRequest) as error:
            say_in(form, error)
    # A race makes one picture on each; the form comes back as it was typed.
    data["count"] = request.POST.get("count", "")
    fragment = "#form" if request.htmx else ""  # type: ignore[attr-defined]
    template = f"playground/playground.html{fragment}"
    context = page(request, membership, form)
    return render(request, template, context, status=200 if fragment else 422)


def race_of(
    request: HttpRequest, membership: Membership, form: GenerationForm
) -> Callable[..., Experiment]:
    """The race that a valid form asks for."""
    # What the chosen endpoint ignores, the others may not.
    negative = avoiding(form.chosen_style, form.data.get("negative_prompt", "").strip())
    values = {**form.values, "negative_prompt": negative}
    typed = form.wording.typed
    return partial(
        running.race,
        team=membership.team,
        upstream=form.chosen_upstream,
        values=values,
        template=typed if typed != values["positive_prompt"] else "",
        origin=origin_of(request, membership),
    )


@login_required
@require_POST
def race_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Race the endpoints with a picture's prompt and seed."""
    picture = editable_generation(request, pk)
    values = dict(picture.body)
    if picture.seed:
        values["seed"] = int(picture.seed)
    begin = partial(
        running.race,
        team=picture.team,
        upstream=picture.upstream,
        values=values,
        template=picture.template,
        origin=picture,
    )
    try:
        found = begun(request, begin)
    except (services.NotPossible, InvalidRequest) as error:
        messages.error(request, str(error))
        return led_to(request, redirect("picture", pk=pk))
    return led_to(request, redirect("experiment", pk=found.pk))


def begun(request: HttpRequest, begin: Callable[..., Experiment]) -> Experiment:
    """The race that this click began. Raises NotPossible, InvalidRequest."""
    token = request.POST.get("token") or new_token()
    return begin(by=person(request), token=token[:43])


def led_to(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same redirect for a script that asked in the page's place."""
    to_htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(response["Location"]) if to_htmx else response
