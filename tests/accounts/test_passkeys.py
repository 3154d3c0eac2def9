from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.passkeys import NAME_MAXIMUM, NOT_ADDED, NOTHING_SENT
from tests.accounts.passkey import Device, add, keep, log_in_with
from tests.accounts.second_step import SECRET
from tests.accounts.test_pages import confirmed
from tests.conftest import signed_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def factors(user: User, kind: str) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type=kind).order_by("pk"))


def names(user: User) -> list[str]:
    return [str(each) for each in factors(user, "webauthn")]


def who(client: Client) -> str | None:
    """The id of whoever is logged in."""
    return client.session.get("_auth_user_id")


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text


def options_of(client: Client) -> Any:
    """What the page that adds a passkey has the browser ask for."""
    page = client.get(reverse("mfa_add_webauthn"))
    return page.context["js_data"]["creation_options"]


# Adding


def test_the_first_passkey_comes_with_recovery_codes(alice: User) -> None:
    client = confirmed(alice)
    response = add(client, Device(), "Laptop")
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert names(alice) == ["Laptop"]
    assert len(factors(alice, "recovery_codes")) == 1
    codes = client.get(response.headers["Location"])
    assert "10 of 10 are left" in words(codes)

    response = add(client, Device(), "Phone")
    assert response.headers["Location"] == reverse("mfa_list_webauthn")
    assert "A passkey is added." in words(client.get(response.headers["Location"]))
    assert len(factors(alice, "recovery_codes")) == 1


def test_a_passkey_without_a_name_is_called_after_the_browser(alice: User) -> None:
    client = confirmed(alice)
    client.defaults["HTTP_USER_AGENT"] = FIREFOX
    assert 'value="Firefox on Linux"' in words(client.get(reverse("mfa_add_webauthn")))
    for _ in range(2):
        add(client, Device(), "  ")
    assert names(alice) == ["Firefox on Linux", "Firefox on Linux 2"]


def test_a_passkey_is_asked_to_let_its_owner_in_alone(alice: User) -> None:
    asked = options_of(confirmed(alice))["publicKey"]
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["name"] == alice.email


def test_the_same_device_is_told_what_it_has_already(alice: User) -> None:
    device = Device()
    client = confirmed(alice)
    add(client, device)
    excluded = options_of(client)["publicKey"]["excludeCredentials"]
    assert [each["id"] for each in excluded] == [device.create(options_of(client))["id"]]


def test_passkeys_belong_to_the_sites_own_address_whatever_the_host(
    alice: User, settings: Settings
) -> None:
    settings.SITE_HOST = "pictures.example.com"
    settings.ALLOWED_HOSTS = ["*"]
    client = confirmed(alice)
    client.defaults["HTTP_HOST"] = "evil.example"
    asked = options_of(client)["publicKey"]
    assert asked["rp"] == {"id": "pictures.example.com", "name": "Image Pig Playground"}
    assert add(client, Device(origin="https://evil.example")).status_code == 200
    assert add(client, Device(origin="http://pictures.example.com")).status_code == 200
    assert names(alice) == []
    assert add(client, Device(origin="https://pictures.example.com")).status_code == 302
    assert len(names(alice)) == 1


def test_without_https_only_the_machine_itself_is_good(alice: User) -> None:
    client = confirmed(alice)
    page = add(client, Device(origin="http://localhost.example.com"))
    assert NOT_ADDED in words(page)
    assert add(client, Device(origin="http://localhost:8000")).status_code == 302


def test_a_device_that_asks_for_nothing_is_not_taken(alice: User) -> None:
    assert NOT_ADDED in words(add(confirmed(alice), Device(verifies=False)))
    assert names(alice) == []


def test_an_answer_to_an_older_page_is_not_taken(alice: User) -> None:
    client = confirmed(alice)
    old = Device().create(options_of(client))
    client.get(reverse("mfa_add_webauthn"))
    response = client.post(reverse("mfa_add_webauthn"), {"credential": json.dumps(old)})
    assert NOT_ADDED in words(response)
    assert names(alice) == []


def test_without_javascript_the_page_says_what_is_missing(alice: User) -> None:
    client = confirmed(alice)
    assert "Passkeys need JavaScript." in words(client.get(reverse("mfa_add_webauthn")))
    response = client.post(reverse("mfa_add_webauthn"), {"name": "Laptop"})
    assert NOTHING_SENT in words(response)


