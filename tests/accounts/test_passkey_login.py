"""Logging in with a passkey, and confirming by it who one is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.passkeys import NOT_KNOWN
from tests.accounts.passkey import FLAG, Device, add, keep, log_in_with
from tests.accounts.second_step import log_in
from tests.accounts.test_pages import confirmed
from tests.accounts.test_passkeys import factors, names, who, words
from tests.conftest import signed_in

CHANGING = ["mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"]

# Logging in


def test_a_passkey_lets_its_owner_in_without_a_password_or_a_code(
    alice: User, client: Client
) -> None:
    device = Device()
    add(confirmed(alice), device)
    response = log_in_with(client, device)
    assert response.headers["Location"] == reverse("playground")
    assert who(client) == str(alice.pk)
    assert factors(alice, "webauthn")[0].last_used_at


def test_a_login_by_passkey_leads_on_where_one_was_going(alice: User, client: Client) -> None:
    device = Device()
    add(confirmed(alice), device)
    to_login = client.get(reverse("account")).headers["Location"]
    page = words(client.get(to_login))
    assert page.count(f'<input type="hidden" name="next" value="{reverse("account")}">') == 2
    response = log_in_with(client, device, next=reverse("account"))
    assert response.headers["Location"] == reverse("account")


def test_a_login_by_passkey_leads_nowhere_else(alice: User, client: Client) -> None:
    device = Device()
    add(confirmed(alice), device)
    response = log_in_with(client, device, next="//evil.example")
    assert response.headers["Location"] == reverse("playground")


@pytest.mark.parametrize(
    "otherwise",
    [
        {"credential_id": bytes(32)},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"flags": FLAG.UP},
        {"origin": "https://evil.example"},
    ],
    ids=lambda otherwise: next(iter(otherwise)),
)
def test_a_passkey_that_is_not_right_lets_nobody_in(
    otherwise: dict[str, Any], alice: User, client: Client
) -> None:
    device = Device()
    keep(alice, device)
    vars(device).update(otherwise)
    response = log_in_with(client, device)
    assert who(client) is None
    assert NOT_KNOWN in words(client.get(response.headers["Location"]))


def test_a_passkey_does_not_let_its_owner_in_as_somebody_else(
    alice: User, bob: User, client: Client
) -> None:
    device, other = Device(), Device()
    keep(alice, device)
    keep(bob, other)
    device.user_handle = other.user_handle
    log_in_with(client, device)
    assert who(client) is None


def test_an_account_that_is_switched_off_stays_so(alice: User, client: Client) -> None:
    device = Device()
    keep(alice, device)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = log_in_with(client, device)
    assert response.headers["Location"] == reverse("account_inactive")
    assert who(client) is None


def test_a_password_then_asks_for_the_passkey_too(alice: User, client: Client) -> None:
    device = Device()
    add(confirmed(alice), device)
    address = reverse("mfa_authenticate")
    assert log_in(client, alice).headers["Location"] == address
    assert who(client) is None
    page = client.get(address)
    options = page.context["js_data"]["request_options"]
    wrong = client.post(address, {"credential": json.dumps(Device().get(options))})
    assert NOT_KNOWN in words(wrong)
    options = wrong.context["js_data"]["request_options"]
    response = client.post(address, {"credential": json.dumps(device.get(options))})
    assert response.headers["Location"] == reverse("playground")
    assert who(client) == str(alice.pk)


def test_a_recovery_code_does_where_the_passkey_or_javascript_is_missing(
    alice: User, client: Client
) -> None:
    add(confirmed(alice), Device())
    code = RecoveryCodes(*factors(alice, "recovery_codes")).get_unused_codes()[0]
    log_in(client, alice)
    page = words(client.get(reverse("mfa_authenticate")))
    assert "One of your recovery codes is good, too." in page
    assert "authenticator app" not in page
    response = client.post(reverse("mfa_authenticate"), {"code": code})
    assert response.headers["Location"] == reverse("playground")


def test_who_has_no_code_is_not_asked_for_one(alice: User, client: Client) -> None:
    keep(alice, Device())
    log_in(client, alice)
    page = words(client.get(reverse("mfa_authenticate")))
    assert 'name="code"' not in page
    assert "Cancel" in page


# Confirming who one is


@pytest.mark.parametrize("name", CHANGING)
def test_passkeys_are_changed_only_by_whoever_has_just_confirmed_to_be_their_owner(
    name: str, alice: User
) -> None:
    passkey = keep(alice, Device())
    address = reverse(name, args=[] if name == "mfa_add_webauthn" else [passkey])
    client = signed_in(alice)
    for answer in (client.get(address), client.post(address, {"name": "Mine"})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert names(alice) == ["Laptop"]


def test_one_confirms_with_a_passkey_who_one_is(alice: User) -> None:
    device = Device()
    keep(alice, device)
    client = signed_in(alice)
    target = reverse("mfa_add_webauthn")
    page = client.get(client.get(target).headers["Location"])
    assert "Use a passkey instead" in words(page)
    address = f"{reverse('mfa_reauthenticate_webauthn')}?next={target}"
    page = client.get(address)
    assert "Use your password instead" in words(page)

    options = page.context["js_data"]["request_options"]
    wrong = client.post(address, {"credential": json.dumps(Device().get(options))})
    assert wrong.status_code == 200
    assert NOT_KNOWN in words(wrong)
    assert f'name="next" value="{target}"' in words(wrong)
    options = wrong.context["js_data"]["request_options"]
    right = client.post(address, {"credential": json.dumps(device.get(options)), "next": target})
    assert right.headers["Location"] == target
    assert client.get(target).status_code == 200


def test_guessing_is_stopped_in_words_of_its_own(alice: User) -> None:
    keep(alice, Device())
    client = signed_in(alice)
    address = reverse("mfa_reauthenticate_webauthn")
    options = client.get(address).context["js_data"]["request_options"]
    said = [
        words(client.post(address, {"credential": json.dumps(Device().get(options))}))
        for _ in range(6)
    ]
    assert [NOT_KNOWN in each for each in said] == [True] * 5 + [False]
    assert "Too many attempts." in said[-1]
