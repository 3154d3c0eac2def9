"""What the house does its own way in allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.forms import BaseForm
from django.http import HttpRequest

from . import encryption, services
from .models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """Save a new person together with a personal team."""
        super().save_user(request, user, form, commit=False)
        if commit:
            services.sign_up(user=user)
        return user


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return encryption.encrypt(encryption.MFA_ROW, text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encryption.MFA_ROW, encrypted_text.encode())
