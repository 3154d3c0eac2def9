from __future__ import annotations

import logging
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import invitations, teams
from accounts.invitations import Made
from accounts.models import Invitation, Membership, Role, Team, User
from accounts.views.invitations import RATES
from imagepig_site.logs import HideTokens
from tests.accounts.second_step import log_in
from tests.accounts.test_pages import assert_in_frame
from tests.accounts.test_sign_up import sign_up
from tests.conftest import PASSWORD, signed_in
from tests.factories import make_generation
from tests.searching import dump


@pytest.fixture
def made(team: Team, alice: User) -> Made:
    return invitations.invite(team=team, by=alice, role=Role.EDITOR)


def link(made: Made) -> str:
    return reverse("invitation", args=[made.token])


def invite(client: Client, team: Team, **data: Any) -> Any:
    values = {"email": "", "role": "viewer", "days": "7", **data}
    return client.post(reverse("invite", args=[team.pk]), values)


def shown_link(response: Any) -> str:
    found = re.search(r'value="(http://localhost:8000/invitations/[\w-]{43}/)"', _page(response))
    assert found
    return found[1]


def _page(response: Any) -> str:
    page: str = response.content.decode()
    return page


def role_in(team: Team, email: str) -> str:
    return Membership.objects.get(team=team, user__email=email).role


# Inviting


def test_a_link_is_shown_once_and_works(as_alice: Client, team: Team, as_charlie: Client) -> None:
    response = invite(as_alice, team, role="editor", days="30")
    assert "shown this once" in assert_in_frame(response)
    address = shown_link(response)
    invitation = team.invitations.get()
    assert invitation.role == Role.EDITOR
    assert invitation.expires_at > timezone.now() + timedelta(days=29)
    assert address not in _page(as_alice.get(reverse("team")))
    as_charlie.post(address.removeprefix("http://localhost:8000"))
    assert role_in(team, "charlie@example.com") == Role.EDITOR


def test_whatever_host_a_request_names_the_link_is_the_sites_own(alice: User, team: Team) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(alice)
    assert shown_link(invite(client, team)).startswith("http://localhost:8000/")


@pytest.mark.usefixtures("with_mail_server")
def test_with_a_mail_server_the_link_goes_to_the_address_and_is_not_shown(
    as_alice: Client, team: Team
) -> None:
    response = invite(as_alice, team, email="pia@example.com")
    assert response.headers["Location"] == reverse("team")
    page = _page(as_alice.get(reverse("team")))
    assert "The invitation to pia@example.com is on its way." in page
    assert "pia@example.com" in page
    (sent,) = mail.outbox
    assert sent.to == ["pia@example.com"]
    assert "http://localhost:8000/invitations/" in sent.body


@pytest.mark.usefixtures("with_mail_server")
def test_a_mail_that_cannot_be_sent_leaves_the_link_to_hand_over(
    as_alice: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(made: Made) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(invitations, "send", refuse)
    response = invite(as_alice, team, email="pia@example.com")
    assert "The mail could not be sent." in _page(response)
    shown_link(response)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "nonsense"}, "This is no email address."),
        ({"email": "bob@example.com"}, "bob@example.com is in Sty already."),
        ({"role": "king"}, "king is not one of the available choices"),
        ({"role": ""}, "This field is required."),
        ({"days": "1000"}, "1000 is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    data: dict[str, str], words: str, as_alice: Client, team: Team, bob: User
) -> None:
    response = invite(as_alice, team, **data)
    assert response.status_code == 422
    assert words in _page(response)
    assert not Invitation.objects.exists()


def test_many_invitations_in_an_hour_are_too_many(
    as_alice: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RATES, "invite", "2/h/user")
    assert [invite(as_alice, team).status_code for _ in range(3)] == [200, 200, 429]


def test_an_owner_sees_what_is_open_and_takes_it_back(
    as_alice: Client, team: Team, alice: User, made: Made
) -> None:
    invitations.invite(team=team, by=alice, role=Role.VIEWER, email="pia@example.com")
    page = _page(as_alice.get(reverse("team")))
    assert "Whoever has the link" in page
    assert "pia@example.com" in page
    response = as_alice.post(reverse("revoke_invitation", args=[made.invitation.pk]), follow=True)
    page = _page(response)
    assert "Its link lets nobody in any more." in page
    assert "Whoever has the link" not in page
    assert "was taken back" in _page(Client().get(link(made)))


def test_another_teams_invitation_cannot_be_taken_back(
    as_charlie: Client, as_bob: Client, made: Made
) -> None:
    address = reverse("revoke_invitation", args=[made.invitation.pk])
    assert as_charlie.post(address).status_code == 404
    assert as_bob.post(address).status_code == 403
    made.invitation.refresh_from_db()
    assert made.invitation.is_open


