"""Where somebody wants to go who has to sign up first, kept while a mail is on its way.

allauth hands `next` from page to page by itself. The link in the mail that confirms an address
knows nothing of it: the session of the browser does. Only paths of this site are kept.
"""

from __future__ import annotations

import time

from allauth.utils import get_request_param
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

SESSION_KEY = "onward"
CARRIED_SECONDS = 2 * 3600
LONGEST = 8000
"""Characters of an address; the web server takes no longer ones."""


def wanted(request: HttpRequest) -> str:
    """The path of this site that a request's `next` names; empty for any other."""
    target = get_request_param(request, REDIRECT_FIELD_NAME) or ""
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours and len(target) <= LONGEST else ""


def carry(request: HttpRequest) -> None:
    """Keep where somebody wants to go for when the address is confirmed."""
    if target := wanted(request):
        request.session[SESSION_KEY] = [target, int(time.time())]


def arrive(request: HttpRequest) -> str:
    """Where somebody wanted to go who is in now; told once, and empty where it is long ago."""
    target, since = request.session.pop(SESSION_KEY, None) or ("", 0)
    return target if time.time() - since <= CARRIED_SECONDS else ""
