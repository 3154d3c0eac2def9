from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import cast

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiKey, Event, Happened, Membership, Role, Team, User
from playground import services
from playground.models import Spending, State, Upstream
from playground.spending import month_of, next_month, today
from tests.conftest import empty_cache, make_person
from tests.factories import make_generation
from tests.playground.usage.test_pace import DAY, made

from ..playing import submit

pytestmark = pytest.mark.django_db

MARKED = re.compile('class="[^"]*(bill|budget)-near')


def body_of(response: object) -> str:
    content = cast("Iterable[bytes]", getattr(response, "streaming_content"))  # noqa: B009
    return b"".join(content).decode()


def test_a_member_sees_who_spent_what(
    team: Team, alice: User, bob: User, api_key: ApiKey, as_vera: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    submit(team, bob, endpoint="flux", count=2)
    submit(team, alice)
    # The first request of a session notes that it was seen.
    as_vera.get(reverse("usage"))
    with django_assert_max_num_queries(12):
        page = as_vera.get(reverse("usage"))
    assert page.status_code == 200
    html = page.content.decode()
    assert "Bob" in html
    assert "FLUX" in html
    assert "The numbers as a table" in html
    assert "Budgets</a>" not in html


def test_calls_a_day_are_told_by_person_too(
    team: Team, alice: User, bob: User, api_key: ApiKey, as_vera: Client
) -> None:
    User.objects.filter(pk=bob.pk).update(name="Bob <b>")
    submit(team, bob, endpoint="flux", count=2)
    submit(team, alice)
    html = as_vera.get(reverse("usage")).content.decode()
    table = html.partition("Calls a day by person as a table")[2].partition("</table>")[0]
    heads = re.findall(r'<th scope="col">([^/]*)</th>', table)
    assert heads == ["Day (UTC)", "Bob &lt;b&gt;", "Alice", "Together"]
    assert re.findall("<td>([^<]*)</td>", table) == ["4", "1", "5"]


def test_with_very_many_people_the_page_stays_light(
    team: Team, as_vera: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    month = month_of(today())
    people = [make_person(f"Person{number}", team, Role.EDITOR) for number in range(30)]
    days = (next_month(month) - month).days
    Spending.objects.bulk_create(
        Spending(
            team=team, user=person, upstream="imagepig", endpoint="default", pictures=10,
            calls=1000 + place, day=month + timedelta(days=day),
        )
        for place, person in enumerate(people)
        for day in range(days)
    )  # fmt: skip
    as_vera.get(reverse("usage"))
    with django_assert_max_num_queries(12):
        page = as_vera.get(reverse("usage"), headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 20_000
    html = gzip.decompress(page.content).decode()
    # 8 with a column of their own, and all the others in one.
    assert ">22 more</th>" in html


def test_what_did_not_become_a_picture_says_whether_it_may_have_counted(
    team: Team, bob: User, as_vera: Client
) -> None:
    for state in (State.REFUSED, State.UNKNOWN, State.UNUSABLE, State.NOT_SENT):
        make_generation(team, author=bob, state=state, upstream=Upstream.IMAGEPIG)
    html = as_vera.get(reverse("usage")).content.decode()
    table = re.findall(r'<th scope="row">([^<]*)</th><td>1</td><td>([^<]*)</td>', html)
    assert dict(table) == {
        "Refused": "May have counted",
        "Unknown": "May have counted",
        "Unusable": "May have counted",
        "Not sent": "No: it was never sent",
    }


def test_the_sandboxs_pictures_stand_apart(team: Team, bob: User, as_vera: Client) -> None:
    submit(team, bob, upstream="sandbox", count=3)
    html = as_vera.get(reverse("usage")).content.decode()
    assert "<dt>Calls to Image Pig</dt><dd>0</dd>" in html
    assert "<dt>In the sandbox, for nothing</dt><dd>3</dd>" in html


def test_times_stand_beside_what_is_usual_and_what_was_before(
    team: Team, alice: User, as_vera: Client
) -> None:
    assert "How long pictures took" not in as_vera.get(reverse("usage")).content.decode()
    for seconds in (1.0, 2.0, 3.0):
        made(team, alice, ago=DAY, seconds=seconds)
    made(team, alice, ago=9 * DAY, seconds=1.0)
    html = as_vera.get(reverse("usage")).content.decode()
    row = re.search(r'<th scope="row">Default</th>(<td>3</td>.*?)</tr>', html)
    assert row
    cells = re.findall("<td>([^<]*)</td>", row[1])
    assert cells == [
        "3", "0.25 s", "0.25 s", "2.00 s", "2.90 s", "0.50 s", "0.50 s", "1–2 s",
        "1.00 s (100 % slower)",
    ]  # fmt: skip
    assert 'aria-label="Times by endpoint' in html


def test_a_slow_hour_is_told_on_the_usage_page_and_beside_the_button(
    team: Team, alice: User, api_key: ApiKey, as_alice: Client
) -> None:
    for _ in range(3):
        made(team, alice, ago=DAY, seconds=2.0)
    for address in (reverse("usage"), reverse("playground")):
        assert "is slow today" not in as_alice.get(address).content.decode()
    for _ in range(4):
        made(team, alice, ago=timedelta(minutes=10), seconds=9.0)
    empty_cache()
    shown = as_alice.get(reverse("usage")).content.decode()
    assert "<strong>Default is slow today.</strong>" in shown
    assert "more than 9.0 s" in shown
    shown = as_alice.get(reverse("playground")).content.decode()
    assert "Default is slow today: 9.0 s in the last hour" in shown


def test_a_budget_used_up_to_four_fifths_is_marked(
    team: Team, alice: User, api_key: ApiKey, as_alice: Client
) -> None:
    Team.objects.filter(pk=team.pk).update(monthly_calls=5)
    team.refresh_from_db()
    submit(team, alice, count=3)
    for address in (reverse("usage"), reverse("playground")):
        assert not MARKED.search(as_alice.get(address).content.decode())
    submit(team, alice)
    for address in (reverse("usage"), reverse("playground")):
        assert MARKED.search(as_alice.get(address).content.decode())
    usage = as_alice.get(reverse("usage")).content.decode()
    assert "4 of 5 calls, 1 left: nearly used up" in usage


def test_without_any_call_the_page_says_so(as_alice: Client) -> None:
    assert "No calls to Image Pig in this month" in as_alice.get(reverse("usage")).content.decode()


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "now", "2026-01-01", "99999-1", ""])
def test_a_month_that_is_none_shows_the_present_one(as_alice: Client, month: str) -> None:
    assert as_alice.get(reverse("usage"), {"month": month}).status_code == 200


def test_the_file_has_a_line_a_day_person_and_endpoint(
    team: Team, bob: User, api_key: ApiKey, as_bob: Client
) -> None:
    User.objects.filter(pk=bob.pk).update(name="=cmd()")
    submit(team, bob, count=2)
    submit(team, bob, upstream="sandbox")
    response = as_bob.get(reverse("usage_file"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = body_of(response)
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [line["calls"] for line in lines] == ["2", "0"]
    assert [line["where"] for line in lines] == ["Image Pig", "Sandbox"]
    # No spreadsheet takes a name for a formula.
    assert {line["person"] for line in lines} == {"'=cmd()"}
    assert lines[0]["API key"] == str(api_key)


def test_an_owner_sets_budgets_and_they_are_written_down(
    team: Team, bob: User, as_alice: Client
) -> None:
    member = Membership.objects.get(user=bob)
    data = {"team": "500", f"member-{member.pk}": "20"}
    assert as_alice.post(reverse("budget"), data).url == reverse("usage")  # type: ignore[attr-defined]
    team.refresh_from_db()
    member.refresh_from_db()
    assert (team.monthly_calls, member.monthly_calls) == (500, 20)
    said = Event.objects.filter(kind=Happened.BUDGET_CHANGED).values_list("about", flat=True)
    assert list(said) == [
        "the team: no bound → 500 calls a month",
        "Bob: no bound → 20 calls a month",
    ]
    # The same again changes nothing.
    as_alice.post(reverse("budget"), data)
    assert len(said.all()) == 2


def test_an_empty_field_takes_the_bound_away(team: Team, as_alice: Client) -> None:
    Team.objects.update(monthly_calls=5)
    as_alice.post(reverse("budget"), {"team": ""})
    assert Team.objects.get(pk=team.pk).monthly_calls is None


@pytest.mark.parametrize("wrong", ["-1", "many", "99999999999", "1.5"])
def test_a_budget_that_is_no_number_of_calls_is_refused_at_its_field(
    as_alice: Client, wrong: str
) -> None:
    page = as_alice.post(reverse("budget"), {"team": wrong})
    assert Team.objects.get(name="Sty").monthly_calls is None
    assert f'value="{wrong}"' in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


def test_whoever_sets_a_budget_for_a_stranger_changes_nothing(
    as_alice: Client, charlie: User
) -> None:
    theirs = Membership.objects.get(user=charlie)
    as_alice.post(reverse("budget"), {"team": "", f"member-{theirs.pk}": "0"})
    theirs.refresh_from_db()
    assert theirs.monthly_calls is None


def test_the_form_says_what_is_left_and_refuses_what_is_too_much(
    team: Team, alice: User, api_key: ApiKey, as_alice: Client
) -> None:
    Team.objects.filter(pk=team.pk).update(monthly_calls=1)
    team.refresh_from_db()
    submit(team, alice)
    with pytest.raises(services.OverBudget):
        submit(team, alice)
    page = as_alice.get(reverse("usage")).content.decode()
    assert "1 of 1 calls, 0 left: used up" in page


def test_the_form_says_what_is_left_of_a_budget_before_the_click(
    team: Team, alice: User, api_key: ApiKey, as_alice: Client
) -> None:
    assert "left this month" not in as_alice.get(reverse("playground")).content.decode()
    Team.objects.filter(pk=team.pk).update(monthly_calls=2)
    team.refresh_from_db()
    submit(team, alice)
    page = as_alice.get(reverse("playground")).content.decode()
    assert "Of the team’s budget 1 of 2 calls is left this month" in page
    submit(team, alice)
    assert "only the sandbox goes on" in as_alice.get(reverse("playground")).content.decode()
