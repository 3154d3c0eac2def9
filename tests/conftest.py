"""The people of every test: Alice owns, Bob edits, Vera views, Charlie is an outsider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership, Role, Team, User

PASSWORD = "sty-and-trough-42"


@pytest.fixture(autouse=True)
def _empty_queue_and_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    settings.HUEY.storage.flush_all()
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()


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
