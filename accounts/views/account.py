"""A person's own page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.forms import NameForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    somebody = person(request)
    form = NameForm(request.POST if request.method == "POST" else {"name": somebody.name})
    if request.method == "POST" and form.is_valid():
        somebody.name = form.cleaned_data["name"]
        somebody.save(update_fields=["name"])
        messages.success(request, "Your name is saved.")
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})
