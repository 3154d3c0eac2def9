"""What a stranger meets first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, with pictures and one button; whoever is signed in has seen it already."""
    if request.user.is_authenticated:
        return redirect("playground")
    return render(request, "home.html")
