"""The people of every test: Alice owns, Bob edits, Vera views, Charlie is an outsider."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from accounts.models import Membership, Role, Team, User
from playground import pulse
from playground.pipeline import upstreams

from . import memory
from .running import first_start
from .upstream import Upstream

PASSWORD = "sty-and-trough-42"

# A shell that runs this in the background has it ignore Ctrl-C, and so would whatever tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# For `tmp_path`; xdist's workers get theirs from the process that starts them.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory.folder())

# Property tests look for wrong results, not for slow ones: a busy machine must not fail them.
hypothesis_settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")


DATABASE_FIXTURES = ("transactional_db", "live_server", "db")


@pytest.fixture(autouse=True)
def _empty_queue_and_cache(request: pytest.FixtureRequest) -> None:
    """Whatever an earlier test left outside the database's transactions is gone."""
    settings.HUEY.storage.flush_all()
    if "RedisCache" in settings.CACHES["default"]["BACKEND"]:
        cache.clear()
        return
    for fixture in DATABASE_FIXTURES:
        if fixture in request.fixturenames:
            request.getfixturevalue(fixture)
            cache.clear()
            break


@pytest.fixture(autouse=True)
def _somebody_at_work(_empty_queue_and_cache: None) -> None:
    """Whether or not a test plays the worker, its pages take one to be there, for ever."""
    show_somebody_at_work()


def show_somebody_at_work() -> None:
    settings.HUEY.storage.put_data(pulse.KEY, b"inf")


def empty_cache() -> None:
    """Forget what was counted against anybody. Redis keeps cache and queue in one place."""
    cache.clear()
    show_somebody_at_work()


@pytest.fixture(scope="session")
def first_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data as the first start leaves it. Tests start from copies."""
    base = tmp_path_factory.getbasetemp()
    # Each of xdist's workers has a folder of its own below the one of all.
    return first_start(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Give each worker a copy of one SQLite database: all its migrations take seconds."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return False
    first_data: Path = request.getfixturevalue("first_data")
    shutil.copy(first_data / "playground.sqlite3", database["TEST"]["NAME"])
    return True


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let fixtures of a module write rows that all of its tests begin with.

    What a test changes is undone after it, and all of it after the module.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_person(name: str, team: Team | None, role: str = "") -> User:
    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
    if team:
        Membership.objects.create(team=team, user=user, role=role)
    return user


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Sty")


@pytest.fixture
def alice(team: Team) -> User:
    return make_person("Alice", team, Role.OWNER)


@pytest.fixture
def bob(team: Team) -> User:
    return make_person("Bob", team, Role.EDITOR)


@pytest.fixture
def vera(team: Team) -> User:
    return make_person("Vera", team, Role.VIEWER)


@pytest.fixture
def charlie(db: None) -> User:
    return make_person("Charlie", Team.objects.create(name="Elsewhere"), Role.OWNER)


@pytest.fixture
def with_mail_server(settings: LazySettings) -> None:
    """As EMAIL_URL leaves it: addresses are confirmed."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.fixture
def imagepig(settings: LazySettings) -> Iterator[Upstream]:
    """A fake Image Pig that this process's pipeline calls; it answers as documented."""
    with Upstream() as upstream:
        settings.IMAGEPIG_API_URL = upstream.url
        # A client keeps the settings that it was made with.
        upstreams._imagepig.cache_clear()
        yield upstream
    upstreams._imagepig.cache_clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_vera(vera: User) -> Client:
    return signed_in(vera)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return signed_in(charlie)
