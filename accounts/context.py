"""What every page says of the team somebody works in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject

from .access import current_membership
from .models import ApiKey, Membership


def sends_mail() -> bool:
    """Whether the installation has a mail server, and so confirms addresses."""
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory")


def team(request: HttpRequest) -> dict[str, Any]:
    """`membership` and the team's `api_key`; asked of the database only if the page shows them.

    And `sends_mail`: whether mails leave the house, or end on the console.
    """
    site = {"sends_mail": sends_mail()}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {**site, "membership": None, "api_key": None}

    def membership() -> Membership | None:
        try:
            return current_membership(request)
        except Http404:
            return None

    lazy_membership = SimpleLazyObject(membership)

    def api_key() -> ApiKey | None:
        return lazy_membership.team.api_key if lazy_membership else None

    return {**site, "membership": lazy_membership, "api_key": SimpleLazyObject(api_key)}
