"""How far something long has come."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 40
SECONDS_BETWEEN = 0.1


class Progress:
    """A bar on a terminal; elsewhere nothing, since each step would be a line."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out if out is not None and out.isatty() else None
        self._what, self._done, self._total, self._shown_at = "", 0, 0, 0.0

    def begin(self, what: str, total: int) -> None:
        """Begin something of so many steps, and a line of its own."""
        self.end()
        self._what, self._done, self._total, self._shown_at = what, 0, total, 0.0
        self._show()

    def step(self, number: int = 1) -> None:
        self._done += number
        if time.monotonic() - self._shown_at >= SECONDS_BETWEEN:
            self._show()

    def end(self) -> None:
        if self._out is not None and self._what:
            self._show()
            self._out.write("\n")
        self._what = ""

    def _show(self) -> None:
        if self._out is None:
            return
        self._shown_at = time.monotonic()
        filled = WIDTH * min(self._done, self._total) // self._total if self._total else WIDTH
        numbers = f"{self._done:,} of {self._total:,}"
        self._out.write(f"\r{self._what:<10} {'█' * filled:░<{WIDTH}} {numbers}")
        self._out.flush()
