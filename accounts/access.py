"""Which team somebody works in, and what they may do there: one line at the top of a view."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from .models import Membership, User

SESSION_KEY = "team"


def person(request: HttpRequest) -> User:
    """The signed-in person of a request that has passed login_required."""
    return cast("User", request.user)


def current_membership(request: HttpRequest) -> Membership:
    """The membership through which somebody works at the moment. Raises Http404 if none."""
    memberships = person(request).memberships.select_related("team").order_by("id")
    chosen = memberships.filter(team=request.session.get(SESSION_KEY)).first()
    membership = chosen or memberships.first()
    if membership is None:
        raise Http404("You are not in a team.")
    return membership


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
