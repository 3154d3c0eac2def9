"""Sets of names that may be millions, outside the memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

BATCH = 1000


class Names:
    """Distinct names, in a temporary file of SQLite's own that is gone when it is closed."""

    def __init__(self) -> None:
        # The empty name is what makes it a temporary file.
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("CREATE TABLE names(name TEXT PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, names: Iterable[str]) -> None:
        self._file.executemany(
            "INSERT OR IGNORE INTO names VALUES (?)", ((name,) for name in names if name)
        )

    def __contains__(self, name: str) -> bool:
        found = self._file.execute("SELECT 1 FROM names WHERE name = ?", (name,))
        return found.fetchone() is not None

    def __len__(self) -> int:
        (number,) = self._file.execute("SELECT count(*) FROM names").fetchone()
        return int(number)

    def __iter__(self) -> Iterator[str]:
        """In the order of the names, some at a time: more may be added meanwhile."""
        last = ""
        while batch := self._file.execute(
            "SELECT name FROM names WHERE name > ? ORDER BY name LIMIT ?", (last, BATCH)
        ).fetchall():
            for (name,) in batch:
                yield name
            last = batch[-1][0]
