"""`manage.py make_gallery`: a gallery of any size to measure with. Its pictures share few files."""

from __future__ import annotations

import io
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import GeneratedField, Max
from django.utils import timezone

from accounts.models import Team, User
from accounts.services import ensure_team

from ...imagepig.endpoints import TABLE
from ...models import (
    Collected,
    Collection,
    Generation,
    Star,
    State,
    Tag,
    Tagged,
    request_key,
    search_index,
)
from ...pictures import read_picture
from ...pipeline.saving import store
from ...sandbox.painter import paint

POOL = 20_000
"""So many differ; beyond, they come again."""
QUOTE = '"'
TIMES = ("queued_at", "sent_at", "received_at", "saved_at")
MANY = 20_000
"""From here on it pays to make the indexes anew instead of keeping them up to date."""
SPAN = timedelta(days=730)

COMMON = "mountain"
"""A tenth of the prompts have this word."""
RARE = "axolotl"
"""One in 10,000 has this one."""
SUBJECTS = (
    "adorable pig", "red fox", "old lighthouse", "glass teapot", "tiny robot", "paper boat", "owl",
    "steam train", "bowl of ramen", "astronaut", "vintage car", "wooden cabin", "sleeping cat",
)  # fmt: skip
PLACES = (
    "by a lake", "in the rain", "under the stars", "on a beach", "in a forest", "at the market",
    "in deep snow", "above the clouds", "in a meadow", "on a cobbled street", "in a greenhouse",
)  # fmt: skip
STYLES = (
    "watercolour", "oil painting", "35 mm photograph", "papercut", "pencil sketch", "isometric",
    "low poly", "soft studio light", "golden hour", "cinematic", "macro", "minimalist",
)  # fmt: skip
AVOIDED = ("", "", "blurry", "text, watermark", "low quality, extra fingers", "people")
TAGS = ("keep", "print", "idea")
PAGE_FILLED = 66
"""So many of a kind are more than a page shows: else it would be measured with fewer tiles."""


