"""What `make bench` does about PostgreSQL; what it measures is its own affair."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from . import needs
from .bench import gallery
from .bench.figures import Report

NOBODY = "postgres://127.0.0.1:9/x"


class Named:
    """A database that is not filled."""

    def __init__(self, _folder: Path, pictures: int, database: str = "") -> None:
        self.pictures, self.database = pictures, database


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Named]:
    """What was compared with one another, each while it was there."""
    found: list[Named] = []

    def between(_report: Report, *databases: Named, on: str) -> None:
        assert on == "PostgreSQL: "
        for each in databases:
            if each.database != NOBODY:
                psycopg.connect(each.database).close()
            found.append(each)

    monkeypatch.setattr(gallery, "Filled", Named)
    monkeypatch.setattr(gallery, "between", between)
    for variable in ("BENCH_SMALL", "BENCH_LARGE"):
        monkeypatch.delenv(variable, raising=False)
    return found


def test_where_a_server_answers_two_databases_are_made_for_it_and_dropped(
    measured: list[Named], tmp_path: Path
) -> None:
    needs.postgresql()
    gallery.on_postgresql(Report(), tmp_path)
    small, large = measured
    assert (small.pictures, large.pictures) == (gallery.SMALL, gallery.LARGE)
    assert small.database != large.database
    for each in measured:
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(each.database)


def test_where_none_answers_a_line_says_that_it_was_not_measured_and_why(
    measured: list[Named],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TEST_POSTGRESQL_URL", NOBODY)
    gallery.on_postgresql(Report(), tmp_path)
    (line,) = capsys.readouterr().out.strip().splitlines()
    assert line.startswith("The gallery on PostgreSQL was not measured: connection failed")
    assert measured == []


def test_databases_that_are_named_are_used_as_they_are(
    measured: list[Named], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_SMALL", NOBODY)
    monkeypatch.setenv("BENCH_LARGE", NOBODY)
    gallery.on_postgresql(Report(), tmp_path)
    assert [each.database for each in measured] == [NOBODY, NOBODY]
