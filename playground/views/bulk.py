"""What is done to many pictures at once, and the bin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import (
    HttpResponseClientRefresh,
    trigger_client_event,
)

from accounts import happenings
from accounts.access import current_membership, editing_membership, person
from accounts.models import Membership, User

from .. import emptying, gallery, sorting
from ..models import Collection, Generation, GenerationQuerySet
from .sorting import back, number
from .zones import in_own_days

SHOWN_AGAIN = 500
"""Tiles that an answer shows anew at most."""
COMPARED = (2, 4)


class Impossible(Exception):
    """Why it was not done; the message is for the person."""


def id_list(request: HttpRequest) -> list[int]:
    """The ids that were chosen, each once; they come one by one or with commas between."""
    written = ",".join(request.POST.getlist("ids")).split(",")[: sorting.AT_ONCE]
    return [each for each in dict.fromkeys(map(number, written)) if each]


class Chosen:
    """The pictures that were chosen, a batch at a time: by id, or all that a filter finds.

    Once they have been gone through, `left_out` says in words that there may be more.
    """

    def __init__(self, request: HttpRequest, membership: Membership) -> None:
        user, team = person(request), membership.team
        self.left_out = ""
        self._mine = gallery.generations(user, team).pictures()
        self._ids = id_list(request)
        self._every: gallery.Every | None = None
        if request.POST.get("all"):
            asked = gallery.read(QueryDict(request.POST.get("query", "")[:2000]), team)
            self._every = gallery.Every(asked, user, team, size=sorting.BATCH)

    def __iter__(self) -> Iterator[GenerationQuerySet]:
        for ids in self._found() if self._every else self._given():
            yield self._mine.filter(pk__in=ids)

    def _given(self) -> Iterator[list[int]]:
        for start in range(0, len(self._ids), sorting.BATCH):
            yield self._ids[start : start + sorting.BATCH]

    def _found(self) -> Iterator[list[int]]:
        left, every = sorting.AT_ONCE, self._every
        assert every is not None  # noqa: S101
        for found in every:
            yield found[:left]
            left -= len(found)
            if left <= 0:
                return
        if every.looked_through:
            self.left_out = (
                f"Only the first {every.looked_through:,} pictures were looked through, and there "
                "are more: narrow the filter down, by days for example, to get at those."
            )


@dataclass(frozen=True)
class Done:
    """How many pictures something was done to, and what to say of those it may have missed."""

    number: int
    left_out: str = ""

    def __str__(self) -> str:
        """ "1 picture", "12 pictures"; "The first …", where it is as many as can be at once."""
        words = happenings.counted(self.number, "picture")
        return f"The first {words}" if self.number >= sorting.AT_ONCE else words

    def told(self, words: str) -> str:
        """The words, and after them what has to be added."""
        return f"{words} {self.left_out}".strip()


def done(
    request: HttpRequest, membership: Membership, change: Callable[[GenerationQuerySet], int]
) -> Done:
    """Do something to the pictures that were chosen. Raises Impossible where there are none."""
    chosen = Chosen(request, membership)
    number_of = sum(change(rows) for rows in chosen)
    if not number_of:
        raise Impossible(chosen.left_out or "Choose some pictures first.")
    return Done(number_of, chosen.left_out)


@login_required
@require_POST
@in_own_days
def gallery_bulk(request: HttpRequest) -> HttpResponse:
    """Do to the pictures that were chosen what `action` says."""
    membership = current_membership(request)
    action = chosen_action(request)
    if action not in ACTIONS:
        return HttpResponseBadRequest("There is no such action.")
    if action not in FOR_ALL and not membership.may_generate:
        raise PermissionDenied("Viewers look at pictures; editors and owners sort them.")
    try:
        return ACTIONS[action](request, membership)
    except (Impossible, sorting.InvalidTag, sorting.NameTaken) as error:
        return told(request, str(error), problem=True)


def chosen_action(request: HttpRequest) -> str:
    """The button that was pressed; after Enter in a field, what that field is for."""
    action = request.POST.get("action", "")
    if action == "enter":
        return "tag" if request.POST.get("tag", "").strip() else "collect"
    return action


def told(
    request: HttpRequest, words: str, *, problem: bool = False, undo: str = "", **event: Any
) -> HttpResponse:
    """Say what was done. `event`: the name and details of what the page's script is to know."""
    level = messages.ERROR if problem else messages.SUCCESS
    # What is only sorted stays where it is, chosen. What matches a filter and goes is more than the
    # page can know of.
    in_place = problem or not request.POST.get("all") or "sorted" in event
    if not request.htmx or not in_place:  # type: ignore[attr-defined]
        messages.add_message(request, level, words, extra_tags=undo)
        return (
            HttpResponseClientRefresh()
            if request.htmx  # type: ignore[attr-defined]
            else back(request, reverse("gallery"))
        )
    context = {"text": words, "level": "error" if problem else "success", "undo_url": undo}
    response = render(
        request,
        "playground/sorted.html",
        context
        | {"pictures": event.pop("pictures", [])}
        | {"starred": event.pop("starred", set())},
        status=422 if problem else 200,
    )
    for name, details in event.items():
        trigger_client_event(response, name, details)
    return response


