from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.serializers import serialize
from django.utils import timezone

from accounts import invitations, teams
from accounts.invitations import CannotAccept, accept, find, invite, revoke
from accounts.models import Event, Invitation, Role, Team, User


def happened(team: Team) -> list[str]:
    return [str(event) for event in Event.objects.filter(team=team).order_by("pk")]


def test_an_invitation_lets_one_person_in_with_the_role_that_the_inviter_chose(
    team: Team, alice: User, charlie: User
) -> None:
    made = invite(team=team, by=alice, role=Role.EDITOR)
    found = find(made.token)
    assert found == made.invitation
    membership = accept(invitation=found, by=charlie)
    assert (membership.team, membership.user, membership.role) == (team, charlie, Role.EDITOR)
    found.refresh_from_db()
    assert (found.accepted_by, found.is_open) == (charlie, False)
    assert happened(team) == [
        "Alice invited somebody by link, as editor",
        "Charlie joined as editor",
    ]


def test_a_token_has_256_bits_and_no_row_holds_it(team: Team, alice: User) -> None:
    tokens = {invite(team=team, by=alice, role=Role.VIEWER).token for _ in range(3)}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}
    rows = serialize("json", [*Invitation.objects.all(), *Event.objects.all()])
    assert not [token for token in tokens if token in rows]


def test_it_is_good_for_seven_days_unless_said_otherwise(team: Team, alice: User) -> None:
    for days in (7, 1):
        made = invite(team=team, by=alice, role=Role.VIEWER, days=days)
        left = made.invitation.expires_at - timezone.now()
        assert timedelta(days=days) - timedelta(minutes=1) < left <= timedelta(days=days)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("used", "has been used"),
        ("revoked", "was taken back"),
        ("expired", "has expired"),
        ("deleted", "not there any more"),
    ],
)
def test_what_lets_nobody_in_any_more_says_why(
    way: str, words: str, team: Team, alice: User, vera: User, charlie: User
) -> None:
    made = invite(team=team, by=alice, role=Role.OWNER).invitation
    if way == "used":
        accept(invitation=made, by=User.objects.create_user("pia@example.com"))
    elif way == "revoked":
        assert revoke(invitation=made, by=alice)
    elif way == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    else:
        teams.delete(membership=alice.memberships.get(team=team))
    with pytest.raises(CannotAccept, match=words):
        accept(invitation=made, by=charlie)
    assert not team.members.filter(pk=charlie.pk).exists()


def test_what_is_ended_cannot_be_taken_back(team: Team, alice: User, charlie: User) -> None:
    made = invite(team=team, by=alice, role=Role.VIEWER).invitation
    accept(invitation=made, by=charlie)
    assert not revoke(invitation=made, by=alice)
    assert not any("took" in each for each in happened(team))


def test_a_member_uses_no_invitation_up_and_keeps_the_role(
    team: Team, alice: User, bob: User, charlie: User
) -> None:
    made = invite(team=team, by=alice, role=Role.OWNER).invitation
    assert accept(invitation=made, by=bob).role == Role.EDITOR
    assert accept(invitation=made, by=charlie).role == Role.OWNER


def test_nobody_is_found_by_a_token_that_was_never_given(team: Team, alice: User) -> None:
    made = invite(team=team, by=alice, role=Role.VIEWER)
    for token in ("", "x" * 43, made.token[:-1], made.invitation.token_hash, "x" * 5000):
        assert find(token) is None


def test_of_a_deleted_team_no_invitation_is_found(team: Team, alice: User) -> None:
    made = invite(team=team, by=alice, role=Role.VIEWER)
    teams.delete(membership=alice.memberships.get())
    assert find(made.token) is None
    teams.restore(team=team, by=alice)
    assert find(made.token) == made.invitation


# By address


def test_without_a_mail_server_the_address_one_signed_up_with_must_be_the_one(
    team: Team, alice: User, charlie: User
) -> None:
    made = invite(team=team, by=alice, role=Role.VIEWER, email="Pia@Example.com").invitation
    with pytest.raises(CannotAccept, match="for another email address than yours"):
        accept(invitation=made, by=charlie)
    pia = User.objects.create_user("pia@example.com")
    assert accept(invitation=made, by=pia).role == Role.VIEWER


@pytest.mark.usefixtures("with_mail_server")
def test_with_a_mail_server_the_address_must_be_confirmed(
    team: Team, alice: User, charlie: User
) -> None:
    made = invite(team=team, by=alice, role=Role.VIEWER, email=charlie.email).invitation
    with pytest.raises(CannotAccept, match="not confirmed yet"):
        accept(invitation=made, by=charlie)
    address = EmailAddress.objects.create(user=charlie, email=charlie.email, verified=False)
    with pytest.raises(CannotAccept, match="not confirmed yet"):
        accept(invitation=made, by=charlie)
    address.set_verified()
    assert accept(invitation=made, by=charlie).team == team


@pytest.mark.usefixtures("with_mail_server")
def test_somebody_elses_confirmed_address_does_not_do(
    team: Team, alice: User, charlie: User
) -> None:
    pia = User.objects.create_user("pia@example.com")
    EmailAddress.objects.create(user=pia, email=pia.email, verified=True)
    EmailAddress.objects.create(user=charlie, email=charlie.email, verified=True)
    made = invite(team=team, by=alice, role=Role.VIEWER, email=pia.email).invitation
    with pytest.raises(CannotAccept):
        accept(invitation=made, by=charlie)


def test_a_second_invitation_for_an_address_takes_the_first_one_back(
    team: Team, alice: User
) -> None:
    first = invite(team=team, by=alice, role=Role.OWNER, email="pia@example.com")
    second = invite(team=team, by=alice, role=Role.VIEWER, email="PIA@example.com")
    assert list(team.invitations.open()) == [second.invitation]
    first.invitation.refresh_from_db()
    assert first.invitation.revoked_at


def test_a_member_is_not_invited_again(team: Team, alice: User, bob: User) -> None:
    with pytest.raises(teams.NotPossible, match=r"bob@example.com is in Sty already"):
        invite(team=team, by=alice, role=Role.VIEWER, email="Bob@example.com")


def test_the_number_of_open_invitations_is_bounded(
    team: Team, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "OPEN_MAXIMUM", 2)
    first = invite(team=team, by=alice, role=Role.VIEWER).invitation
    invite(team=team, by=alice, role=Role.VIEWER)
    with pytest.raises(teams.NotPossible, match="2 invitations are open"):
        invite(team=team, by=alice, role=Role.VIEWER)
    revoke(invitation=first, by=alice)
    invite(team=team, by=alice, role=Role.VIEWER)


def test_the_mail_names_team_role_and_inviter_and_leads_to_the_sites_own_address(
    team: Team, alice: User
) -> None:
    made = invite(team=team, by=alice, role=Role.EDITOR, email="pia@example.com")
    invitations.send(made)
    (sent,) = mail.outbox
    assert sent.to == ["pia@example.com"]
    assert sent.subject == "You are invited to Sty"
    for words in ("Alice invites you", "in Sty, as editor", "only for this address"):
        assert words in str(sent.body)
    link = f"http://localhost:8000/invitations/{made.token}/"
    assert link in str(sent.body).splitlines()
    assert invitations.link(made.token) == link


def test_a_teams_name_cannot_write_a_mails_headers(team: Team, alice: User) -> None:
    team.name = "Sty\r\nBcc: everybody@example.com"
    team.save()
    invitations.send(invite(team=team, by=alice, role=Role.VIEWER, email="pia@example.com"))
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.recipients() == ["pia@example.com"]
