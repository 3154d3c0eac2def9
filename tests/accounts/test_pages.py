"""Every page of an account stands in the site's own frame."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import User
from tests.accounts.passkey import Device, keep
from tests.accounts.second_step import SECRET, log_in
from tests.conftest import PASSWORD, signed_in

FRAME = ('<header class="site-header">', '<main id="content"', "css/base.css")


def assert_in_frame(response: Any) -> str:
    page: str = response.content.decode()
    for mark in FRAME:
        assert mark in page
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<title> ·" not in page
    return page


@pytest.fixture
def newcomer(alice: User) -> User:
    """Alice without a password, as after a login by other means."""
    alice.set_unusable_password()
    alice.save()
    return alice


@pytest.fixture
def with_second_step(alice: User) -> User:
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    return alice


def confirmed(user: User) -> Client:
    """A client that has logged in and has just confirmed to be this person."""
    client = signed_in(user)
    log_in(client, user)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response.status_code == 302
    return client


FOR_STRANGERS = {
    "account_login": [],
    "account_signup": [],
    "account_inactive": [],
    "account_reset_password": [],
    "account_reset_password_done": [],
    "account_reset_password_from_key": ["abc", "no-such-key"],
    "account_reset_password_from_key_done": [],
    "account_email_verification_sent": [],
    "account_confirm_email": ["no-such-key"],
}
FOR_MEMBERS = [
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
]
AFTER_CONFIRMING = [
    "mfa_activate_totp",
    "mfa_add_webauthn",
]
WITH_SECOND_STEP = [
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
]
OF_A_PASSKEY = [
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
]
WITH_PASSKEY = [
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
]
ELSEWHERE = {"account_set_password", "account_confirm_login_code", "mfa_authenticate"}
NO_PAGE = {"mfa_download_recovery_codes", "mfa_login_webauthn"}


@pytest.mark.parametrize("name", FOR_STRANGERS)
def test_a_strangers_page_stands_in_the_frame(name: str, client: Client, db: None) -> None:
    response = client.get(reverse(name, args=FOR_STRANGERS[name]))
    assert response.status_code == 200
    assert_in_frame(response)


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_a_members_page_stands_in_the_frame(name: str, as_alice: Client) -> None:
    response = as_alice.get(reverse(name))
    assert response.status_code == 200
    assert_in_frame(response)


@pytest.mark.parametrize("name", AFTER_CONFIRMING)
def test_a_page_that_asks_first_stands_in_the_frame(name: str, alice: User) -> None:
    asked = signed_in(alice).get(reverse(name))
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    response = confirmed(alice).get(reverse(name))
    assert response.status_code == 200
    assert_in_frame(response)


@pytest.mark.parametrize("name", WITH_SECOND_STEP)
def test_a_page_of_the_second_step_stands_in_the_frame(name: str, with_second_step: User) -> None:
    response = confirmed(with_second_step).get(reverse(name))
    assert response.status_code == 200
    assert_in_frame(response)


@pytest.mark.parametrize("name", WITH_PASSKEY)
def test_a_page_of_somebody_with_a_passkey_stands_in_the_frame(name: str, alice: User) -> None:
    keep(alice, Device())
    response = confirmed(alice).get(reverse(name))
    assert response.status_code == 200
    assert_in_frame(response)


@pytest.mark.parametrize("name", OF_A_PASSKEY)
def test_a_page_of_one_passkey_stands_in_the_frame(name: str, alice: User) -> None:
    passkey = keep(alice, Device())
    response = confirmed(alice).get(reverse(name, args=[passkey]))
    assert response.status_code == 200
    assert_in_frame(response)


def test_a_page_to_set_a_first_password_stands_in_the_frame(newcomer: User) -> None:
    response = signed_in(newcomer).get(reverse("account_set_password"))
    assert response.status_code == 200
    assert_in_frame(response)


def test_the_page_that_asks_for_a_code_stands_in_the_frame(
    with_second_step: User, client: Client
) -> None:
    response = log_in(client, with_second_step)
    assert response.headers["Location"] == reverse("mfa_authenticate")
    response = client.get(reverse("mfa_authenticate"))
    assert response.status_code == 200
    page = assert_in_frame(response)
    assert "Your code, please" in page
    assert "passkey" not in page


def test_the_page_that_asks_for_a_passkey_or_a_code_stands_in_the_frame(
    with_second_step: User, client: Client
) -> None:
    keep(with_second_step, Device())
    log_in(client, with_second_step)
    assert "One more step, please" in assert_in_frame(client.get(reverse("mfa_authenticate")))


def test_a_good_link_to_confirm_an_address_asks_before_it_does(alice: User, client: Client) -> None:
    address = EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    link = reverse("account_confirm_email", args=[EmailConfirmationHMAC.create(address).key])
    response = client.get(link)
    assert "alice@example.com" in assert_in_frame(response)
    address.refresh_from_db()
    assert not address.verified
    client.post(link)
    address.refresh_from_db()
    assert address.verified


def test_too_many_requests_get_the_sites_own_page(client: Client, db: None) -> None:
    for _ in range(20):
        response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert response.status_code == 429
    assert_in_frame(response)


def names_of(patterns: list[URLPattern | URLResolver], under: str = "") -> list[str]:
    """Names of all addresses whose route begins with `accounts/`."""
    found: list[str] = []
    for pattern in patterns:
        route = under + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += names_of(pattern.url_patterns, route)
        elif route.startswith("accounts/"):
            assert pattern.name
            found.append(pattern.name)
    return found


def test_no_page_of_an_account_is_left_out() -> None:
    looked_at = {*FOR_STRANGERS, *FOR_MEMBERS, *AFTER_CONFIRMING, *WITH_SECOND_STEP}
    looked_at |= {*OF_A_PASSKEY, *WITH_PASSKEY}
    assert set(names_of(get_resolver().url_patterns)) == looked_at | ELSEWHERE | NO_PAGE
