"""Comments on a picture, the team's decisions about it, and going through pictures one by one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_membership, person
from accounts.models import Membership, Role

from .. import talking
from ..access import whole_number
from ..gallery import DECISIONS
from ..models import Comment, Generation, Pick
from .files import visible_picture
from .panels import comments_panel
from .pictures import editable_picture
from .sorting import back, only


@login_required
@require_POST
def picture_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a picture; whoever may see it may."""
    picture = visible_picture(request, pk)
    text = request.POST.get("text", "").strip()
    problem = problem_with(text)
    if not problem:
        talking.write(picture=picture, by=person(request), text=text)
        picture.refresh_from_db(fields=["comments_count"])
        text = ""
    if request.htmx:  # type: ignore[attr-defined]
        members = talking.members_of(picture.team)
        context = comments_panel(person(request), picture, members)
        context |= {"problem": problem, "text": text}
        # A script that gets a 422 has the browser log an error; to htmx the form itself says it.
        return render(request, "playground/_comments.html", context)
    if problem:
        messages.error(request, problem)
    return redirect(f"{reverse('picture', args=[pk])}#comments")


@login_required
@require_POST
def comment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own comment away; an owner of the team anybody's."""
    comment = own_comment(request, pk)
    if talking.delete(comment):
        undo = reverse("comment_restore", args=[pk])
        messages.success(request, "The comment is deleted.", extra_tags=undo)
    return redirect(f"{reverse('picture', args=[comment.generation_id])}#comments")


@login_required
@require_POST
def comment_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a deleted comment back."""
    comment = own_comment(request, pk)
    talking.restore(comment)
    return redirect(f"{reverse('picture', args=[comment.generation_id])}#comment-{pk}")


@login_required
@require_POST
def picture_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about a picture: `pick` is picked, rejected or undecided."""
    picture = editable_picture(request, pk)
    what = DECISIONS.get(request.POST.get("pick", ""))
    if what is None:
        return HttpResponseBadRequest("A picture is picked, rejected or undecided.")
    talking.pick(only(picture), what, by=person(request))
    return back(request, reverse("picture", args=[pk]))


@login_required
@never_cache
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """One picture after the other, newest first, to decide about by key.

    `at` is the picture to begin with; `all` goes through the decided ones, too.
    """
    membership = current_membership(request)
    pictures = Generation.objects.visible_to(person(request)).filter(team=membership.team)
    pictures = pictures.pictures().defer("answer").select_related("picked_by", "author")
    every = request.GET.get("all") == "1"
    open_ones = pictures if every else pictures.filter(pick=Pick.UNDECIDED)
    at = whole_number(request.GET.get("at"))
    asked = pictures.filter(pk=at).first() if at else None
    before = open_ones.filter(pk__lte=at) if at else open_ones
    picture = asked or before.order_by("-pk").first()
    context: dict[str, Any] = {"generation": picture, "every": every}
    if picture is not None:
        following = open_ones.filter(pk__lt=picture.pk).order_by("-pk").first()
        context |= {
            "following": following,
            "here": reviewing(at=following.pk if following else None, every=every),
            "previous": open_ones.filter(pk__gt=picture.pk).order_by("pk").first(),
            "may_edit": membership.may_generate,
        }
    return render(request, "playground/review.html", context)


def reviewing(*, at: int | None, every: bool) -> str:
    """Where the review goes on, beginning with a picture."""
    query = {"at": str(at)} if at else {}
    query |= {"all": "1"} if every else {}
    return f"{reverse('review')}?{urlencode(query)}" if query else reverse("review")


def problem_with(text: str) -> str:
    """What is wrong with a comment's text; "" where nothing is."""
    if not text:
        return "There is nothing in it yet."
    if len(text) > talking.LONGEST:
        return f"That is {len(text)} characters; a comment has at most {talking.LONGEST}."
    return ""


def own_comment(request: HttpRequest, pk: int) -> Comment:
    """A comment that the person may take away; Http404 for outsiders."""
    mine = Comment.objects.visible_to(person(request))
    comment = get_object_or_404(mine.select_related("generation"), pk=pk)
    owners = Membership.objects.filter(team=comment.team_id, role=Role.OWNER)
    if comment.author != person(request) and not owners.filter(user=person(request)).exists():
        raise PermissionDenied("Only who wrote a comment, or an owner of the team, deletes it.")
    return comment
