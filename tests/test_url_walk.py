"""Every address × everybody × GET and POST. An address that is not in `url_table.TABLE` fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import invitations, services, teams
from accounts.models import ApiKey, Membership, NoticeKind, Role, Team, User
from accounts.notices import tell
from playground import talking, waiting
from playground.models import (
    Collection,
    Generation,
    SavedView,
    Share,
    State,
    Submission,
    Tag,
)
from tests.conftest import PASSWORD, make_person, signed_in
from tests.factories import make_experiment, make_generation, make_submission
from tests.url_table import CONFIRM, LOGIN, NO, TABLE, WHO, Answer


def addresses(patterns: list[Any], within: str = "") -> Iterator[tuple[str, str, str]]:
    """Route, name and namespace of every address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = ":".join(filter(None, (within, pattern.namespace)))
            yield from addresses(pattern.url_patterns, deeper)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.pattern), pattern.name or "", within


class House(NamedTuple):
    """What is in the database: a team with one record of each kind, and everybody there is."""

    people: dict[str, int]
    sessions: dict[str, str]
    """What the session cookie of each of them holds."""
    ids: dict[str, int]


@dataclass
class World:
    """The house, and everybody who may come along with a browser of their own."""

    house: House
    clients: dict[str, Client]

    @property
    def ids(self) -> dict[str, int]:
        return self.house.ids

    def person(self, who: str) -> User:
        return User.objects.get(pk=self.house.people[who])

    def address(self, name: str) -> str:
        page = TABLE[name]
        args: tuple[Any, ...] = (self.ids[page.of],) if page.of else page.args
        query = page.query.format(**self.ids)
        return reverse(name, args=args) + (f"?{query}" if query else "")

    def data(self, name: str) -> dict[str, str]:
        """What is posted there, with ids for `{picture}` and the like."""
        filled = dict(TABLE[name].data)
        for field_name, value in filled.items():
            for kind, pk in self.ids.items():
                value = value.replace(f"{{{kind}}}", str(pk))  # noqa: PLW2901
            filled[field_name] = value
        return filled


def records_of(team: Team, author: User) -> dict[str, int]:
    submission: Submission = make_submission(team, author=author)

    def made(state: str, **fields: Any) -> Generation:
        return make_generation(team, author=author, state=state, submission=submission, **fields)

    experiment = make_experiment(team, author=author, prompts=("a pig",))
    picture = made(State.SAVED, seed=7)
    tag = Tag.objects.create(team=team, name="pink")
    collection = Collection.objects.create(team=team, name="Best", author=author)
    tag.tagged.create(generation=picture)
    collection.collected.create(generation=picture)
    kept = storages["pictures"].save("answers/kept.json", ContentFile(b"{}"))
    return {
        "submission": submission.pk,
        "picture": picture.pk,
        "tag": tag.pk,
        "view": SavedView.objects.create(team=team, user=author, name="Pigs", query="").pk,
        "collection": collection.pk,
        "comment": talking.write(picture=picture, by=author, text="Hm").pk,
        "share": Share.objects.create(
            team=team, token_hash=f"{team.pk:064}", collection=collection
        ).pk,
        "experiment": experiment.pk,
        "binned experiment": make_experiment(
            team, author=author, prompts=("a pig",), deleted_at=timezone.now()
        ).pk,
        "style": team.styles.create(name="Ink", positive_prompt="{prompt}, ink").pk,
        "list": team.word_lists.create(name="colours", words="red\nblue").pk,
        "cell": experiment.generations.earliest("pk").pk,
        "second": made(State.SAVED).pk,
        "binned": made(State.SAVED, deleted_at=timezone.now()).pk,
        "queued": made(State.QUEUED).pk,
        "failed": made(State.NOT_SENT).pk,
        "unusable": made(State.UNUSABLE, kept_answer=kept).pk,
    }


def people_of(team: Team, owner: User, viewer: User) -> dict[str, int]:
    """Of the owner's: a notice, an invitation, a member to manage, and a team that is deleted."""
    deleted = services.create_team(name="Gone", by=owner)
    teams.delete(membership=owner.memberships.get(team=deleted))
    tell(owner, team, NoticeKind.KEY_ATTENTION, "The key needs you", reverse("api_key"))
    return {
        "team": team.pk,
        "member": viewer.memberships.get(team=team).pk,
        "invitation": invitations.invite(team=team, by=owner, role=Role.VIEWER).invitation.pk,
        "deleted team": deleted.pk,
        "notice": owner.notices.get().pk,
    }


