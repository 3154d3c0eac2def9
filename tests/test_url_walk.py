"""Every address × everybody × GET and POST. An address that is not in `url_table.TABLE` fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import home
from tests.conftest import PASSWORD, empty_cache
from tests.home import World
from tests.url_table import CONFIRM, LOGIN, NO, TABLE, WHO, Answer


def addresses(patterns: list[Any], within: str = "") -> Iterator[tuple[str, str, str]]:
    """Route, name and namespace of every address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = ":".join(filter(None, (within, pattern.namespace)))
            yield from addresses(pattern.url_patterns, deeper)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.pattern), pattern.name or "", within


house, world = home.house, home.world


def told(response: Any) -> Answer:
    """The status, or whether one is led to the login or to the question for the password."""
    status: int = response.status_code
    # A file that was read to its end is closed.
    response.getvalue()
    if status == 302:
        path = urlsplit(response.headers["Location"]).path
        if path == reverse("account_reauthenticate"):
            return CONFIRM
        if path == reverse("account_login") and "next=" in response.headers["Location"]:
            return LOGIN
    return status


KEPT = ("account", "accounts", "mfa", "playground")
"""The applications whose tables pages show. Sessions may be written with any request."""


def records() -> list[list[Any]]:
    """Every row of every table that pages show."""
    models = [model for label in KEPT for model in apps.get_app_config(label).get_models()]
    with connection.cursor() as cursor:
        return [rows(cursor, model._meta.db_table) for model in models]


def rows(cursor: CursorWrapper, table: str) -> list[Any]:
    """As the database has them: to make objects of them first would take six times as long."""
    cursor.execute(f"SELECT * FROM {table}")
    return sorted(map(repr, cursor.fetchall()))


NAMES = sorted(TABLE)
PAGES = [name for name in NAMES if TABLE[name].get[WHO.index("owner")] == 200]
MOST_QUERIES = 12


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    found = {
        name or route
        for route, name, namespace in addresses(get_resolver().url_patterns)
        if namespace != "admin"
    }
    assert found == set(TABLE)


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_what_the_table_says(name: str, world: World) -> None:
    page, address = TABLE[name], world.address(name)
    before = records()
    for method, expected in (("get", page.get), ("post", page.post)):
        got: list[Answer] = []
        for who in WHO:
            mark = transaction.savepoint()
            send: Callable[..., Any] = getattr(world.clients[who], method)
            got.append(told(send(address, world.data(name) if method == "post" else None)))
            if method == "post" and got[-1] in (200, 302):
                transaction.savepoint_rollback(mark)
            # Nobody pays for the attempts of those before.
            empty_cache()
        assert records() == before, "a GET, or a POST that was refused, has written something"
        assert (method, *got) == (method, *expected)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_the_database_more_than_twelve_times(name: str, world: World) -> None:
    # Cold and warm: from a session that a process of the web server does not know yet, and again.
    world.clients["owner"].get(reverse("account"))
    client = Client()
    client.cookies = world.clients["owner"].cookies
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(world.address(name)).getvalue()
        queries = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
        assert len(queries) <= MOST_QUERIES, "\n".join(queries)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_answer_shows_the_teams_api_key(method: str, world: World) -> None:
    shown: dict[str, bytes] = {}
    for name in NAMES:
        data = world.data(name) if method == "post" else None
        mark = transaction.savepoint()
        answer = getattr(world.clients["owner"], method)(world.address(name), data)
        shown[name] = str(answer.headers).encode() + answer.getvalue()
        transaction.savepoint_rollback(mark)
        empty_cache()
    assert method == "post" or b"0000" in shown["api_key"]
    assert not [name for name, answer in shown.items() if b"pig-secret" in answer]


def test_no_post_is_taken_without_the_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person("owner"))
    before = records()
    for name in NAMES:
        response = client.post(world.address(name), TABLE[name].data)
        assert (name, response.status_code == 403) == (name, TABLE[name].csrf)
    assert records() == before


def test_only_the_sandboxs_api_does_without_the_token() -> None:
    assert {name for name, page in TABLE.items() if not page.csrf} == {"sandbox", "sandbox_api"}


def test_nobody_of_these_gets_into_the_administration(world: World) -> None:
    routes = [
        (route, name)
        for route, name, namespace in addresses(get_resolver().url_patterns)
        if namespace == "admin" and name
    ]
    assert len(routes) > 20
    for route, name in routes:
        args = ["accounts"] if "app_label" in route else ["1"] * route.count("<")
        # Its page takes a POST only, and is everybody's.
        for who in WHO if name != "logout" else ():
            response = world.clients[who].get(reverse(f"admin:{name}", args=args))
            assert response.status_code in (302, 403), f"{who} at {name}"
            if response.status_code == 302:
                login = (reverse("admin:login"), reverse("account_login"))
                assert response.headers["Location"].startswith(login), f"{who} at {name}"


@pytest.mark.parametrize("name", [name for name in NAMES if TABLE[name].of])
def test_an_id_that_is_nobodys_is_told_like_another_teams(name: str, world: World) -> None:
    address = reverse(name, args=[999_999_999])
    method = "get" if TABLE[name].get != NO else "post"
    assert getattr(world.clients["owner"], method)(address).status_code == 404


def test_a_name_sent_to_the_login_leads_nowhere_else(world: World) -> None:
    alice = world.person("owner")
    client = Client()
    page = client.get(reverse("picture", args=[1]))
    login = page.headers["Location"]
    response = client.post(login, {"login": alice.email, "password": PASSWORD})
    assert response.status_code == 302
    client = Client()
    response = client.post(
        reverse("account_login"),
        {"login": alice.email, "password": PASSWORD, "next": "//evil.example/pictures/1/"},
    )
    assert response.headers["Location"] == reverse("playground")
