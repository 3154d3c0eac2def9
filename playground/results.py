"""What a person sees beside the form: their latest runs. Reads and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from accounts.models import Team, User

from .experiments.variations import literal
from .imagepig.endpoints import TABLE, Endpoint, all_parameters
from .models import Generation, GenerationQuerySet, State, Submission, Upstream

RECENT = 24
"""Pictures beside the form at most, so that the page stays light."""
MEASURED = 50
"""The team's latest pictures of which the usual time is told."""


class Retried:
    """What trying all of several failed ones again comes to."""

    @property
    def to_retry(self) -> list[Generation]:
        """Those that may be tried again."""
        raise NotImplementedError

    @property
    def retry_calls(self) -> int:
        return sum(each.calls for each in self.to_retry)

    @property
    def retry_bill(self) -> str:
        """The same in words: "4 calls (may cost 2 of them again)"; "" for nothing."""
        calls = self.retry_calls
        if not calls:
            return ""
        doubtful = (
            each for each in self.to_retry if each.wording and each.wording.may_have_counted
        )
        twice = sum(each.calls for each in doubtful)
        those = "it" if calls == 1 else "them" if twice == calls else f"{twice} of them"
        again = f" (may cost {those} again)" if twice else ""
        return f"{calls} call{'' if calls == 1 else 's'}{again}"


@dataclass(frozen=True)
class Run(Retried):
    """The generations of one click, in the order of their seeds."""

    submission: Submission
    generations: list[Generation]

    @property
    def title(self) -> str:
        """The prompt that they share; or how many different ones they have."""
        prompts = {str(each.body.get("positive_prompt", "")) for each in self.generations}
        return prompts.pop() if len(prompts) == 1 else f"{len(prompts)} different prompts"

    @property
    def waiting(self) -> list[Generation]:
        return [each for each in self.generations if each.state == State.QUEUED]

    @property
    def to_retry(self) -> list[Generation]:
        return [each for each in self.generations if may_retry(each)]

    @property
    def pending(self) -> list[Generation]:
        return [each for each in self.generations if each.pending]


@dataclass(frozen=True)
class Known:
    """Pictures that were asked for and are there already, shown instead of being made again."""

    pictures: list[Generation]
    making: int
    """How many that were asked for with them are made, because there was none of them yet."""

    @property
    def asked(self) -> int:
        return len(self.pictures) + self.making

    @property
    def calls(self) -> int:
        """What making them again would count as."""
        return sum(each.calls for each in self.pictures)

    @property
    def numbers(self) -> str:
        """ "12,13": their ids, for an address or a form."""
        return ",".join(str(each.pk) for each in self.pictures)


def may_retry(generation: Generation) -> bool:
    """Whether the same request may be sent again at a click."""
    words = generation.wording
    retried = hasattr(generation, "retried_as")
    offered = generation.failed and not retried and words is not None and words.may_retry
    return offered and generation.endpoint in TABLE


@dataclass(frozen=True)
class Said:
    """What the API said of one field of a request."""

    name: str
    label: str
    message: str
    words: str
    """The same with who says it, for a place that does not show that."""
    typed: str
    """What the form's field held: as long as it does, the words are true of it."""


def said_of_fields(generation: Generation) -> list[Said]:
    """What the API said of each field that it named, in the order people meet them."""
    known = all_parameters()
    # A database need not keep the order in which the API said it.
    order = [name for name in known if name in generation.field_messages]
    order += sorted(generation.field_messages.keys() - known.keys())
    return [
        Said(
            name=name,
            label=known[name].label if name in known else name.replace("_", " "),
            message=message,
            words=f"{generation.get_upstream_display()} said: {message}",
            typed=typed_in(generation, name),
        )
        for name in order
        for message in [generation.field_messages[name]]
    ]


def typed_in(generation: Generation, name: str) -> str:
    """What a field held when the generation was asked for."""
    if name == "positive_prompt" and generation.template:
        return generation.template
    return str(generation.body.get(name, ""))


def runs_of(generations: Iterable[Generation]) -> list[Run]:
    """Group generations by their submission, newest first. Each needs its submission loaded."""
    grouped: dict[int, list[Generation]] = {}
    for generation in sorted(generations, key=lambda each: each.pk):
        if generation.submission:
            grouped.setdefault(generation.submission.pk, []).append(generation)
    return [
        Run(submission=together[0].submission, generations=together)
        for _, together in sorted(grouped.items(), reverse=True)
        if together[0].submission
    ]


