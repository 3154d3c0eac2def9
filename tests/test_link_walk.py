"""Links that work: what everybody gets by one to something shared, and by an invitation."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Invitation, Membership, Role
from playground import sharing
from playground.models import Share
from tests import home
from tests.conftest import empty_cache
from tests.home import World
from tests.test_url_walk import records, told
from tests.url_table import WHO

house, world = home.house, home.world

KINDS = ("picture", "collection", "experiment")
PAGES = ("shared", "shared_card", "shared_picture", "shared_file", "shared_thumbnail")
STRANGERS = ("anonymous", "outsider", "former member")
UNKNOWN = ("post", "put", "patch", "delete", "options", "trace")
SHOWN = {"picture": "picture", "collection": "picture", "experiment": "cell"}
"""Which of the house's pictures the link shows."""


def address(world: World, name: str, kind: str, picture: int | None = None) -> str:
    token = world.house.tokens[kind]
    shown = world.ids[SHOWN[kind]] if picture is None else picture
    return reverse(name, args=[token] if name in ("shared", "shared_card") else [token, shown])


def to_all(world: World, method: str, at: str) -> list[Any]:
    got = []
    for who in WHO:
        got.append(told(getattr(world.clients[who], method)(at)))
        empty_cache()
    return got


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PAGES)
def test_a_link_shows_everybody_the_same_and_takes_nothing(
    name: str, kind: str, world: World
) -> None:
    at, before = address(world, name, kind), records()
    assert to_all(world, "head", at) == [200] * len(WHO)
    for method in UNKNOWN:
        assert (method, *to_all(world, method, at)) == (method, *[405] * len(WHO))
    assert records() == before
    assert to_all(world, "get", at) == [200] * len(WHO)
    # The page itself counts how often strangers opened it, and nothing else is ever written.
    counted = Share.objects.exclude(viewed_at=None)
    assert [each.views for each in counted] == ([len(STRANGERS)] if name == "shared" else [])
    counted.update(views=0, viewed_at=None)
    assert records() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("shared", "shared_card")])
def test_what_is_not_shared_with_it_is_not_found_by_the_link(
    name: str, kind: str, world: World
) -> None:
    shown = world.ids[SHOWN[kind]]
    others = {world.ids[other] for other in ("picture", "cell", "second", "binned", "failed")}
    for other in others - {shown}:
        assert to_all(world, "get", address(world, name, kind, other)) == [404] * len(WHO)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PAGES)
def test_a_link_that_is_taken_back_is_like_none_for_everybody(
    name: str, kind: str, world: World
) -> None:
    for share in Share.objects.filter(team=world.team):
        sharing.revoke(share, by=world.person("owner"))
    assert to_all(world, "get", address(world, name, kind)) == [404] * len(WHO)


def test_an_invitation_is_shown_to_everybody_and_read_without_a_trace(world: World) -> None:
    at, before = reverse("invitation", args=[world.house.tokens["invitation"]]), records()
    for method in ("get", "head"):
        assert to_all(world, method, at) == [200] * len(WHO)
    for method in ("put", "patch", "delete", "options", "trace"):
        assert to_all(world, method, at) == [405] * len(WHO)
    assert records() == before


COMES_IN = {"outsider", "former member"}
ON_THE_WAY = {"anonymous"}


@pytest.mark.parametrize("who", WHO)
def test_an_invitation_lets_in_who_is_outside_and_changes_nothing_for_who_is_inside(
    who: str, world: World
) -> None:
    token, mark = world.house.tokens["invitation"], transaction.savepoint()
    team, before = world.team, set(Membership.objects.values_list("team", "user", "role"))
    answer = world.clients[who].post(reverse("invitation", args=[token]), {"role": "owner"})
    came = set(Membership.objects.values_list("team", "user", "role")) - before
    open_ones = Invitation.objects.open().filter(team=team).count()
    transaction.savepoint_rollback(mark)
    assert answer.status_code == 302
    on = "account_signup" if who in ON_THE_WAY else "gallery"
    assert answer.headers["Location"].partition("?")[0] == reverse(on)
    if who in COMES_IN:
        assert came == {(team.pk, world.person(who).pk, Role.VIEWER)}
    else:
        assert came == set()
    assert open_ones == (1 if who in COMES_IN else 2)