# What its link shows


def test_a_stranger_reads_which_team_which_role_and_who_invites(client: Client, made: Made) -> None:
    response = client.get(link(made))
    page = assert_in_frame(response)
    for words in ("Join Sty", "Alice", "as editor", "Create an account and join"):
        assert words in page
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in page
    assert 'href="http' not in page.partition('<main id="content"')[2].partition("</main>")[0]


def test_whoever_is_signed_in_finds_one_button(as_charlie: Client, made: Made, team: Team) -> None:
    page = assert_in_frame(as_charlie.get(link(made)))
    assert page.partition("<main")[2].partition("</main>")[0].count("<button") == 1
    response = as_charlie.post(link(made), follow=True)
    assert response.redirect_chain[-1][0] == reverse("gallery")
    assert "You are in Sty now. You can make pictures here." in _page(response)
    assert "Sty" in _page(as_charlie.get(reverse("team")))


def test_a_member_is_led_to_the_team_and_uses_nothing_up(as_bob: Client, made: Made) -> None:
    assert "You are in Sty already" in assert_in_frame(as_bob.get(link(made)))
    as_bob.post(link(made))
    made.invitation.refresh_from_db()
    assert made.invitation.is_open


@pytest.mark.parametrize(
    ("way", "words"),
    [("used", "has been used"), ("revoked", "was taken back"), ("expired", "has expired")],
)
def test_what_lets_nobody_in_any_more_says_why_and_nothing_else(
    way: str, words: str, made: Made, as_charlie: Client, vera: User
) -> None:
    ends = {
        "used": {"accepted_at": timezone.now()},
        "revoked": {"revoked_at": timezone.now()},
        "expired": {"expires_at": timezone.now()},
    }
    Invitation.objects.update(**ends[way])
    for client in (as_charlie, Client()):
        for send in (client.get, client.post):
            page = assert_in_frame(send(link(made))).partition("<main")[2]
            assert words in page
            assert "Sty" not in page
            assert "Alice" not in page
    assert "invitation" not in Client().session
    assert made.invitation.team.members.count() == 2


def test_a_token_of_nobody_is_not_found_and_guessing_is_slowed_down(
    client: Client, made: Made
) -> None:
    guesses = [client.get(reverse("invitation", args=["x" * 43])).status_code for _ in range(21)]
    assert guesses == [404] * 20 + [429]
    # Whoever has a good one is let through all the same.
    assert client.get(link(made)).status_code == 200


def test_of_a_deleted_team_nothing_is_found(client: Client, made: Made, alice: User) -> None:
    teams.delete(membership=alice.memberships.get())
    assert client.get(link(made)).status_code == 404


def test_an_invitation_for_another_address_lets_nobody_else_in(
    as_charlie: Client, team: Team, alice: User, charlie: User
) -> None:
    made = invitations.invite(team=team, by=alice, role=Role.OWNER, email="pia@example.com")
    for send in (as_charlie.get, as_charlie.post):
        page = _page(send(link(made)))
        assert "for another email address than yours" in page
        assert "pia@example.com" not in page
        assert "You are logged in as charlie@example.com" in page
    assert not team.members.filter(pk=charlie.pk).exists()


# On the way


def test_a_stranger_signs_up_on_the_way_and_lands_in_the_teams_gallery(
    client: Client, made: Made, team: Team
) -> None:
    make_generation(team, prompt="a pig that is there already")
    response = client.post(link(made), {"way": "signup"})
    assert response.headers["Location"] == reverse("account_signup")
    response = sign_up(client)
    assert response.headers["Location"] == reverse("gallery")
    page = _page(client.get(reverse("gallery")))
    assert "You are in Sty now." in page
    assert "a pig that is there already" in page
    pia = User.objects.get(email="pia@example.com")
    assert {each.name for each in pia.teams.all()} == {"Sty", "pia’s team"}
    # The next time, it is the playground as ever.
    client.post(reverse("account_logout"))
    assert log_in(client, pia).headers["Location"] == reverse("playground")


def test_somebody_with_an_account_logs_in_on_the_way(
    client: Client, made: Made, team: Team, charlie: User
) -> None:
    response = client.post(link(made), {"way": "login"})
    assert response.headers["Location"] == reverse("account_login")
    assert log_in(client, charlie).headers["Location"] == reverse("gallery")
    assert role_in(team, charlie.email) == Role.EDITOR


