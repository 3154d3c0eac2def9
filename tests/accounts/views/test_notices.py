from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import notices, services, teams
from accounts.models import KeyState, Notice, NoticeKind, Team, User
from accounts.notices import KEPT, tell
from accounts.views import notices as views
from playground import tasks
from tests.accounts.test_pages import assert_in_frame

KIND = NoticeKind.EXPERIMENT_DONE


def say(who: User, team: Team, text: str, address: str = "/experiments/1/") -> Notice:
    tell(who, team, KIND, text, address)
    return Notice.objects.latest("pk")


def page_of(client: Client, **query: int) -> str:
    response = client.get(reverse("notices"), query)
    assert response.status_code == 200
    return assert_in_frame(response)


def bell(client: Client) -> str:
    page = client.get(reverse("account")).content.decode()
    return page.partition('<a class="icon-button bell"')[2].partition("</a>")[0]


def unread(user: User) -> int:
    """What the bell would count."""
    counted = user.memberships.annotate(unread=notices.unread(user))
    return int(counted.values_list("unread", flat=True)[0])


def test_the_bell_counts_what_is_unread(as_alice: Client, alice: User, team: Team) -> None:
    assert 'aria-label="Notices"' in bell(as_alice)
    say(alice, team, "One")
    say(alice, team, "Two")
    assert 'aria-label="Notices: 2 unread"' in bell(as_alice)
    assert "bell-count" in bell(as_alice)


def test_beyond_99_it_says_so(as_alice: Client, alice: User, team: Team) -> None:
    Notice.objects.bulk_create(
        Notice(user=alice, team=team, kind=KIND, text=str(number), address="/")
        for number in range(150)
    )
    assert "99+" in bell(as_alice)


def test_only_administrators_choose_what_administrators_are_told(
    as_alice: Client, alice: User
) -> None:
    label = NoticeKind.SITE_FAULT.label
    assert label not in page_of(as_alice)
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert label in page_of(as_alice)
    as_alice.post(reverse("choose_notices"), {"told": [KIND]})
    alice.refresh_from_db()
    assert NoticeKind.SITE_FAULT in alice.muted
    notices.tell_administrators("Mend it", "/", key="")
    assert not Notice.objects.exists()


def test_a_strangers_page_asks_for_no_notices(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("account_login"))
    assert not [query for query in asked.captured_queries if "notice" in query["sql"]]


def test_notices_stand_newest_first_with_their_teams(
    as_alice: Client, alice: User, team: Team
) -> None:
    say(alice, team, "The older one")
    say(alice, team, "The <b>newer</b> one")
    page = page_of(as_alice)
    assert page.index("The &lt;b&gt;newer&lt;/b&gt; one") < page.index("The older one")
    assert page.count("Sty ·") == 2


def test_notices_come_page_by_page(
    as_alice: Client, alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    made = [say(alice, team, f"Number {number}") for number in range(3)]
    first = page_of(as_alice)
    assert ("Number 2" in first, "Number 0" in first) == (True, False)
    assert f'href="?before={made[1].pk}"' in first
    assert "Number 0" in page_of(as_alice, before=made[1].pk)


def test_opening_the_page_marks_what_it_shows_as_read_and_a_script_says_so(
    as_alice: Client, alice: User, team: Team
) -> None:
    newest = say(alice, team, "Seen")
    page = page_of(as_alice)
    assert f'hx-post="{reverse("read_notices")}" hx-trigger="load"' in page
    # A GET changes nothing: what is opened by a script that looks ahead stays unread.
    assert unread(alice) == 1
    say(alice, team, "Come meanwhile")
    response = as_alice.post(
        reverse("read_notices"), {"newest": newest.pk}, headers={"HX-Request": "true"}
    )
    assert 'id="bell"' in response.content.decode()
    assert 'hx-swap-oob="true"' in response.content.decode()
    assert "1 unread" in response.content.decode()
    response = as_alice.post(reverse("read_notices"), {"newest": newest.pk + 1})
    assert response.headers["Location"] == reverse("notices")
    assert unread(alice) == 0
    assert "hx-trigger" not in page_of(as_alice)


def test_going_to_a_notice_reads_it_and_switches_to_its_team(
    as_alice: Client, alice: User, team: Team
) -> None:
    barn = services.create_team(name="Barn", by=alice)
    notice = say(alice, barn, "The key needs you", reverse("api_key"))
    response = as_alice.post(reverse("open_notice", args=[notice.pk]))
    assert response.headers["Location"] == reverse("api_key")
    assert unread(alice) == 0
    assert "Barn" in as_alice.get(reverse("team")).content.decode().partition("<main")[2]


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "javascript:x"])
def test_a_notice_leads_nowhere_else(
    address: str, as_alice: Client, alice: User, team: Team
) -> None:
    notice = say(alice, team, "Look", address)
    response = as_alice.post(reverse("open_notice", args=[notice.pk]))
    assert response.headers["Location"] == reverse("notices")


