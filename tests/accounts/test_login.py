from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.middleware import SECONDS_BETWEEN, SECONDS_OF_RENEWAL
from accounts.models import User
from tests.accounts.second_step import SECRET, code_now, log_in
from tests.conftest import PASSWORD, signed_in

EVIL = ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)")


def test_one_logs_in_with_the_address_in_any_case(alice: User, client: Client) -> None:
    alice.email = "Alice@Example.com"
    assert log_in(client, alice).headers["Location"] == reverse("playground")


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(
    alice: User, client: Client
) -> None:
    words = "This email address and password do not belong together."
    assert words in log_in(client, alice, "wrong-password").content.decode()
    assert words in log_in(client, User(email="nobody@example.com")).content.decode()


def test_guessing_passwords_is_stopped(alice: User, client: Client) -> None:
    for _ in range(5):
        log_in(client, alice, "wrong-password")
    page = log_in(client, alice).content.decode()
    assert "Too many attempts." in page


def test_behind_a_proxy_each_visitor_has_an_own_limit(
    alice: User, client: Client, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def reset(forwarded_for: str) -> int:
        response = client.post(
            reverse("account_reset_password"),
            {"email": f"{reset.__name__}-{next(numbers)}@example.com"},
            headers={"X-Forwarded-For": forwarded_for},
        )
        return response.status_code

    numbers = iter(range(100))
    assert {reset(f"10.0.0.{n}, 192.0.2.1") for n in range(20)} == {302}
    assert reset("10.0.0.99, 192.0.2.1") == 429
    assert reset("10.0.0.99, 192.0.2.2") == 302


def test_without_a_proxy_nobody_chooses_an_address(client: Client, db: None) -> None:
    statuses = [
        client.post(
            reverse("account_reset_password"),
            {"email": f"somebody-{n}@example.com"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).status_code
        for n in range(21)
    ]
    assert statuses == [302] * 20 + [429]


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_elsewhere_after_the_login(target: str, alice: User, client: Client) -> None:
    response = log_in(client, alice, next=target)
    assert response.headers["Location"] == reverse("playground")
    assert target not in client.get(reverse("account_login"), {"next": target}).content.decode()


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_elsewhere_after_confirming(target: str, as_alice: Client) -> None:
    response = as_alice.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": target}
    )
    assert response.status_code == 302
    assert "evil" not in response.headers["Location"]
    assert "script" not in response.headers["Location"]


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_elsewhere_after_logging_out(target: str, as_alice: Client) -> None:
    response = as_alice.post(reverse("account_logout"), {"next": target})
    assert response.status_code == 302
    assert "evil" not in response.headers["Location"]
    assert "script" not in response.headers["Location"]


def test_logging_out_takes_a_post(as_alice: Client) -> None:
    assert as_alice.get(reverse("account_logout")).status_code == 200
    assert as_alice.get(reverse("account")).status_code == 200
    as_alice.post(reverse("account_logout"))
    assert as_alice.get(reverse("account")).status_code == 302


def reset_link(client: Client, email: str, host: str = "localhost") -> str:
    client.post(reverse("account_reset_password"), {"email": email}, headers={"Host": host})
    body = str(mail.outbox[-1].body)
    return next(line for line in body.splitlines() if line.startswith("http"))


def test_a_forgotten_password_is_set_by_a_link_that_is_good_once(
    alice: User, client: Client
) -> None:
    link = reset_link(client, alice.email)
    assert link.startswith("http://localhost:8000/accounts/password/reset/key/")
    link = link.removeprefix("http://localhost:8000")
    form = client.get(link, follow=True)
    new = {"password1": "trough-and-sty-43", "password2": "trough-and-sty-43"}
    response = client.post(form.redirect_chain[-1][0], new)
    assert response.headers["Location"] == reverse("account_reset_password_from_key_done")
    assert log_in(Client(), alice, "trough-and-sty-43").status_code == 302
    assert "no longer good" in Client().get(link, follow=True).content.decode()


def test_a_forged_host_is_refused_and_never_in_a_mail(alice: User, client: Client) -> None:
    response = client.post(
        reverse("account_reset_password"),
        {"email": alice.email},
        headers={"Host": "evil.example"},
    )
    assert response.status_code == 400
    assert not mail.outbox


def test_links_in_mails_lead_to_the_sites_own_address_whichever_host_was_asked(
    alice: User, client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://pictures.example.com"
    link = reset_link(client, alice.email, host="127.0.0.1")
    assert link.startswith("https://pictures.example.com/accounts/password/reset/key/")
    assert "127.0.0.1" not in mail.outbox[-1].body


def test_a_mail_to_an_unknown_address_leads_to_the_sign_up(client: Client, db: None) -> None:
    assert reset_link(client, "new@example.com") == "http://localhost:8000/accounts/signup/"


def test_the_second_step_asks_for_a_code(alice: User, client: Client) -> None:
    TOTP.activate(alice, SECRET)
    assert log_in(client, alice).headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("account")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    response = client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert response.headers["Location"] == reverse("playground")


def test_a_recovery_code_is_good_once(alice: User, client: Client) -> None:
    TOTP.activate(alice, SECRET)
    code = RecoveryCodes.activate(alice).generate_codes()[0]
    log_in(client, alice)
    response = client.post(reverse("mfa_authenticate"), {"code": code})
    assert response.headers["Location"] == reverse("playground")
    log_in(other := Client(), alice)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_the_second_step_is_turned_on_with_the_secret_on_the_page(as_alice: Client) -> None:
    as_alice.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = as_alice.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    as_alice.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(totp.data)
    codes = as_alice.get(reverse("mfa_download_recovery_codes"))
    assert len(codes.content.decode().split()) == 10


def test_changing_the_address_takes_effect_at_once_without_a_mail_server(alice: User) -> None:
    client = signed_in(alice)
    log_in(client, alice)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "Alicia@example.com", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alicia@example.com"
    assert [row.email for row in EmailAddress.objects.filter(user=alice)] == [alice.email]
    assert log_in(Client(), alice).status_code == 302


def test_nobody_takes_another_persons_address(alice: User, bob: User) -> None:
    client = signed_in(alice)
    log_in(client, alice)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.post(reverse("account_email"), {"email": bob.email, "action_add": ""})
    assert "There is an account with this email address already." in response.content.decode()
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_with_a_mail_server_the_new_address_counts_once_it_is_confirmed(
    alice: User, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    client = signed_in(alice)
    log_in(client, alice)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "alicia@example.com", "action_add": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    page = client.get(reverse("account_email")).content.decode()
    assert "alicia@example.com" in page
    assert "waits to be confirmed" in page
    link = next(line for line in str(mail.outbox[-1].body).splitlines() if "confirm-email" in line)
    client.post(link.removeprefix("http://localhost:8000"))
    alice.refresh_from_db()
    assert alice.email == "alicia@example.com"


def test_changing_the_address_asks_for_the_password_first(as_alice: Client, alice: User) -> None:
    response = as_alice.post(
        reverse("account_email"), {"email": "alicia@example.com", "action_add": ""}
    )
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_other_sessions_are_listed_and_can_be_ended(alice: User) -> None:
    here, there = Client(headers={"User-Agent": "Firefox/140.0 Linux"}), Client()
    for client in (here, there):
        log_in(client, alice)
        client.get(reverse("account"))
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Linux" in page
    assert "This one" in page
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).status_code == 302


def test_a_session_is_noted_once_in_a_while_and_not_with_each_request(
    alice: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, alice)
    client.get(reverse("account"))
    now = time.time()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    client.get(reverse("account"))
    assert UserSession.objects.get().last_seen_at < timezone.now() - timedelta(minutes=30)
    monkeypatch.setattr(time, "time", lambda: now + SECONDS_BETWEEN)
    client.get(reverse("account"))
    assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)


def test_a_session_lasts_as_long_as_it_is_used_and_is_renewed_once_a_day(
    alice: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in(client, alice)
    client.get(reverse("account"))
    now, ends = time.time(), Session.objects.get().expire_date
    monkeypatch.setattr(time, "time", lambda: now + SECONDS_OF_RENEWAL - 60)
    assert "sessionid" not in client.get(reverse("account")).cookies
    assert Session.objects.get().expire_date == ends
    monkeypatch.setattr(time, "time", lambda: now + SECONDS_OF_RENEWAL)
    assert "sessionid" in client.get(reverse("account")).cookies
    assert Session.objects.get().expire_date > ends


def test_a_person_who_is_switched_off_cannot_log_in(alice: User, client: Client) -> None:
    alice.is_active = False
    alice.save()
    assert log_in(client, alice).headers["Location"] == reverse("account_inactive")
