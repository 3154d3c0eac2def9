"""What a person can do with pictures. Who may do it is the views' business; `by` is who does."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import happenings
from accounts.models import Happened, Team, User

from . import announcing, examples, pipeline, spending, tasks
from .imagepig.endpoints import TABLE, Body, Endpoint, InvalidRequest
from .imagepig.parameters import SEED_MAXIMUM, draw_seed
from .models import FAILED, Generation, State, Submission, Upstream, request_key
from .results import may_retry

logger = logging.getLogger(__name__)

EXAMPLES_TOKEN = "examples"  # noqa: S105 (a name, no secret)


class NotPossible(Exception):
    """Something that cannot be done now; the message tells the person why."""


class TooManyWaiting(NotPossible):
    """The team has as many pictures waiting as may wait."""


class NoApiKey(NotPossible):
    """Image Pig is asked for, and the team has no API key."""


class OverBudget(NotPossible):
    """A budget has too few calls left this month."""


def drafts(
    *, upstream: str, endpoint: Endpoint, values: Mapping[str, object], count: int
) -> list[Generation]:
    """What `count` pictures of `values` (API attribute → value) ask for, not written down yet.

    Without a seed in `values` each gets a random one, with one: seed, seed + 1, … Raises
    InvalidRequest.
    """
    calls = 0 if upstream == Upstream.SANDBOX else endpoint.calls
    return [
        Generation(
            upstream=upstream,
            endpoint=endpoint.key,
            body=body,
            calls=calls,
            request_key=request_key(upstream, endpoint.key, body),
        )
        for body in _bodies(endpoint, values, count)
    ]


@transaction.atomic
def submit(*, team: Team, by: User, token: str, drafts: list[Generation]) -> Submission:
    """Have drafts made, whatever there is already.

    The token is good for one submission: whoever comes with it again gets that one. Raises
    TooManyWaiting, NoApiKey, OverBudget.
    """
    # One at a time, so that the bound holds and the token is good for one.
    lock(team)
    return earlier_submission(team, token) or _submit(team, by, token, drafts)


def earlier_submission(team: Team, token: str) -> Submission | None:
    """What the token was good for, if it was used."""
    return Submission.objects.filter(team=team, token=token).first()


def _submit(team: Team, by: User, token: str, drafts: list[Generation]) -> Submission:
    """The same with the team locked, and a token that was not used."""
    check_room(team, drafts)
    submission = Submission.objects.create(team=team, author=by, token=token)
    queue(team, drafts, author=by, submission=submission)
    logger.info("submission %s: %s generations by person %s", submission.pk, len(drafts), by.pk)
    return submission


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a click."""

    submission: Submission | None
    """What is being made; None where there was nothing to make."""
    known: list[Generation]
    """The pictures that were there already, in the order in which they were asked for."""


@transaction.atomic
def submit_missing(*, team: Team, by: User, token: str, drafts: list[Generation]) -> Made:
    """Have those of the drafts made that the team has no picture of yet.

    Where there is nothing to make, the token stays good. Raises as `submit` does.
    """
    lock(team)
    earlier = earlier_submission(team, token)
    # What is sent without a seed comes out differently each time.
    keys = [each.request_key for each in drafts if "seed" in each.body]
    known = known_pictures(team, by, keys)
    if earlier:
        # What it made has become known since.
        own = set(earlier.generations.values_list("request_key", flat=True))
        return Made(earlier, [each for key, each in known.items() if key not in own])
    missing = [each for each in drafts if each.request_key not in known]
    submission = _submit(team, by, token, missing) if missing else None
    return Made(submission, list(known.values()))


def known_pictures(team: Team, by: User, keys: list[str]) -> dict[str, Generation]:
    """Request key → the team's newest picture of that very request, in the order of the keys."""
    pictures = Generation.objects.visible_to(by).filter(team=team, request_key__in=keys).pictures()
    newest = pictures.order_by().values("request_key").annotate(newest=Max("pk"))
    found = Generation.objects.filter(pk__in=[each["newest"] for each in newest]).defer("answer")
    by_key = {each.request_key: each for each in found}
    return {key: by_key[key] for key in keys if key in by_key}


def rerun(*, picture: Generation, by: User, token: str) -> Submission:
    """Send a picture's recorded request again with its recorded seed, to where it was made.

    Raises TooManyWaiting, NoApiKey, OverBudget, NotPossible.
    """
    return rerun_each(team=picture.team, pictures=[picture], by=by, token=token)


