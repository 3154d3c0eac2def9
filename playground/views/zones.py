"""Days as they are where the person is: the browser tells its time zone in a cookie."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

COOKIE = "zone"
_NAME = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)

View = Callable[..., HttpResponseBase]


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The browser's time zone; None where it has told none that is known here."""
    name = request.COOKIES.get(COOKIE, "")
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # No such zone; or the name of a folder of zones.
        return None


def in_own_days(view: View) -> View:
    """Have a view read and write days by the browser's time zone, or by UTC where none is known."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(zone_of(request)):
            return view(request, *args, **kwargs)

    return within
