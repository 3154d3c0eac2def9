"""The frame's own middleware."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import resolve

from imagepig_site import context

logger = logging.getLogger(__name__)

FOR_MACHINES = frozenset({"/livez", "/readyz", "/metrics"})


class RequestIdMiddleware:
    """Gives each request an id, which its log lines carry, and those of what it has made.

    A proxy that is trusted may give it (X-Request-Id), so that its own log tells of the same. A
    click, which is whatever may change something, is a line of its own: by the name of its
    address, since addresses may hold what nobody else should read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _given_id(request) or context.new_request_id()
        begun = time.monotonic()
        with context.working_on(request_id):
            response = self.get_response(request)
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                milliseconds = 1000 * (time.monotonic() - begun)
                status = response.status_code
                name = _name_of(request)
                logger.info("%s %s: %s in %.0f ms", request.method, name, status, milliseconds)
        response["X-Request-Id"] = request_id
        return response


def _given_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-Id", "") if settings.TRUSTED_PROXIES else ""
    return given if context.REQUEST_ID.fullmatch(given) else ""


def _name_of(request: HttpRequest) -> str:
    """The name of the address, with the numbers in it."""
    found = request.resolver_match
    if found is None:
        return "nowhere"
    numbers = [f"{key}={value}" for key, value in found.kwargs.items() if isinstance(value, int)]
    return " ".join([found.view_name or "unnamed", *numbers])


class ForMachinesMiddleware:
    """Answers what a load balancer or Prometheus asks, before anything looks at how it is asked.

    They come by a machine's own address, over plain http, beside the proxy. None of these pages
    depends on the host or knows a session, so neither ALLOWED_HOSTS nor the way to https is theirs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and request.path_info in FOR_MACHINES:
            found = resolve(request.path_info)
            response: HttpResponseBase = found.func(request)
            response["X-Content-Type-Options"] = "nosniff"
            return response
        return self.get_response(request)


class TextGZipMiddleware(GZipMiddleware):
    """Compress pages, not pictures: those are compressed already, and their ETags are strong."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("text/"):
            return super().process_response(request, response)
        return response
