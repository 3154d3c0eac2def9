"""What the pages behind share links say of a picture."""

from __future__ import annotations

from urllib.parse import quote

from django import template

from ..imagepig.endpoints import TABLE
from ..models import Generation
from ..sharing import Shared

register = template.Library()


@register.filter
def alternative(shared: Shared, picture: Generation) -> str:
    """What a picture is called for those who cannot see it."""
    return shared.alternative(picture)


@register.filter
def model_name(picture: Generation) -> str:
    """The model that made it; the endpoint's key where that is no longer in the table."""
    return TABLE[picture.endpoint].model if picture.endpoint in TABLE else picture.endpoint


@register.filter
def twice_quoted(text: str) -> str:
    """For an address that is itself a part of an address."""
    return quote(quote(text, safe=""), safe="")
