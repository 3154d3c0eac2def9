"""Many pictures at once, by form and by htmx; the bin."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Happened, Team, User
from playground import sorting
from playground.gallery import browsing
from playground.models import Collection, Generation, Star, Tag
from playground.views import bulk
from tests.factories import make_generation
from tests.playground.gallery.rows import rows

BULK = "/gallery/selected/"
HTMX = {"HX-Request": "true"}


def ids(*pictures: Generation) -> list[str]:
    return [str(each.pk) for each in pictures]


def binned() -> set[int]:
    return set(Generation.objects.binned().values_list("pk", flat=True))


def test_a_form_without_javascript_tags_what_has_a_tick(as_bob: Client, team: Team) -> None:
    made = rows(team, 3)
    data = {"action": "tag", "tag": "Pink", "ids": ids(*made[:2]), "next": "/gallery/?rating=1"}
    response = as_bob.post(BULK, data)
    assert response["Location"] == "/gallery/?rating=1"
    assert set(Tag.objects.get().pictures.all()) == set(made[:2])
    as_bob.post(BULK, {"action": "untag", "tag": "pink", "ids": ids(made[0])})
    assert set(Tag.objects.get().pictures.all()) == {made[1]}


def test_enter_in_a_field_does_what_the_field_is_for(as_bob: Client, team: Team) -> None:
    made = rows(team, 1)
    as_bob.post(BULK, {"action": "enter", "tag": "pink", "name": "", "ids": ids(*made)})
    as_bob.post(BULK, {"action": "enter", "tag": "", "name": "Best", "ids": ids(*made)})
    assert made[0].tags.get().name == "pink"
    assert made[0].collections.get().name == "Best"
    assert not Star.objects.exists()


def test_all_that_match_a_filter_are_changed_and_no_other(as_bob: Client, team: Team) -> None:
    flux = rows(team, 70, endpoint="flux")
    rows(team, 5)
    data = {"action": "collect", "name": "Flux", "all": "1", "query": "endpoint=flux"}
    as_bob.post(BULK, data)
    assert set(Collection.objects.get().pictures.all()) == set(flux)


def test_what_one_click_does_is_bounded_and_says_so(
    as_bob: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "AT_ONCE", 6)
    monkeypatch.setattr(sorting, "BATCH", 4)
    rows(team, 9)
    answer = as_bob.post(BULK, {"action": "star", "all": "1", "query": ""}, follow=True)
    assert Star.objects.count() == 6
    assert "The first 6 pictures starred." in answer.content.decode()


@pytest.mark.parametrize("action", ["star", "delete"])
def test_all_that_match_says_what_it_has_not_looked_through(
    action: str, as_bob: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(browsing, "ALL_LOOKED_THROUGH", 20)
    rows(team, 1, endpoint="flux", upstream="imagepig")
    rows(team, 30, endpoint="flux")
    data = {"action": action, "all": "1", "query": "endpoint=flux&upstream=imagepig"}
    answer = as_bob.post(BULK, data, follow=True).content.decode()
    assert "Only the first 20 pictures were looked through" in answer
    rows(team, 2, endpoint="flux", upstream="imagepig")
    answer = as_bob.post(BULK, data, follow=True).content.decode()
    assert "2 pictures" in answer
    assert "Only the first 20 pictures were looked through" in answer
    offered = as_bob.post("/gallery/export/", {"all": "1", "query": "endpoint=flux&format=PNG"})
    assert "Only the first 20" in as_bob.get(offered["Location"]).content.decode()


def test_deleting_answers_with_an_undo_that_brings_all_of_them_back(
    as_bob: Client, team: Team
) -> None:
    made = rows(team, 4)
    data = {"action": "delete", "ids": ids(*made[:3])}
    answer = as_bob.post(BULK, data, headers=HTMX)
    assert binned() == {each.pk for each in made[:3]}
    told = team.events.get(kind=Happened.PICTURES_DELETED)
    assert (told.by_name, told.about) == ("Bob", "3 pictures")
    event = json.loads(answer["HX-Trigger"])["binned"]
    assert event["ids"] == [each.pk for each in made[:3]]
    html = answer.content.decode()
    assert "3 pictures are in the bin." in html
    assert f'action="{event["undo"]}"' in html.replace("&amp;", "&")
    back = as_bob.post(event["undo"], headers=HTMX)
    assert json.loads(back["HX-Trigger"])["restored"] == {"undo": event["undo"]}
    assert binned() == set()
    assert as_bob.post(event["undo"], headers=HTMX).status_code == 422


def test_without_javascript_the_message_undoes_it(as_bob: Client, team: Team) -> None:
    made = rows(team, 2)
    page = as_bob.post(BULK, {"action": "delete", "ids": ids(*made)}, follow=True)
    undo = re.search(r'action="(/gallery/restore/[^"]+)"', page.content.decode())
    assert undo
    as_bob.post(undo[1])
    assert binned() == set()


def test_starring_shows_the_stars_of_the_tiles_anew(
    as_vera: Client, vera: User, team: Team
) -> None:
    made = rows(team, 2)
    answer = as_vera.post(BULK, {"action": "star", "ids": ids(*made)}, headers=HTMX)
    html = answer.content.decode()
    assert html.count('hx-swap-oob="true"') == 2
    assert html.count('aria-pressed="true"') == 2
    assert Star.objects.filter(user=vera).count() == 2


@pytest.mark.parametrize("action", ["tag", "untag", "collect", "uncollect", "delete"])
def test_a_viewer_only_stars_and_compares(action: str, as_vera: Client, team: Team) -> None:
    made = rows(team, 1)
    data = {"action": action, "tag": "pink", "name": "Best", "ids": ids(*made)}
    assert as_vera.post(BULK, data).status_code == 403
    assert not Tag.objects.exists()
    assert binned() == set()


@pytest.mark.parametrize("action", ["star", "tag", "collect", "delete"])
def test_another_teams_pictures_are_never_touched(
    action: str, as_charlie: Client, team: Team
) -> None:
    made = rows(team, 2)
    data = {"action": action, "tag": "x", "name": "x", "ids": ids(*made)}
    as_charlie.post(BULK, data)
    assert not Star.objects.exists()
    assert not made[0].tags.exists()
    assert not made[0].collections.exists()
    assert binned() == set()


def test_nothing_chosen_says_so(as_bob: Client, team: Team) -> None:
    answer = as_bob.post(BULK, {"action": "star"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Choose some pictures first." in answer.content.decode()
    assert as_bob.post(BULK, {"action": "nonsense"}).status_code == 400


@pytest.mark.parametrize(("number", "led_on"), [(1, False), (2, True), (4, True), (5, False)])
def test_two_to_four_are_compared(number: int, led_on: bool, as_vera: Client, team: Team) -> None:
    chosen = ids(*rows(team, number))
    response = as_vera.post(BULK, {"action": "compare", "ids": chosen})
    led = response["Location"] == f"/compare/?ids={','.join(chosen)}"
    assert led == led_on


def test_taking_out_of_a_collection_leaves_the_pictures(as_bob: Client, team: Team) -> None:
    made = rows(team, 2)
    as_bob.post(BULK, {"action": "collect", "name": "Best", "ids": ids(*made)})
    best = Collection.objects.get()
    data = {"action": "uncollect", "collection": str(best.pk), "ids": ids(made[0])}
    answer = as_bob.post(BULK, data, headers=HTMX)
    assert json.loads(answer["HX-Trigger"])["gone"] == {"ids": [made[0].pk]}
    assert best.pictures.get() == made[1]
    assert Generation.objects.pictures().count() == 2


def test_the_bin_shows_latest_first_until_when_each_is_kept(
    as_bob: Client, as_vera: Client, team: Team
) -> None:
    now = timezone.now()
    older = make_generation(team, prompt="older", deleted_at=now - timedelta(days=3))
    newer = make_generation(team, prompt="newer", deleted_at=now - timedelta(days=1))
    html = as_bob.get("/gallery/bin/").content.decode()
    assert html.index("newer") < html.index("older")
    assert f'src="/gallery/bin/{newer.pk}/"' in html
    until = now + timedelta(days=27)
    assert f"{until:%Y-%m-%dT%H:%M}" in html
    as_bob.post("/gallery/restore/", {"ids": ids(older), "next": "/gallery/bin/"})
    assert binned() == {newer.pk}
    assert "Bring back" not in as_vera.get("/gallery/bin/").content.decode()
    assert as_vera.post("/gallery/restore/", {"ids": ids(newer)}).status_code == 403


def test_the_bin_goes_on_page_by_page_and_loses_none(
    as_bob: Client, team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = [each.pk for each in rows(team, 150)]
    now = timezone.now()
    # Many of one moment: the time alone would not do as a place to go on from.
    for start, minutes in ((0, 5), (100, 2)):
        some = Generation.objects.filter(pk__in=made[start : start + 100])
        some.update(deleted_at=now - timedelta(minutes=minutes))
    found: list[int] = []
    address = "/gallery/bin/"
    as_bob.get(address)
    while address:
        with django_assert_max_num_queries(8):
            html = as_bob.get(address).content.decode()
        found += [int(pk) for pk in re.findall(r'value="(\d+)" form="bin"', html)]
        more = re.search(r'href="(\?after=[^"]+)"', html)
        address = f"/gallery/bin/{more[1]}" if more else ""
    assert found == [*made[:99:-1], *made[99::-1]]


@pytest.mark.parametrize("text", ["", "x", "-1", "1_2", "9" * 30])
def test_a_time_that_is_none_is_none(text: str) -> None:
    assert bulk.stamped(text) is None


def test_a_time_survives_the_address_to_the_microsecond() -> None:
    now = timezone.now()
    assert bulk.stamped(bulk.stamp(now)) == now
