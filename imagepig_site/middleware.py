"""The frame's own middleware."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import resolve

FOR_MACHINES = frozenset({"/livez", "/readyz", "/metrics"})


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
