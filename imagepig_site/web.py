"""How gunicorn serves the site: `gunicorn -c python:imagepig_site.web imagepig_site.wsgi`."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from imagepig_site import environment
from imagepig_site.children import end_with_parent

_settings = environment.read()
_host = _settings["BIND_ADDRESS"]

bind = f"[{_host}]:{_settings['PORT']}" if ":" in _host else f"{_host}:{_settings['PORT']}"
worker_class = "gthread"
workers = _settings["WEB_WORKERS"]
threads = _settings["WEB_THREADS"]
# One import for all processes, and their memory is shared.
preload_app = True
# A request may wait ten seconds for pictures; those of a stopping server are let finish.
graceful_timeout = 15
timeout = 60
keepalive = 15
# Room for the longest prompt in the address of a form that was filled in from a picture.
limit_request_line = 8190
loglevel = "warning"
control_socket_disable = True
# Only a proxy that was announced may say that the request came over https.
forwarded_allow_ips = "*" if _settings["TRUSTED_PROXIES"] else ""
# The heartbeat file, where a slow disk cannot make a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # nosec B108


def on_starting(_server: Any) -> None:
    """Ends the master, and so the command, where stored secrets cannot be read."""
    end_with_parent()
    from django.core.management import CommandError, call_command

    try:
        call_command("check_encryption")
    except CommandError as error:
        sys.exit(str(error))


def when_ready(_server: Any) -> None:
    """Load what the first page would, so that all processes share it."""
    import_module("imagepig_site.urls")


def pre_fork(_server: Any, _worker: Any) -> None:
    """No connection opened before the fork is used on both sides of it.

    And what is loaded by now stays: looking through it for garbage would copy all of it into
    each process.
    """
    from django.conf import settings
    from django.db import connections

    gc.collect()
    gc.freeze()

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    settings.HUEY.storage.close()