def star_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put one's star on them."""
    user, team = person(request), membership.team
    those = done(request, membership, lambda rows: sorting.star(pictures=rows, team=team, by=user))
    return starred(request, membership, those.told(f"{those} starred."))


def unstar_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take one's star off them."""
    user = person(request)
    those = done(request, membership, lambda rows: sorting.unstar(pictures=rows, by=user))
    return starred(request, membership, those.told(f"{those} no longer starred."))


def starred(request: HttpRequest, membership: Membership, words: str) -> HttpResponse:
    """Say so, and show the tiles' stars anew."""
    user = person(request)
    mine = gallery.generations(user, membership.team).pictures()
    shown = list(mine.filter(pk__in=id_list(request)[:SHOWN_AGAIN]).only("rating"))
    stars = sorting.starred(user, shown)
    return told(request, words, pictures=shown, starred=stars, sorted={})


def tag_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Give them a tag."""
    name = sorting.normalised(request.POST.get("tag", "")[:200])
    user, team = person(request), membership.team
    those = done(
        request,
        membership,
        lambda rows: sorting.tag(pictures=rows, team=team, name=name, by=user)[1],
    )
    return told(request, those.told(f"{those} tagged “{name}”."), sorted={})


def untag_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take a tag off them."""
    name = sorting.normalised(request.POST.get("tag", "")[:200])
    user = person(request)
    those = done(request, membership, lambda rows: sorting.untag(pictures=rows, name=name, by=user))
    return told(request, those.told(f"“{name}” taken off {those}."), sorted={})


def collect_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put them into a collection: one there is, by id, or one by name, begun if need be."""
    user, team = person(request), membership.team
    collection = collection_of(request, membership)
    if collection is None:
        name = request.POST.get("name", "")[:200]
        collection = sorting.collection_called(team=team, name=name, by=user)
    those = done(
        request,
        membership,
        lambda rows: sorting.collect(pictures=rows, collection=collection, by=user),
    )
    return told(request, those.told(f"{those} put into “{collection.name}”."), sorted={})


def uncollect_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take them out of a collection."""
    collection = collection_of(request, membership)
    if collection is None:
        raise Impossible("Which collection? Open it first.")
    user = person(request)
    those = done(
        request,
        membership,
        lambda rows: sorting.remove_from_collection(pictures=rows, collection=collection, by=user),
    )
    words = those.told(f"{those} taken out of “{collection.name}”.")
    return told(request, words, gone={"ids": id_list(request)})


def collection_of(request: HttpRequest, membership: Membership) -> Collection | None:
    pk = number(request.POST.get("collection"))
    kept = Collection.objects.visible_to(person(request)).filter(team=membership.team).kept()
    return get_object_or_404(kept, pk=pk) if pk else None


