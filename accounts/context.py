"""What every page says of the team somebody works in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from .access import current_membership, memberships
from .models import ApiKey, Membership


def sends_mail() -> bool:
    """Whether the installation has a mail server, and so confirms addresses."""
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory")


def team(request: HttpRequest) -> dict[str, Any]:
    """`membership`, the team's `api_key`, all `memberships` by name, and `unread` notices.

    The database is asked only if the page shows them. And `sends_mail`: whether mails leave the
    house, or end on the console.
    """
    site = {"sends_mail": sends_mail()}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {**site, "membership": None, "api_key": None, "memberships": [], "unread": 0}

    def membership() -> Membership | None:
        try:
            return current_membership(request)
        except Http404:
            return None

    lazy_membership = SimpleLazyObject(membership)

    def api_key() -> ApiKey | None:
        return lazy_membership.team.api_key if lazy_membership else None

    def by_name() -> list[Membership]:
        return sorted(memberships(request), key=lambda each: each.team.name.casefold())

    return {
        **site,
        "membership": lazy_membership,
        "api_key": SimpleLazyObject(api_key),
        "memberships": SimpleLazyObject(by_name),
        "unread": SimpleLazyObject(lambda: lazy_membership.unread if lazy_membership else 0),
    }
