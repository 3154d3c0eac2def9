"""What is at hand for a prompt: those of late, styles and word lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

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


@dataclass(frozen=True)
class Kind:
    """A kind of thing that a team keeps for its prompts. Its pages are called as it is."""

    one: str
    many: str
    model: type[Style | WordList]
    form: type[NamedForm]
    most: int
    """In one team."""

    @property
    def words(self) -> str:
        return self.one.replace("_", " ")


STYLES = Kind("style", "styles", Style, StyleForm, STYLES_MAXIMUM)
WORD_LISTS = Kind("word_list", "word_lists", WordList, WordListForm, LISTS_MAXIMUM)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def styles(request: HttpRequest) -> HttpResponse:
    """The team's styles, and a form for another one; or add what the form holds."""
    return listed(request, STYLES, {"starters": library.STARTERS})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def style(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a style."""
    return changed(request, STYLES, editable(request, STYLES, pk))


@login_required
@require_POST
def style_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a style; the message can undo it. Pictures made with it keep their prompts."""
    return deleted(request, STYLES, editable(request, STYLES, pk))


@login_required
@require_POST
def style_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a style that the person has just deleted."""
    return brought_back(request, STYLES, pk)


@login_required
@require_POST
def style_starters(request: HttpRequest) -> HttpResponse:
    """Add the styles to begin with."""
    membership = editing_membership(request)
    library.add_starters(team=membership.team, by=person(request))
    return redirect("styles")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_lists(request: HttpRequest) -> HttpResponse:
    """The team's word lists, and a form for another one; or add what the form holds."""
    return listed(request, WORD_LISTS)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a word list."""
    return changed(request, WORD_LISTS, editable(request, WORD_LISTS, pk))


@login_required
@require_POST
def word_list_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a word list; the message can undo it. Pictures made with it keep their prompts."""
    return deleted(request, WORD_LISTS, editable(request, WORD_LISTS, pk))


@login_required
@require_POST
def word_list_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a word list that the person has just deleted."""
    return brought_back(request, WORD_LISTS, pk)


def editable(request: HttpRequest, kind: Kind, pk: int) -> Style | WordList:
    """One of that kind in one of the person's teams; PermissionDenied for a viewer."""
    mine = kind.model.objects.visible_to(person(request)).select_related("team")
    found = cast("Style | WordList", get_object_or_404(mine, pk=pk))
    if not kind.model.objects.editable_by(person(request)).filter(pk=pk).exists():
        raise PermissionDenied(f"Viewers use {kind.words}s; editors and owners change them.")
    return found


def listed(request: HttpRequest, kind: Kind, more: dict[str, Any] | None = None) -> HttpResponse:
    """Those of the team one works in, with a form for another one; or add what the form holds."""
    membership = current_membership(request)
    mine = kind.model.objects.visible_to(person(request)).filter(team=membership.team)
    form = kind.form(team=membership.team)
    if request.method == "POST":
        form = kind.form(request.POST, team=editing_membership(request).team)
        if kept(form, membership, mine.count() < kind.most):
            return redirect(kind.many)
    context = {kind.many: mine.order_by("name"), "form": form, **(more or {})}
    return shown(request, kind.many, context)


def changed(request: HttpRequest, kind: Kind, found: Style | WordList) -> HttpResponse:
    """The form with what is kept; or keep what the form holds."""
    form = kind.form(request.POST or None, instance=found, team=found.team)
    if request.method == "POST" and kept(form):
        return redirect(kind.many)
    return shown(request, kind.one, {kind.one: found, "form": form})


def shown(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, f"playground/library/{page}.html", context, status=status)


def deleted(request: HttpRequest, kind: Kind, found: Style | WordList) -> HttpResponse:
    """Delete it, with a message that can undo it."""
    undo = reverse(f"{kind.one}_restore", args=[found.pk])
    deleting.delete(found, request.session, person(request))
    messages.success(request, f"The {kind.words} “{found.name}” is deleted.", extra_tags=undo)
    return redirect(kind.many)


def brought_back(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    """Undo a deletion and lead to the page where it shows; Http404 where there is none to undo."""
    try:
        row = deleting.restore(kind.model, pk, request.session, person(request))
    except deleting.NameTaken as error:
        messages.error(request, str(error))
        return redirect(kind.many)
    if row is None:
        raise Http404("There is nothing to bring back.")
    messages.success(request, f"The {kind.words} “{row.name}” is back.")
    return redirect(kind.many)


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
