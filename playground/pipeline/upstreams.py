"""Where calls go: one function picks Image Pig or the sandbox."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from ..models import Upstream

if TYPE_CHECKING:
    from ..imagepig.client import Client

SANDBOX_KEY = "sandbox"


def client_for(upstream: str) -> Client:
    """The client of this process for one upstream; made when it is first needed."""
    return _sandbox() if upstream == Upstream.SANDBOX else _imagepig(settings.IMAGEPIG_API_URL)


def prepare() -> None:
    """Make the clients now, so that the first picture does not wait for it."""
    for upstream in Upstream.values:
        client_for(upstream)


@cache
def _imagepig(base_url: str) -> Client:
    from ..imagepig.client import Client

    return Client(
        base_url,
        connect_seconds=settings.CONNECT_SECONDS,
        deadline_seconds=settings.CALL_SECONDS,
        max_connections=max(64, settings.WORKER_THREADS),
    )


@cache
def _sandbox() -> Client:
    # Imported late: the painter is of no use to the web server.
    from ..imagepig.in_process import client_of
    from ..sandbox.server import SandboxApplication, mounted

    application = SandboxApplication(settings.SANDBOX_DIR, latency=settings.SANDBOX_LATENCY)
    return client_of(
        mounted(application, "/sandbox"),
        f"{settings.SITE_URL}/sandbox",
        deadline_seconds=settings.CALL_SECONDS,
    )
