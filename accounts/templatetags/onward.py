"""Links that take along where somebody wants to go."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse

from .. import onward

register = template.Library()


@register.simple_tag(takes_context=True)
def login_address(context: dict[str, Any]) -> str:
    """The login, and after it the page of this site that the request wanted to lead to."""
    target = onward.wanted(context["request"])
    query = f"?{urlencode({REDIRECT_FIELD_NAME: target})}" if target else ""
    return reverse("account_login") + query