PARTS = ("clientDataJSON", "authenticatorData", "signature", "userHandle")
NONSENSE = [
    "{",
    "0",
    '"x"',
    "[]",
    "{}",
    '{"id": "x"}',
    '{"id": "x", "rawId": "y"}',
    '{"rawId": 7, "response": {}}',
    '{"rawId": "AA", "response": []}',
    '{"rawId": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "AA"}}',
    json.dumps({"rawId": "AA", "response": dict.fromkeys(PARTS, "AA")}),
    json.dumps({"rawId": "AA", "response": {**dict.fromkeys(PARTS, "AA"), "userHandle": "MQ"}}),
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_adds_nothing(credential: str, alice: User) -> None:
    client = confirmed(alice)
    client.get(reverse("mfa_add_webauthn"))
    response = client.post(reverse("mfa_add_webauthn"), {"credential": credential})
    assert response.status_code == 200
    assert 'class="errors"' in words(response)
    assert names(alice) == []


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_lets_nobody_in(credential: str, alice: User, client: Client) -> None:
    address = reverse("mfa_login_webauthn")
    client.get(address, headers={"Accept": "application/json"})
    response = client.post(address, {"credential": credential}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("account_login")
    assert "passkey" in words(response)
    assert who(client) is None


# The list, names, and leaving


def test_the_pages_of_settings_say_how_many_there_are(alice: User) -> None:
    client = signed_in(alice)
    index = reverse("mfa_index")
    assert "You have none. A passkey" in words(client.get(index))
    keep(alice, Device())
    assert "You have 1 passkey. It lets" in words(client.get(index))
    keep(alice, Device(), "Phone")
    assert "You have 2 passkeys. Each lets" in words(client.get(index))
    page = words(client.get(reverse("mfa_list_webauthn")))
    assert page.index("Laptop") < page.index("Phone")
    assert page.count("not used yet") == 2


def test_a_passkey_is_renamed(alice: User) -> None:
    passkey = keep(alice, Device())
    client = confirmed(alice)
    address = reverse("mfa_edit_webauthn", args=[passkey])
    assert 'value="Laptop"' in words(client.get(address))
    assert "Give the passkey a name." in words(client.post(address, {"name": " "}))
    assert client.post(address, {"name": "x" * (NAME_MAXIMUM + 1)}).status_code == 200
    assert client.post(address, {"name": "<b>Blue</b>"}).status_code == 302
    assert names(alice) == ["<b>Blue</b>"]
    assert "&lt;b&gt;Blue&lt;/b&gt;" in words(client.get(reverse("mfa_list_webauthn")))


def test_the_last_passkey_takes_the_recovery_codes_along(alice: User) -> None:
    client = confirmed(alice)
    add(client, Device(), "Laptop")
    add(client, Device(), "Phone")
    laptop, phone = factors(alice, "webauthn")
    address = reverse("mfa_remove_webauthn", args=[laptop.pk])
    assert "your last one" not in words(client.get(address))
    response = client.post(address)
    assert response.headers["Location"] == reverse("mfa_list_webauthn")
    assert names(alice) == ["Phone"]
    assert factors(alice, "recovery_codes")

    address = reverse("mfa_remove_webauthn", args=[phone.pk])
    assert "It is your last one" in words(client.get(address))
    client.post(address)
    assert not Authenticator.objects.exists()
    assert "No passkey yet" in words(client.get(reverse("mfa_list_webauthn")))


def test_beside_an_authenticator_app_the_recovery_codes_stay(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    passkey = keep(alice, Device())
    client = confirmed(alice)
    turning_off = words(client.get(reverse("mfa_deactivate_totp")))
    assert "asks for a passkey or a recovery code" in turning_off
    address = reverse("mfa_remove_webauthn", args=[passkey])
    assert "your last one" not in words(client.get(address))
    client.post(address)
    assert Authenticator.objects.count() == 2


def test_a_removed_passkey_lets_nobody_in(alice: User, client: Client) -> None:
    device = Device()
    passkey = keep(alice, device)
    confirmed(alice).post(reverse("mfa_remove_webauthn", args=[passkey]))
    log_in_with(client, device)
    assert who(client) is None


def test_who_tries_once_more_still_gets_where_they_were_going(alice: User, client: Client) -> None:
    known = Device()
    keep(alice, known)
    refused = log_in_with(client, Device(), next="/gallery/?tag=pig")
    login = refused.headers["Location"]
    assert login == f"{reverse('account_login')}?next=%2Fgallery%2F%3Ftag%3Dpig"
    assert words(client.get(login)).count('name="next" value="/gallery/?tag=pig"') == 2
    let_in = log_in_with(client, known, next="/gallery/?tag=pig")
    assert let_in.headers["Location"] == "/gallery/?tag=pig"


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_anothers_passkey_is_as_if_there_were_none(name: str, alice: User, bob: User) -> None:
    passkey = keep(bob, Device(), "Bob’s")
    client = confirmed(alice)
    address = reverse(name, args=[passkey])
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "Mine"}).status_code == 404
    assert names(bob) == ["Bob’s"]
    assert "Bob’s" not in words(client.get(reverse("mfa_list_webauthn")))


def test_a_passkey_is_no_way_to_another_kind_of_second_step(alice: User) -> None:
    TOTP.activate(alice, SECRET)
    (totp,) = factors(alice, "totp")
    client = confirmed(alice)
    assert client.post(reverse("mfa_remove_webauthn", args=[totp.pk])).status_code == 404


def test_mails_tell_of_passkeys_that_come_and_go(alice: User, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    client = confirmed(alice)
    add(client, Device())
    (passkey,) = factors(alice, "webauthn")
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    added, removed = mail.outbox
    assert (added.subject, removed.subject) == ("A passkey was added", "A passkey was removed")
    assert "a passkey was added to your account" in str(added.body)


# Where nothing is secret


def test_nobody_signs_up_with_a_passkey(client: Client, db: None) -> None:
    assert "passkey" not in words(client.get(reverse("account_signup")))


def test_administrators_see_that_there_is_a_passkey_and_nothing_of_it(
    alice: User, bob: User
) -> None:
    passkey = keep(bob, Device(), "Bob’s pocket")
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    client = signed_in(alice)
    credential = Authenticator.objects.get(pk=passkey).data["credential"]
    for address in (
        reverse("admin:mfa_authenticator_changelist"),
        reverse("admin:mfa_authenticator_change", args=[passkey]),
    ):
        page = words(client.get(address))
        assert "WebAuthn" in page
        assert credential["id"] not in page
        assert credential["response"]["attestationObject"] not in page
