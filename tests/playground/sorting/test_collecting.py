from __future__ import annotations

import pytest

from accounts.models import Happened, Team, User
from playground import sorting
from playground.models import Collected, Collection, Generation
from tests.factories import make_generation


def test_a_picture_can_be_in_many_collections_once_in_each(team: Team, bob: User) -> None:
    picture = make_generation(team)
    pictures = Generation.objects.visible_to(bob)
    for name in ("Best", "For the wall"):
        collection = sorting.create_collection(team=team, name=name, by=bob)
        for _ in range(2):
            assert sorting.collect(pictures=pictures, collection=collection, by=bob) == 1
    assert set(picture.collections.values_list("name", flat=True)) == {"Best", "For the wall"}
    sorting.remove_from_collection(pictures=pictures, collection=collection, by=bob)
    assert [each.name for each in picture.collections.all()] == ["Best"]


def test_another_teams_picture_never_gets_into_a_collection(
    team: Team, bob: User, charlie: User
) -> None:
    make_generation(charlie.teams.get())
    collection = sorting.create_collection(team=team, name="Ours", by=bob)
    assert sorting.collect(pictures=Generation.objects.all(), collection=collection, by=bob) == 0
    assert not Collected.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "\x00", "x" * 81, "Best", " Best "])
def test_a_name_that_is_none_too_long_or_taken_is_refused(name: str, team: Team, bob: User) -> None:
    sorting.create_collection(team=team, name="Best", by=bob)
    other = sorting.create_collection(team=team, name="Other", by=bob)
    with pytest.raises(sorting.NameTaken):
        sorting.create_collection(team=team, name=name, by=bob)
    with pytest.raises(sorting.NameTaken):
        sorting.rename_collection(collection=other, name=name, by=bob)
    assert set(Collection.objects.values_list("name", flat=True)) == {"Best", "Other"}


def test_a_deleted_collection_comes_back_with_its_pictures(team: Team, bob: User) -> None:
    make_generation(team)
    best = sorting.create_collection(team=team, name="Best", by=bob)
    sorting.collect(pictures=Generation.objects.visible_to(bob), collection=best, by=bob)
    assert sorting.delete_collection(collection=best, by=bob)
    assert sorting.delete_collection(collection=best, by=bob) is None
    told = team.events.get()
    assert (told.kind, told.by, told.about) == (Happened.DELETED, bob, "collection “Best”")
    assert not Collection.objects.kept().exists()
    sorting.restore_collection(collection=best, by=bob)
    assert Collection.objects.kept().get().pictures.count() == 1


def test_a_collection_whose_name_was_taken_meanwhile_stays_away(team: Team, bob: User) -> None:
    best = sorting.create_collection(team=team, name="Best", by=bob)
    sorting.delete_collection(collection=best, by=bob)
    sorting.create_collection(team=team, name="Best", by=bob)
    with pytest.raises(sorting.NameTaken, match="by now"):
        sorting.restore_collection(collection=best, by=bob)


def test_a_saved_view_of_the_same_name_gives_way(team: Team, bob: User, alice: User) -> None:
    sorting.save_view(team=team, name="Pigs", query="q=pig", by=bob)
    sorting.save_view(team=team, name=" Pigs ", query="q=pink", by=bob)
    sorting.save_view(team=team, name="Pigs", query="q=hers", by=alice)
    other = sorting.save_view(team=team, name="Other", query="", by=bob)
    assert list(bob.saved_views.order_by("pk").values_list("query", flat=True)) == ["q=pink", ""]
    with pytest.raises(sorting.NameTaken):
        sorting.rename_view(view=other, name="Pigs")
    sorting.rename_view(view=other, name="All")
    assert bob.saved_views.filter(name="All").exists()
    sorting.delete_view(view=other)
    assert bob.saved_views.count() == 1