@pytest.mark.usefixtures("with_mail_server")
def test_the_invitation_outlasts_the_confirmation_of_the_address(
    client: Client, team: Team, alice: User
) -> None:
    made = invitations.invite(team=team, by=alice, role=Role.VIEWER, email="pia@example.com")
    client.post(link(made))
    assert sign_up(client).headers["Location"] == reverse("account_email_verification_sent")
    pia = User.objects.get(email="pia@example.com")
    assert not team.members.filter(pk=pia.pk).exists()
    (sent,) = mail.outbox
    confirm = next(line for line in str(sent.body).splitlines() if line.startswith("http"))
    client.post(confirm.removeprefix("http://localhost:8000"))
    assert log_in(client, pia).headers["Location"] == reverse("gallery")
    assert role_in(team, pia.email) == Role.VIEWER


@pytest.mark.usefixtures("with_mail_server")
def test_whoever_signs_up_with_another_address_is_told_and_is_not_in(
    client: Client, team: Team, alice: User, charlie: User
) -> None:
    EmailAddress.objects.create(user=charlie, email=charlie.email, verified=True, primary=True)
    made = invitations.invite(team=team, by=alice, role=Role.VIEWER, email="pia@example.com")
    client.post(link(made), {"way": "login"})
    assert log_in(client, charlie).headers["Location"] == reverse("playground")
    assert "for another email address" in _page(client.get(reverse("playground")))
    assert not team.members.filter(pk=charlie.pk).exists()
    made.invitation.refresh_from_db()
    assert made.invitation.is_open


def test_what_was_left_lying_in_a_browser_lets_nobody_in_later(
    client: Client, made: Made, team: Team, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(link(made), {"way": "login"})
    later = time.time() + invitations.CARRIED_SECONDS + 1
    with monkeypatch.context() as patch:
        patch.setattr("accounts.invitations.time.time", lambda: later)
        log_in(client, charlie)
    assert not team.members.filter(pk=charlie.pk).exists()


def test_where_nobody_may_sign_up_one_logs_in(
    client: Client, made: Made, settings: Settings
) -> None:
    settings.SIGN_UP = "closed"
    page = _page(client.get(link(made)))
    assert "Create an account" not in page
    assert "Log in and join" in page


def test_where_only_the_invited_may_sign_up_an_invitation_is_enough(
    client: Client, made: Made, team: Team, settings: Settings
) -> None:
    settings.SIGN_UP = "invitation"
    sign_up(client)
    assert not User.objects.filter(email="pia@example.com").exists()
    client.post(link(made), {"way": "signup"})
    assert sign_up(client).headers["Location"] == reverse("gallery")
    assert role_in(team, "pia@example.com") == Role.EDITOR


@pytest.mark.usefixtures("with_mail_server")
@pytest.mark.parametrize("email", ["pia@example.com", ""])
def test_where_only_the_invited_may_sign_up_an_invitation_makes_one_account(
    email: str, client: Client, team: Team, alice: User, settings: Settings
) -> None:
    settings.SIGN_UP = "invitation"
    made = invitations.invite(team=team, by=alice, role=Role.EDITOR, email=email)
    client.post(link(made), {"way": "signup"})
    sign_up(client, "Pia@example.com")
    assert User.objects.filter(email="pia@example.com").exists()
    # It is open until the address is confirmed, and lets nobody else sign up meanwhile.
    other = Client()
    other.post(link(made), {"way": "signup"})
    page = _page(sign_up(other, "quentin@example.com"))
    assert "The invitation is for another email address than this one." in page
    assert not User.objects.filter(email="quentin@example.com").exists()


def test_a_wrong_password_uses_nothing_up(client: Client, made: Made, charlie: User) -> None:
    client.post(link(made), {"way": "login"})
    log_in(client, charlie, "wrong-password")
    made.invitation.refresh_from_db()
    assert made.invitation.is_open
    log_in(client, charlie, PASSWORD)
    made.invitation.refresh_from_db()
    assert made.invitation.accepted_by == charlie


def test_a_token_is_in_no_log_no_session_and_no_row(
    made: Made, caplog: pytest.LogCaptureFixture, charlie: User, alice: User
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(HideTokens())
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(made)).status_code == 403
    client = Client()
    client.get(link(made))
    client.post(link(made), {"way": "login"})
    kept = [str(row.get_decoded()) for row in Session.objects.all()]
    log_in(client, charlie)
    kept += [str(row.get_decoded()) for row in Session.objects.all()]
    pages = [_page(signed_in(alice).get(reverse(name))) for name in ("team", "team_history")]
    assert "Forbidden" in caplog.text
    assert not [text for text in (caplog.text, *kept, *pages) if made.token in text]
    assert made.token.encode() not in dump()
