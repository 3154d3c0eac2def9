"""A WSGI application served over real HTTP on loopback, a thread for each request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import WSGIApplication


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    # Of more than five that come at once the rest would be reset on a busy machine.
    request_queue_size = 64


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Say nothing: pytest shows what matters."""


@contextmanager
def served(application: WSGIApplication) -> Iterator[str]:
    """Serve on a free port; gives the address, "http://127.0.0.1:…"."""
    with make_server(
        "127.0.0.1", 0, application, server_class=_Server, handler_class=_QuietHandler
    ) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
