"""Rows of a table as lines of JSON and back, the same from and for every database.

A chunk's first line names the columns; each line after it is a row. What the database makes itself
(generated columns, indexes, the index of words) is no part of it.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from .archive import BadArchive

CHUNK_BYTES = 2 * 2**20
"""About so much JSON is in one chunk."""
MOST_CHUNK_BYTES = 256 * 2**20
ROWS_AT_ONCE = 500
GZIP = 31
"""zlib's number for gzip with its header."""


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields whose values are kept."""
    return [
        column
        for column in model._meta.local_concrete_fields  # noqa: SLF001
        if not column.generated
    ]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table, as values and as compressed lines."""

    names: list[str]
    rows: list[tuple[Any, ...]] = field(repr=False)
    content: bytes = field(repr=False)


def chunks(model: type[models.Model]) -> Iterator[Chunk]:
    """All rows of a table in the order of their keys, some at a time."""
    names = [column.attname for column in columns(model)]
    rows: list[tuple[Any, ...]] = []
    lines: list[bytes] = []
    size = 0
    everything = model._base_manager.order_by("pk")  # noqa: SLF001
    for row in everything.values_list(*names).iterator(chunk_size=ROWS_AT_ONCE):
        rows.append(row)
        lines.append(_line(row))
        size += len(lines[-1])
        if size >= CHUNK_BYTES:
            yield Chunk(names, rows, _compressed([_line(names), *lines]))
            rows, lines, size = [], [], 0
    if rows:
        yield Chunk(names, rows, _compressed([_line(names), *lines]))


def load(model: type[models.Model], content: bytes) -> int:
    """Insert the rows of a chunk; gives how many. Raises BadArchive."""
    lines = iter(_decompressed(content).split(b"\n"))
    try:
        into = _columns(model, json.loads(next(lines)))
        rows = [_prepared(into, json.loads(line)) for line in lines if line]
    except (ValueError, TypeError, FieldDoesNotExist, ValidationError) as error:
        label = model._meta.label_lower  # noqa: SLF001
        raise BadArchive(f"A row of {label} in it cannot be read: {error}.") from error
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)  # noqa: SLF001
    named = ", ".join(quote(str(column.column)) for column in into)
    places = ", ".join(["%s"] * len(into))
    # The names are the models' own.
    insert = f"INSERT INTO {table} ({named}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(insert, rows)
    return len(rows)


def _columns(model: type[models.Model], names: Any) -> list[models.Field[Any, Any]]:
    if not isinstance(names, list) or not names:
        raise TypeError("its first line names no columns")
    return [_column(model, name) for name in names]


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    for column in columns(model):
        if column.attname == name:
            return column
    raise FieldDoesNotExist(f"there is no column {name!r}")


def _prepared(into: list[models.Field[Any, Any]], values: list[Any]) -> list[Any]:
    # Not the thread's stand-in for the connection: each look through it costs.
    database = connections[DEFAULT_DB_ALIAS]
    return [
        None if value is None else column.get_db_prep_save(column.to_python(value), database)
        for column, value in zip(into, values, strict=True)
    ]


def _line(values: Any) -> bytes:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    """What JSON does not know, as the field's `to_python` reads it."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return b64encode(value).decode("ascii")
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    raise TypeError(f"A {type(value).__name__} cannot be kept.")


def _compressed(lines: list[bytes]) -> bytes:
    compressor = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    return compressor.compress(b"\n".join(lines)) + compressor.flush()


def _decompressed(content: bytes) -> bytes:
    decompressor = zlib.decompressobj(GZIP)
    try:
        text = decompressor.decompress(content, MOST_CHUNK_BYTES)
    except zlib.error as error:
        raise BadArchive(f"A part of the database in it cannot be read: {error}.") from error
    if decompressor.unconsumed_tail or not decompressor.eof:
        raise BadArchive("A part of the database in it is larger than any, or cut off.")
    return text
