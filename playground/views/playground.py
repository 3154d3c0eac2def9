"""The form, and the results beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import current_membership, editing_membership, memberships, person
from accounts.models import Membership

from .. import history, library, pulse, results, services, spending, waiting
from ..access import listed_pictures, visible_generation, visible_submission, whole_number
from ..experiments import running
from ..forms import GenerationForm, blank, new_token
from ..imagepig.endpoints import TABLE, InvalidRequest
from ..imagepig.parameters import draw_seed
from ..library import Shelf
from ..models import Generation, Submission, Upstream
from ..usage import pace

WATCHED_MAXIMUM = 200
TEXT_MAXIMUM = 4000
"""Characters of a prompt that an address can bring along."""
OFFERED = 3
"""Teams that a viewer is offered for making pictures; all of them are in the menu."""


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def playground(request: HttpRequest) -> HttpResponse:
    """Show the form with the latest results, or generate what it asks for."""
    if request.method == "POST" and not {"preview", "surprise"} & set(request.POST):
        return generate(request, editing_membership(request))
    membership = current_membership(request)
    known = request.POST.dict() or initial_values(request, membership)
    if "surprise" in request.POST:
        known["positive_prompt"] = library.surprise(draw_seed())
    initial = blank(has_key=membership.has_key) | known
    form = form_of(membership, initial=initial, said=said_of(request))
    context = page(request, membership, form) | {"previewed": "preview" in request.POST}
    if not membership.may_generate:
        context |= looking_on(request)
    return render(request, "playground/playground.html", context)


def generate(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = form_of(membership, request.POST)
    before = Submission.objects.filter(
        team=membership.team, token=request.POST.get("token", "")
    ).exists()
    made = submitted(request, membership, form)
    if made is None:
        fragment = "#form" if request.htmx else ""  # type: ignore[attr-defined]
        context = page(request, membership, form)
        # A script that gets a 422 has the browser log an error; to htmx the form itself says it.
        status = 200 if fragment else 422
        return render(request, f"playground/playground.html{fragment}", context, status=status)
    known = known_of(made)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(results_address(made.submission, known))
    runs = None if before else made_runs(request, made.submission)
    context = page(request, membership, renewed(form), runs)
    context |= {"again": before, "known": known, "token": new_token()}
    return render(request, "playground/playground.html#answer", context)


def made_runs(request: HttpRequest, submission: Submission | None) -> list[results.Run]:
    mine = results.cards(Generation.objects.visible_to(person(request)))
    return results.runs_of(mine.filter(submission=submission)) if submission else []


def known_of(made: services.Made) -> results.Known | None:
    if not made.known:
        return None
    making = made.submission.generations.count() if made.submission else 0
    return results.Known(made.known, making)


def results_address(submission: Submission | None, known: results.Known | None = None) -> str:
    """Where a page without JavaScript shows what came of a click."""
    query = {"submission": str(submission.pk)} if submission else {}
    query |= {"known": known.numbers} if known else {}
    return f"{reverse('results')}?{urlencode(query, safe=',')}"


def submitted(
    request: HttpRequest, membership: Membership, form: GenerationForm
) -> services.Made | None:
    """Submit what the form asks for; None, with messages in the form, where it cannot be."""
    if not form.is_valid():
        return None
    try:
        drafts = drafts_of(form)
        return services.submit_missing(
            team=membership.team,
            by=person(request),
            token=form.cleaned_data["token"],
            drafts=with_origin(drafts, request, membership),
        )
    except (InvalidRequest, services.NotPossible) as error:
        say_in(form, error)
    return None


def say_in(form: GenerationForm, error: InvalidRequest | services.NotPossible) -> None:
    """Say why nothing was made, at the fields where it is because of one."""
    if isinstance(error, services.NotPossible):
        form.add_error(None, str(error))
        return
    for name, message in error.problems.items():
        form.add_error(name if name in form.fields else None, message)


def drafts_of(form: GenerationForm) -> list[Generation]:
    """What a valid form asks for: each of its prompts as often as it says."""
    drafts: list[Generation] = []
    for prompt in form.wording.prompts:
        drafts += services.drafts(
            upstream=form.chosen_upstream,
            endpoint=form.chosen_endpoint,
            values={**form.values, "positive_prompt": prompt},
            count=form.cleaned_data["count"],
        )
    typed = form.wording.typed
    for draft in drafts:
        draft.template = typed if typed != draft.body["positive_prompt"] else ""
    return drafts


def form_of(membership: Membership, data: Any = None, **kwargs: Any) -> GenerationForm:
    """The playground's form, with what the member's team keeps for it."""
    shelf = Shelf(membership)
    return GenerationForm(data, has_key=membership.has_key, shelf=shelf, **kwargs)


def with_origin(
    drafts: list[Generation], request: HttpRequest, membership: Membership
) -> list[Generation]:
    """The drafts, with the team's picture whose record the form was filled in from."""
    origin = origin_of(request, membership)
    for draft in drafts:
        draft.origin = origin
    return drafts


