"""Taking a picture to another of one's teams."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import person
from accounts.models import Team, User

from .. import transfers
from ..access import whole_number
from ..models import EDITING_ROLES
from .pictures import editable_picture


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The teams that a picture can go to; or copy or move it (`action`) to one (`team`)."""
    picture = editable_picture(request, pk)
    others = teams_of(person(request), picture.team)
    problem = ""
    if request.method == "POST":
        chosen = next(
            (team for team in others if team.pk == whole_number(request.POST.get("team"))), None
        )
        if chosen is None:
            problem = "Please choose one of your teams."
        else:
            move = request.POST.get("action") == "move"
            take = transfers.move if move else transfers.copy
            try:
                take(picture, to=chosen, by=person(request))
            except transfers.FileMissing as error:
                problem = str(error)
            else:
                return taken(request, pk, chosen, moved=move)
    context = {"generation": picture, "others": others, "problem": problem}
    return render(request, "playground/transfer.html", context, status=200 if not problem else 422)


def taken(request: HttpRequest, pk: int, to: Team, *, moved: bool) -> HttpResponse:
    """Say what was done; of a move, the original comes back by Undo, and the copy stays."""
    if not moved:
        messages.success(request, f"A copy of the picture is in {to} now.")
        return redirect("picture", pk)
    undo = reverse("restore_picture", args=[pk])
    text = f"The picture is in {to} now, and here in the bin."
    messages.success(request, text, extra_tags=undo)
    return redirect("gallery")


def teams_of(user: User, other_than: Team) -> list[Team]:
    """The teams that somebody may bring pictures to."""
    mine = user.memberships.filter(role__in=EDITING_ROLES).exclude(team=other_than)
    return [each.team for each in mine.select_related("team").order_by("team__name", "pk")]