class Command(BaseCommand):
    help = "Fills a gallery with many pictures that share a few files, to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pictures", type=int, default=1_000_000)
        parser.add_argument(
            "--team", metavar="EMAIL", help="whose first team gets them; it is made if need be"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number: int = options["pictures"]
        if number < 1:
            raise CommandError("At least one picture has to be asked for.")
        user = _person(options["team"] or "gallery@example.com")
        team = Team.objects.filter(memberships__user=user).order_by("pk")[0]
        begun = time.monotonic()
        newest = Generation.objects.aggregate(newest=Max("pk"))["newest"] or 0
        with _fast_writing(number):
            self._write(team, user, number)
        self._mark(team, user, newest)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # It would gather its statistics a little later; SQLite keeps none by itself.
                cursor.execute("VACUUM ANALYZE" if number >= MANY else "ANALYZE")
        self.stdout.write(f"{number:,} pictures in {time.monotonic() - begun:.0f} s.")

    def _write(self, team: Team, user: User, number: int) -> None:
        """Some from Python; then the database repeats them, later in time, which is much faster."""
        begin, step = _times(team, number)
        pool = min(number, POOL)
        columns, rows = _rows(team, user, pool, begin, step)
        places = ", ".join(["%s"] * len(columns))
        insert = f"INSERT INTO playground_generation ({', '.join(columns)})"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"{insert} VALUES ({places})", list(rows))
        first = team.generations.order_by("-pk").values_list("pk", flat=True)[pool - 1]
        for done in range(pool, number, pool):
            self._progress(done, number)
            values, later = _later(columns, step * done)
            copy = f"{insert} SELECT {values} FROM playground_generation "  # noqa: S608
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"{copy} WHERE id >= %s ORDER BY id LIMIT %s",
                    [*later, first, min(pool, number - done)],
                )
        self._progress(number, number)

    def _progress(self, done: int, number: int) -> None:
        """A bar on a terminal; elsewhere nothing, since each step would be a line."""
        if sys.stdout.isatty():
            bar = "█" * (done * 40 // number)
            self.stdout.write(f"\r{bar:░<40} {done:,} of {number:,}", ending="")
            self.stdout.flush()
            if done == number:
                self.stdout.write("")

    def _mark(self, team: Team, user: User, newest: int) -> None:
        """Star, tag and collect one in fifty each; of few, so many that each tag fills a page."""
        made = Generation.objects.filter(team=team, pk__gt=newest).order_by("pk")
        every = list(made.values_list("pk", flat=True))
        chosen = every[:: max(1, min(50, len(every) // (PAGE_FILLED * len(TAGS))))]
        tags = [Tag.objects.get_or_create(team=team, name=name)[0] for name in TAGS]
        kept, _ = Collection.objects.get_or_create(team=team, name="Best of", deleted_at=None)
        with transaction.atomic():
            Star.objects.bulk_create(Star(user=user, team=team, generation_id=pk) for pk in chosen)
            Tagged.objects.bulk_create(
                Tagged(tag=tags[pk % len(tags)], generation_id=pk) for pk in chosen
            )
            Collected.objects.bulk_create(
                Collected(collection=kept, generation_id=pk) for pk in chosen
            )


def _person(email: str) -> User:
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, name="Gallery")
    ensure_team(user=user)
    return user


@contextmanager
def _fast_writing(number: int) -> Iterator[None]:
    """Make the indexes anew at the end, and let SQLite trust the disk meanwhile."""
    if number < MANY:
        yield
        return
    sqlite = connection.vendor == "sqlite"
    indexes = Generation._meta.indexes  # noqa: SLF001 (Django documents it)
    if sqlite:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-500000")
    search_index.unwatch(connection)
    with connection.schema_editor(atomic=False) as editor:
        for index in indexes:
            editor.remove_index(Generation, index)
    try:
        yield
    finally:
        with connection.schema_editor(atomic=False) as editor:
            for index in indexes:
                editor.add_index(Generation, index)
        search_index.make(connection)
        if sqlite:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=FULL")


def _rows(
    team: Team, user: User, number: int, begin: datetime, step: timedelta
) -> tuple[list[str], Iterator[list[Any]]]:
    """The columns' names, and so many rows of prepared values."""
    fields = {
        field.attname: field
        for field in Generation._meta.local_concrete_fields  # noqa: SLF001
        if not field.primary_key and not isinstance(field, GeneratedField)
    }
    places = {name: place for place, name in enumerate(fields)}
    blank = Generation(team=team, author=user, body={}, calls=0)
    same = [
        field.get_db_prep_save(getattr(blank, name), connection) for name, field in fields.items()
    ]

    def prepared() -> Iterator[list[Any]]:
        for values in _pictures(team, number, begin, step):
            row = [*same]
            for name, value in values.items():
                row[places[name]] = fields[name].get_db_prep_save(value, connection)
            yield row

    columns = [connection.ops.quote_name(str(field.column)) for field in fields.values()]
    return columns, prepared()


def _pictures(
    team: Team, number: int, begin: datetime, step: timedelta
) -> Iterator[dict[str, Any]]:
    """Pictures' fields, from the oldest on. The same each time."""
    draw = Random(number)  # noqa: S311 (no secret)
    files = {key: _files(team, key) for key in TABLE}
    keys = list(TABLE)
    for place in range(number):
        endpoint = draw.choice(keys)
        upstream = "imagepig" if draw.random() < 0.3 else "sandbox"
        seconds = round(draw.uniform(0.4, 7), 3)
        queued_at = begin + step * place
        body = _body(draw, place, endpoint)
        yield {
            "upstream": upstream,
            "endpoint": endpoint,
            "body": body,
            "calls": TABLE[endpoint].calls if upstream == "imagepig" else 0,
            "request_key": request_key(upstream, endpoint, body),
            "state": State.SAVED,
            "queued_at": queued_at,
            "sent_at": queued_at,
            "received_at": queued_at + timedelta(seconds=seconds),
            "saved_at": queued_at + timedelta(seconds=seconds),
            "seconds": seconds,
            "seed": str(body["seed"]),
            "answer": json.dumps({"seed": body["seed"], "mime_type": "image/jpeg"}),
            "rating": float(draw.randint(1, 5)) if draw.random() < 0.1 else 0.0,
            "reruns": 1 if draw.random() < 0.02 else 0,
            **draw.choice(files[endpoint]),
        }


def _body(draw: Random, place: int, endpoint: str) -> dict[str, Any]:
    words = [draw.choice(SUBJECTS), draw.choice(PLACES), *draw.sample(STYLES, 2)]
    if place % 10 == 0:
        words.insert(1, f"{COMMON} view")
    if place % 10_000 == 0:
        words.insert(1, RARE)
    body: dict[str, Any] = {"positive_prompt": ", ".join(words), "seed": draw.getrandbits(32)}
    avoided = draw.choice(AVOIDED)
    known = TABLE[endpoint]
    if avoided and known.parameter("negative_prompt"):
        body["negative_prompt"] = avoided
    if known.parameter("proportion"):
        body["proportion"] = draw.choice(list(known.sizes))
    if draw.random() < 0.2:
        body["format"] = "PNG"
    return body


def _times(team: Team, number: int) -> tuple[datetime, timedelta]:
    """Even steps over two years until now, after all that the team has: ids go up with time."""
    now = timezone.now()
    latest = team.generations.aggregate(latest=Max("queued_at"))["latest"]
    begin = max(now - SPAN, latest or now - SPAN)
    return begin, (now - begin) / number


def _later(columns: list[str], by: timedelta) -> tuple[str, list[Any]]:
    """What to select of a row to have it again, but later; and the parameters in it."""
    postgresql = connection.vendor == "postgresql"
    moved = "{} + %s" if postgresql else "strftime('%%Y-%%m-%%d %%H:%%M:%%f', {}, %s)"
    values = [moved.format(each) if each.strip(QUOTE) in TIMES else each for each in columns]
    parameter = by if postgresql else f"+{by.total_seconds():.3f} seconds"
    return ", ".join(values), [parameter] * len(TIMES)


def _files(team: Team, endpoint: str) -> list[dict[str, Any]]:
    """A few pictures of an endpoint's sizes, stored; and what their records say of them."""
    made = []
    for seed, (proportion, (width, height)) in enumerate(list(TABLE[endpoint].sizes.items()) * 2):
        image = paint(
            positive_prompt=f"{SUBJECTS[seed]} {proportion}",
            negative_prompt="",
            seed=seed,
            width=width // 2,
            height=height // 2,
        )
        written = io.BytesIO()
        image.save(written, "JPEG", quality=80)
        picture = read_picture(written.getvalue())
        name = f"{team.pk}/made/{endpoint}-{seed}"
        file, thumbnail = store(
            {f"{name}.jpeg": written.getvalue(), f"{name}.thumbnail.webp": picture.thumbnail}
        )
        made.append(
            {
                "file": file,
                "thumbnail": thumbnail,
                "placeholder": picture.placeholder,
                "sha256": f"{seed:064x}",
                "mime_type": picture.mime_type,
                "width": width,
                "height": height,
                "bytes": len(written.getvalue()),
            }
        )
    return made
