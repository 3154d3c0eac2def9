"""allauth's pages for passkeys, where the house wants something else of them."""

from __future__ import annotations

from typing import Any

from allauth.account.mixins import NextRedirectMixin
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

KNOWN = ["get", "head", "post"]
"""Django would take a PUT for a POST."""


class AddPasskey(views.AddWebAuthnView):  # type: ignore[misc]
    """What is added is kept by the device and good for a login by itself."""

    http_method_names = KNOWN

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data() | given
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {**context, "js_data": {"creation_options": options}}

    def get_success_url(self) -> str:
        codes = self.did_generate_recovery_codes
        return reverse("mfa_view_recovery_codes" if codes else "mfa_list_webauthn")


class ReauthenticateWithPasskey(views.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """What is wrong is said here, and not after a detour by way of the login."""

    http_method_names = KNOWN

    def form_invalid(self, form: Form) -> HttpResponse:
        context = self.get_context_data() | {"form": form}
        response: HttpResponse = self.render_to_response(context)
        return response


class LoginWithPasskey(NextRedirectMixin, views.LoginWebAuthnView):  # type: ignore[misc]
    """Who tries once more still gets to where they were going."""

    def form_invalid(self, form: Form) -> HttpResponse:
        login = super().form_invalid(form)
        return HttpResponseRedirect(self.passthrough_next_url(login.url))


add_passkey = AddPasskey.as_view()
# Who is signed in is led away before the view looks at the method.
login_with_passkey = require_http_methods([name.upper() for name in KNOWN])(
    LoginWithPasskey.as_view()
)
reauthenticate_with_passkey = ReauthenticateWithPasskey.as_view()
