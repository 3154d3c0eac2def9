"""What is at hand for a prompt: those of late, styles, word lists, and chance."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, person

from .. import history


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def recent_prompts(request: HttpRequest) -> HttpResponse:
    """The person's last prompts, each a link that brings it back."""
    prompts = history.recent_prompts(person(request), current_membership(request).team)
    fragment = "#prompts" if request.htmx else ""  # type: ignore[attr-defined]
    template = f"playground/library/recent_prompts.html{fragment}"
    return render(request, template, {"prompts": prompts})
