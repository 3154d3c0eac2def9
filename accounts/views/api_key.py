"""The team's API key: everybody in the team sees that there is one, owners change it."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.access import current_membership, owning_membership, person
from accounts.forms import ApiKeyForm


@login_required
@never_cache
@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "HEAD", "POST"])
def api_key(request: HttpRequest) -> HttpResponse:
    """Show the team's key; add the first one."""
    if request.method == "POST":
        return _set_api_key(request)
    membership = current_membership(request)
    form = ApiKeyForm() if membership.may_manage and not membership.team.api_key else None
    return render(request, "accounts/api_key.html", {"form": form})


@login_required
@never_cache
@require_safe
def replace_api_key(request: HttpRequest) -> HttpResponse:
    """The form for another key, shown to an owner who has just confirmed to be one."""
    owning_membership(request)
    if is_reauthentication_required(request, app="accounts"):
        raise ReauthenticationRequired
    return render(request, "accounts/api_key.html", {"form": ApiKeyForm()})


def _set_api_key(request: HttpRequest) -> HttpResponse:
    membership = owning_membership(request)
    if membership.team.api_key and is_reauthentication_required(request, app="accounts"):
        # Not by allauth's way, which keeps the whole POST in the session until later, key and all.
        messages.info(request, "Please confirm that it is you, then paste the key once more.")
        return redirect("replace_api_key")
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/api_key.html", {"form": form})
    services.set_api_key(
        team=membership.team,
        by=person(request),
        label=form.cleaned_data["label"],
        secret=form.cleaned_data["api_key"],
    )
    messages.success(request, "Your API key is in use. Its first picture proves it.")
    return redirect("api_key")


@login_required
@require_POST
def remove_api_key(request: HttpRequest) -> HttpResponse:
    membership = owning_membership(request)
    if is_reauthentication_required(request, app="accounts"):
        raise ReauthenticationRequired
    if services.remove_api_key(team=membership.team, by=person(request)):
        messages.success(request, "The API key is erased. You are in the sandbox again.")
    return redirect("api_key")


@login_required
@require_POST
def resume_api_key(request: HttpRequest) -> HttpResponse:
    """The owner says that it is fine now: what has waited goes on."""
    membership = owning_membership(request)
    if services.resume_api_key(team=membership.team, by=person(request)):
        messages.success(request, "Pictures that waited for the API key go on now.")
    return redirect("api_key")
