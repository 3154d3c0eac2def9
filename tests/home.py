"""A team with one record of each kind, and everybody who may come along: for all addresses at once.

A module's tests share one house, so that it is written once for them; each names both fixtures:
`house, world = home.house, home.world`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import invitations, services, teams
from accounts.models import Membership, NoticeKind, Role, Team, User
from accounts.notices import tell
from playground import sharing, talking, waiting
from playground.models import (
    Collection,
    Experiment,
    Generation,
    SavedView,
    Share,
    State,
    Submission,
    Tag,
)
from tests.conftest import make_person, signed_in
from tests.factories import make_experiment, make_generation, make_submission
from tests.url_table import TABLE, WHO


class House(NamedTuple):
    """What is in the database: a team with one record of each kind, and everybody there is."""

    people: dict[str, int]
    sessions: dict[str, str]
    """What the session cookie of each of them holds."""
    ids: dict[str, int]
    tokens: dict[str, str]
    """Of links that work: to what is shared, by its kind, and of the invitation."""


@dataclass
class World:
    """The house, and everybody who may come along with a browser of their own."""

    house: House
    clients: dict[str, Client]

    @property
    def ids(self) -> dict[str, int]:
        return self.house.ids

    @property
    def team(self) -> Team:
        return Team.objects.get(pk=self.ids["team"])

    def person(self, who: str) -> User:
        return User.objects.get(pk=self.house.people[who])

    def address(self, name: str) -> str:
        page = TABLE[name]
        args: tuple[Any, ...] = (self.ids[page.of],) if page.of else page.args
        query = page.query.format(**self.ids)
        return reverse(name, args=args) + (f"?{query}" if query else "")

    def data(self, name: str) -> dict[str, str]:
        """What is posted there."""
        return self.filled(TABLE[name].data)

    def filled(self, data: dict[str, str]) -> dict[str, str]:
        """The same, with ids for `{picture}` and the like."""
        filled = dict(data)
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


def tokens_of(team: Team, owner: User, ids: dict[str, int]) -> dict[str, str]:
    """Links to one of each kind that can be shared, and to come in as a viewer."""
    shared: dict[str, Generation | Collection | Experiment] = {
        "picture": team.generations.get(pk=ids["picture"]),
        "collection": team.collections.get(pk=ids["collection"]),
        "experiment": team.experiments.get(pk=ids["experiment"]),
    }
    told: dict[str, Any] = {"by": owner, "shows_prompt": True, "shows_seed": True, "days": None}
    tokens = {kind: sharing.make(thing, **told)[1] for kind, thing in shared.items()}
    invitation = invitations.invite(team=team, by=owner, role=Role.VIEWER)
    return {**tokens, "invitation": invitation.token}


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


def built() -> House:
    """Write it all."""
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
    tokens = tokens_of(team, alice, ids)
    former = signed_in(fiona)
    session = former.session
    session["team"] = team.pk
    session.save()
    Membership.objects.filter(team=team, user=fiona).delete()
    clients = (*(signed_in(person) for person in (charlie, vera, bob, alice)), former)
    cookies = [client.cookies[settings.SESSION_COOKIE_NAME].value for client in clients]
    people = [person.pk for person in (charlie, vera, bob, alice, fiona)]
    who = WHO[1:]
    sessions = dict(zip(who, cookies, strict=True))
    return House(dict(zip(who, people, strict=True)), sessions, ids, tokens)


@pytest.fixture(scope="module")
def house(module_rows: None) -> House:
    """Written once for all of these tests, as it takes longer than most of them."""
    return built()


@pytest.fixture
def world(house: House, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    # Nothing here is waited for.
    monkeypatch.setattr(waiting, "HOLD_SECONDS", 0.01)
    return everybody_at(house)


def everybody_at(house: House) -> World:
    """Everybody with a browser of their own."""
    clients = {who: Client() for who in WHO}
    for who, session in house.sessions.items():
        clients[who].cookies[settings.SESSION_COOKIE_NAME] = session
    return World(house, clients)
