"""Proportional memory: pages that several processes share count once, divided among them."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from ..running import Site, parent


def megabytes(pid: int) -> float:
    """Of this process and its children."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        if pid in (int(folder.name), parent(int(folder.name))):
            try:
                rollup = (folder / "smaps_rollup").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            total += sum(
                int(line.split()[1]) / 1024
                for line in rollup.splitlines()
                if line.startswith("Pss:")
            )
    return total


class Watched:
    """Measures the site's processes four times a second, and keeps the most each of them took."""

    def __init__(self, site: Site) -> None:
        self.processes = site.children()
        self.most = dict.fromkeys(self.processes, 0.0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def measure(self) -> dict[str, float]:
        now = {name: megabytes(pid) for name, pid in self.processes.items()}
        self.most = {name: max(self.most[name], value) for name, value in now.items()}
        return now

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            self.measure()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
