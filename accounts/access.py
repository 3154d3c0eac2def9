"""Which team somebody works in, and what they may do there: one line at the top of a view."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, When
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from . import notices
from .models import ApiKey, Invitation, Membership, Team, User

SESSION_KEY = "team"
OFFERED = 50
"""Teams to switch to that a menu can hold."""


def person(request: HttpRequest) -> User:
    """The signed-in person of a request that has passed login_required."""
    return cast("User", request.user)


def memberships(request: HttpRequest) -> list[Membership]:
    """The teams that somebody can work in, that of the moment first; of very many, the first 50.

    Each knows how many notices of any team are `unread`, since every page says so beside them, and
    whether its team has a key (`has_key`). The database is asked once a request, however many parts
    of a page want to know.
    """
    user = person(request)
    known: tuple[int, list[Membership]] | None = getattr(request, "_memberships", None)
    if known is None or known[0] != user.pk:
        chosen_first = Case(When(team=request.session.get(SESSION_KEY), then=0), default=1)
        mine = user.memberships.select_related("team").order_by(chosen_first, "id")
        keys = ApiKey.objects.filter(team=OuterRef("team"), removed_at=None)
        # The model declares `has_key` for those who read it.
        mine = mine.annotate(unread=notices.unread(user), has_key=Exists(keys))  # type: ignore[no-redef]
        known = (user.pk, list(mine[:OFFERED]))
        request._memberships = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known[1]


def current_membership(request: HttpRequest) -> Membership:
    """The membership through which somebody works at the moment. Raises Http404 if none."""
    for membership in memberships(request):
        return membership
    raise Http404("You are not in a team.")


def switch(request: HttpRequest, team: Team) -> None:
    """Let somebody work in another of their teams from now on."""
    request.session[SESSION_KEY] = team.pk
    request.__dict__.pop("_memberships", None)


def editing_membership(request: HttpRequest) -> Membership:
    """The current membership, of an editor or owner. Raises PermissionDenied for a viewer."""
    membership = current_membership(request)
    if not membership.may_generate:
        raise PermissionDenied("Viewers look at pictures; editors and owners make them.")
    return membership


def owning_membership(request: HttpRequest) -> Membership:
    """The current membership, of an owner. Raises PermissionDenied for anybody else."""
    membership = current_membership(request)
    if not membership.may_manage:
        raise PermissionDenied("Only an owner of the team may do this.")
    return membership


def membership_in(request: HttpRequest, team_id: int) -> Membership:
    """The person's membership in the team with this id; Http404 for whoever is not in it."""
    mine = person(request).memberships.select_related("team", "user")
    return get_object_or_404(mine, team=team_id)


def owning_membership_in(request: HttpRequest, team_id: int) -> Membership:
    """The same of an owner; PermissionDenied for other members."""
    membership = membership_in(request, team_id)
    if not membership.may_manage:
        raise PermissionDenied("Only an owner of the team may do this.")
    return membership


def managed_member(request: HttpRequest, pk: int) -> Membership:
    """Anybody's membership in a team that the person owns; Http404 outside of one's teams."""
    theirs = Membership.objects.filter(team__in=Team.objects.visible_to(person(request)))
    membership = get_object_or_404(theirs.select_related("team", "user"), pk=pk)
    owning_membership_in(request, membership.team_id)
    return membership


def managed_invitation(request: HttpRequest, pk: int) -> Invitation:
    """An invitation to a team that the person owns; Http404 outside of one's teams."""
    ours = Invitation.objects.filter(team__in=Team.objects.visible_to(person(request)))
    invitation = get_object_or_404(ours.select_related("team"), pk=pk)
    owning_membership_in(request, invitation.team_id)
    return invitation
