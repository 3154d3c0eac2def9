"""Which team somebody works in, and what they may do there: one line at the top of a view."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import Http404, HttpRequest

from .models import Membership, User

SESSION_KEY = "team"


def person(request: HttpRequest) -> User:
    """The signed-in person of a request that has passed login_required."""
    return cast("User", request.user)


def current_membership(request: HttpRequest) -> Membership:
    """The membership through which somebody works at the moment. Raises Http404 if none.

    The database is asked once a request, however many parts of a page want to know.
    """
    known: Membership | None = getattr(request, "_current_membership", None)
    if known is not None and known.user_id == person(request).pk:
        return known
    chosen_first = Case(When(team=request.session.get(SESSION_KEY), then=0), default=1)
    memberships = person(request).memberships.select_related("team")
    membership = memberships.order_by(chosen_first, "id").first()
    if membership is None:
        raise Http404("You are not in a team.")
    request._current_membership = membership  # type: ignore[attr-defined]  # noqa: SLF001
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