@pytest.fixture(scope="module")
def house(module_rows: None) -> House:
    """Written once for all of these tests, as it takes longer than most of them."""
    team = Team.objects.create(name="Sty")
    alice = make_person("Alice", team, Role.OWNER)
    bob = make_person("Bob", team, Role.EDITOR)
    vera = make_person("Vera", team, Role.VIEWER)
    fiona = make_person("Fiona", team, Role.EDITOR)
    charlie = make_person("Charlie", Team.objects.create(name="Elsewhere"), Role.OWNER)
    services.create_team(name="Fiona’s", by=fiona)
    for number, owner in enumerate((alice, charlie, fiona)):
        their = owner.memberships.filter(role=Role.OWNER).select_related("team").get().team
        if owner is not charlie:
            services.set_api_key(
                team=their, by=owner, label="Ours", secret=f"pig-secret-{number:0>9}"
            )
    for person in User.objects.all():
        EmailAddress.objects.create(user=person, email=person.email, primary=True)
    ids = records_of(team, alice) | people_of(team, alice, vera)
    former = signed_in(fiona)
    session = former.session
    session["team"] = team.pk
    session.save()
    Membership.objects.filter(team=team, user=fiona).delete()
    clients = (*(signed_in(person) for person in (charlie, vera, bob, alice)), former)
    cookies = [client.cookies[settings.SESSION_COOKIE_NAME].value for client in clients]
    people = [person.pk for person in (charlie, vera, bob, alice, fiona)]
    who = WHO[1:]
    return House(dict(zip(who, people, strict=True)), dict(zip(who, cookies, strict=True)), ids)


@pytest.fixture
def world(house: House, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    # Nothing here is waited for.
    monkeypatch.setattr(waiting, "HOLD_SECONDS", 0.01)
    clients = {who: Client() for who in WHO}
    for who, session in house.sessions.items():
        clients[who].cookies[settings.SESSION_COOKIE_NAME] = session
    return World(house, clients)


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
    return [list(model._base_manager.order_by("pk").values()) for model in models]


NAMES = sorted(TABLE)


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
            cache.clear()
        assert records() == before, "a GET, or a POST that was refused, has written something"
        assert (method, *got) == (method, *expected)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_answer_shows_the_teams_api_key(method: str, world: World) -> None:
    shown: dict[str, bytes] = {}
    for name in NAMES:
        data = world.data(name) if method == "post" else None
        mark = transaction.savepoint()
        answer = getattr(world.clients["owner"], method)(world.address(name), data)
        shown[name] = str(answer.headers).encode() + answer.getvalue()
        transaction.savepoint_rollback(mark)
        cache.clear()
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


EXTRAS = {"team": "{elsewhere}", "team_id": "{elsewhere}", "author": "{charlie}", "role": "owner"}
MORE = {
    "from": "{foreign}",
    "parent": "{foreign}",
    "origin": "{foreign}",
    "state": "saved",
    "submission": "1",
    "is_superuser": "on",
}


@pytest.mark.parametrize("name", ["playground", "rerun", "retry", "examples", "account", "api_key"])
def test_team_author_and_role_are_never_taken_from_a_form(name: str, world: World) -> None:
    team = Team.objects.get(pk=world.ids["team"])
    bob, charlie = world.person("editor"), world.person("outsider")
    elsewhere = charlie.teams.get()
    foreign = records_of(elsewhere, charlie)["picture"]
    values = {"elsewhere": elsewhere.pk, "charlie": charlie.pk, "foreign": foreign}
    extras = {key: text.format(**values) for key, text in (EXTRAS | MORE).items()}
    before = {
        "theirs": list(elsewhere.generations.order_by("pk").values()),
        "members": list(Membership.objects.order_by("pk").values()),
        "keys": list(ApiKey.objects.order_by("pk").values()),
    }
    known = set(team.generations.values_list("pk", flat=True))
    world.clients["editor"].post(world.address(name), {**TABLE[name].data, **extras})
    assert before == {
        "theirs": list(elsewhere.generations.order_by("pk").values()),
        "members": list(Membership.objects.order_by("pk").values()),
        "keys": list(ApiKey.objects.order_by("pk").values()),
    }
    made = team.generations.exclude(pk__in=known)
    assert {each.author for each in made} <= {bob}
    assert {each.state for each in made} <= {State.QUEUED}
    assert foreign not in {each.parent_id for each in made}
    assert foreign not in {each.origin_id for each in made}
    bob.refresh_from_db()
    assert not bob.is_superuser
    if name in ("playground", "rerun", "retry", "examples"):
        assert made


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