def rerun_each(*, team: Team, pictures: list[Generation], by: User, token: str) -> Submission:
    """The same for several pictures of a team at one click. Raises as `rerun` does."""
    if any(each.endpoint not in TABLE for each in pictures):
        raise NotPossible("This kind of picture is no longer offered.")
    drafts = [_rerun_of(each) for each in pictures]
    return submit(team=team, by=by, token=token, drafts=drafts)


def _rerun_of(picture: Generation) -> Generation:
    body = dict(picture.body)
    if picture.seed:
        body["seed"] = int(picture.seed)
    return Generation(
        parent=picture,
        template=picture.template,
        upstream=picture.upstream,
        endpoint=picture.endpoint,
        body=body,
        calls=picture.calls,
    )


def retry(*, generation: Generation, by: User) -> Generation:
    """Send a failed generation's request again, as a new generation beside it.

    Each is tried again once: whoever comes second gets what the first one made. Raises
    NotPossible, TooManyWaiting, NoApiKey.
    """
    return retry_all(generation.team, [generation], by)[0]


def retry_failed(*, submission: Submission, by: User) -> list[Generation]:
    """Try again what failed of a submission and may be; gives the new ones. Raises as `retry`."""
    failed = submission.generations.filter(state__in=FAILED, retried_as=None).order_by("pk")
    return retry_all(submission.team, list(filter(may_retry, failed)), by)


def cancel(*, generation: Generation, by: User) -> bool:
    """Cancel a generation that waits. False where it is too late."""
    return bool(cancel_each([generation], by))


def cancel_all(*, submission: Submission, by: User) -> int:
    """Cancel what still waits of a submission; gives how many that were."""
    return len(cancel_each(submission.generations.filter(state=State.QUEUED).order_by("pk"), by))


@transaction.atomic
def delete(*, picture: Generation, by: User) -> bool:
    """Put a picture into the bin. False where it was there already."""
    there = Generation.objects.pictures().filter(pk=picture.pk)
    deleted = bool(there.update(deleted_at=timezone.now()))
    if deleted:
        happenings.record(picture.team, by, Happened.PICTURES_DELETED, f"picture {picture.pk}")
        logger.info("picture %s deleted by person %s", picture.pk, by.pk)
    return deleted


def restore(*, picture: Generation, by: User) -> bool:
    """Take a picture out of the bin. False where it was not there."""
    binned = Generation.objects.filter(pk=picture.pk, state=State.SAVED, deleted_at__isnull=False)
    restored = binned.update(deleted_at=None)
    if restored:
        logger.info("picture %s restored by person %s", picture.pk, by.pk)
    return bool(restored)


@transaction.atomic
def draw_examples(*, team: Team, by: User) -> Submission:
    """Have a dozen examples drawn in the sandbox.

    Whoever asks while earlier ones are there, or on their way, gets those.
    """
    lock(team)
    earlier = Submission.objects.filter(team=team, token__startswith=EXAMPLES_TOKEN)
    latest = earlier.order_by("-pk").first()
    if latest is not None and _has_anything(latest):
        return latest
    wanted: list[Generation] = []
    for example in examples.EXAMPLES:
        if endpoint := TABLE.get(example.endpoint):
            # As a form would ask for it, so that filters and forms know it again.
            values = {**endpoint.defaults, **example.values}
            wanted += drafts(upstream=Upstream.SANDBOX, endpoint=endpoint, values=values, count=1)
    token = f"{EXAMPLES_TOKEN}-{earlier.count() + 1}"
    return submit(team=team, by=by, token=token, drafts=wanted)


def resume_waiting(*, team: Team) -> None:
    """Let go on what waited for the team's API key, after somebody has looked after it."""
    tasks.enqueue(*pipeline.resume(team.pk))


def team_deleted(*, team: Team, by: User, **_signal: object) -> None:
    """Receive accounts' signal that nobody waits for a team's pictures any more."""
    waiting = Generation.objects.pending().filter(team=team, state=State.QUEUED)
    cancel_each(waiting.order_by("pk"), by)


def api_key_changed(*, team: Team, **_signal: object) -> None:
    """Receive accounts' signals about a team's API key."""
    resume_waiting(team=team)


def _bodies(endpoint: Endpoint, values: Mapping[str, object], count: int) -> list[Body]:
    if "seed" not in values:
        return [endpoint.request({**values, "seed": draw_seed()}) for _ in range(count)]
    first = endpoint.request(values)
    if "seed" not in first:
        return [first for _ in range(count)]
    seed = int(first["seed"])
    if seed + count - 1 > SEED_MAXIMUM:
        message = f"With {count} pictures the seed may be at most {SEED_MAXIMUM - count + 1}."
        raise InvalidRequest({"seed": message})
    return [{**first, "seed": seed + place} for place in range(count)]


