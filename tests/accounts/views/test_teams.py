from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import services, teams
from accounts.happenings import record
from accounts.models import Event, Happened, Invitation, Membership, Role, Team, User
from accounts.views import teams as views
from tests.accounts.test_pages import assert_in_frame, confirmed
from tests.conftest import make_person, signed_in
from tests.factories import make_generation


def page_of(client: Client, name: str = "team", **query: int) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return assert_in_frame(response)


def main_of(page: str) -> str:
    return page.partition('<main id="content"')[2].partition("</main>")[0]


def member(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


def test_everybody_sees_who_is_in_the_team_and_owners_their_addresses(
    as_alice: Client, as_vera: Client, bob: User
) -> None:
    for client in (as_alice, as_vera):
        page = main_of(page_of(client))
        for words in ("Sty", "Alice", "Bob", "Vera", "Owner", "Editor", "Viewer"):
            assert words in page
    assert "bob@example.com" in page_of(as_alice)
    assert "bob@example.com" not in page_of(as_vera)


def test_only_owners_find_what_changes_people(as_alice: Client, as_bob: Client, vera: User) -> None:
    theirs = main_of(page_of(as_bob))
    for words in ("Invite somebody", "Remove Vera", "Rename", "Delete the team", "What happened"):
        assert words in page_of(as_alice)
        assert words not in theirs
    assert "Leave Sty" in theirs


def test_the_only_owner_is_told_why_there_is_no_leaving(as_alice: Client, bob: User) -> None:
    page = page_of(as_alice)
    assert "You are the only owner" in page
    assert "Leave Sty" not in page
    response = as_alice.post(reverse("leave_team", args=[bob.teams.get().pk]), follow=True)
    assert "Alice is the only owner of Sty." in response.content.decode()


def test_a_large_team_comes_page_by_page(
    as_alice: Client, team: Team, bob: User, vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MEMBERS", 2)
    first = main_of(page_of(as_alice))
    assert ("Bob" in first, "Vera" in first) == (True, False)
    after = member(bob, team).pk
    assert f'href="?after={after}"' in first
    assert "Vera" in main_of(page_of(as_alice, after=after))


def test_a_page_of_people_costs_the_same_however_many_they_are(
    as_alice: Client,
    team: Team,
    alice: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(40):
        make_person(f"Pia-{number}", team, Role.VIEWER)
        services.create_team(name=f"Team {number}", by=alice)
    as_alice.get(reverse("team"))
    with django_assert_max_num_queries(10):
        as_alice.get(reverse("team"))


def test_names_with_markup_are_only_names(as_alice: Client, team: Team, bob: User) -> None:
    Team.objects.filter(pk=team.pk).update(name="<script>alert(1)</script>")
    User.objects.filter(pk=bob.pk).update(name="<img src=x onerror=alert(1)>")
    for name in ("team", "team_history"):
        page = page_of(as_alice, name)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# Making, renaming, switching


def test_a_new_team_is_where_one_works_from_then_on(as_bob: Client, bob: User) -> None:
    response = as_bob.post(reverse("create_team"), {"name": "  Barn "}, follow=True)
    made = bob.teams.get(name="Barn")
    assert member(bob, made).role == Role.OWNER
    assert "You are in Barn now." in response.content.decode()
    assert "Barn" in main_of(page_of(as_bob))


@pytest.mark.parametrize("name", ["", "   ", "B" * 81])
def test_a_team_needs_a_name_of_at_most_80_characters(
    name: str, as_alice: Client, team: Team
) -> None:
    for address in (reverse("create_team"), reverse("rename_team", args=[team.pk])):
        response = as_alice.post(address, {"name": name}, follow=True)
        assert "a name of at most 80 characters" in response.content.decode()
    assert list(Team.objects.values_list("name", flat=True)) == ["Sty"]


def test_an_owner_renames_the_team(as_alice: Client, team: Team) -> None:
    as_alice.post(reverse("rename_team", args=[team.pk]), {"name": "Barn"})
    team.refresh_from_db()
    assert team.name == "Barn"


def test_one_click_leads_to_another_team(as_bob: Client, bob: User, team: Team) -> None:
    barn = services.create_team(name="Barn", by=bob)
    make_generation(barn, author=bob, prompt="a pig in the barn")
    make_generation(team, author=bob, prompt="a pig in the sty")
    gallery = reverse("gallery")
    assert "a pig in the sty" in as_bob.get(gallery).content.decode()
    menu = as_bob.get(gallery).content.decode()
    assert f'formaction="{reverse("switch_team", args=[barn.pk])}"' in menu
    response = as_bob.post(reverse("switch_team", args=[barn.pk]), {"next": gallery}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == gallery
    assert "a pig in the barn" in page
    assert "a pig in the sty" not in page


def test_nobody_switches_to_a_team_of_others(as_charlie: Client, team: Team) -> None:
    assert as_charlie.post(reverse("switch_team", args=[team.pk])).status_code == 404
    assert "Elsewhere" in page_of(as_charlie)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/gallery/?text=pig&before=9", "/gallery/"),
        ("/playground/", "/playground/"),
        ("/playground/?text=a+pig+%26+hat&recall=all&from=9", "/playground/?text=a+pig+%26+hat"),
        ("/pictures/12/", "/gallery/"),
        ("/compare/?ids=1,2", "/gallery/"),
        ("/experiments/12/", "/experiments/"),
        ("/experiments/12/choose/", "/experiments/"),
        ("/experiments/new/", "/experiments/"),
        ("/collections/", "/collections/"),
        ("/styles/3/", "/styles/"),
        ("/team/api-key/", "/team/api-key/"),
        ("/team/api-key/replace/", "/team/api-key/"),
        ("/team/history/", "/team/"),
        ("/teams/5/delete/", "/team/"),
        ("/notices/", "/notices/"),
        ("/accounts/email/", "/accounts/email/"),
        ("/invitations/abc/", "/playground/"),
        ("/admin/accounts/user/", "/playground/"),
        ("/nowhere/at/all/", "/playground/"),
        ("", "/playground/"),
        ("/", "/playground/"),
        ("//evil.example/gallery/", "/playground/"),
        ("https://evil.example/", "/playground/"),
        ("\\\\evil.example", "/playground/"),
    ],
)
def test_after_switching_one_is_on_a_page_like_the_one_before(before: str, after: str) -> None:
    assert views.like(before) == after


def test_the_menu_asks_for_all_teams_at_once(
    as_bob: Client, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        services.create_team(name=f"Team {number}", by=bob)
    as_bob.get(reverse("account"))
    with django_assert_max_num_queries(5):
        page = as_bob.get(reverse("account")).content.decode()
    assert page.count('formaction="/teams/') == 10


# Roles, removing, leaving


def test_an_owner_changes_a_role(as_alice: Client, team: Team, bob: User) -> None:
    address = reverse("change_role", args=[member(bob, team).pk])
    response = as_alice.post(address, {"role": "viewer"}, follow=True)
    assert member(bob, team).role == Role.VIEWER
    assert "Bob is a viewer now." in response.content.decode()
    assert (
        "Choose a role." in as_alice.post(address, {"role": "king"}, follow=True).content.decode()
    )
    assert member(bob, team).role == Role.VIEWER


def test_the_last_owner_is_told_why_the_role_stays(
    as_alice: Client, team: Team, alice: User
) -> None:
    address = reverse("change_role", args=[member(alice, team).pk])
    response = as_alice.post(address, {"role": "viewer"}, follow=True)
    assert "Alice is the only owner of Sty." in response.content.decode()
    assert member(alice, team).role == Role.OWNER


def test_whoever_is_removed_gets_404_at_once_and_lands_in_another_team(
    as_alice: Client, as_bob: Client, team: Team, bob: User
) -> None:
    picture = make_generation(team, author=bob)
    address = reverse("picture", args=[picture.pk])
    assert as_bob.get(address).status_code == 200
    as_alice.post(reverse("remove_member", args=[member(bob, team).pk]))
    for name in ("picture", "picture_file", "picture_thumbnail"):
        assert as_bob.get(reverse(name, args=[picture.pk])).status_code == 404
    assert "Bob’s team" in page_of(as_bob)
    assert as_bob.get(reverse("gallery")).status_code == 200


def test_whoever_leaves_keeps_the_name_on_the_pictures(
    as_alice: Client, as_bob: Client, team: Team, bob: User
) -> None:
    picture = make_generation(team, author=bob)
    response = as_bob.post(reverse("leave_team", args=[team.pk]), follow=True)
    assert "You have left Sty. What you made stays there." in response.content.decode()
    page = as_alice.get(reverse("picture", args=[picture.pk])).content.decode()
    assert "Bob" in main_of(page)


def test_a_member_of_another_team_is_out_of_reach(
    as_alice: Client, charlie: User, as_charlie: Client, bob: User, team: Team
) -> None:
    theirs = charlie.memberships.get()
    for name in ("change_role", "remove_member"):
        response = as_alice.post(reverse(name, args=[theirs.pk]), {"role": "viewer"})
        assert response.status_code == 404
    # Nor does it help to own another team.
    ours = member(bob, team)
    assert as_charlie.post(reverse("remove_member", args=[ours.pk])).status_code == 404
    assert member(bob, team).role == Role.EDITOR


# What happened


def test_owners_read_what_happened_newest_first(as_alice: Client, team: Team, bob: User) -> None:
    record(team, bob, Happened.SHARE_MADE, "picture <12>")
    record(team, None, Happened.EXPORTED)
    page = main_of(page_of(as_alice, "team_history"))
    assert page.index("exported pictures") < page.index("made a share link")
    assert "picture &lt;12&gt;" in page
    assert "The application" in page


def test_what_happened_comes_page_by_page(
    as_alice: Client, team: Team, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EVENTS", 2)
    made = [record(team, bob, Happened.EXPORTED, f"number {number}") for number in range(3)]
    first = main_of(page_of(as_alice, "team_history"))
    assert ("number 2" in first, "number 0" in first) == (True, False)
    assert f'href="?before={made[1].pk}"' in first
    rest = main_of(page_of(as_alice, "team_history", before=made[1].pk))
    assert ("number 2" in rest, "number 0" in rest) == (False, True)


def test_another_teams_history_stays_theirs(as_alice: Client, charlie: User, team: Team) -> None:
    record(charlie.teams.get(), charlie, Happened.EXPORTED, "theirs")
    assert "theirs" not in page_of(as_alice, "team_history")


# Deleting, and bringing back


def test_deleting_asks_who_one_is_and_for_the_name(alice: User, team: Team, bob: User) -> None:
    address = reverse("delete_team", args=[team.pk])
    asked = signed_in(alice).get(address)
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    client = confirmed(alice)
    page = assert_in_frame(client.get(address))
    assert "nobody of the 1 other person in it" in page
    wrong = client.post(address, {"name": "Stye"})
    assert wrong.status_code == 422
    assert "Type “Sty”" in wrong.content.decode()
    assert team.members.count() == 2
    client.post(address, {"name": " sty "})
    team.refresh_from_db()
    assert team.deleted_at


def test_a_deleted_team_is_brought_back_from_the_message_or_from_the_page(
    alice: User, team: Team, bob: User
) -> None:
    client = confirmed(alice)
    undo = reverse("restore_team", args=[team.pk])
    response = client.post(reverse("delete_team", args=[team.pk]), {"name": "Sty"}, follow=True)
    page = response.content.decode()
    assert page.count(f'action="{undo}"') == 2
    assert "Alice’s team" in page
    response = client.post(undo, follow=True)
    assert "Sty is back, with everybody who was in it." in response.content.decode()
    assert "Sty" in main_of(page_of(client))
    assert bob.teams.filter(pk=team.pk).exists()
    assert client.post(undo).status_code == 404


def test_nobody_else_brings_a_team_back(
    alice: User, as_bob: Client, as_charlie: Client, team: Team
) -> None:
    teams.delete(membership=member(alice, team))
    undo = reverse("restore_team", args=[team.pk])
    assert as_bob.post(undo).status_code == 404
    assert as_charlie.post(undo).status_code == 404
    assert not team.members.exists()


def test_what_is_posted_besides_changes_nothing(as_alice: Client, team: Team, bob: User) -> None:
    more = {"team": 1, "user": bob.pk, "role": "owner", "monthly_calls": 5, "deleted_at": "now"}
    as_alice.post(reverse("rename_team", args=[team.pk]), {"name": "Barn", **more})
    as_alice.post(reverse("create_team"), {"name": "Loft", **more})
    team.refresh_from_db()
    assert (team.monthly_calls, team.deleted_at) == (None, None)
    assert member(bob, team).role == Role.EDITOR
    assert not bob.teams.filter(name="Loft").exists()
    assert not Invitation.objects.exists()
    assert Event.objects.filter(team=team).count() == 1
