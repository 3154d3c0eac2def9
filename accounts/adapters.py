"""What the house does its own way in allauth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from . import encryption, invitations, services
from .models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is switched off.",
        "email_password_mismatch": "This email address and password do not belong together.",
        "email_taken": "There is an account with this email address already.",
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right, or no longer.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link is no longer good.",
        "rate_limited": "That was a little fast. Please wait a minute, then try again.",
        "too_many_login_attempts": "Too many attempts. Please wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """As SIGN_UP says; the first account, which is the administrator's, can always be made."""
        if settings.SIGN_UP == "open":
            return True
        if settings.SIGN_UP == "invitation" and invitations.carried(request):
            return True
        return not User.objects.exists()

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """Save a new person together with a personal team."""
        super().save_user(request, user, form, commit=False)
        if commit:
            services.sign_up(user=user)
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever was invited lands in the team's gallery."""
        if invitations.arrived(request):
            return reverse("gallery")
        return str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to the site's own address, whatever the request's Host."""
        links = {name: _at_site(context[name]) for name in context if name.endswith("_url")}
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL)
        context = {"email": email, **context, **links, "current_site": site}
        self.render_mail(template_prefix, email, context).send()


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or no longer.",
        "unverified_email": "Please confirm your email address first.",
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(encryption.MFA_ROW, text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encryption.MFA_ROW, encrypted_text.encode())


def _at_site(url: str) -> str:
    parts = urlsplit(url)
    return settings.SITE_URL + parts._replace(scheme="", netloc="").geturl()
