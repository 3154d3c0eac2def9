"""Old databases and new ones: the squashed migrations come to what they replace."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlparse
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.playground.keeping.installations import installation

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = """
SELECT tbl_name, name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'django_migrations%'
"""
COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
    is_identity, generation_expression
FROM information_schema.columns WHERE table_schema = 'public'
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


def one_by_one() -> None:
    """Migrate as installations did that are older than the squashed migrations."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    replacements = executor.loader.replacements
    squashed = {app for app, _ in replacements}
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in squashed]
    executor.migrate([migration.replaces[-1] for migration in replacements.values()] + others)


def schema() -> set[tuple[object, ...]]:
    """All that the database knows of its tables, but the order of their columns."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(TABLES)
            return {(table, name, part) for table, name, sql in cursor for part in parts(sql)}
        found: set[tuple[object, ...]] = set()
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            cursor.execute(query)
            found.update(cursor.fetchall())
        return found


def parts(sql: str) -> list[str]:
    """What stands between a statement's outermost commas."""
    depth, found = 0, [""]
    for token in sqlparse.parse(sql)[0].flatten():  # type: ignore[no-untyped-call]
        outermost = (token.value, depth) in {("(", 0), (",", 1), (")", 1)}
        depth += {"(": 1, ")": -1}.get(token.value, 0)
        if outermost:
            found.append("")
        else:
            found[-1] += token.value
    return [part.strip() for part in found]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_a_new_database_is_what_an_old_one_has_become(tmp_path: Path, vendor: str) -> None:
    with installation(tmp_path / "new", vendor) as new, new.connected():
        call_command("migrate", verbosity=0)
        made = schema()
    with installation(tmp_path / "old", vendor) as old, old.connected():
        one_by_one()
        call_command("migrate", verbosity=0)
        grown = schema()
        assert not call_command("migrate", check_unapplied=True, verbosity=0)
    assert sorted(made - grown) == sorted(grown - made)
    assert len(made) > 100