def delete_pictures(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put them into the bin; the message brings them back."""
    user, team, now = person(request), membership.team, timezone.now()
    those = done(
        request,
        membership,
        lambda rows: sorting.delete_many(team=team, pictures=rows, by=user, at=now)[0],
    )
    undo = f"{reverse('gallery_restore')}?{urlencode({'at': stamp(now)})}"
    words = f"{those} {'is' if those.number == 1 else 'are'} in the bin."
    return told(
        request, those.told(words), undo=undo, binned={"ids": id_list(request), "undo": undo}
    )


def compare_pictures(request: HttpRequest, _: Membership) -> HttpResponse:
    """Show two to four of them beside one another."""
    ids = id_list(request)
    if request.POST.get("all") or not COMPARED[0] <= len(ids) <= COMPARED[1]:
        raise Impossible("Choose two to four pictures to compare.")
    return redirect(f"{reverse('compare')}?ids={','.join(map(str, ids))}")


Action = Callable[[HttpRequest, Membership], HttpResponse]
ACTIONS: dict[str, Action] = {
    "star": star_many,
    "unstar": unstar_many,
    "tag": tag_many,
    "untag": untag_many,
    "collect": collect_many,
    "uncollect": uncollect_many,
    "delete": delete_pictures,
    "compare": compare_pictures,
}
FOR_ALL = ("star", "unstar", "compare")
"""What viewers may do as well."""


# The bin


def stamp(at: datetime) -> str:
    """A time to the microsecond, as an address holds it."""
    return str(int(at.replace(tzinfo=UTC).timestamp()) * 1_000_000 + at.microsecond)


def stamped(text: str) -> datetime | None:
    """The time that an address holds; None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 17):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(text))


@login_required
@require_POST
def gallery_restore(request: HttpRequest) -> HttpResponse:
    """Take pictures out of the bin: those put there at one time (`at`), or those chosen (`ids`)."""
    team = editing_membership(request).team
    at = stamped(request.GET.get("at", ""))
    ids = None if at else id_list(request)
    back_again = sorting.restore_many(team=team, by=person(request), deleted_at=at, ids=ids)
    if not back_again:
        return told(request, "There was nothing to bring back.", problem=True)
    words = f"{Done(back_again)} {'is' if back_again == 1 else 'are'} back."
    return told(request, words, restored={"undo": request.get_full_path()})


@login_required
@never_cache
@require_safe
def gallery_bin(request: HttpRequest) -> HttpResponse:
    """What was deleted in the last 30 days, latest first."""
    membership = current_membership(request)
    after = request.GET.get("after", "")
    page, following = binned(person(request), membership, after)
    context = {"pictures": page, "next": following, "inside": bool(after), "kept": emptying.KEPT}
    return render(request, "playground/bin.html", context)


def binned(user: User, membership: Membership, after: str) -> tuple[list[Generation], str | None]:
    """A page of the bin, and where the next one begins: the time and id of its last picture."""
    rows = gallery.generations(user, membership.team).binned()
    at, _, pk = after.partition("_")
    time = stamped(at)
    if time:
        same = rows.filter(deleted_at=time, pk__lt=number(pk))
        rows = rows.filter(deleted_at__lt=time)
        found = list(_in_order(same)[: gallery.PAGE + 1])
        found += list(_in_order(rows)[: gallery.PAGE + 1 - len(found)])
    else:
        found = list(_in_order(rows)[: gallery.PAGE + 1])
    page = found[: gallery.PAGE]
    last = page[-1] if len(found) > gallery.PAGE else None
    following = f"{stamp(last.deleted_at)}_{last.pk}" if last and last.deleted_at else None
    for each in page:
        each.kept_until = (each.deleted_at or timezone.now()) + emptying.KEPT  # type: ignore[attr-defined]
    return page, following


def _in_order(rows: GenerationQuerySet) -> GenerationQuerySet:
    return rows.order_by("-deleted_at", "-pk").only(*gallery.TILE_FIELDS, "deleted_at")
