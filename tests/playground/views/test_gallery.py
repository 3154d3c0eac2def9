from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from playground import gallery
from playground.faults import Reason
from playground.models import Generation, State, Upstream
from tests.factories import make_experiment, make_generation
from tests.playground.gallery.rows import rows

GALLERY = "/gallery/"
HTMX = {"HX-Request": "true", "HX-Target": "pictures"}


def shown(html: str) -> list[int]:
    """The ids of the tiles, in their order."""
    return [int(each) for each in re.findall(r'id="tile-(\d+)"', html)]


def page(client: Client, query: str = "", **headers: str) -> str:
    response = client.get(GALLERY + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def test_pictures_stand_newest_first_with_all_that_keeps_their_place(
    as_vera: Client, team: Team
) -> None:
    older, newer = make_generation(team), make_generation(team, endpoint="flux")
    html = page(as_vera)
    assert shown(html) == [newer.pk, older.pk]
    assert 'class="tile r-145"' in html
    assert 'width="1216" height="832"' in html
    assert 'loading="lazy"' in html
    assert f'src="{newer.placeholder}"' in html
    assert f'href="/pictures/{newer.pk}/" data-picture' in html


def test_the_next_page_is_a_plain_link_and_comes_by_itself(as_vera: Client, team: Team) -> None:
    made = [each.pk for each in rows(team, gallery.PAGE + 5)]
    html = page(as_vera)
    last = made[5]
    assert shown(html) == made[:4:-1]
    assert f'<a class="button" href="/gallery/?after={last}">Older pictures</a>' in html
    assert f'hx-get="/gallery/?after={last}"' in html
    rest = page(as_vera, f"?after={last}")
    assert shown(rest) == made[4::-1]
    assert "Older pictures" not in rest
    assert "Newest pictures" in rest


def test_to_htmx_only_the_tiles_are_sent(as_vera: Client, team: Team) -> None:
    made = [each.pk for each in rows(team, 3)]
    html = page(as_vera, f"?after={made[2]}", **HTMX)
    assert shown(html) == [made[1], made[0]]
    assert "<html" not in html
    assert 'id="older" hx-swap-oob="true"' in html


def test_the_answer_varies_with_the_kind_of_request(as_vera: Client) -> None:
    vary = as_vera.get(GALLERY)["Vary"]
    assert "HX-Request" in vary
    assert "Cookie" in vary


@pytest.mark.parametrize("number", [1, gallery.PAGE + 10])
def test_a_page_costs_the_same_few_queries_however_many_pictures(
    as_vera: Client,
    team: Team,
    number: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    made = rows(team, number)
    for _ in range(3):
        make_generation(team, state=State.QUEUED)
    page(as_vera)
    with django_assert_max_num_queries(12):
        page(as_vera)
    with django_assert_max_num_queries(12):
        page(as_vera, f"?after={made[-1].pk}")


def test_a_filter_shows_one_upstream_only_and_stays_on_the_way(as_vera: Client, team: Team) -> None:
    painted = rows(team, gallery.PAGE + 1)
    bought = rows(team, 2, upstream=Upstream.IMAGEPIG)
    assert shown(page(as_vera, "?upstream=imagepig")) == [bought[1].pk, bought[0].pk]
    sandbox = page(as_vera, "?upstream=sandbox")
    assert shown(sandbox) == [each.pk for each in reversed(painted[1:])]
    assert f"?upstream=sandbox&amp;after={painted[1].pk}" in sandbox
    assert len(shown(page(as_vera, "?upstream=nonsense"))) == gallery.PAGE


def test_sandbox_pictures_are_marked_and_others_are_not(as_vera: Client, team: Team) -> None:
    make_generation(team)
    assert "badge-sandbox" in page(as_vera)
    Generation.objects.update(upstream=Upstream.IMAGEPIG)
    assert "badge-sandbox" not in page(as_vera)


def test_a_prompt_is_shown_as_text_whatever_it_holds(as_vera: Client, team: Team) -> None:
    make_generation(team, prompt='"><script>alert(1)</script>')
    html = page(as_vera)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_an_outsider_sees_their_own_team_only(as_charlie: Client, team: Team) -> None:
    make_generation(team)
    assert shown(page(as_charlie)) == []


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    assert client.get(GALLERY)["Location"].startswith(reverse("account_login"))


def test_a_deleted_picture_is_gone_at_once(as_vera: Client, team: Team) -> None:
    picture = make_generation(team)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    assert shown(page(as_vera)) == []


def test_while_empty_it_offers_examples_to_those_who_may_have_them(
    as_bob: Client, as_vera: Client
) -> None:
    assert 'action="/gallery/examples/"' in page(as_bob)
    viewed = page(as_vera)
    assert "Your pictures gather here" in viewed
    assert "/gallery/examples/" not in viewed


def test_an_empty_filter_says_so_and_leads_back(as_bob: Client, team: Team) -> None:
    make_generation(team)
    html = page(as_bob, "?upstream=imagepig")
    assert "No pictures from Image Pig yet" in html
    assert "Show all pictures" in html


def test_examples_are_drawn_once_and_shown_on_their_way(as_bob: Client, team: Team) -> None:
    response = as_bob.post("/gallery/examples/", follow=True)
    html = response.content.decode()
    waiting = Generation.objects.filter(team=team, state=State.QUEUED)
    assert len(shown(html)) == waiting.count() >= 12
    assert set(waiting.values_list("upstream", flat=True)) == {Upstream.SANDBOX}
    assert 'hx-get="/gallery/arriving/?seen=' in html
    as_bob.post("/gallery/examples/")
    assert waiting.count() == len(shown(html))


def test_without_javascript_the_gallery_refreshes_itself_while_something_arrives(
    as_bob: Client, team: Team
) -> None:
    refresh = '<noscript><meta http-equiv="refresh"'
    make_generation(team)
    assert refresh not in page(as_bob)
    as_bob.post("/gallery/examples/")
    assert refresh in page(as_bob)
    assert "every three seconds" in page(as_bob)
    assert '<a href="?still=1">Make it stand still</a>' in page(as_bob)
    assert refresh not in page(as_bob, "?still=1")
    assert "This page stands still" in page(as_bob, "?still=1")
    # One who looks at others is not called away from them.
    assert refresh not in page(as_bob, "?endpoint=flux")
    Generation.objects.filter(state=State.QUEUED).update(fault=Reason.KEY_PAUSED)
    assert refresh not in page(as_bob)


@pytest.mark.parametrize("query", ["", "?state=sending", "?state=unknown"])
def test_tiles_without_a_picture_ask_nothing_each(
    as_bob: Client,
    team: Team,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    query: str,
) -> None:
    for _ in range(12):
        make_generation(team, state=State.SENDING)
        make_generation(team, state=State.UNKNOWN)
    page(as_bob, query)
    with django_assert_max_num_queries(12):
        html = page(as_bob, query)
    assert len(shown(html)) == 12
    assert html.count("<progress data-started") == (0 if query == "?state=unknown" else 12)


def test_a_tiles_bar_runs_over_the_time_that_was_measured(as_bob: Client, team: Team) -> None:
    sending = make_generation(team, state=State.SENDING)
    experiment = make_experiment(team, state=State.SENDING)
    assert sending.sent_at
    received_at = sending.sent_at + timedelta(seconds=7.25)
    make_generation(team, sent_at=sending.sent_at, received_at=received_at)
    for html in (
        page(as_bob),
        page(as_bob, "?state=sending"),
        as_bob.get(f"{reverse('arriving_pictures')}?seen={sending.pk}.9").content.decode(),
        as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode(),
    ):
        assert 'data-usual="7.25"' in html


def test_a_viewer_may_not_have_examples_drawn(as_vera: Client) -> None:
    assert as_vera.post("/gallery/examples/").status_code == 403
    assert not Generation.objects.exists()


def test_what_has_arrived_takes_its_tiles_place(as_vera: Client, team: Team) -> None:
    done, waiting = make_generation(team), make_generation(team, state=State.QUEUED)
    Generation.objects.filter(pk=done.pk).update(revision=5)
    address = reverse("arriving_pictures")
    html = as_vera.get(f"{address}?seen={done.pk}.2,{waiting.pk}.0").content.decode()
    assert f'id="tile-{done.pk}" hx-swap-oob="true"' in html
    assert f"/pictures/{done.pk}/thumbnail/" in html
    assert shown(html) == [done.pk]
    assert f"seen={waiting.pk}.0" in html


def test_when_all_have_arrived_the_page_asks_no_more(as_vera: Client, team: Team) -> None:
    done = make_generation(team, revision=5)
    html = as_vera.get(f"{reverse('arriving_pictures')}?seen={done.pk}.2").content.decode()
    assert "hx-get" not in html


def test_an_outsider_learns_nothing_of_what_arrives(as_charlie: Client, team: Team) -> None:
    done = make_generation(team, revision=5)
    html = as_charlie.get(f"{reverse('arriving_pictures')}?seen={done.pk}.2").content.decode()
    assert shown(html) == []


def test_new_pictures_wait_behind_a_pill(as_vera: Client, team: Team) -> None:
    known = make_generation(team)
    html = page(as_vera)
    address = re.search(r'hx-get="(/gallery/new/[^"]*)"', html)
    assert address
    asked = address[1].replace("&amp;", "&")
    assert as_vera.get(asked).status_code == 204
    rows(team, 3)
    answer = as_vera.get(asked).content.decode()
    assert "3 new" in re.sub(r"<[^>]*>", "", answer)
    assert f"than={known.pk}" in answer
    assert as_vera.get(asked.replace("shown=0", "shown=3")).status_code == 204


def test_many_new_pictures_are_not_counted_to_the_end(as_vera: Client, team: Team) -> None:
    rows(team, gallery.NEW_COUNTED + 1)
    answer = as_vera.get(f"{reverse('new_pictures')}?than=0&shown=0").content.decode()
    assert "99+ new" in re.sub(r"<[^>]*>", "", answer)


def test_a_person_in_two_teams_sees_the_one_they_work_in(
    as_alice: Client, alice: User, team: Team
) -> None:
    second = Team.objects.create(name="Second")
    second.memberships.create(user=alice, role="viewer")
    here, there = make_generation(team), make_generation(second)
    assert shown(page(as_alice)) == [here.pk]
    session = as_alice.session
    session["team"] = second.pk
    session.save()
    assert shown(page(as_alice)) == [there.pk]


# What comes while the page is looked at


def finish(waiting: Generation) -> None:
    """Save it as the worker would."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "sent_at": now,
        "received_at": now,
        "saved_at": now,
        "mime_type": "image/jpeg",
    }
    fields |= {"file": "none", "thumbnail": "none", "sha256": "0" * 64, "bytes": 1}
    fields |= {"state": State.SAVED, "width": 512, "height": 512, "seed": "7"}
    Generation.objects.filter(pk=waiting.pk).update(**fields)


def pill(client: Client, html: str) -> str:
    """What the page's pill says when it is asked next."""
    address = re.search(r'hx-get="(/gallery/new/[^"]*)"', html)
    assert address
    answer = client.get(address[1].replace("&amp;", "&"))
    return words(answer.content.decode()) if answer.status_code == 200 else ""


@pytest.mark.parametrize("query", ["", "?endpoint=default"])
def test_what_was_begun_earlier_and_ends_later_is_not_missed(
    query: str, as_vera: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PENDING_SHOWN", 1)
    slow = [make_generation(team, state=State.SENDING) for _ in range(3)]
    rows(team, 1)
    if not query:
        make_generation(team, state=State.SENDING)
    html = page(as_vera, query)
    assert pill(as_vera, html) == ""
    finish(slow[1])
    assert pill(as_vera, html) == "1 new"
    address = re.search(r'hx-get="(/gallery/new/[^"]*)"', html)
    assert address
    answer = as_vera.get(address[1].replace("&amp;", "&")).content.decode()
    more = re.search(r'hx-get="/gallery/(\?than[^"]*)" hx-target="#pictures"', answer)
    assert more
    tiles = page(as_vera, more[1].replace("&amp;", "&"), **HTMX)
    assert shown(tiles) == [slow[1].pk]
    assert pill(as_vera, tiles) == ""
    finish(slow[2])
    assert pill(as_vera, tiles) == "1 new"


@pytest.mark.parametrize("query", ["", "?endpoint=default"])
def test_what_arrives_while_the_page_is_made_is_on_it_or_behind_its_pill(
    query: str, as_vera: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make_generation(team, state=State.SENDING)
    seen = rows(team, 1)[0]
    browse = gallery.browse

    def arrives_meanwhile(*args: Any, **kwargs: Any) -> gallery.Page:
        found = browse(*args, **kwargs)
        finish(late)
        return found

    monkeypatch.setattr(gallery, "browse", arrives_meanwhile)
    html = page(as_vera, query)
    there = shown(html)
    assert seen.pk in there
    assert (late.pk in there) != (pill(as_vera, html) == "1 new")
