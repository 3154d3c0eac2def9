"""What the application has told a person, and what it should."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import notices as notices_of
from accounts.access import person, switch
from accounts.forms import NoticesForm
from accounts.models import Notice
from accounts.paging import cursor, page

PAGE = 30


@login_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What one was told, newest first. A script on the page reports them as read."""
    user = person(request)
    before = cursor(request.GET.get("before"))
    told = Notice.objects.visible_to(user).select_related("team").order_by("-id")
    if before is not None:
        told = told.filter(pk__lt=before)
    shown, next_before = page(told, PAGE)
    context = {
        "notices": shown,
        "newest": shown[0].pk if shown and before is None else None,
        "before": next_before,
        "inside": before is not None,
        "form": NoticesForm(user=user),
    }
    return render(request, "accounts/notices.html", context)


@login_required
@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """Note that one has seen what one was told, up to the notice `newest`."""
    notices_of.mark_read(person(request), up_to=cursor(request.POST.get("newest")) or 0)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/bell.html", {"in_place": True})
    return redirect("notices")


@login_required
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about, in its team."""
    found = get_object_or_404(Notice.objects.visible_to(person(request)), pk=pk)
    notices_of.mark_one_read(found)
    switch(request, found.team)
    ours = url_has_allowed_host_and_scheme(found.address, None)
    return redirect(found.address if ours else "notices")


@login_required
@require_POST
def choose_notices(request: HttpRequest) -> HttpResponse:
    """Switch kinds of notices on and off."""
    user = person(request)
    form = NoticesForm(request.POST, user=user)
    if form.is_valid():
        user.muted = form.muted()
        user.save(update_fields=["muted"])
        messages.success(request, "Saved. You are told what has a tick.")
    return redirect("notices")
