"""What is at hand for a prompt: those of late, styles and word lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, editing_membership, person
from accounts.models import Membership

from .. import history, library
from ..forms import GenerationForm
from ..imagepig.parameters import draw_seed
from ..library import deleting
from ..library.forms import NamedForm, StyleForm, WordListForm
from ..library.styles import STYLES_MAXIMUM
from ..library.word_lists import LISTS_MAXIMUM
from ..models import Style, WordList


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def recent_prompts(request: HttpRequest) -> HttpResponse:
    """The person's last prompts, each a link that brings it back."""
    prompts = history.recent_prompts(person(request), current_membership(request).team)
    fragment = "#prompts" if request.htmx else ""  # type: ignore[attr-defined]
    template = f"playground/library/recent_prompts.html{fragment}"
    return render(request, template, {"prompts": prompts})


@login_required
@never_cache
@require_safe
def surprise(_request: HttpRequest) -> HttpResponse:
    """The prompt's field, filled in by chance."""
    prompt = {"positive_prompt": library.surprise(draw_seed())}
    form = GenerationForm(initial=prompt, has_key=False)
    return HttpResponse(str(form["positive_prompt"]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def styles(request: HttpRequest) -> HttpResponse:
    """The team's styles, and a form for another one; or add what the form holds."""
    membership = current_membership(request)
    mine = Style.objects.visible_to(person(request)).filter(team=membership.team)
    form = StyleForm(team=membership.team)
    if request.method == "POST":
        form = StyleForm(request.POST, team=editing_membership(request).team)
        if kept(form, membership, mine.count() < STYLES_MAXIMUM):
            return redirect("styles")
    context = {"styles": mine.order_by("name"), "form": form, "starters": library.STARTERS}
    return render(
        request, "playground/library/styles.html", context, status=422 if form.errors else 200
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def style(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a style."""
    found = editable_style(request, pk)
    form = StyleForm(request.POST or None, instance=found, team=found.team)
    if request.method == "POST" and kept(form):
        return redirect("styles")
    context = {"style": found, "form": form}
    return render(
        request, "playground/library/style.html", context, status=422 if form.errors else 200
    )


@login_required
@require_POST
def style_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a style; the message can undo it. Pictures made with it keep their prompts."""
    found = editable_style(request, pk)
    deleting.delete(found, request.session)
    undo = reverse("style_restore", args=[pk])
    messages.success(request, f"The style “{found.name}” is deleted.", extra_tags=undo)
    return redirect("styles")


@login_required
@require_POST
def style_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a style that the person has just deleted."""
    return brought_back(request, Style, pk, "style", "styles")


@login_required
@require_POST
def style_starters(request: HttpRequest) -> HttpResponse:
    """Add the styles to begin with."""
    membership = editing_membership(request)
    library.add_starters(team=membership.team, by=person(request))
    return redirect("styles")


def editable_style(request: HttpRequest, pk: int) -> Style:
    """A style of one of the person's teams; PermissionDenied for a viewer."""
    mine = Style.objects.visible_to(person(request)).select_related("team")
    found = get_object_or_404(mine, pk=pk)
    if not Style.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers use styles; editors and owners change them.")
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_lists(request: HttpRequest) -> HttpResponse:
    """The team's word lists, and a form for another one; or add what the form holds."""
    membership = current_membership(request)
    mine = WordList.objects.visible_to(person(request)).filter(team=membership.team)
    form = WordListForm(team=membership.team)
    if request.method == "POST":
        form = WordListForm(request.POST, team=editing_membership(request).team)
        if kept(form, membership, mine.count() < LISTS_MAXIMUM):
            return redirect("word_lists")
    context = {"lists": mine.order_by("name"), "form": form}
    return render(
        request, "playground/library/word_lists.html", context, status=422 if form.errors else 200
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a word list."""
    found = editable_list(request, pk)
    form = WordListForm(request.POST or None, instance=found, team=found.team)
    if request.method == "POST" and kept(form):
        return redirect("word_lists")
    context = {"list": found, "form": form}
    return render(
        request, "playground/library/word_list.html", context, status=422 if form.errors else 200
    )


@login_required
@require_POST
def word_list_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a word list; the message can undo it. Pictures made with it keep their prompts."""
    found = editable_list(request, pk)
    deleting.delete(found, request.session)
    undo = reverse("word_list_restore", args=[pk])
    messages.success(request, f"The word list “{found.name}” is deleted.", extra_tags=undo)
    return redirect("word_lists")


@login_required
@require_POST
def word_list_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a word list that the person has just deleted."""
    return brought_back(request, WordList, pk, "word list", "word_lists")


def brought_back(
    request: HttpRequest, model: type[Style | WordList], pk: int, noun: str, page: str
) -> HttpResponse:
    """Undo a deletion and lead to the page where it shows; Http404 where there is none to undo."""
    try:
        row = deleting.restore(model, pk, request.session, person(request))
    except deleting.NameTaken as error:
        messages.error(request, str(error))
        return redirect(page)
    if row is None:
        raise Http404("There is nothing to bring back.")
    messages.success(request, f"The {noun} “{row.name}” is back.")
    return redirect(page)


def editable_list(request: HttpRequest, pk: int) -> WordList:
    """A word list of one of the person's teams; PermissionDenied for a viewer."""
    mine = WordList.objects.visible_to(person(request)).select_related("team")
    found = get_object_or_404(mine, pk=pk)
    if not WordList.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied("Viewers use word lists; editors and owners change them.")
    return found


def kept(form: NamedForm, membership: Membership | None = None, has_room: bool = True) -> bool:
    """Save what a form holds, for the membership's team where it is new; False with messages."""
    if not has_room:
        form.add_error(None, "There is no room for more. Delete one that nobody needs.")
    if not form.is_valid():
        return False
    written: Any = form.instance
    if membership:
        written.team, written.author = membership.team, membership.user
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        # Somebody else took the name at the same moment.
        form.add_error("name", "There is one with this name already.")
        return False
    return True
