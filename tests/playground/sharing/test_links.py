from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Event, Happened, Team, User
from playground import sharing
from playground.models import Collection, Generation, Share
from playground.sharing.links import Thing, hash_of
from tests.factories import make_experiment, make_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice, prompt="a secret pig")


def share(thing: Thing, by: User, days: int | None = 7) -> tuple[Share, str]:
    return sharing.make(thing, by=by, shows_prompt=True, shows_seed=True, days=days)


def test_a_token_is_long_and_stands_in_no_row(picture: Generation, alice: User) -> None:
    made, token = share(picture, alice)
    assert len(token) >= 43
    assert made.token_hash == hash_of(token)
    assert token not in str(list(Share.objects.values()))
    assert token not in str(list(Event.objects.values()))


def test_two_links_to_the_same_are_two_secrets(picture: Generation, alice: User) -> None:
    assert share(picture, alice)[1] != share(picture, alice)[1]


def test_a_link_opens_what_was_chosen_and_nothing_else(picture: Generation, alice: User) -> None:
    make_generation(picture.team, author=alice)
    _, token = share(picture, alice)
    opened = sharing.opened(token)
    assert opened
    assert opened.one
    assert list(opened.pictures) == [picture]


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
def test_a_guess_opens_nothing(picture: Generation, alice: User, token: str) -> None:
    made, _ = share(picture, alice)
    assert sharing.opened(token) is None
    assert sharing.opened(made.token_hash) is None


def test_a_link_ends_with_its_time(picture: Generation, alice: User) -> None:
    made, token = share(picture, alice, days=1)
    assert made.expires_at
    assert timedelta(hours=23) < made.expires_at - timezone.now() <= timedelta(days=1)
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sharing.opened(token) is None


def test_a_link_taken_back_opens_nothing_and_both_are_written_down(
    picture: Generation, alice: User
) -> None:
    made, token = share(picture, alice, days=None)
    assert sharing.revoke(made, by=alice)
    assert not sharing.revoke(made, by=alice)
    assert sharing.opened(token) is None
    kinds = Event.objects.order_by("pk").values_list("kind", "about")
    assert list(kinds) == [
        (Happened.SHARE_MADE, f"picture {picture.pk}"),
        (Happened.SHARE_REVOKED, f"picture {picture.pk}"),
    ]


def test_what_lies_in_the_bin_is_not_shown(picture: Generation, alice: User) -> None:
    _, token = share(picture, alice)
    Generation.objects.update(deleted_at=timezone.now())
    assert sharing.opened(token) is None
    Generation.objects.update(deleted_at=None)
    assert sharing.opened(token)


def test_a_deleted_teams_links_end_with_it(picture: Generation, alice: User) -> None:
    _, token = share(picture, alice)
    Team.objects.update(deleted_at=timezone.now())
    assert sharing.opened(token) is None


def test_a_collection_shows_what_is_in_it_at_the_moment(picture: Generation, alice: User) -> None:
    collection = Collection.objects.create(team=picture.team, name="Best")
    other = make_generation(picture.team, author=alice)
    collection.pictures.add(picture)
    _, token = share(collection, alice)
    opened = sharing.opened(token)
    assert opened
    assert opened.title == "Best"
    assert list(opened.pictures) == [picture]
    collection.pictures.add(other)
    assert len(opened.pictures.all()) == 2
    Collection.objects.update(deleted_at=timezone.now())
    assert sharing.opened(token) is None


def test_an_experiment_shows_its_pictures(team: Team, alice: User) -> None:
    experiment = make_experiment(team, author=alice)
    other = make_generation(team, author=alice)
    _, token = share(experiment, alice)
    opened = sharing.opened(token)
    assert opened
    assert set(opened.pictures) == set(experiment.generations.pictures())
    assert opened.pictures.exists()
    assert other not in opened.pictures
    # What was there before it, and is shown in one of its cells, belongs to it as well.
    experiment.spec["known"] = {"0": other.pk}
    experiment.save()
    opened = sharing.opened(token)
    assert opened
    assert other in opened.pictures
    foreign = make_generation(Team.objects.create(name="Elsewhere"))
    experiment.spec["known"] = {"0": foreign.pk}
    experiment.save()
    opened = sharing.opened(token)
    assert opened
    assert foreign not in opened.pictures


def test_views_of_strangers_are_counted(
    picture: Generation, alice: User, vera: User, charlie: User
) -> None:
    made, _ = share(picture, alice)
    for viewer in (AnonymousUser(), charlie, alice, vera):
        sharing.count_view(made, viewer)
    made.refresh_from_db()
    assert made.views == 2
    assert made.viewed_at


def test_a_link_to_two_things_or_to_none_cannot_be(picture: Generation) -> None:
    with pytest.raises(IntegrityError):
        Share.objects.create(team=picture.team, token_hash="x")
