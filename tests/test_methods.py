"""Every address × everybody × the methods that no page of this site knows, and HEAD."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests import home
from tests.conftest import PASSWORD, empty_cache
from tests.home import World
from tests.test_url_walk import records, told
from tests.url_table import CONFIRM, LOGIN, TABLE, WHO, Answer

house, world = home.house, home.world

UNKNOWN = ("options", "put", "patch", "delete", "trace")
THEIRS = ("allauth.",)
"""Packages whose views answer an unknown method like one they know, or say what they know."""
CONFIRMING = [
    name
    for name, page in TABLE.items()
    # Somebody without a second step is always led from there to the password.
    if CONFIRM in page.get + page.post and "reauthenticate" not in name
]


def answers(name: str, method: str, world: World) -> list[Answer]:
    """What everybody gets, each with the browser as it was before."""
    address, got = world.address(name), []
    for who in WHO:
        client = world.clients[who]
        cookies = deepcopy(client.cookies)
        got.append(told(send(client, method, address)))
        client.cookies = cookies
        empty_cache()
    return got


def send(client: Client, method: str, address: str) -> Any:
    return getattr(client, method)(address)


def is_theirs(address: str) -> bool:
    view = resolve(address.partition("?")[0]).func
    return view.__module__.startswith(THEIRS)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_head_is_answered_like_get_and_no_other_method_is_known(name: str, world: World) -> None:
    page, before = TABLE[name], records()
    theirs = is_theirs(world.address(name))
    assert answers(name, "head", world) == list(page.get)
    for method in UNKNOWN:
        got = answers(name, method, world)
        for who, answer, *known in zip(WHO, got, page.get, page.post, strict=True):
            # Who one is comes first.
            asked = answer in (LOGIN, CONFIRM) and answer in known
            assert answer == 405 or asked or (theirs and answer in (*known, 200, 302)), (
                method,
                who,
            )
    assert records() == before


@pytest.mark.parametrize("name", CONFIRMING)
def test_nor_is_it_after_one_has_confirmed_to_be_the_one(name: str, world: World) -> None:
    owner, address, before = world.clients["owner"], world.address(name), records()
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    got = {method: told(send(owner, method, address)) for method in UNKNOWN}
    if is_theirs(address):
        # What each of them answers is allauth's affair; that nothing comes of it is ours.
        assert CONFIRM not in got.values()
    else:
        assert got == dict.fromkeys(UNKNOWN, 405)
    assert records() == before
