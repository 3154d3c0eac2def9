"""The team's page: who is in it, what it is called, and one's other teams."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import services, teams
from accounts.access import (
    current_membership,
    managed_member,
    membership_in,
    owning_membership,
    owning_membership_in,
    person,
    switch,
)
from accounts.forms import ROLES, RoleForm, TeamForm
from accounts.models import Membership, Role
from accounts.paging import cursor, page

MEMBERS = 100
EVENTS = 50

# Pages about one thing, or for owners or editors only, and what is like them in every team.
LIKE = {
    "picture": "gallery",
    "compare": "gallery",
    "new_experiment": "experiments",
    "replace_api_key": "api_key",
    "results": "playground",
    "team_history": "team",
    "invite": "team",
    "delete_team": "team",
}
# What an address may say that means the same in every team: a prompt to begin with.
SAID = {"playground": ("text",)}


@login_required
@never_cache
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """The team one works in, and its members; what owners may change, for owners."""
    membership = current_membership(request)
    everybody = membership.team.memberships.select_related("user").order_by("id")
    first = cursor(request.GET.get("after"))
    members, after = page(everybody.filter(pk__gt=first or 0), MEMBERS)
    open_ones = membership.team.invitations.open() if membership.may_manage else None
    context = {
        "team": membership.team,
        "members": members,
        "after": after,
        "inside": first is not None,
        "invitations": open_ones.select_related("invited_by").order_by("-id") if open_ones else [],
        "roles": ROLES,
        "deleted": teams.deleted_by(person(request)),
        "kept": teams.KEPT,
        "only_owner": only_owner(membership),
    }
    return render(request, "accounts/team.html", context)


def only_owner(membership: Membership) -> bool:
    """Whether the team would be without an owner if this member left."""
    owners = membership.team.memberships.filter(role=Role.OWNER)
    return membership.may_manage and not owners.exclude(pk=membership.pk).exists()


@login_required
@require_POST
def create_team(request: HttpRequest) -> HttpResponse:
    """Make another team, and work in it from now on."""
    form = TeamForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give the team a name of at most 80 characters.")
        return redirect("team")
    made = services.create_team(name=form.cleaned_data["name"], by=person(request))
    switch(request, made)
    messages.success(request, f"You are in {made} now. Invite somebody?")
    return redirect("team")


@login_required
@require_POST
def switch_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Work in another of one's teams from now on, on a page like the one of before."""
    there = membership_in(request, pk).team
    switch(request, there)
    messages.success(request, f"You are in {there} now.")
    return redirect(like(request.POST.get("next", "")))


def like(path: str) -> str:
    """The page that is in every team what `path` is in one: the gallery for a picture."""
    path, _, query = path.partition("?")
    while path.startswith("/") and path != "/":
        try:
            match = resolve(path)
        except Resolver404:
            match = None
        if match and match.url_name in LIKE:
            return reverse(LIKE[match.url_name])
        if match and not match.kwargs and match.url_name and not match.namespaces:
            return reverse(match.url_name) + _said(match.url_name, query)
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return reverse("playground")


def _said(name: str, query: str) -> str:
    given = QueryDict(query)
    said = {each: given[each] for each in SAID.get(name, ()) if each in given}
    return f"?{urlencode(said)}" if said else ""


@login_required
@require_POST
def rename_team(request: HttpRequest, pk: int) -> HttpResponse:
    membership = owning_membership_in(request, pk)
    form = TeamForm(request.POST)
    if form.is_valid():
        teams.rename(team=membership.team, by=person(request), name=form.cleaned_data["name"])
        messages.success(request, f"The team is called {membership.team} now.")
    else:
        messages.error(request, "Give the team a name of at most 80 characters.")
    return redirect("team")


@login_required
@require_POST
def leave_team(request: HttpRequest, pk: int) -> HttpResponse:
    membership = membership_in(request, pk)
    try:
        teams.leave(membership=membership)
    except teams.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"You have left {membership.team}. What you made stays there.")
    return redirect("team")


@login_required
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = managed_member(request, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a role.")
        return redirect("team")
    role = form.cleaned_data["role"]
    try:
        teams.change_role(membership=membership, role=role, by=person(request))
    except teams.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{membership.user} is {article(role)} now.")
    return redirect("team")


@login_required
@require_POST
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    membership = managed_member(request, pk)
    try:
        teams.remove(membership=membership, by=person(request))
    except teams.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            f"{membership.user} is in {membership.team} no more. What they made stays, under "
            "their name.",
        )
    return redirect("team")


def article(role: Role) -> str:
    return f"a {role.label.lower()}" if role == Role.VIEWER else f"an {role.label.lower()}"


@login_required
@never_cache
@require_safe
def team_history(request: HttpRequest) -> HttpResponse:
    """What happened in the team, newest first; for its owners."""
    membership = owning_membership(request)
    before = cursor(request.GET.get("before"))
    events = membership.team.events.order_by("-id")
    if before is not None:
        events = events.filter(pk__lt=before)
    shown, next_before = page(events, EVENTS)
    context = {
        "team": membership.team,
        "events": shown,
        "before": next_before,
        "inside": before is not None,
    }
    return render(request, "accounts/team_history.html", context)
