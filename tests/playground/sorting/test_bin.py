from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Happened, Team, User
from playground import emptying, sorting, tasks
from playground.models import Collection, Generation, State
from playground.sorting import batches
from tests.factories import make_generation
from tests.playground.gallery.rows import rows

THIRTY_DAYS = timedelta(days=30)


def binned() -> set[int]:
    return set(Generation.objects.binned().values_list("pk", flat=True))


def test_what_was_deleted_together_comes_back_together_and_nothing_else(
    team: Team, bob: User
) -> None:
    made = rows(team, 5)
    first = Generation.objects.filter(pk__in=[each.pk for each in made[:2]])
    rest = Generation.objects.filter(pk__in=[each.pk for each in made[1:4]])
    assert sorting.delete_many(team=team, pictures=first, by=bob)[0] == 2
    # One of these lies there already and keeps its time.
    number, at = sorting.delete_many(team=team, pictures=rest, by=bob)
    assert number == 2
    assert binned() == {each.pk for each in made[:4]}
    assert sorting.restore_many(team=team, by=bob, deleted_at=at) == 2
    assert binned() == {each.pk for each in made[:2]}
    assert sorting.restore_many(team=team, by=bob, ids=[made[0].pk, made[4].pk]) == 1
    assert binned() == {made[1].pk}


def test_only_pictures_get_into_the_bin(team: Team, bob: User) -> None:
    make_generation(team, state=State.QUEUED)
    seen = Generation.objects.visible_to(bob)
    assert sorting.delete_many(team=team, pictures=seen, by=bob)[0] == 0


def test_many_are_changed_in_batches_each_with_its_own_transaction(
    team: Team,
    bob: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(batches, "BATCH", 4)
    monkeypatch.setattr(batches, "AT_ONCE", 10)
    made, seen = rows(team, 12), Generation.objects.visible_to(bob)
    # Savepoint, ids, change, what is written down of it, release: five for each batch.
    with django_assert_max_num_queries(3 * 5):
        assert sorting.delete_many(team=team, pictures=seen, by=bob)[0] == 10
    assert binned() == {each.pk for each in made[2:]}
    told = team.events.order_by("pk").values_list("kind", "by", "about")
    assert list(told) == [
        (Happened.PICTURES_DELETED, bob.pk, f"{number} pictures") for number in (4, 4, 2)
    ]
    assert sorting.delete_many(team=team, pictures=seen, by=bob)[0] == 2


def own_picture(team: Team, **fields: Any) -> Generation:
    storage = storages["pictures"]
    names = {
        field: storage.save(f"{team.pk}/2020/01/{field}.jpeg", ContentFile(b"bytes"))
        for field in ("file", "thumbnail")
    }
    measures = {"width": 8, "height": 8, "bytes": 5, "sha256": "a" * 64}
    values: dict[str, Any] = {**names, **measures, "mime_type": "image/jpeg", **fields}
    picture: Generation = make_generation(team, fault="no_seed", **values)
    return picture


def test_after_thirty_days_rows_and_files_are_gone_for_good(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "BATCH", 2)
    now, storage = timezone.now(), storages["pictures"]
    old = [own_picture(team, deleted_at=now - THIRTY_DAYS) for _ in range(5)]
    young = own_picture(team, deleted_at=now - THIRTY_DAYS + timedelta(minutes=5))
    kept = own_picture(team)
    tasks.tidy_up.call_local()
    assert set(Generation.objects.all()) == {young, kept}
    assert not [each for each in old if storage.exists(each.file) or storage.exists(each.thumbnail)]
    assert all(storage.exists(each.file) for each in (young, kept))


def test_a_file_that_others_may_share_stays(team: Team) -> None:
    picture = make_generation(team, deleted_at=timezone.now() - THIRTY_DAYS)
    assert emptying.empty_bin() == 1
    assert storages["pictures"].exists(picture.file)


def test_a_picture_whose_re_run_is_removed_has_one_re_run_less(team: Team) -> None:
    parent = make_generation(team, reruns=2)
    make_generation(team, parent=parent, deleted_at=timezone.now() - THIRTY_DAYS)
    emptying.empty_bin()
    parent.refresh_from_db()
    assert parent.reruns == 1


def test_a_deleted_collection_is_kept_as_long_as_pictures_are(team: Team, bob: User) -> None:
    for name, days in (("old", 31), ("young", 29)):
        made = sorting.create_collection(team=team, name=name, by=bob)
        deleted_at = timezone.now() - timedelta(days=days)
        Collection.objects.filter(pk=made.pk).update(deleted_at=deleted_at)
    emptying.empty_bin()
    assert [each.name for each in Collection.objects.all()] == ["young"]
