"""The frame of somebody's sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SECONDS_BETWEEN = 600
RENEWED = "renewed"
SECONDS_OF_RENEWAL = 24 * 3600
MOST_REMEMBERED = 10_000
"""Sessions; some 100 bytes each."""


class SessionActivityMiddleware:
    """Note when a session was last seen, and let it last as long as it is used.

    Each web server process notes a session at most once in ten minutes, in one query: allauth's own
    middleware takes several with each request. A session is saved anew once a day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._noted: dict[str, float] = {}
        """Session → when this process noted it last."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A stranger without a session is not asked of the database.
        key = request.session.session_key
        if key and request.user.is_authenticated:
            now = time.time()
            if now - self._noted.get(key, 0) >= SECONDS_BETWEEN:
                note(request, key)
                self._remember(key, now)
            if now - request.session.get(RENEWED, 0) >= SECONDS_OF_RENEWAL:
                request.session[RENEWED] = int(now)
        return self.get_response(request)

    def _remember(self, key: str, now: float) -> None:
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[key] = now


def note(request: HttpRequest, key: str) -> None:
    """Write down that, and from where, the session is used now."""
    noted = UserSession.objects.filter(session_key=key).update(
        user=request.user,
        ip=get_adapter().get_client_ip(request),
        user_agent=request.headers.get("User-Agent", "")[:HTTP_USER_AGENT_MAX_LENGTH],
        last_seen_at=timezone.now(),
    )
    if not noted:
        UserSession.objects.create_from_request(request)
