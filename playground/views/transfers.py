"""Taking pictures to another of one's teams: one from its page, many from the gallery."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import happenings
from accounts.access import editing_membership, person
from accounts.models import Membership, Team, User

from .. import transfers
from ..access import whole_number
from ..models import EDITING_ROLES, Generation
from .bulk import Chosen, id_list, stamp
from .pictures import editable_picture
from .sorting import back
from .zones import in_own_days

AT_ONCE = 100
"""Pictures at most: whoever takes them waits until their files are copied."""
NO_TEAM = "Please choose one of your teams."
MISSING = "The file of this picture is missing, so it stays here."


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The teams that a picture can go to; or copy or move it (`action`) to one (`team`)."""
    picture = editable_picture(request, pk)
    others = teams_of(person(request), picture.team)
    problem = ""
    if request.method == "POST":
        to = chosen_team(request, others)
        if to is None:
            problem = NO_TEAM
        elif take(request, [picture], to, at=timezone.now()).missing:
            problem = MISSING
        else:
            return one_taken(request, pk, to)
    context = {"team": picture.team, "others": others, "problem": problem, "pictures": 1}
    context |= {"back": reverse("picture", args=[pk]), "back_words": "The picture"}
    return render(request, "playground/transfer.html", context, status=200 if not problem else 422)


@login_required
@never_cache
@require_POST
@in_own_days
def transfer_many(request: HttpRequest) -> HttpResponse:
    """Ask to which team the chosen pictures are to go; with `action`, copy or move them there."""
    membership = editing_membership(request)
    pictures, problem = chosen_pictures(request, membership)
    if problem:
        messages.error(request, problem)
        return back(request, reverse("gallery"))
    others = teams_of(person(request), membership.team)
    if request.POST.get("action") not in ("copy", "move"):
        return offer(request, membership, others, len(pictures))
    to = chosen_team(request, others)
    if to is None:
        return offer(request, membership, others, len(pictures), problem=NO_TEAM)
    at = timezone.now()
    taken = take(request, pictures, to, at=at)
    undo = f"{reverse('gallery_restore')}?{urlencode({'at': stamp(at)})}" if moves(request) else ""
    level = messages.SUCCESS if taken.copies else messages.ERROR
    words = words_of(taken, to, moved=moves(request))
    messages.add_message(request, level, words, extra_tags=undo if taken.copies else "")
    return back(request, reverse("gallery"))


def chosen_pictures(request: HttpRequest, membership: Membership) -> tuple[list[Generation], str]:
    """The pictures, newest first; or what is wrong with the choice."""
    found: list[Generation] = []
    chosen = Chosen(request, membership)
    for rows in chosen:
        found += rows.order_by("-pk")[: AT_ONCE + 1 - len(found)]
        if len(found) > AT_ONCE:
            return [], f"At most {AT_ONCE} pictures go to another team at once. Choose fewer."
    return found, "" if found else chosen.left_out or "Choose some pictures first."


def offer(
    request: HttpRequest,
    membership: Membership,
    others: list[Team],
    pictures: int,
    problem: str = "",
) -> HttpResponse:
    """The page before the click."""
    chosen = {"all": "1", "query": request.POST.get("query", "")[:2000]}
    if not request.POST.get("all"):
        chosen = {"ids": ",".join(map(str, id_list(request)))}
    there = back(request, reverse("gallery"))["Location"]
    context: dict[str, Any] = {
        "team": membership.team,
        "others": others,
        "problem": problem,
        "pictures": pictures,
        "chosen": chosen | {"next": there},
        "back": there,
        "back_words": "The gallery",
    }
    return render(request, "playground/transfer.html", context, status=200 if not problem else 422)


def chosen_team(request: HttpRequest, others: list[Team]) -> Team | None:
    return next(
        (team for team in others if team.pk == whole_number(request.POST.get("team"))), None
    )


def moves(request: HttpRequest) -> bool:
    return request.POST.get("action") == "move"


def take(
    request: HttpRequest, pictures: list[Generation], to: Team, *, at: datetime
) -> transfers.Taken:
    """Copy or move them, as the button says that was pressed."""
    if moves(request):
        return transfers.move(*pictures, to=to, by=person(request), at=at)
    return transfers.copy(*pictures, to=to, by=person(request))


def one_taken(request: HttpRequest, pk: int, to: Team) -> HttpResponse:
    """Say what was done; of a move, the original comes back by Undo, and the copy stays."""
    if not moves(request):
        messages.success(request, f"A copy of the picture is in {to} now.")
        return redirect("picture", pk)
    undo = reverse("restore_picture", args=[pk])
    text = f"The picture is in {to} now, and here in the bin."
    messages.success(request, text, extra_tags=undo)
    return redirect("gallery")


def words_of(taken: transfers.Taken, to: Team, *, moved: bool) -> str:
    """What became of many, in words."""
    number, words = len(taken.copies), []
    if number:
        here = "and here in the bin" if moved else "too"
        are = "is" if number == 1 else "are"
        words.append(f"{happenings.counted(number, 'picture')} {are} in {to} now, {here}.")
    if taken.missing:
        words.append(f"Left here, as their files are missing: {taken.missing}.")
    return " ".join(words)


def teams_of(user: User, other_than: Team) -> list[Team]:
    """The teams that somebody may bring pictures to."""
    mine = user.memberships.filter(role__in=EDITING_ROLES).exclude(team=other_than)
    return [each.team for each in mine.select_related("team").order_by("team__name", "pk")]
