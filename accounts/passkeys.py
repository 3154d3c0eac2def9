"""Passkeys: allauth's forms in the house's words, and steady where a browser sends nonsense."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError

NAME_MAXIMUM = 80
NOTHING_SENT = "No passkey arrived. It needs JavaScript, and a browser that knows passkeys."
NOT_ADDED = "This passkey could not be added. Please try again."
NOT_KNOWN = "This passkey is not known here, or the page was too old. Please try again."
NONSENSE = (AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What the parser of what a browser sends raises, of which allauth expects but a part."""


class PasskeyName(forms.CharField):
    """What its owner calls a passkey."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label="Name",
            max_length=NAME_MAXIMUM,
            required=required,
            help_text="So that you know later where this passkey is kept.",
            error_messages={"required": "Give the passkey a name."},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


class Credential(forms.JSONField):
    """What the browser says of a passkey; static/js/passkey.js fills it in."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(error_messages={"required": NOTHING_SENT, "invalid": NOTHING_SENT})

    def validate(self, value: Any) -> None:
        super().validate(value)
        # Of a 0, allauth would think that there was nothing to look at.
        if not isinstance(value, dict):
            raise ValidationError(NOTHING_SENT)


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    name = PasskeyName(required=False)
    credential = Credential()
    # All that are added here let their owner in alone.
    passwordless = None

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except (ValidationError, *NONSENSE):
            raise ValidationError(NOT_ADDED) from None
        return cleaned


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    name = PasskeyName()


class OwnWords(forms.Form):
    """A passkey that is not right gets words of its own: allauth's are those for a code."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise
            raise ValidationError(NOT_KNOWN) from None
        except NONSENSE:
            raise ValidationError(NOT_KNOWN) from None


class LoginForm(OwnWords, webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class SecondStepForm(OwnWords, webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class ReauthenticateForm(OwnWords, webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()
