"""Deleting one's own account."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import leaving, teams
from accounts.access import person
from accounts.forms import DeleteAccountForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """What goes with an account, for its person who has just confirmed; or delete it."""
    if is_reauthentication_required(request, app="accounts"):
        raise ReauthenticationRequired
    user = person(request)
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.delete_account(user)
        except teams.NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            messages.success(request, "Your account is deleted.")
            return redirect("home")
    context = {"form": form, "leaving": leaving.leaving(user), "kept": teams.KEPT}
    status = 422 if form.errors else 200
    return render(request, "accounts/delete_account.html", context, status=status)
