"""What somebody has beside a password."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import template
from django.db.models import Count

from accounts.models import User

register = template.Library()


@register.filter
def second_factors(user: User) -> dict[str, int]:
    """How many of each there are: `{"webauthn": 2, "recovery_codes": 1}`."""
    factors = Authenticator.objects.filter(user=user).order_by("type")
    return dict(factors.values_list("type").annotate(Count("pk")))