def origin_of(request: HttpRequest, membership: Membership) -> Generation | None:
    """The team's picture whose record a form was filled in from, where it was."""
    source = whole_number(request.POST.get("from"))
    mine = Generation.objects.visible_to(person(request)).filter(team=membership.team)
    return mine.filter(pk=source).first() if source else None


def renewed(form: GenerationForm) -> GenerationForm:
    """The same form, as typed, with a token that is good for the next click."""
    typed = {name: form.data.get(name, "") for name in form.fields}
    initial = {**typed, "token": new_token()}
    return GenerationForm(initial=initial, has_key=form.has_key, shelf=form.shelf)


@login_required
@never_cache
@require_POST
def fields(request: HttpRequest) -> HttpResponse:
    """The chosen endpoint's fields, with what was typed in them; changes nothing."""
    membership = current_membership(request)
    form = form_of(membership, initial=request.POST.dict())
    context = {"form": form, **bill(membership, form)}
    return render(request, "playground/playground.html#fields", context)


@login_required
@never_cache
@require_safe
def submission_results(request: HttpRequest) -> HttpResponse:
    """What came of a click, on a page that without JavaScript refreshes itself.

    `submission` is what is being made, `known` what was there already.
    """
    known = listed_pictures(request, request.GET.get("known", ""))
    runs: list[results.Run] = []
    if not known or "submission" in request.GET:
        submission = visible_submission(request, whole_number(request.GET.get("submission")))
        generations = results.cards(Generation.objects.visible_to(person(request)))
        runs = results.runs_of(generations.filter(submission=submission))
    context: dict[str, Any] = {"runs": runs, **live(request, runs)}
    context["measured"] = results.measured_for(context["pending"])
    context["away"] = pulse.told(context["pending"])
    if known:
        making = sum(len(run.generations) for run in runs)
        context |= {"known": results.Known(known, making), "token": new_token()}
    return render(request, "playground/results.html", context)


@login_required
@never_cache
@require_safe
def wait(request: HttpRequest) -> HttpResponse:
    """Wait until one of the cards in `seen` is no longer as the page shows it; then show it.

    `away` says that the page shows those that wait as not taken by the queue.
    """
    seen = revisions(request.GET.get("seen", ""))
    mine = results.cards(Generation.objects.visible_to(person(request)))
    current = dict(mine.filter(pk__in=seen).values_list("pk", "revision"))
    seen = {number: revision for number, revision in seen.items() if number in current}
    away = pulse.nobody_works()
    turned = away != ("away" in request.GET)
    held = not seen or current != seen or turned or waiting.wait_for_change(seen)
    shown = list(mine.filter(pk__in=seen))
    changed = [
        each
        for each in shown
        if each.revision != seen[each.pk] or (turned and pulse.plainly_waiting(each))
    ]
    if away:
        pulse.tell(changed)
    touched = {each.submission_id for each in changed}
    pending = [each for each in shown if each.pending]
    context = {
        "changed": changed,
        "runs": results.runs_of(mine.filter(submission__in=touched)) if touched else [],
        "pending": pending,
        "watched": watched(request, pending),
        "measured": results.measured_for(changed),
        "soon": not held,
        "away": away,
        "live": True,
    }
    return render(request, "playground/playground.html#changes", context)


def written(seen: Mapping[int, int]) -> str:
    """{12: 3, 13: 1} → "12.3,13.1"."""
    return ",".join(f"{number}.{revision}" for number, revision in seen.items())


