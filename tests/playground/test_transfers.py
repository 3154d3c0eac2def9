from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Event, Happened, Membership, Role, Team, User
from playground import talking, transfers
from playground.models import Generation, Pick, Tag
from tests.factories import make_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def barn(alice: User) -> Team:
    return services.create_team(name="Barn", by=alice)


@pytest.fixture
def picture(team: Team, bob: User) -> Generation:
    return make_generation(team, author=bob, prompt="a pig to go", seed=2**64 - 1)


def bytes_of(name: str) -> bytes:
    with storages["pictures"].open(name) as file:
        return bytes(file.read())


def test_a_copy_is_the_same_picture_with_files_of_its_own(
    picture: Generation, barn: Team, alice: User, bob: User
) -> None:
    taken = transfers.copy(picture, to=barn, by=alice)
    taken.refresh_from_db()
    picture.refresh_from_db()
    assert (taken.team, taken.author) == (barn, bob)
    assert taken.pk != picture.pk
    assert (taken.seed, taken.body, taken.sha256) == (picture.seed, picture.body, picture.sha256)
    assert taken.positive_prompt == "a pig to go"
    assert taken.file.startswith(f"{barn.pk}/")
    assert taken.file != picture.file
    assert bytes_of(taken.file) == bytes_of(picture.file)
    assert bytes_of(taken.thumbnail) == bytes_of(picture.thumbnail)
    assert Generation.objects.search("pig", team=barn).get() == taken


def test_both_teams_know_of_a_copy(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    taken = transfers.copy(picture, to=barn, by=alice)
    told = Event.objects.filter(kind=Happened.PICTURES_COPIED, by=alice)
    assert set(told.values_list("team", "about")) == {
        (team.pk, f"picture {picture.pk} to Barn"),
        (barn.pk, f"picture {taken.pk} from Sty"),
    }


def test_what_the_team_made_of_it_stays_with_the_team(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    Tag.objects.create(team=team, name="secret").tagged.create(generation=picture)
    talking.write(picture=picture, by=alice, text="Between us")
    talking.pick(Generation.objects.filter(pk=picture.pk), Pick.PICKED, by=alice)
    picture.refresh_from_db()
    taken = transfers.copy(picture, to=barn, by=alice)
    taken.refresh_from_db()
    assert not taken.tags.exists()
    assert not taken.comments.exists()
    assert (taken.pick, taken.comments_count) == (Pick.UNDECIDED, 0)


def test_a_move_leaves_the_original_in_the_bin_and_both_teams_know(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    taken = transfers.move(picture, to=barn, by=alice)
    picture.refresh_from_db()
    assert picture.deleted_at
    told = Event.objects.filter(kind__in=(Happened.PICTURES_MOVED, Happened.PICTURES_COPIED))
    assert set(told.values_list("team", "about")) == {
        (team.pk, f"picture {picture.pk} to Barn"),
        (barn.pk, f"picture {taken.pk} from Sty"),
    }


def test_a_picture_whose_file_is_missing_stays_where_it_is(
    picture: Generation, barn: Team, alice: User
) -> None:
    storages["pictures"].delete(picture.file)
    with pytest.raises(transfers.FileMissing):
        transfers.move(picture, to=barn, by=alice)
    picture.refresh_from_db()
    assert picture.deleted_at is None
    assert not Generation.objects.filter(team=barn).exists()


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
