"""Where tests keep their files: in memory, where a commit need not wait for a disk.

What is committed must survive a power cut, and a test run makes commits by the ten thousand.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 2 * 1024**3
"""Bytes that must be free there. A container often has some megabytes only."""


def folder() -> str:
    """A folder in memory where there is one with room, the usual one for temporary files else."""
    if os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free >= ROOM:
        return str(SHARED_MEMORY)
    return tempfile.gettempdir()
