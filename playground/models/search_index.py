"""The index of words, in each database's own way. Migrations make it; models know nothing of it.

SQLite: an FTS5 table that keeps no text of its own, and triggers that write what enters and leaves
the gallery. PostgreSQL: a generated column and an index over the gallery.
In both each row holds its team as a word that no prompt can hold, so that a team with a few
pictures is not searched through another's many.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_ROW = (
    "{0}.id, {0}.team_id, coalesce({0}.positive_prompt, ''), "
    "coalesce(json_extract({0}.body, '$.negative_prompt'), '')"
)
_COLUMNS = "rowid, team, positive_prompt, negative_prompt"
_IN = "({0}.state = 'saved' AND {0}.deleted_at IS NULL)"
_PUT = f"INSERT INTO playground_search({_COLUMNS}) VALUES ({_ROW.format('new')});"  # noqa: S608
_TAKE = (
    f"INSERT INTO playground_search(playground_search, {_COLUMNS}) "  # noqa: S608
    f"VALUES ('delete', {_ROW.format('old')});"
)
_BEFORE, _AFTER = _IN.format("old"), _IN.format("new")
_TEXTS_DIFFER = "(old.team_id IS NOT new.team_id OR old.body IS NOT new.body)"

SQLITE_TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS playground_search USING fts5(
    team, positive_prompt, negative_prompt,
    content='', columnsize=0, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2'
)
"""
# A table without text has to be told what to forget, word for word.
SQLITE_TRIGGERS = {
    "playground_search_new": (
        f"AFTER INSERT ON playground_generation WHEN {_AFTER} BEGIN {_PUT} END"
    ),
    "playground_search_enters": (
        "AFTER UPDATE OF state, deleted_at ON playground_generation "
        f"WHEN {_AFTER} AND NOT {_BEFORE} BEGIN {_PUT} END"
    ),
    "playground_search_leaves": (
        "AFTER UPDATE OF state, deleted_at ON playground_generation "
        f"WHEN {_BEFORE} AND NOT {_AFTER} BEGIN {_TAKE} END"
    ),
    "playground_search_changes": (
        "AFTER UPDATE OF team_id, body ON playground_generation "
        f"WHEN {_BEFORE} AND {_AFTER} AND {_TEXTS_DIFFER} BEGIN {_TAKE} {_PUT} END"
    ),
    "playground_search_gone": (
        f"AFTER DELETE ON playground_generation WHEN {_BEFORE} BEGIN {_TAKE} END"
    ),
}

# Accents off, and no marks between words, so that both databases find the same. The word in between
# keeps a phrase from reaching from one prompt into the other; it is taken out again.
POSTGRESQL = (
    r"""
ALTER TABLE playground_generation ADD COLUMN IF NOT EXISTS search tsvector GENERATED ALWAYS AS (
    ts_delete(
        to_tsvector('simple'::regconfig, regexp_replace(regexp_replace(
            normalize(
                coalesce(body ->> 'positive_prompt', '') || ' x0between0x '
                || coalesce(body ->> 'negative_prompt', ''),
                NFKD
            ), '[\u0300-\u036f]+', '', 'g'
        ), '[^0-9A-Za-z\u0080-\U0010ffff]+', ' ', 'g')),
        'x0between0x'
    ) || array_to_tsvector(ARRAY[' ' || team_id])
) STORED
""",
    """
CREATE INDEX IF NOT EXISTS playground_search ON playground_generation USING gin (search)
WITH (fastupdate = off) WHERE state = 'saved' AND deleted_at IS NULL
""",
)


def make(connection: BaseDatabaseWrapper) -> None:
    """Make the index where there is none, of the pictures that are there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute(SQLITE_TABLE)
        cursor.execute("INSERT INTO playground_search(playground_search) VALUES ('delete-all')")
        fill = f"INSERT INTO playground_search({_COLUMNS}) SELECT {_ROW.format('each')} "
        cursor.execute(f"{fill} FROM playground_generation AS each WHERE {_IN.format('each')}")
    watch(connection)


def watch(connection: BaseDatabaseWrapper) -> None:
    """Put SQLite's triggers where they are missing: changing a table may make it anew, without."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name, what in SQLITE_TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")


def unwatch(connection: BaseDatabaseWrapper) -> None:
    """Take SQLite's triggers and PostgreSQL's index away, to write very many rows.

    `make` follows.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX IF EXISTS playground_search")
            return
        for name in SQLITE_TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def drop(connection: BaseDatabaseWrapper) -> None:
    unwatch(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE playground_generation DROP COLUMN IF EXISTS search")
        else:
            cursor.execute("DROP TABLE IF EXISTS playground_search")


def after_migrating(*, using: str, **_signal: Any) -> None:
    """Receive Django's signal that migrations have run."""
    from django.db import connections

    connection = connections[using]
    if "playground_search" in connection.introspection.table_names():
        watch(connection)
