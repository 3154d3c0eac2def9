from __future__ import annotations

from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from playground.views.sandbox import seconds_to_wait
from tests.conftest import PASSWORD


def test_a_crowd_at_the_sandbox_does_not_make_wrong_passwords_forgotten(
    alice: User, client: Client
) -> None:
    def log_in(password: str) -> str:
        response = client.post(
            reverse("account_login"), {"login": alice.email, "password": password}
        )
        return response.content.decode()

    for _ in range(5):
        log_in("wrong-password")
    for number in range(400):
        address = f"10.0.{number // 250}.{number % 250}"
        assert seconds_to_wait(RequestFactory().post("/sandbox/", REMOTE_ADDR=address)) == 0

    assert "Too many attempts." in log_in(PASSWORD)
