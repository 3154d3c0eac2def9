"""Two to four pictures beside one another: how they look, what was asked for, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import person

from ..access import whole_number
from ..differences import PROMPTS, Piece, parameter_table, word_pieces
from ..imagepig.endpoints import all_parameters
from ..models import Generation

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Mode:
    """A way to look at pictures that needs JavaScript. It takes `most` pictures at once."""

    key: str
    label: str
    most: int = MOST


MODES = (
    Mode("side", "Side by side"),
    Mode("slider", "Slider", most=2),
    Mode("blink", "Blink"),
    Mode("difference", "Difference", most=2),
)


@dataclass(frozen=True)
class Words:
    """How one picture's prompt came of the first one's."""

    number: int
    pieces: list[Piece]
    same: bool


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The pictures named in `ids`, in that order; without a proper list, how to choose some."""
    ids = chosen_ids(request.GET.get("ids", ""))
    if not FEWEST <= len(ids) <= MOST:
        context: dict[str, Any] = {
            "problem": bool(request.GET.get("ids")),
            "fewest": FEWEST,
            "most": MOST,
        }
        return render(request, "playground/compare_none.html", context)
    found = Generation.objects.visible_to(person(request)).pictures().defer("answer").in_bulk(ids)
    if len(found) < len(ids):
        raise Http404("One of these pictures is not there.")
    generations = [found[pk] for pk in ids]
    modes = [mode for mode in MODES if len(ids) <= mode.most]
    asked = request.GET.get("mode")
    context = {
        "generations": generations,
        "modes": modes,
        "mode": asked if asked in {each.key for each in modes} else MODES[0].key,
        "prompts": [prompt_rows(name, generations) for name in PROMPTS],
        "table": parameter_table(generations),
    }
    return render(request, "playground/compare.html", context)


def chosen_ids(text: str) -> list[int]:
    """ "12,13,12" → [12, 13]; nothing where any of it is no id."""
    parts = text.split(",") if len(text) <= 200 else []
    ids = list(dict.fromkeys(whole_number(part.strip()) for part in parts))
    return ids if all(ids) else []


def prompt_rows(name: str, generations: list[Generation]) -> dict[str, Any]:
    """One prompt of the first picture, and what became of it in each of the others."""
    first, *others = (str(each.body.get(name, "")) for each in generations)
    return {
        "name": name,
        "label": all_parameters()[name].label,
        "first": first,
        "any": any((first, *others)),
        "others": [
            Words(number, word_pieces(first, other), same=first == other)
            for number, other in enumerate(others, start=2)
        ],
    }
