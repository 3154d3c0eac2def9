"""What people type about themselves and their team's API key."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, QueryDict

from . import invitations, services
from .context import sends_mail
from .models import NoticeKind, Role, Team, User

ROLES = (
    (Role.VIEWER, "Viewer: looks, stars, rates and comments"),
    (Role.EDITOR, "Editor: makes pictures, too"),
    (Role.OWNER, "Owner: people, API key and budget, too"),
)
RULES = "At least 8 characters, not only digits, and not one that many people use."


class ApiKeyForm(forms.Form):
    """A key to Image Pig. What was typed is never sent back to the page."""

    label = forms.CharField(
        label="Name of the key",
        max_length=80,
        initial="Image Pig",
        help_text="For you and your team, so that you know later which key this is.",
    )
    api_key = forms.CharField(
        label="API key",
        min_length=8,
        max_length=200,
        help_text="Stored encrypted and never shown again, only its last four characters.",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        validators=[
            RegexValidator(
                r"^[!-~]+\Z",
                "An API key has only plain letters, digits and signs, and no spaces. "
                "Was something else copied along?",
                code="characters",
            )
        ],
        error_messages={
            "required": "Please paste your API key.",
            "min_length": "This is too short for an API key. Was all of it copied?",
            "max_length": "This is too long for an API key. Was something else copied along?",
        },
    )

    def clean_label(self) -> str:
        # Whoever pastes the key into the wrong field should not read it on a page later.
        label: str = self.cleaned_data["label"]
        if label == self.data.get("api_key", "").strip():
            self.data = {**cast("QueryDict", self.data).dict(), "label": ""}
            raise forms.ValidationError("Give the key a name, other than the key itself.")
        return label

    def clean(self) -> dict[str, Any]:
        if self.data.get("api_key", "").strip().lower() == "sandbox":
            self.errors.pop("api_key", None)
            self.add_error(
                "api_key",
                "“sandbox” opens only the sandbox, and you have that without a key. "
                "Your own key is on imagepig.com.",
            )
        return self.cleaned_data


class NameForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=80,
        required=False,
        help_text="Your team sees it beside your pictures. It may stay empty.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TeamForm(forms.Form):
    name = forms.CharField(
        label="Name of the team",
        max_length=80,
        error_messages={"required": "Give the team a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=ROLES, coerce=Role)


class InvitationForm(forms.Form):
    """Who comes in, as what, and until when."""

    email = forms.EmailField(
        label="Email address",
        required=False,
        error_messages={"invalid": "This is no email address."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(
        label="Role", choices=ROLES, coerce=Role, initial=Role.EDITOR, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(
        label="Good for",
        choices=[(days, "1 day" if days == 1 else f"{days} days") for days in invitations.DAYS],
        coerce=int,
        initial=invitations.DEFAULT_DAYS,
    )


class DeleteTeamForm(forms.Form):
    """The team's name, typed as a sign that it is meant."""

    name = forms.CharField(
        label="Name of the team",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.casefold() != self.team.name.strip().casefold():
            raise forms.ValidationError(f"Type “{self.team.name}”, as it is written above.")
        return name


class DeleteAccountForm(forms.Form):
    """One's email address, typed as a sign that it is meant."""

    email = forms.CharField(
        label="Your email address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.casefold() != self.user.email.casefold():
            raise forms.ValidationError(f"Type “{self.user.email}”, as it is written above.")
        return email


class NoticesForm(forms.Form):
    """What somebody wants to be told."""

    told = forms.MultipleChoiceField(
        label="Tell me when",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"role": "switch"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = NoticeKind.for_person(user)
        told = cast("forms.MultipleChoiceField", self.fields["told"])
        told.choices = [(kind.value, kind.label) for kind in self.kinds]
        told.initial = [kind.value for kind in self.kinds if kind not in user.muted]

    def muted(self) -> list[str]:
        """The kinds without a tick, in the order of the page."""
        return [kind.value for kind in self.kinds if kind not in self.cleaned_data["told"]]


class PlainFields:
    """Labels instead of placeholders, and one plain sentence on what a password needs."""

    fields: dict[str, forms.Field]
    new_passwords: tuple[str, ...] = ("password1",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = str(field.label).capitalize()
            if name in self.new_passwords:
                field.help_text = RULES


class SignupForm(PlainFields, allauth_forms.SignupForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            problem = invitations.reserve(allauth_context.request, cleaned["email"])
            if problem:
                self.add_error("email", problem)
        return cleaned


class LoginForm(PlainFields, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(PlainFields, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(PlainFields, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(PlainFields, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class AddEmailForm(PlainFields, allauth_forms.AddEmailForm):  # type: ignore[misc]
    """Another address to log in with: at once where no mail can be sent to confirm it."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New email address"

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if not sends_mail() and services.email_taken(email=email, by=self.user):
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request: HttpRequest) -> EmailAddress:
        if sends_mail():
            return super().save(request)
        return services.change_email(user=self.user, email=self.cleaned_data["email"])


class ReauthenticateForm(PlainFields, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class CodeForm(PlainFields, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(PlainFields, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(PlainFields, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    pass
