"""What the web server and the worker do as children of `serve`."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PARENT = "SERVED_BY"
"""Environment variable with the process id of the `serve` that started this process."""

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Stop this process, gracefully, when `serve` is gone, even where it was killed outright.

    Only Linux can promise that. Does nothing in a process that `serve` did not start.
    """
    parent = os.environ.get(PARENT)
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        # It ended before the line above.
        os.kill(os.getpid(), signal.SIGTERM)
