from __future__ import annotations

from pathlib import Path

import pytest

from imagepig_site.bell import Bell
from imagepig_site.queue import make_queue


def test_the_bell_rings_once_the_task_is_there_to_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, worker = make_queue("", tmp_path), make_queue("", tmp_path)
    found: list[tuple[Path, int]] = []
    monkeypatch.setattr(
        Bell, "ring", lambda bell: found.append((bell.path, worker.pending_count()))
    )

    @pages.task()  # type: ignore[untyped-decorator]
    def paint() -> None: ...

    paint()

    assert found == [(tmp_path / "queue.bell", 1)]
    for queue in (pages, worker):
        queue.storage.close()
