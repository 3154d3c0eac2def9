from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import ApiKey, Team, User
from tests.conftest import signed_in


@pytest.fixture
def as_admin(alice: User) -> Client:
    alice.is_staff = alice.is_superuser = True
    alice.save()
    return signed_in(alice)


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    return services.set_api_key(team=team, by=alice, label="Ours", secret="pig-secret-0123456789")


def test_administrators_sign_in_by_the_sites_own_login(client: Client, db: None) -> None:
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_others_are_not_let_in(as_bob: Client) -> None:
    assert as_bob.get(reverse("admin:index"), follow=True).status_code == 403


@pytest.mark.parametrize("model", ["user", "team", "apikey"])
def test_lists_and_records_open(model: str, as_admin: Client, api_key: ApiKey, bob: User) -> None:
    assert as_admin.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
    record = {"user": bob, "team": api_key.team, "apikey": api_key}[model]
    page = as_admin.get(reverse(f"admin:accounts_{model}_change", args=[record.pk]))
    assert page.status_code == 200
    assert b"gAAAA" not in page.content
    assert b"iphertext" not in page.content


def test_a_search_finds_by_address(as_admin: Client, bob: User, charlie: User) -> None:
    page = as_admin.get(reverse("admin:accounts_user_changelist"), {"q": "bob@"}).content.decode()
    assert "bob@example.com" in page
    assert "charlie@example.com" not in page


@pytest.mark.parametrize("model", ["user", "apikey"])
def test_people_and_keys_are_not_added_by_administrators(model: str, as_admin: Client) -> None:
    assert as_admin.get(reverse(f"admin:accounts_{model}_add")).status_code == 403


def test_a_key_is_only_looked_at(as_admin: Client, api_key: ApiKey) -> None:
    change = reverse("admin:accounts_apikey_change", args=[api_key.pk])
    assert as_admin.post(change, {"label": "Mine"}).status_code == 403
    delete = reverse("admin:accounts_apikey_delete", args=[api_key.pk])
    assert as_admin.post(delete, {"post": "yes"}).status_code == 403
    api_key.refresh_from_db()
    assert api_key.label == "Ours"
