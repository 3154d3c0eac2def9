from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, User


def test_a_name_is_saved(as_alice: Client, alice: User) -> None:
    response = as_alice.post(reverse("account"), {"name": "  Alice in Sty "})
    assert response.headers["Location"] == reverse("account")
    alice.refresh_from_db()
    assert alice.name == "Alice in Sty"
    assert "Your name is saved." in as_alice.get(reverse("account")).content.decode()


def test_a_name_may_be_empty(as_alice: Client, alice: User) -> None:
    as_alice.post(reverse("account"), {"name": ""})
    alice.refresh_from_db()
    assert str(alice) == "alice"


def test_an_overlong_name_gets_its_message_and_shows_nowhere_else(
    as_alice: Client, alice: User
) -> None:
    response = as_alice.post(reverse("account"), {"name": "A" * 81})
    page = response.content.decode()
    assert "at most 80 characters" in page
    assert page.count("A" * 81) == 1
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_a_name_with_markup_is_only_a_name(as_alice: Client) -> None:
    as_alice.post(reverse("account"), {"name": "<script>alert(1)</script>"})
    for name in ("account", "api_key"):
        page = as_alice.get(reverse(name)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("extra", ["is_staff", "is_superuser", "is_active", "email", "role"])
def test_nothing_but_the_name_is_taken_from_the_form(
    extra: str, as_vera: Client, vera: User
) -> None:
    before = {field.name: getattr(vera, field.name) for field in User._meta.concrete_fields}
    as_vera.post(reverse("account"), {"name": "Vera", extra: "owner"})
    vera.refresh_from_db()
    assert {name: getattr(vera, name) for name in before} == before
    assert Membership.objects.get(user=vera).role == "viewer"
