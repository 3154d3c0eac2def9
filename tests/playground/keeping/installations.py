"""Installations beside the test's own: what is in them, and one with something of everything."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import load_backend
from django.utils import timezone

from accounts.models import Event, Invitation, Notice, Team, User
from accounts.services import set_api_key
from playground.keeping.rows import columns
from playground.keeping.snapshot import kept_models
from playground.models import Comment, Generation, Share, Spending, State, Vote
from playground.pipeline import spool
from tests import needs
from tests.factories import make_experiment, make_generation
from tests.workers import ROOT

Tables = dict[str, list[dict[str, Any]]]


def tables() -> Tables:
    """Label → rows of every table that a backup holds, by their keys."""
    found = {}
    for label, model in kept_models().items():
        names = [column.attname for column in columns(model)]
        every = model._base_manager.order_by("pk").values(*names)
        found[label] = [{name: plain(value) for name, value in row.items()} for row in every]
    return found


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def files(folder: Path) -> dict[str, str]:
    """Name below the folder → SHA-256 of every file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def empty_store() -> None:
    """Remove what earlier tests left in the pictures' storage and the spool."""
    for folder in (pictures_folder(), spool.folder()):
        shutil.rmtree(folder, ignore_errors=True)


def pictures_folder() -> Path:
    return Path(settings.DATA_DIR) / "pictures"


@dataclass
class Installation:
    """Another installation, empty at first, with the encryption key of the test's own."""

    data: Path
    database_url: str

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`manage.py` with these arguments."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "DATA_DIR": str(self.data),
                "DATABASE_URL": self.database_url,
                "PYTHONWARNINGS": "error::ResourceWarning",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def restore(self, file: Path, *options: str) -> str:
        """Restore a backup; gives what was said about it."""
        done = self.run("restore", *options, str(file))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tables(self) -> Tables:
        with self.connected():
            return tables()

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Have this thread ask its database instead of the test's own."""
        config = environ.Env.db_url_config(self.database_url)
        config = connections.configure_settings({DEFAULT_DB_ALIAS: dict(config)})[DEFAULT_DB_ALIAS]
        backend = load_backend(config["ENGINE"])
        own = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = backend.DatabaseWrapper(config)
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS].close()
            connections[DEFAULT_DB_ALIAS] = own

    def pictures(self) -> dict[str, str]:
        return files(self.data / "pictures")

    def answers(self) -> dict[str, str]:
        return files(self.data / "spool")


@contextmanager
def installation(folder: Path, vendor: str) -> Iterator[Installation]:
    """An empty one on this kind of database."""
    data = folder / "data"
    data.mkdir(parents=True)
    # There is none where nothing was ever encrypted.
    if settings.API_KEY_ENCRYPTION_KEYS_FILE.exists():
        shutil.copy(settings.API_KEY_ENCRYPTION_KEYS_FILE, data)
    if vendor == "sqlite":
        yield Installation(data, f"sqlite:///{data / 'restored.sqlite3'}")
        return
    server, name = needs.postgresql(), f"restored_{os.getpid()}_{folder.name.replace('-', '_')}"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        try:
            yield Installation(data, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def store(name: str, content: bytes) -> str:
    return storages["pictures"].save(name, ContentFile(content))


def one_of_everything(team: Team, alice: User, bob: User) -> None:
    """At least one row in every table, generations in every state, and the files they need."""
    now = timezone.now()
    set_api_key(team=team, by=alice, label="Ours", secret="pig-canary-4711-abcdefgh")
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    _people(team, alice, bob)
    for state in State:
        make_generation(team, author=alice, state=state, prompt=f"a pig – “{state}” 🐷\n\\N\t'\"")
    _odd_ones(team, alice)
    picture = Generation.objects.filter(state=State.SAVED).earliest("pk")
    experiment = make_experiment(team, author=bob)
    cells = list(experiment.generations.order_by("pk"))
    Vote.objects.create(experiment=experiment, user=bob, better=cells[0], worse=cells[1])
    collection = team.collections.create(name="Best", author=alice)
    collection.collected.create(generation=picture)
    team.tags.create(name="pink").tagged.create(generation=picture)
    alice.stars.create(team=team, generation=picture)
    picture.ratings.create(user=bob, stars=4)
    team.styles.create(name="Ink", positive_prompt="{prompt}, ink", author=alice)
    team.word_lists.create(name="colours", words="red\nblue")
    alice.saved_views.create(team=team, name="Pigs", query="text=pig")
    comment = Comment.objects.create(
        team=team, generation=picture, author=bob, text="Look, @Alice: ½ €"
    )
    comment.mentions.add(alice)
    Share.objects.create(team=team, shared_by=alice, token_hash="a" * 64, generation=picture)
    Spending.objects.create(
        team=team, user=alice, upstream="imagepig", endpoint="flux", day=date(2025, 2, 28), calls=2
    )
    Notice.objects.create(
        user=alice, team=team, kind="mentioned", text="Bob", address="/", created_at=now
    )


def _people(team: Team, alice: User, bob: User) -> None:
    group = Group.objects.create(name="Helpers")
    group.permissions.add(Permission.objects.latest("pk"))
    bob.groups.add(group)
    bob.user_permissions.add(Permission.objects.earliest("pk"))
    LogEntry.objects.create(
        user=alice,
        content_type=ContentType.objects.get_for_model(Team),
        object_id="1",
        object_repr="Sty",
        action_flag=2,
    )
    Invitation.objects.create(
        team=team, role="viewer", token_hash="b" * 64, expires_at=timezone.now()
    )
    Event.objects.create(team=team, kind="left", by=bob, by_name="Bob")


def _odd_ones(team: Team, alice: User) -> None:
    now = timezone.now()
    largest = 2**64 - 1
    parent = make_generation(
        team,
        author=alice,
        endpoint="flux",
        seed=largest,
        body={"negative_prompt": "fog", "proportion": "landscape", "deep": [1.5, None, {"": -0.1}]},
        answer='{"seed": 18446744073709551615}',
        said="NUL is not among them",
        psnr=41.123456789,
        rating=3.5,
        sent_at=now - timedelta(microseconds=1),
    )
    make_generation(team, author=None, parent=parent, origin=parent, deleted_at=now)
    kept = store("1/2025/01/kept.answer", b'{"image_data": "nothing"}')
    make_generation(team, state=State.UNUSABLE, kept_answer=kept)
    received = make_generation(team, author=alice, state=State.RECEIVED)
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(spool.path_of(received), b'{"image_data": "..."}')
