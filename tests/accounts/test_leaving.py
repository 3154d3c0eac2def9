from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts import leaving, services, teams
from accounts.models import Happened, Membership, Role, Team, User
from playground import talking
from playground.models import Generation
from tests.conftest import PASSWORD, signed_in
from tests.factories import make_generation

pytestmark = pytest.mark.django_db


def confirmed(user: User) -> Client:
    """Somebody who has just shown to be the one that is signed in."""
    client = signed_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_what_somebody_made_stays_with_the_team(team: Team, alice: User, bob: User) -> None:
    picture = make_generation(team, author=bob)
    leaving.delete_account(bob)
    picture.refresh_from_db()
    assert picture.author is None
    assert not User.objects.filter(email="bob@example.com").exists()
    assert [each.user for each in team.memberships.all()] == [alice]


def test_the_last_owner_of_others_has_to_hand_the_team_over_first(
    team: Team, alice: User, bob: User
) -> None:
    assert leaving.leaving(alice).blocking == [team]
    with pytest.raises(teams.LastOwner):
        leaving.delete_account(alice)
    assert User.objects.filter(pk=alice.pk).exists()
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    assert leaving.leaving(alice).staying == [team]
    leaving.delete_account(alice)
    assert not User.objects.filter(pk=alice.pk).exists()


def test_a_team_with_nobody_else_in_it_goes_too(team: Team, alice: User) -> None:
    other = services.create_team(name="Barn", by=alice)
    assert leaving.leaving(alice).alone == [team, other]
    leaving.delete_account(alice)
    team.refresh_from_db()
    other.refresh_from_db()
    assert team.deleted_at
    assert other.deleted_at
    # No personal team is left behind for nobody.
    assert Team.objects.filter(deleted_at=None).count() == 0


def test_one_deletes_ones_account_by_typing_ones_address(bob: User, alice: User) -> None:
    client = confirmed(bob)
    address = reverse("delete_account")
    wrong = client.post(address, {"email": "alice@example.com"})
    assert wrong.status_code == 422
    assert "bob@example.com" in wrong.content.decode()
    done = client.post(address, {"email": "BOB@example.com"})
    assert done["Location"] == reverse("home")
    assert not User.objects.filter(pk=bob.pk).exists()
    assert client.get(reverse("playground")).status_code == 302


def test_the_last_owner_reads_what_to_do_first(alice: User, bob: User) -> None:
    page = confirmed(alice).get(reverse("delete_account")).content.decode()
    assert "Make one of them an owner first" in page
    assert "Delete my account" not in page


def test_the_only_administrator_makes_somebody_else_one_first(
    alice: User, bob: User, charlie: User
) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=True, is_superuser=True)
    # Who cannot log in, or may not do everything, is none to leave a site to.
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True, is_active=False)
    User.objects.filter(pk=charlie.pk).update(is_staff=True)
    bob.refresh_from_db()
    client = confirmed(bob)
    page = client.get(reverse("delete_account")).content.decode()
    assert "You are the only administrator of this site" in page
    assert f'href="{reverse("admin:accounts_user_changelist")}"' in page
    assert "Delete my account" not in page
    refused = client.post(reverse("delete_account"), {"email": bob.email})
    assert refused.status_code == 422
    assert User.objects.filter(pk=bob.pk).exists()
    User.objects.filter(pk=charlie.pk).update(is_superuser=True)
    assert "Delete my account" in client.get(reverse("delete_account")).content.decode()
    assert client.post(reverse("delete_account"), {"email": bob.email}).status_code == 302
    assert not User.objects.filter(pk=bob.pk).exists()


def test_who_is_alone_on_a_site_may_go_and_the_next_one_looks_after_it(client: Client) -> None:
    client.post(reverse("account_signup"), SIGN_UP)
    first = User.objects.get()
    assert first.is_superuser
    leaving.delete_account(first)
    Client().post(reverse("account_signup"), SIGN_UP)
    assert User.objects.get().is_superuser


def test_one_downloads_what_is_ones_own_and_nothing_else(
    team: Team, alice: User, bob: User, as_bob: Client
) -> None:
    mine = make_generation(team, author=bob, prompt="my pig")
    make_generation(team, author=alice, prompt="her pig")
    talking.write(picture=mine, by=bob, text="My words")
    response = as_bob.post(reverse("export_mine"))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        about = json.loads(archive.read("account.json"))
        told = archive.read("metadata.csv").decode("utf-8-sig")
    assert sum(name.startswith("pictures/") for name in names) == 1
    assert "my pig" in told
    assert "her pig" not in told
    event = team.events.get(kind=Happened.EXPORTED)
    assert (event.by, event.about) == (bob, "1 picture of their own")
    assert about["email"] == "bob@example.com"
    assert about["teams"][0]["role"] == "editor"
    assert about["comments"][0]["text"] == "My words"
    assert "password" not in json.dumps(about)


def test_without_pictures_there_is_still_what_is_kept_of_a_person(as_bob: Client) -> None:
    assert Generation.objects.count() == 0
    response = as_bob.post(reverse("export_mine"))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "account.json" in archive.namelist()


SIGN_UP = {"email": "new@example.com", "password1": "a-long-new-password-42"}


@pytest.mark.parametrize(
    ("sign_up", "somebody", "made"),
    [
        ("open", True, True),
        ("invitation", True, False),
        ("closed", True, False),
        # The first account is the administrator's: without it there is no way in.
        ("closed", False, True),
    ],
)
def test_who_may_sign_up_is_a_setting(
    settings: LazySettings, client: Client, sign_up: str, somebody: bool, made: bool
) -> None:
    settings.SIGN_UP = sign_up
    if somebody:
        User.objects.create_user("old@example.com", PASSWORD)
    client.post(reverse("account_signup"), SIGN_UP)
    assert User.objects.filter(email="new@example.com").exists() == made
    if not made:
        assert "invitation" in client.get(reverse("account_signup")).content.decode()


@pytest.mark.parametrize("sign_up", ["invitation", "closed"])
def test_an_invitation_opens_the_door_only_where_it_may(
    settings: LazySettings, client: Client, team: Team, alice: User, sign_up: str
) -> None:
    from accounts import invitations

    settings.SIGN_UP = sign_up
    made = invitations.invite(team=team, by=alice, role=Role.EDITOR)
    client.post(reverse("invitation", args=[made.token]))
    client.get(reverse("invitation", args=[made.token]))
    client.post(reverse("account_signup"), SIGN_UP)
    assert User.objects.filter(email="new@example.com").exists() == (sign_up == "invitation")