def test_notices_are_ones_own(as_bob: Client, as_charlie: Client, alice: User, team: Team) -> None:
    notice = say(alice, team, "For Alice")
    for client in (as_bob, as_charlie):
        assert "For Alice" not in page_of(client)
        assert client.post(reverse("open_notice", args=[notice.pk])).status_code == 404
        client.post(reverse("read_notices"), {"newest": notice.pk})
    assert unread(alice) == 1


def test_whoever_left_a_team_is_told_nothing_of_it_any_more(
    as_bob: Client, bob: User, alice: User, team: Team
) -> None:
    notice = say(bob, team, "Of the team")
    teams.leave(membership=bob.memberships.get())
    assert unread(bob) == 0
    assert "Of the team" not in page_of(as_bob)
    assert as_bob.post(reverse("open_notice", args=[notice.pk])).status_code == 404


def test_a_kind_is_switched_off_and_on_again(as_alice: Client, alice: User, team: Team) -> None:
    assert page_of(as_alice).count(" checked") == len(NoticeKind.for_person(alice))
    as_alice.post(reverse("choose_notices"), {"told": [NoticeKind.MENTIONED]})
    alice.refresh_from_db()
    assert alice.muted == ["experiment_done", "key_attention", "budget_near"]
    assert page_of(as_alice).count(" checked") == 1
    tell(alice, team, KIND, "Nobody hears it", "/")
    assert unread(alice) == 0
    as_alice.post(reverse("choose_notices"), {"told": ["nonsense"]})
    alice.refresh_from_db()
    assert len(alice.muted) == 3
    as_alice.post(reverse("choose_notices"), {"told": NoticeKind.for_person(alice)})
    alice.refresh_from_db()
    assert alice.muted == []


def test_owners_are_told_of_a_paused_key_once_a_day_for_each_reason(
    as_alice: Client, alice: User, bob: User, team: Team
) -> None:
    key = services.set_api_key(team=team, by=alice, label="Ours", secret="pig-secret-0123456789")
    services.mark_key(key.pk, KeyState.WORKING)
    assert unread(alice) == 0
    services.mark_key(key.pk, KeyState.REFUSED, "Invalid API key")
    services.resume_api_key(team=team, by=alice)
    services.mark_key(key.pk, KeyState.REFUSED, "Invalid API key")
    assert (unread(alice), unread(bob)) == (1, 0)
    page = page_of(as_alice)
    assert "The API key Ours (…6789) was refused by Image Pig." in page
    assert "pig-secret" not in page
    services.mark_key(key.pk, KeyState.NEEDS_CREDIT)
    assert unread(alice) == 2
    assert "The API key Ours (…6789) needs credit." in page_of(as_alice)


def test_what_was_told_long_ago_is_purged_each_hour(alice: User, team: Team) -> None:
    old, recent = say(alice, team, "Old"), say(alice, team, "Recent")
    moment = timezone.now() - KEPT
    Notice.objects.filter(pk=old.pk).update(created_at=moment - timedelta(minutes=1))
    Notice.objects.filter(pk=recent.pk).update(created_at=moment + timedelta(minutes=1))
    tasks.tidy_up.call_local()
    assert list(Notice.objects.all()) == [recent]
