from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Membership, Role, Team, User
from playground.models import Generation
from playground.views import transfers as views
from tests.factories import make_generation

pytestmark = pytest.mark.django_db

MANY = "/gallery/transfer/"


@pytest.fixture
def picture(team: Team, bob: User) -> Generation:
    return make_generation(team, author=bob, prompt="a pig to go", seed=2**64 - 1)


@pytest.fixture
def many(team: Team, bob: User) -> list[Generation]:
    return [make_generation(team, author=bob, endpoint=name) for name in ("flux", "xl", "flux")]


def ids(*pictures: Generation) -> str:
    return ",".join(str(each.pk) for each in pictures)


def test_one_takes_a_picture_to_a_team_that_one_edits(
    picture: Generation, barn: Team, bob: User, as_bob: Client
) -> None:
    address = reverse("transfer", args=[picture.pk])
    assert "no other team" in as_bob.get(address).content.decode()
    Membership.objects.create(team=barn, user=bob, role=Role.VIEWER)
    assert as_bob.post(address, {"team": str(barn.pk)}).status_code == 422
    Membership.objects.filter(team=barn, user=bob).update(role=Role.EDITOR)
    done = as_bob.post(address, {"team": str(barn.pk), "action": "move"}, follow=True)
    assert reverse("restore_picture", args=[picture.pk]) in done.content.decode()
    assert Generation.objects.filter(team=barn).count() == 1


def test_nobody_brings_a_picture_to_a_strangers_team(
    picture: Generation, charlie: User, as_alice: Client
) -> None:
    elsewhere = charlie.teams.get()
    done = as_alice.post(reverse("transfer", args=[picture.pk]), {"team": str(elsewhere.pk)})
    assert done.status_code == 422
    assert not Generation.objects.filter(team=elsewhere).exists()


def test_a_picture_without_its_file_stays_and_that_is_said(
    picture: Generation, barn: Team, as_alice: Client
) -> None:
    storages["pictures"].delete(picture.file)
    data = {"team": str(barn.pk), "action": "move"}
    answer = as_alice.post(reverse("transfer", args=[picture.pk]), data)
    assert answer.status_code == 422
    assert views.MISSING in answer.content.decode()
    assert not Generation.objects.filter(team=barn).exists()
    assert not Generation.objects.binned().exists()


def test_many_that_are_chosen_are_offered_moved_and_brought_back(
    many: list[Generation], team: Team, barn: Team, as_alice: Client
) -> None:
    there = "/gallery/?endpoint=flux"
    data = {"ids": ids(*many[:2]), "next": there}
    offered = as_alice.post(MANY, data).content.decode()
    assert "2 pictures to another team" in offered
    assert f'name="ids" value="{ids(*many[:2])}"' in offered
    assert not Generation.objects.filter(team=barn).exists(), "nothing goes before the click"

    done = as_alice.post(MANY, {**data, "team": str(barn.pk), "action": "move"})
    assert done["Location"] == there
    page = as_alice.get(there).content.decode()
    assert "2 pictures are in Barn now, and here in the bin." in page
    assert Generation.objects.filter(team=barn).count() == 2
    assert set(Generation.objects.binned()) == set(many[:2])
    undo = page.partition('action="/gallery/restore/?')[2].partition('"')[0]
    as_alice.post(f"/gallery/restore/?{undo.replace('&amp;', '&')}")
    assert not Generation.objects.binned().exists()


def test_all_that_match_are_copied(
    many: list[Generation], team: Team, barn: Team, as_alice: Client
) -> None:
    data = {"all": "1", "query": "endpoint=flux"}
    assert 'name="query" value="endpoint=flux"' in as_alice.post(MANY, data).content.decode()
    done = as_alice.post(MANY, {**data, "team": str(barn.pk), "action": "copy"}, follow=True)
    assert "2 pictures are in Barn now, too." in done.content.decode()
    assert Generation.objects.filter(team=barn, endpoint="flux").count() == 2
    assert Generation.objects.filter(team=team).pictures().count() == 3


def test_more_than_can_be_waited_for_are_refused(
    many: list[Generation], barn: Team, as_alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    data = {"ids": ids(*many), "team": str(barn.pk), "action": "move"}
    answer = as_alice.post(MANY, data, follow=True).content.decode()
    assert "At most 2 pictures go to another team at once." in answer
    assert not Generation.objects.filter(team=barn).exists()


def test_where_files_are_missing_it_is_said_how_many_stayed(
    many: list[Generation], barn: Team, as_alice: Client
) -> None:
    data = {"ids": ids(*many), "team": str(barn.pk), "action": "copy"}
    storages["pictures"].delete(many[0].file)
    answer = as_alice.post(MANY, data, follow=True).content.decode()
    assert "2 pictures are in Barn now, too. Left here, as their files are missing: 1." in answer
    for each in many[1:]:
        storages["pictures"].delete(each.file)
    answer = as_alice.post(MANY, {**data, "action": "move"}, follow=True).content.decode()
    assert "Left here, as their files are missing: 3." in answer
    assert "/gallery/restore/" not in answer


def test_many_go_to_no_team_that_one_does_not_edit(
    many: list[Generation], barn: Team, charlie: User, as_alice: Client
) -> None:
    elsewhere = charlie.teams.get()
    data = {"ids": ids(*many), "team": str(elsewhere.pk), "action": "copy"}
    answer = as_alice.post(MANY, data)
    assert answer.status_code == 422
    assert views.NO_TEAM in answer.content.decode()
    assert not Generation.objects.exclude(team=many[0].team).exists()


def test_strangers_pictures_are_none_to_choose(
    many: list[Generation], charlie: User, as_charlie: Client
) -> None:
    services.create_team(name="Den", by=charlie)
    data = {"ids": ids(*many), "team": str(charlie.teams.first().pk), "action": "copy"}  # type: ignore[union-attr]
    answer = as_charlie.post(MANY, data, follow=True).content.decode()
    assert "Choose some pictures first." in answer
    assert not Generation.objects.exclude(team=many[0].team).exists()
