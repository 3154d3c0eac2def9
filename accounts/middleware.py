"""The frame of somebody's sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

SEEN = "seen"
SECONDS_BETWEEN = 600


class SessionActivityMiddleware:
    """Note when a session was last seen, for its person's list of sessions.

    At most once in ten minutes: allauth's own middleware writes to the database with each request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A stranger without a session is not asked of the database.
        if request.session.session_key and request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= SECONDS_BETWEEN:
                UserSession.objects.create_from_request(request)
                request.session[SEEN] = now
        return self.get_response(request)
