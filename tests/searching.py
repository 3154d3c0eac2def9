"""Looking for a secret in all that is kept, also where it is written in another way."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import tarfile
import zipfile
from pathlib import Path
from urllib.parse import quote

from django.db import connection


def dump() -> bytes:
    """Every value in every table of the database."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "playground_search":
                # It hands out no values; what it keeps lies in tables of its own, seen here too.
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [_as_bytes(value) for row in cursor.fetchall() for value in row]
    assert len(found) > 100
    return b"\n".join(found)


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def disguises(secret: str) -> set[bytes]:
    """The secret as it is, and as it may be written in JSON, HTML, an address, hex or base64."""
    plain = secret.encode()
    written = {
        secret,
        secret.replace("/", "\\/"),
        json.dumps(secret)[1:-1],
        "".join(f"\\u{ord(sign):04x}" for sign in secret),
        html.escape(secret),
        quote(secret),
        quote(secret, safe=""),
        plain.hex(),
        plain.hex().upper(),
    }
    found = {text.encode() for text in written}
    for before in range(3):
        # Base64 goes by three bytes, so it depends on what stands before it.
        first = -(-before * 4 // 3)
        last = (before + len(plain)) * 4 // 3
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * before + plain)[first:last])
    return found


def holding(secret: str, contents: dict[str, bytes]) -> list[str]:
    """The names of those that hold the secret, however it is written there."""
    ways = disguises(secret)
    return [name for name, content in contents.items() if any(way in content for way in ways)]


def files_below(folder: Path) -> dict[str, bytes]:
    """Name → content of every file."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked_zip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpacked_backup(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        members = {info.name: tar.extractfile(info) for info in tar}
        found = {name: member.read() for name, member in members.items() if member}
    return {
        name: gzip.decompress(content) if name.endswith(".gz") else content
        for name, content in found.items()
    }