def cards(generations: GenerationQuerySet) -> GenerationQuerySet:
    """What a card shows, without what it does not."""
    return generations.select_related("submission", "retried_as").defer("answer")


def recent_runs(user: User, team: Team) -> list[Run]:
    """The person's latest runs in the team, whatever became of them."""
    latest = cards(Generation.objects.visible_to(user)).filter(
        author=user, team=team, deleted_at=None, submission__isnull=False
    )
    return runs_of(latest.order_by("-pk")[:RECENT])


def last_values(user: User, team: Team) -> dict[str, Any]:
    """What the person asked for last, for a form to start from; the seed is left to chance.

    The sandbox is asked again only by those who chose it: an API key is added to be used.
    """
    latest = (
        Generation.objects.visible_to(user).filter(author=user, team=team).order_by("-pk").first()
    )
    if latest is None or latest.endpoint not in TABLE:
        return {}
    values = recalled(latest, "remix")
    if latest.upstream == Upstream.SANDBOX:
        api_key = team.api_key
        if api_key and api_key.added_at > latest.queued_at:
            del values["upstream"]
    return values


RECALLS = ("all", "remix", "prompt", "seed")


def recalled(generation: Generation, what: str) -> dict[str, Any]:
    """Field → value of what is to be recalled from a picture's record.

    "all" and "remix" (all but the seed) name every field that the record lacks too, so that nothing
    stale stays behind. A prompt that was sent comes back so that it stands for itself.
    """
    seed = generation.seed or generation.sent_seed
    prompts = {
        "positive_prompt": literal(generation.body.get("positive_prompt", "")),
        "negative_prompt": generation.body.get("negative_prompt", ""),
    }
    if what == "prompt":
        return prompts
    if what == "seed":
        return {"seed": seed}
    values = {
        name: str(generation.body.get(name, getattr(parameter, "default", None) or ""))
        for name, parameter in all_parameters().items()
    }
    return {
        **values,
        **prompts,
        "seed": seed if what == "all" else "",
        "endpoint": generation.endpoint,
        "upstream": generation.upstream,
    }


Measured = dict[tuple[str, str], float]
"""(upstream, endpoint key) → the usual time in seconds, as measured in a team's pictures."""


def measured_seconds(team: Team | int) -> Measured:
    """The median time from sending to receiving in the team's latest pictures.

    An endpoint without any is left out; the table holds the documented time.
    """
    latest = (
        Generation.objects.filter(team=team, state=State.SAVED, deleted_at=None)
        .order_by("-pk")
        .values_list("upstream", "endpoint", "sent_at", "received_at")[:MEASURED]
    )
    times: dict[tuple[str, str], list[float]] = {}
    for upstream, endpoint, sent_at, received_at in latest:
        if sent_at and received_at:
            seconds = (received_at - sent_at).total_seconds()
            times.setdefault((upstream, endpoint), []).append(seconds)
    return {key: median(seconds) for key, seconds in times.items()}


def measured_for(generations: Iterable[Generation]) -> Measured:
    """The usual times that the progress bars of these run over; asks nothing where none has one."""
    teams = {each.team_id for each in generations if each.state == State.SENDING}
    return {key: value for team in teams for key, value in measured_seconds(team).items()}


def typical_seconds(generation: Generation, measured: Measured) -> float:
    """What a progress bar runs over: as measured here, else as documented."""
    seconds = measured.get((generation.upstream, generation.endpoint))
    if seconds is not None:
        return max(seconds, 0.2)
    entry = TABLE.get(generation.endpoint)
    return 1.0 if generation.in_sandbox or entry is None else entry.typical_seconds


def usual_time(upstream: str, endpoint: Endpoint, measured: Measured) -> str:
    """The usual time in words, after "usually": "3.4 s", "1–2 s", "under a second"."""
    seconds = measured.get((upstream, endpoint.key))
    if seconds is None and upstream == Upstream.IMAGEPIG:
        return endpoint.usual_time
    return "under a second" if seconds is None or seconds < 1 else f"{seconds:.1f} s"
