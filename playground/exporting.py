"""Pictures as one ZIP, streamed while it is built: the originals, metadata.csv and metadata.json.

The pictures go from the storage to the browser a piece at a time. What is said of them is written
first, into a temporary file, so that the length of the whole is known before its first byte.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Count, QuerySet, Sum
from zipstream import ZipStream

from .imagepig.endpoints import TABLE, all_parameters
from .models import Collection, Generation, GenerationQuerySet, Tag
from .naming import file_name

PICTURES_MAXIMUM = 10_000
IN_MEMORY = 1024 * 1024
"""Bytes of what is said of the pictures that stay in memory; the rest waits on the disk."""
PIECE = 256 * 1024
TOLD = (
    *("author__name", "author__email", "upstream", "endpoint", "body", "template", "calls"),
    *("saved_at", "seconds", "seed", "rating"),
    *("file", "mime_type", "width", "height", "bytes", "sha256"),
)
"""The columns that an export reads."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that some spreadsheet takes for a formula."""

_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 4))
"""A download holds a thread until its last byte; the others are for everybody's pages."""


class NothingToExport(Exception):
    """No picture, or no place for one more download; the message is for the person who asked."""


@dataclass(frozen=True)
class Size:
    """What an export will hold, before its files are looked at."""

    pictures: int
    bytes: int

    @property
    def full(self) -> bool:
        """Whether there may be more pictures than one ZIP takes."""
        return self.pictures >= PICTURES_MAXIMUM


def size(batches: Iterable[GenerationQuerySet]) -> Size:
    """How many pictures these are and how large their files are together."""
    pictures = total = 0
    for rows in batches:
        found = rows.order_by().aggregate(number=Count("pk"), bytes=Sum("bytes"))
        pictures, total = pictures + found["number"], total + (found["bytes"] or 0)
    return Size(pictures, total)


class Archive:
    """The ZIP as an iterable of bytes, whose `len` is known. It has to be closed."""

    def __init__(
        self, batches: Iterable[GenerationQuerySet], also: Mapping[str, bytes] | None = None
    ) -> None:
        """Look up what goes in; `also` are further files. Raises NothingToExport."""
        if not _places.acquire(blocking=False):
            raise NothingToExport(
                "Several downloads are on their way at the moment. Please try again in a minute."
            )
        self._open = True
        self.pictures = 0
        self._tables = Tables()
        self._zip = ZipStream(sized=True)
        try:
            self._fill(batches, also or {})
        except BaseException:
            self.close()
            raise

    def _fill(self, batches: Iterable[GenerationQuerySet], also: Mapping[str, bytes]) -> None:
        storage = storages["pictures"]
        for kept in pictures_of(batches):
            picture = kept.picture
            name = f"pictures/{file_name(picture)}"
            try:
                length = storage.size(picture.file)
            except FileNotFoundError:
                # One lost file must not keep the others from their people.
                name = ""
            else:
                self._zip.add(pieces(picture.file), name, size=length)
            self._tables.add(record(kept, name))
            self.pictures += 1
        for name, content in also.items():
            self._zip.add(content, name)
        if not self.pictures and not also:
            raise NothingToExport("Choose some pictures first.")
        for name, file in self._tables.finished():
            self._zip.add(read_from(file), name, size=file.tell())

    def __len__(self) -> int:
        return len(self._zip)

    def __iter__(self) -> Iterator[bytes]:
        # All is looked up. A download of an hour must not hold one of a few connections.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        yield from self._zip

    def close(self) -> None:
        """Let others have the place, and the temporary files go."""
        if self._open:
            self._open = False
            self._tables.close()
            _places.release()


@dataclass(frozen=True)
class Kept:
    """A picture with what its team made of it."""

    picture: Generation
    tags: list[str]
    collections: list[str]


def pictures_of(batches: Iterable[GenerationQuerySet]) -> Iterator[Kept]:
    """The pictures with all that is told of them: three queries a batch."""
    left = PICTURES_MAXIMUM
    for rows in batches:
        found = list(rows.select_related("author").only(*TOLD).order_by("-pk")[:left])
        chosen = [each.pk for each in found]
        kept = Collection.objects.kept()
        tags = names_by_picture(Tag.objects.filter(tagged__generation__in=chosen), "tagged")
        collections = names_by_picture(kept.filter(collected__generation__in=chosen), "collected")
        for picture in found:
            yield Kept(picture, tags.get(picture.pk, []), collections.get(picture.pk, []))
        left -= len(found)
        if not left:
            return


def names_by_picture(rows: QuerySet[Any], through: str) -> dict[int, list[str]]:
    """Picture's id → names of its tags, or of the collections it is in."""
    found: dict[int, list[str]] = {}
    for pk, name in rows.order_by("name").values_list(f"{through}__generation_id", "name"):
        found.setdefault(pk, []).append(name)
    return found


def pieces(name: str) -> Iterator[bytes]:
    """A file of the pictures' storage, a piece at a time; it is opened when its turn comes."""
    with storages["pictures"].open(name) as file:
        yield from file.chunks(PIECE)


def read_from(file: Any) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def record(kept: Kept, name: str) -> dict[str, Any]:
    """All that is told of a picture; `name` is its file's in the ZIP, empty where that is lost."""
    picture = kept.picture
    entry = TABLE.get(picture.endpoint)
    parameters = {each: picture.body.get(each, "") for each in all_parameters() if each != "seed"}
    return {
        "file": name,
        "id": picture.pk,
        "made": picture.saved_at.isoformat() if picture.saved_at else "",
        "author": str(picture.author or ""),
        "upstream": picture.upstream,
        "endpoint": picture.endpoint,
        "model": entry.model if entry else "",
        # As text: spreadsheets and many readers of JSON round a number of twenty digits.
        "seed": picture.seed or picture.sent_seed,
        **parameters,
        "template": picture.template,
        "width": picture.width,
        "height": picture.height,
        "bytes": picture.bytes,
        "sha256": picture.sha256,
        "seconds": picture.seconds,
        "calls": picture.calls,
        "rating": picture.rating,
        "tags": kept.tags,
        "collections": kept.collections,
        "request": picture.body,
    }


def cell(value: object) -> str:
    """A value as a spreadsheet shows it; none is ever taken for a formula."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


class Tables:
    """metadata.csv for people, metadata.json for programs, both as they grow."""

    def __init__(self) -> None:
        self._csv = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (closed by `close`)
        self._json = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        # With the mark that tells spreadsheets that this is UTF-8.
        self._text = io.TextIOWrapper(self._csv, "utf-8-sig", "replace", newline="")
        self._rows = csv.writer(self._text)
        self._empty = True

    def add(self, told: dict[str, Any]) -> None:
        columns = {name: value for name, value in told.items() if name != "request"}
        if self._empty:
            self._rows.writerow(columns)
        self._rows.writerow([cell(value) for value in columns.values()])
        self._json.write(b"[\n" if self._empty else b",\n")
        self._json.write(json.dumps(told).encode())
        self._empty = False

    def finished(self) -> list[tuple[str, Any]]:
        """Names and files; each file stands at its end."""
        self._text.flush()
        self._json.write(b"\n]\n")
        return [("metadata.csv", self._csv), ("metadata.json", self._json)]

    def close(self) -> None:
        self._text.close()
        self._json.close()