def revisions(text: str) -> dict[int, int]:
    """ "12.3,13.1" → {12: 3, 13: 1}; what is no such pair is passed over."""
    pairs = (pair.partition(".") for pair in text.split(",")[:WATCHED_MAXIMUM])
    found = {whole_number(number): whole_number(revision) for number, _, revision in pairs}
    return {number: revision for number, revision in found.items() if number}


def initial_values(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What the form starts from: a picture's record, where one is recalled, or what was last.

    `prompt` names a picture whose prompt comes back as it was typed; `text` is a prompt itself,
    `style` the id of a style to begin with.
    """
    chosen = {"style": request.GET["style"]} if "style" in request.GET else {}
    if text := brought_along(request):
        chosen["positive_prompt"] = text
    return recorded_values(request, membership) | chosen


def brought_along(request: HttpRequest) -> str:
    """The prompt that the address brings along, as that of a shared picture does."""
    return request.GET.get("text", "")[:TEXT_MAXIMUM]


def looking_on(request: HttpRequest) -> dict[str, Any]:
    """What a viewer sees in place of the form: the prompt, and teams to make a picture of it in."""
    text = brought_along(request)
    makes = [each for each in memberships(request) if each.may_generate]
    here = f"{reverse('playground')}?{urlencode({'text': text})}" if text else reverse("playground")
    return {"brought": text, "makes": makes[:OFFERED], "here": here}


def said_of(request: HttpRequest) -> dict[str, str]:
    """Field → what the API said of it, where a refused request is recalled whole to be mended."""
    source = whole_number(request.GET.get("from"))
    if request.GET.get("recall") != "all" or not source:
        return {}
    said = results.said_of_fields(visible_generation(request, source))
    return {each.name: each.words for each in said}


def recorded_values(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    if again := whole_number(request.GET.get("prompt")):
        picture = visible_generation(request, again)
        typed = history.typed_prompt(picture.template, picture.positive_prompt)
        last = results.last_values(person(request), membership.team)
        return last | {"positive_prompt": typed}
    what = request.GET.get("recall", "")
    source = whole_number(request.GET.get("from"))
    if what not in results.RECALLS or not source:
        return results.last_values(person(request), membership.team)
    picture = visible_generation(request, source)
    if picture.endpoint not in TABLE:
        return {}
    # A part of a record joins what was last; a whole one leaves nothing of it behind.
    part = what in ("prompt", "seed")
    last = results.last_values(person(request), membership.team) if part else {}
    return last | results.recalled(picture, what) | {"from": picture.pk}


def page(
    request: HttpRequest,
    membership: Membership,
    form: GenerationForm,
    runs: list[results.Run] | None = None,
) -> dict[str, Any]:
    """All that the playground's page shows: these runs, or the person's latest."""
    if runs is None:
        runs = results.recent_runs(person(request), membership.team)
    return {"form": form, "runs": runs, **live(request, runs), **bill(membership, form)}


def live(request: HttpRequest, runs: list[results.Run]) -> dict[str, Any]:
    """What a page needs whose cards change while it is looked at."""
    pending = [each for run in runs for each in run.pending]
    return {"pending": pending, "watched": watched(request, pending), "live": True}


def watched(request: HttpRequest, pending: Iterable[Generation]) -> str:
    """What a page is to wait for, "12.3,13.1": what it shows of these, and of those it waits for.

    The latter it says itself (`seen`): they may have changed since, and then are shown at once.
    """
    shown = {each.pk: each.revision for each in pending}
    return written(shown | revisions(request.POST.get("seen", "")))


def bill(membership: Membership, form: GenerationForm) -> dict[str, Any]:
    """What the click will count as and how long it usually takes, before the click.

    `prices` and `race_price` say so of Image Pig whatever is chosen: without JavaScript the page
    cannot follow what is.
    """
    measured = results.measured_seconds(membership.team)
    return {
        "measured": measured,
        "slow": pace.slow_now(pace.latest_of(membership.team)),
        "budgets": spending.budgets_of(membership),
        "usual_time": results.usual_time(form.chosen_upstream, form.chosen_endpoint, measured),
        "race_calls": running.race_calls(form.chosen_upstream),
        "prices": [
            (each, results.usual_time(Upstream.IMAGEPIG, each, measured)) for each in TABLE.values()
        ],
        "race_price": running.race_calls(Upstream.IMAGEPIG),
    }
