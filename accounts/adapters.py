"""What the house does its own way in allauth."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import encryption, invitations, onward, services
from .models import User
from .templatetags.browsers import browser


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
        """Whoever was invited lands in the team's gallery, others where they wanted to go."""
        target = onward.arrive(request)
        if invitations.arrived(request):
            return reverse("gallery")
        return target or str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def respond_email_verification_sent(self, request: HttpRequest, user: User) -> HttpResponse:
        """The link in the mail does not know where somebody wanted to go: the session keeps it."""
        onward.carry(request)
        response: HttpResponse = super().respond_email_verification_sent(request, user)
        return response

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

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the site's own address, whatever the request's Host."""
        return {"id": settings.SITE_HOST, "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """What a passkey is called that nobody has named: after the browser it is made in."""
        name = browser(allauth_context.request.headers.get("User-Agent", ""))
        taken = {str(each) for each in Authenticator.objects.filter(user=user, type=type)}
        return next(each for each in numbered(name) if each not in taken)


def numbered(name: str) -> Iterator[str]:
    """Firefox, Firefox 2, Firefox 3 …"""
    yield name
    yield from (f"{name} {number}" for number in count(2))


def _at_site(url: str) -> str:
    parts = urlsplit(url)
    return settings.SITE_URL + parts._replace(scheme="", netloc="").geturl()
