"""The sandbox for anyone's client: a page that explains it, and the API itself."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from wsgiref.types import WSGIApplication, WSGIEnvironment

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache as shared_cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from ..imagepig.endpoints import TABLE, Body
from ..imagepig.samples import LANGUAGES, sample
from ..sandbox.answers import Refused

SHOWN_BODY: Body = {"positive_prompt": "a pink pig on a green hill at sunset", "seed": 42}
WINDOW_SECONDS = 60

# Counting takes two steps in most caches; within a process nothing comes between them.
_COUNTING = threading.Lock()


@csrf_exempt
def sandbox(request: HttpRequest) -> HttpResponse:
    """Explain the sandbox to a person, or answer a program at the default endpoint."""
    if request.method not in ("GET", "HEAD"):
        return sandbox_api(request)
    path = reverse("sandbox")
    address = request.build_absolute_uri(path)
    context = {
        "path": path,
        "address": address,
        "endpoints": TABLE.values(),
        "codes": codes(address),
        "rate": settings.SANDBOX_RATE,
    }
    return render(request, "playground/sandbox.html", context)


@csrf_exempt
def sandbox_api(request: HttpRequest, below: str = "") -> HttpResponse:
    """Answer as Image Pig's API does. Reads no cookie, so no other site can misuse a session."""
    if request.method == "POST" and (seconds := seconds_to_wait(request)):
        return refuse_for_now(seconds)
    environ = {
        **request.META,
        "SCRIPT_NAME": reverse("sandbox").rstrip("/"),
        "PATH_INFO": f"/{below}",
        "HTTP_HOST": request.get_host(),
        "wsgi.url_scheme": request.scheme or "http",
    }
    environ.pop("HTTP_COOKIE", None)
    return call(application(), environ)


@cache
def application() -> WSGIApplication:
    # Imported late: a web server whose sandbox nobody asks for need not hold the painter.
    from ..sandbox.server import SandboxApplication

    return SandboxApplication(settings.SANDBOX_DIR, latency=settings.SANDBOX_LATENCY)


def call(serve: WSGIApplication, environ: WSGIEnvironment) -> HttpResponse:
    """Call a WSGI application; give its answer as Django's."""
    response = HttpResponse()

    def start_response(
        status: str, headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        response.status_code = int(status.partition(" ")[0])
        for name, value in headers:
            response[name] = value
        return response.write

    response.content = b"".join(serve(environ, start_response))
    return response


def codes(address: str) -> list[tuple[str, str, str]]:
    """One request as code: (key, label, code) of each language."""
    return [
        (
            each.key,
            each.label,
            sample(each.key, TABLE["default"], SHOWN_BODY, base_url=address, file_name="pig.jpeg"),
        )
        for each in LANGUAGES.values()
    ]


def seconds_to_wait(request: HttpRequest) -> int:
    """Count one picture for the address that asks; 0, or seconds until it may ask again."""
    address = network_of(get_adapter(request).get_client_ip(request))
    window, passed = divmod(int(time.time()), WINDOW_SECONDS)
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    key = f"sandbox-rate:{window}:{name}"
    with _COUNTING:
        count = shared_cache.get(key, 0) + 1
        if count > settings.SANDBOX_RATE:
            return WINDOW_SECONDS - passed
        shared_cache.set(key, count, timeout=2 * WINDOW_SECONDS)
    return 0


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network, since each customer has a whole one."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(read.ipv4_mapped or ip_network((read, 64), strict=False))


def refuse_for_now(seconds: int) -> HttpResponse:
    """Answer 429 in the API's shape of error."""
    message = f"Too many pictures at once. Please wait {seconds} s."
    headers = {"Retry-After": str(seconds)}
    now = datetime.now(UTC)
    answer = Refused(HTTPStatus.TOO_MANY_REQUESTS, message, headers=headers).answer(now, now)
    return HttpResponse(
        answer.content,
        content_type=answer.content_type,
        status=answer.status,
        headers=dict(answer.headers),
    )
