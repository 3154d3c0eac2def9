from __future__ import annotations

import threading
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Role, Team, User
from tests.accounts.second_step import log_in
from tests.conftest import PASSWORD


def sign_up(client: Client, email: str = "pia@example.com", **more: Any) -> Any:
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, **more})


def test_signing_up_takes_an_address_and_one_password(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    fields = ("email", "password1")
    assert all(f'name="{field}"' in page for field in fields)
    assert 'name="password2"' not in page
    assert 'name="username"' not in page


def test_after_signing_up_one_is_in_the_playground_without_waiting_for_a_mail(
    client: Client, db: None
) -> None:
    response = sign_up(client)
    assert response.headers["Location"] == reverse("playground")
    assert client.get(reverse("playground")).status_code == 200


def test_signing_up_makes_a_personal_team(client: Client, db: None) -> None:
    sign_up(client)
    membership = User.objects.get().memberships.get()
    assert membership.role == Role.OWNER
    assert membership.team.name == "pia’s team"
    assert membership.team.api_key is None


def test_a_person_and_the_team_are_made_both_or_not_at_all(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> Team:
        raise RuntimeError("no team today")

    monkeypatch.setattr(services, "create_personal_team", fail)
    with pytest.raises(RuntimeError, match="no team today"):
        services.sign_up(user=User(email="pia@example.com"))
    assert not User.objects.exists()


def test_the_first_account_is_the_administrator_and_the_second_is_not(db: None) -> None:
    sign_up(Client(), "first@example.com")
    sign_up(Client(), "second@example.com")
    first, second = User.objects.order_by("pk")
    assert (first.is_staff, first.is_superuser) == (True, True)
    assert (second.is_staff, second.is_superuser) == (False, False)


def test_of_many_who_sign_up_at_once_only_one_is_the_administrator(
    transactional_db: None,
) -> None:
    together = threading.Barrier(4)

    def join(number: int) -> None:
        together.wait()
        services.sign_up(user=User(email=f"pig-{number}@example.com"))
        connection.close()

    threads = [threading.Thread(target=join, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.count() == 4
    assert User.objects.filter(is_superuser=True).count() == 1


def test_a_stranger_cannot_make_oneself_an_administrator(alice: User, client: Client) -> None:
    sign_up(client, is_staff="on", is_superuser="on", role="owner", team="1", team_id="1")
    pia = User.objects.get(email="pia@example.com")
    assert not pia.is_staff
    assert not pia.is_superuser
    assert pia.teams.get().name == "pia’s team"


def test_an_address_that_is_taken_is_told_at_its_field(alice: User, client: Client) -> None:
    page = sign_up(client, "ALICE@example.com").content.decode()
    assert "There is an account with this email address already." in page
    assert User.objects.count() == 1


def test_a_weak_password_is_told_at_its_field(client: Client, db: None) -> None:
    page = sign_up(client, password1="12345").content.decode()
    assert "This password is too short" in page
    assert 'value="pia@example.com"' in page


@pytest.mark.usefixtures("with_mail_server")
def test_with_a_mail_server_the_address_is_verified_first(client: Client, db: None) -> None:
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("account")).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == ["pia@example.com"]
    assert sent.subject == "Welcome: please confirm your email address"
    link = next(line for line in str(sent.body).splitlines() if line.startswith("http"))
    assert link.startswith("http://localhost:8000/accounts/confirm-email/")
    client.post(link.removeprefix("http://localhost:8000"))
    assert EmailAddress.objects.get().verified
    pia = User.objects.get()
    assert log_in(Client(), pia).headers["Location"] == reverse("playground")


@pytest.mark.usefixtures("with_mail_server")
def test_with_a_mail_server_signing_up_again_tells_nobody_but_the_mailbox(
    alice: User, client: Client
) -> None:
    response = sign_up(client, "alice@example.com")
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    (sent,) = mail.outbox
    assert sent.subject == "You have an account already"
    assert "http://localhost:8000/accounts/password/reset/" in sent.body


def test_somebody_made_on_the_command_line_gets_a_team_at_the_login(
    client: Client, db: None
) -> None:
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    assert not root.memberships.exists()
    log_in(client, root)
    assert root.memberships.get().role == Role.OWNER
    log_in(Client(), root)
    assert root.memberships.count() == 1
