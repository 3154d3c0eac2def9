"""An authenticator app for tests, and the login form."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def code_now(secret: str = SECRET) -> str:
    """What the app shows at the moment."""
    code: str = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    return code


def log_in(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    """Send the login form."""
    return client.post(
        reverse("account_login"), {"login": user.email, "password": password, **more}
    )
