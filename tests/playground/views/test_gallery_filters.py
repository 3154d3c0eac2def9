"""Filters, days, and what is not looked through."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground import gallery, sorting
from playground.models import Generation
from tests.factories import make_generation
from tests.playground.gallery.rows import rows
from tests.playground.views.test_gallery import HTMX, page, shown, words


def test_a_form_without_javascript_leads_to_a_short_address(as_vera: Client) -> None:
    answer = as_vera.get("/gallery/?text=&sort=&endpoint=flux&seed=")
    assert answer["Location"] == "/gallery/?endpoint=flux"
    # What could not be read stays, so that the page can say so.
    assert "A seed is a whole number" in page(as_vera, "?seed=pig&text=")


def test_every_choice_of_the_table_is_a_filter(as_vera: Client, team: Team) -> None:
    rows(team, 1)
    wide = rows(team, 1, endpoint="flux", body={"proportion": "wide"})
    html = page(as_vera, "?proportion=wide")
    assert shown(html) == [wide[0].pk]
    assert '<option value="wide" selected>Wide</option>' in html
    assert "Take off: </span>Wide" in html


FILTERS = [
    "?text=pig&endpoint=default",
    "?endpoint=flux&proportion=wide&format=PNG&upstream=sandbox",
    "?starred=1&rating=3&reruns=1",
    "?sort=best&endpoint=flux",
    "?since=2026-01-01&until=2099-01-01",
    "?tag=pink&collection={collection}&author={author}",
    "?state=refused",
    "?at=2026-11",
]


@pytest.mark.parametrize("query", FILTERS)
def test_no_filter_takes_more_than_twelve_queries(
    query: str,
    as_alice: Client,
    alice: User,
    team: Team,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made = rows(team, 70, author=alice)
    everything = Generation.objects.filter(team=team)
    best = sorting.create_collection(team=team, name="Best", by=alice)
    sorting.collect(pictures=everything, collection=best, by=alice)
    sorting.tag(pictures=everything, team=team, name="pink", by=alice)
    sorting.star(pictures=everything.filter(pk=made[0].pk), team=team, by=alice)
    address = query.format(collection=best.pk, author=alice.pk)
    page(as_alice, address)
    with django_assert_max_num_queries(12):
        page(as_alice, address)


def test_a_count_is_exact_up_to_ten_thousand_and_then_says_so(
    as_vera: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows(team, gallery.PAGE)
    assert "60 pictures" in words(page(as_vera))
    assert 'hx-trigger="recount from:body delay:300ms"' in page(as_vera)
    rows(team, 10)
    html = page(as_vera)
    assert "more than 60 pictures" in words(html)
    address = re.search(r'hx-get="(/gallery/count/[^"]*)" hx-trigger="load, recount', html)
    assert address
    assert words(as_vera.get(address[1]).content.decode()) == "70 pictures"
    monkeypatch.setattr("playground.gallery.browsing.COUNTED", 20)
    assert words(as_vera.get(address[1]).content.decode()) == "more than 20 pictures"
    monkeypatch.setattr("playground.gallery.browsing.LOOKED_THROUGH", 7)
    made = f"{address[1]}?sort=best&endpoint=default"
    counted = words(as_vera.get(made).content.decode())
    assert counted == "7 pictures among the first 7 looked through"


def test_what_was_not_looked_through_is_said_with_a_link_to_look_further(
    as_vera: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.gallery.browsing.LOOKED_THROUGH", 70)
    wanted = rows(team, 1, endpoint="flux", body={"format": "PNG"})
    rows(team, 700, endpoint="flux")
    html = page(as_vera, "?endpoint=flux&format=PNG&sort=slowest")
    found: list[int] = []
    for _ in range(20):
        found += shown(html)
        further = re.search(r'href="/gallery/(\?[^"]+)" hx-get="[^"]+"[^>]*>Look further', html)
        if not further:
            break
        assert "pictures were looked through" in html
        html = page(as_vera, further[1].replace("&amp;", "&"))
    assert found == [wanted[0].pk]


def test_a_month_or_day_is_jumped_to_newest_or_oldest_first(as_vera: Client, team: Team) -> None:
    made = {
        day: make_generation(team, queued_at=datetime.fromisoformat(f"{day}T12:00:00+00:00")).pk
        for day in ("2026-01-05", "2026-02-10", "2026-02-20", "2026-03-15")
    }
    january, february, later, march = made.values()
    for query, expected in (
        ("at=2026-02", [later, february, january]),
        ("at=2026-02-15", [february, january]),
        ("at=2026-02&sort=oldest", [february, later, march]),
        ("at=2026-02-15&sort=oldest", [later, march]),
        ("at=2025-12", []),
        ("at=2099-01&sort=oldest", []),
        ("at=nonsense", [march, later, february, january]),
        ("at=2026-13", [march, later, february, january]),
        ("at=2026-02&endpoint=flux", []),
    ):
        assert (query, shown(page(as_vera, f"?{query}"))) == (query, expected)
    html = page(as_vera, "?at=2026-02-20")
    assert 'href="?at=2026-01" id="day-2026-01" data-day="2026-01"' in html
    assert 'data-day="2026-02-20" aria-label="20 February" aria-current="true"' in html
    assert 'data-day="2026-01-05"' not in html


@pytest.mark.parametrize("text", ["pig", "moun*", '"misty lake"', "pig -piggy", "a pig 007"])
def test_words_are_found_by_the_index_of_words_and_never_by_looking_through_texts(
    text: str, as_vera: Client, team: Team
) -> None:
    rows(team, 3, body={"positive_prompt": "a pig 007 on a mountain by a misty lake"})
    query = urlencode({"text": text})
    for address in (f"?{query}", f"?{query}&endpoint=default&sort=fastest", f"count/?{query}"):
        with CaptureQueriesContext(connection) as asked:
            page(as_vera, address)
        sent = [each["sql"] for each in asked]
        assert any("MATCH" in sql or "@@" in sql for sql in sent), sent
        looking_through = re.compile(r"\b(?:I?LIKE|GLOB|REGEXP|SIMILAR TO)\b|~", re.IGNORECASE)
        assert not [sql for sql in sent if looking_through.search(sql)]


def test_days_are_there_to_jump_to_whatever_is_asked_for(as_vera: Client, team: Team) -> None:
    for day in ("2026-01-05", "2026-02-10", "2026-03-15"):
        rows(team, 1, queued_at=datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    query = "text=pig&upstream=sandbox&endpoint=default&since=2026-01-01&until=2026-02-28"
    days = re.findall(r'href="(\?[^"]*)" id="day-(2026-\d\d)"', page(as_vera, f"?{query}"))
    assert [month for _, month in days] == ["2026-02", "2026-01"]
    january = days[-1][0].replace("&amp;", "&")
    assert "endpoint=default" in january
    assert [len(shown(page(as_vera, each))) for each in (f"?{query}", january)] == [2, 1]


def test_where_pictures_do_not_stand_by_age_it_says_how_to_jump_by_day(
    as_vera: Client, team: Team
) -> None:
    rows(team, 1)
    advice = "Sort by newest or oldest first to jump by day."
    for sort in ("fastest", "slowest", "best"):
        html = page(as_vera, f"?sort={sort}")
        assert advice in html
        assert "data-rail" not in html
    for sort in ("newest", "oldest"):
        html = page(as_vera, f"?sort={sort}")
        assert advice not in html
        assert "data-rail" in html


def test_new_pictures_come_as_tiles_alone(as_vera: Client, team: Team) -> None:
    known = rows(team, 2)
    new = rows(team, 2)
    html = page(as_vera, f"?than={known[1].pk}", **HTMX)
    assert shown(html) == [new[1].pk, new[0].pk]
    assert f"than={new[1].pk}" in html
    assert 'id="older"' not in html


def test_the_rail_says_how_many_once_the_page_is_there(as_vera: Client, team: Team) -> None:
    noon = datetime.fromisoformat("2026-02-20T12:00:00+00:00")
    rows(team, 3, queued_at=noon)
    html = page(as_vera, "?at=2026-02&sort=oldest")
    address = re.search(r'hx-get="(/gallery/days/[^"]*)" hx-trigger="intersect once"', html)
    assert address
    answer = as_vera.get(address[1].replace("&amp;", "&")).content.decode()
    assert "February3 pictures" in words(answer)
    assert 'href="?sort=oldest&amp;at=2026-02-20"' in answer
    assert 'aria-label="20 February, 3 pictures"' in answer
    assert 'data-day="2026-02-21" aria-label="21 February" class="is-empty"' in answer
    # The numbers are those of all pictures, and so stand beside all pictures only.
    assert "/gallery/days/" not in page(as_vera, "?endpoint=default")


def test_days_begin_at_midnight_where_the_browser_is(as_vera: Client, team: Team) -> None:
    late = make_generation(team, queued_at=datetime.fromisoformat("2026-02-20T20:00:00+00:00"))
    assert "midnight, UTC time" in page(as_vera)
    assert shown(page(as_vera, "?since=2026-02-21")) == []
    as_vera.cookies["zone"] = "Asia/Tokyo"
    html = page(as_vera, "?since=2026-02-21")
    assert shown(html) == [late.pk]
    assert 'data-at="2026-02-21"' in html
    assert "midnight, Asia/Tokyo time" in html
    data = {"action": "star", "all": "1", "query": "since=2026-02-21"}
    as_vera.post("/gallery/selected/", data)
    assert late.stars.count() == 1
    for unknown in ("Atlantis", "../../etc/passwd", "Europe", "x" * 300, ""):
        as_vera.cookies["zone"] = unknown
        assert "midnight, UTC time" in page(as_vera)