def check_room(team: Team, drafts: list[Generation]) -> None:
    """Raise TooManyWaiting or NoApiKey where these drafts cannot be queued now."""
    waiting = Generation.objects.pending().filter(team=team, state=State.QUEUED).count()
    most = settings.TEAM_CALLS_WAITING
    if waiting + len(drafts) > most:
        raise TooManyWaiting(
            f"{waiting} of your team’s pictures are waiting already; at most {most} can wait at "
            "once. Please try again when some of them are done."
        )
    if any(draft.upstream == Upstream.IMAGEPIG for draft in drafts) and team.api_key is None:
        raise NoApiKey("Your team has no API key at the moment. Add one to use Image Pig.")


def check_budgets(budgets: Iterable[spending.Budget], calls: int) -> None:
    """Raise OverBudget where one of them has too few calls left."""
    short = next((each for each in budgets if each.left < calls), None)
    if short is None:
        return
    month = spending.next_month(spending.month_of(spending.today()))
    raise OverBudget(
        f"This would count as {calls} {'call' if calls == 1 else 'calls'}, and of {short.name} of "
        f"{short.limit} a month {short.left or 'none'} {'is' if short.left == 1 else 'are'} left. "
        f"Nothing was sent. An owner of the team can raise it; it starts anew on {month:%-d %B}."
    )


def queue(team: Team, drafts: Iterable[Generation], **common: Any) -> None:
    """Write generations down as waiting, and on the bill; hand over as many as may run.

    The caller holds the team's lock. Raises OverBudget.
    """
    drafts = list(drafts)
    for draft in drafts:
        draft.team = team
        draft.request_key = request_key(draft.upstream, draft.endpoint, draft.request_body)
        for name, value in common.items():
            setattr(draft, name, value)
    calls = sum(draft.calls for draft in drafts)
    author = drafts[0].author if drafts else None
    budgets = spending.budgets_for(drafts, team=team, user=author)
    check_budgets(budgets, calls)
    spending.reserve(drafts, team=team)
    if author is not None:
        spending.warn(budgets, calls, team=team, user=author)
    Generation.objects.bulk_create(drafts)
    clicked = [draft.pk for draft in drafts]
    due = pipeline.take_waiting(team.pk)
    transaction.on_commit(partial(tasks.enqueue, *due, clicked=clicked))


@transaction.atomic
def retry_all(team: Team, failed: list[Generation], by: User) -> list[Generation]:
    """Try failed generations of a team again; gives the new ones. Raises as `retry` does."""
    lock(team)
    earlier = {
        each.retry_of_id: each for each in Generation.objects.filter(retry_of__in=failed, team=team)
    }
    drafts = {each.pk: _again(each, by) for each in failed if each.pk not in earlier}
    check_room(team, list(drafts.values()))
    queue(team, drafts.values())
    logger.info("%s generations tried again by person %s", len(drafts), by.pk)
    return [earlier.get(each.pk) or drafts[each.pk] for each in failed]


def _again(failed: Generation, by: User) -> Generation:
    if failed.state not in FAILED:
        raise NotPossible("This picture has not failed.")
    if failed.endpoint not in TABLE:
        raise NotPossible("This kind of picture is no longer offered.")
    return Generation(
        author=by,
        submission=failed.submission,
        parent=failed.parent,
        origin=failed.origin,
        retry_of=failed,
        experiment=failed.experiment,
        cell=failed.cell,
        template=failed.template,
        upstream=failed.upstream,
        endpoint=failed.endpoint,
        body=failed.body,
        calls=failed.calls,
    )


def cancel_each(generations: Iterable[Generation], by: User) -> list[int]:
    """Cancel those generations of a team that wait; gives the ids of those that did."""
    waiting = list(generations)
    cancelled, due = pipeline.cancel(*waiting)
    transaction.on_commit(partial(tasks.enqueue, *due))
    if cancelled:
        logger.info("generations %s cancelled by person %s", cancelled, by.pk)
        # Whoever cancels it knows; whoever began it may be somebody else.
        cells = {each.experiment_id: each for each in waiting if each.pk in cancelled}
        for cell in cells.values():
            announcing.announce(cell, but=by)
    return cancelled


def _has_anything(submission: Submission) -> bool:
    generations = submission.generations
    return generations.pending().exists() or generations.pictures().exists()


def lock(team: Team) -> None:
    """Let one transaction at a time decide what of a team waits."""
    pipeline.lock(team.pk)
