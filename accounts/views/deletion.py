"""Deleting a team, and bringing it back."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import teams
from accounts.access import owning_membership_in, person, switch
from accounts.forms import DeleteTeamForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_team(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes with a team, for an owner who has just confirmed to be one; or delete it."""
    membership = owning_membership_in(request, pk)
    if is_reauthentication_required(request, app="accounts"):
        raise ReauthenticationRequired
    form = DeleteTeamForm(request.POST or None, team=membership.team)
    if request.method == "POST" and form.is_valid():
        teams.delete(membership=membership)
        undo = reverse("restore_team", args=[pk])
        messages.success(request, f"{membership.team} is deleted.", extra_tags=undo)
        return redirect("team")
    context = {
        "team": membership.team,
        "form": form,
        "kept": teams.KEPT,
        "key": membership.team.api_key,
        "others": membership.team.memberships.count() - 1,
    }
    return render(request, "accounts/delete_team.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def restore_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a team that the person has deleted."""
    found = next((team for team in teams.deleted_by(person(request)) if team.pk == pk), None)
    if found is None:
        raise Http404("No such team.")
    try:
        back = teams.restore(team=found, by=person(request))
    except teams.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        switch(request, back)
        messages.success(request, f"{back} is back, with everybody who was in it.")
    return redirect("team")
