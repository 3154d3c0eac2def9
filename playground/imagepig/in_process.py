"""The API answered by a WSGI application in this very process: no socket, the same client."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

import httpx

from .client import Client


def client_of(application: WSGIApplication, base_url: str, *, deadline_seconds: float) -> Client:
    """A client whose calls `application` answers, as if it were served at `base_url`."""
    return Client(
        base_url,
        transport=httpx.WSGITransport(app=application),
        deadline_seconds=deadline_seconds,
    )
