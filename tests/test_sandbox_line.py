"""While a team has no API key, every page its people see says so in one line, with the way out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey
from imagepig_site.middleware import FOR_MACHINES
from tests import home
from tests.accounts.second_step import SECRET
from tests.accounts.test_pages import confirmed
from tests.home import World
from tests.url_table import TABLE

LINE = re.compile(r'<aside class="notice" aria-label="Sandbox">(.*?)</aside>', re.DOTALL)
ADD_ONE = '<a href="{}">Add your API key</a>'
ASK = "An owner of your team can add an API key."
SIGNED_IN = ("outsider", "viewer", "editor", "owner", "former member")

house, world = home.house, home.world


@pytest.fixture
def keyless(world: World) -> World:
    ApiKey.objects.all().delete()
    return world


def assert_line(page: str, way_out: str, name: str) -> None:
    lines = LINE.findall(page)
    assert (name, len(lines)) == (name, 1)
    assert "You are in the sandbox" in lines[0]
    assert (name, way_out in lines[0]) == (name, True)


def full_pages(client: Client, world: World) -> dict[str, str]:
    """Address's name → HTML, of all the whole pages that somebody gets.

    Without those for machines, where nobody is signed in.
    """
    addresses = {name: world.address(name) for name in TABLE}
    answers = {
        name: client.get(address)
        for name, address in addresses.items()
        if address not in FOR_MACHINES
    }
    # A file that was read to its end is closed.
    read = {name: answer.getvalue() for name, answer in answers.items()}
    return {
        name: content.decode()
        for name, content in read.items()
        if answers[name].status_code != 302 and b"<html" in content
    }


def way_out(who: str, name: str) -> str:
    """What the line offers: whoever has a team of their own owns it."""
    if who in ("viewer", "editor"):
        return ASK
    return ADD_ONE.format("#id_api_key" if name == "api_key" else reverse("api_key"))


@pytest.mark.parametrize("who", SIGNED_IN)
def test_every_page_says_it(who: str, keyless: World) -> None:
    pages = full_pages(keyless.clients[who], keyless)
    assert {"playground", "gallery", "api_key", "account_email", "account_logout"} <= set(pages)
    for name, page in pages.items():
        assert_line(page, way_out(who, name), name)


def test_on_the_page_of_the_key_it_leads_to_the_field(keyless: World) -> None:
    page = keyless.clients["owner"].get(reverse("api_key")).content.decode()
    assert_line(page, ADD_ONE.format("#id_api_key"), "api_key")
    assert 'id="id_api_key"' in page


def test_every_page_that_asks_who_one_is_says_it_too(keyless: World) -> None:
    alice = keyless.person("owner")
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    asked = full_pages(confirmed(alice), keyless)
    assert {"mfa_reauthenticate", "mfa_view_recovery_codes", "delete_team"} <= set(asked)
    for name, page in asked.items():
        assert_line(page, way_out("owner", name), name)


def refused_by_role(client: Client) -> Any:
    return client.post(reverse("playground"))


def too_old(client: Client) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post(reverse("playground"))


def missing(client: Client) -> Any:
    return client.get("/nothing/")


def too_often(client: Client) -> Any:
    for _ in range(30):
        answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    return answer


@pytest.mark.parametrize(
    ("fail", "status"), [(refused_by_role, 403), (too_old, 403), (missing, 404), (too_often, 429)]
)
def test_pages_about_what_went_wrong_say_it(fail: Any, status: int, keyless: World) -> None:
    answer = fail(keyless.clients["viewer"])
    assert answer.status_code == status
    assert_line(answer.content.decode(), ASK, fail.__name__)


def test_with_a_key_no_page_says_it(world: World) -> None:
    pages = full_pages(world.clients["owner"], world)
    assert not [name for name, page in pages.items() if LINE.search(page)]


def test_a_stranger_is_told_nothing_of_it(keyless: World) -> None:
    pages = full_pages(keyless.clients["anonymous"], keyless)
    assert "account_login" in pages
    assert not [name for name, page in pages.items() if LINE.search(page)]
