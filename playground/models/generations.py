"""Generation: one picture's record, from the click to the saved file. The record is the truth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Self, TypeVar, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from accounts.models import ApiKey, Role, Team, User

from ..faults import Wording, wording
from ..imagepig.endpoints import TABLE, Body, Endpoint
from .indexes import IN_BIN, gallery_indexes
from .searching import matching, read_terms
from .states import FAILED, IS_PENDING, PENDING, Pick, State, Upstream, Verdict

EDITING_ROLES = (Role.OWNER, Role.EDITOR)

Row = TypeVar("Row", bound=models.Model)


class TeamRows(models.QuerySet[Row]):
    """Rows that belong to a team: one rule of access for all of them."""

    def visible_to(self, user: User) -> Self:
        """Rows of the person's teams. Every read starts here."""
        return self.filter(team__memberships__user=user)

    def editable_by(self, user: User) -> Self:
        """Rows of the teams in which the person is an editor or owner."""
        return self.filter(team__memberships__in=user.memberships.filter(role__in=EDITING_ROLES))


class SubmissionQuerySet(TeamRows["Submission"]):
    pass


class Submission(models.Model):
    """One click on the button: one to eight generations. Its token is good for one."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="submissions")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    token = models.CharField(max_length=43)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["team", "token"], name="a_token_buys_once"),)

    def __str__(self) -> str:
        return f"submission {self.pk}"


class GenerationQuerySet(TeamRows["Generation"]):
    def pictures(self) -> Self:
        """Saved and not in the bin."""
        return self.filter(state=State.SAVED, deleted_at=None)

    def binned(self) -> Self:
        """In the bin, from where they can still be taken back."""
        return self.filter(deleted_at__isnull=False)

    def pending(self) -> Self:
        return self.filter(IS_PENDING)

    def search(self, text: str, *, team: Team | int) -> Self:
        """The team's pictures in the gallery whose prompts have the words (see read_terms)."""
        terms = read_terms(text)
        team_id = team if isinstance(team, int) else team.pk
        return self.filter(matching(terms, team_id)) if terms else self.none()


SIZE_UNKNOWN = (512, 512)


def request_key(upstream: str, endpoint: str, body: Mapping[str, object]) -> str:
    """SHA-256 of a request: the same one has the same key, in whatever order its body stands."""
    written = json.dumps([upstream, endpoint, body], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class Generation(models.Model):
    """One request to an endpoint and what came of it."""

    # Without an index of all a team ever made: SQLite would take it for the gallery's at times.
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="generations", db_index=False
    )
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="generations"
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.SET_NULL, null=True, related_name="generations"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="children"
    )
    """The picture this one is a re-run of."""
    origin = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="offspring", db_index=False
    )
    """The picture whose record filled in the form that this one was asked for with."""
    retry_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="retried_as"
    )
    """The failed one that somebody tried again: once, however often they click."""

    # The request, exactly as it is sent.
    upstream = models.CharField(max_length=10, choices=Upstream.choices)
    api_key = models.ForeignKey(
        ApiKey, on_delete=models.SET_NULL, null=True, related_name="generations"
    )
    """The key it was sent with; set by the step to `sending`."""
    endpoint = models.CharField(max_length=40)
    body = models.JSONField()
    """API attribute → value. The seed is an exact integer; read it as text from `sent_seed`."""
    positive_prompt = models.GeneratedField(
        expression=KT("body__positive_prompt"), output_field=models.TextField(), db_persist=True
    )
    proportion = models.GeneratedField(
        expression=KT("body__proportion"), output_field=models.TextField(null=True), db_persist=True
    )
    format = models.GeneratedField(
        expression=KT("body__format"), output_field=models.TextField(null=True), db_persist=True
    )
    calls = models.PositiveSmallIntegerField()
    """Standard API calls it may count as; 0 in the sandbox."""
    request_key = models.CharField(max_length=64, blank=True)
    """SHA-256 of upstream, endpoint and body: the same request has the same key."""
    template = models.TextField(blank=True)
    """The prompt as it was written, with its alternatives; empty where it had none."""
    experiment = models.ForeignKey(
        "Experiment", on_delete=models.SET_NULL, null=True, related_name="generations"
    )
    cell = models.PositiveIntegerField(null=True)
    """Its place among the experiment's cells, in the order of its axes."""

    # Where it stands.
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    revision = models.PositiveIntegerField(default=0)
    """Goes up with each change that a waiting page should show."""
    fault = models.CharField(max_length=40, blank=True)
    """Why it waits or how it ended (see faults.py); empty where all is well."""
    said = models.CharField(max_length=1000, blank=True)
    """The API's own words about it."""
    field_messages = models.JSONField(default=dict, blank=True)
    """API attribute → the API's own words about that attribute."""
    attempts = models.PositiveSmallIntegerField(default=0)
    """Of the present step, those that came to nothing."""
    not_before = models.DateTimeField(null=True)
    handed_over = models.BooleanField(default=False)
    """Whether the queue was given it. A team's others wait here, so that none crowds the queue."""
    deadline = models.DateTimeField(null=True)
    """When `sending` becomes `unknown`, if nobody has moved it by then."""

    # Times: ours, then the API's own.
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    # The answer, as it was received.
    seed = models.CharField(max_length=20, blank=True)
    """The seed that the API said it used, up to 20 digits; empty where it said none."""
    answer = models.TextField(blank=True)
    """The answer's JSON without `image_data`, as text: no database changes a digit of it."""
    kept_answer = models.CharField(max_length=200, blank=True)
    """Name in the pictures' storage of an answer that could not be used, byte for byte."""
    image_url = models.CharField(max_length=2000, blank=True)
    image_url_ends_at = models.DateTimeField(null=True)

    # The picture.
    file = models.CharField(max_length=200, blank=True)
    """Name in the pictures' storage of the original bytes, untouched."""
    thumbnail = models.CharField(max_length=200, blank=True)
    placeholder = models.CharField(max_length=1000, blank=True)
    """A 16-px WebP as a `data:` address."""
    sha256 = models.CharField(max_length=64, blank=True)
    mime_type = models.CharField(max_length=20, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    bytes = models.PositiveBigIntegerField(null=True)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    """Of a re-run: how its picture compares with its parent's."""
    seconds = models.FloatField(default=0)
    """From sending to receiving, by our clock; set when it is saved."""
    rating = models.FloatField(default=0)
    """The mean of the ratings, 1 to 5; 0 where nobody has rated it."""
    reruns = models.PositiveIntegerField(default=0)
    """How many pictures were made of it by re-runs."""
    pick = models.CharField(max_length=10, choices=Pick.choices, default=Pick.UNDECIDED, blank=True)
    """The team's verdict on the picture."""
    picked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    picked_at = models.DateTimeField(null=True)
    comments_count = models.PositiveIntegerField(default=0)
    """How many comments it has that nobody has deleted."""
    psnr = models.FloatField(null=True)
    """Peak signal-to-noise ratio against the parent in dB; null where the pixels are the same."""
    deleted_at = models.DateTimeField(null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        indexes = (
            *gallery_indexes(),
            models.Index(F("team"), F("state"), F("id"), name="pending", condition=IS_PENDING),
            # One for each state: one for them all would draw SQLite away from the gallery's.
            *(
                models.Index(
                    F("team"), F("id").desc(), name=f"state_{each}", condition=Q(state=each)
                )
                for each in (State.CANCELLED, *FAILED)
            ),
            models.Index(F("author"), F("id").desc(), name="author_newest"),
            models.Index(F("experiment"), F("cell"), F("id"), name="experiment_cells"),
            models.Index(
                F("origin"),
                F("id").desc(),
                name="offspring_newest",
                condition=Q(origin__isnull=False),
            ),
            models.Index(
                F("team"), F("deleted_at").desc(), F("id").desc(), name="bin", condition=IN_BIN
            ),
            models.Index(F("deleted_at"), F("id"), name="bin_oldest", condition=IN_BIN),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="state_known"),
            models.CheckConstraint(
                condition=Q(upstream__in=Upstream.values), name="upstream_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENDING)
                | Q(sent_at__isnull=False, deadline__isnull=False),
                name="sending_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.RECEIVED, State.SAVED))
                | Q(sent_at__isnull=False, received_at__isnull=False),
                name="received_was_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SAVED)
                | (
                    # A comparison with nothing is no contradiction to a database.
                    Q(saved_at__isnull=False, width__isnull=False, height__isnull=False)
                    & Q(bytes__isnull=False, width__gt=0, height__gt=0, bytes__gt=0)
                    & ~Q(file="")
                    & ~Q(thumbnail="")
                    & ~Q(sha256="")
                    & ~Q(mime_type="")
                    & (~Q(seed="") | Q(fault="no_seed"))
                ),
                name="saved_has_a_picture",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FAILED) | (~Q(fault="") & Q(ended_at__isnull=False)),
                name="failed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | Q(sent_at=None, ended_at__isnull=False),
                name="cancelled_was_not_sent",
            ),
        )

    def __str__(self) -> str:
        return f"generation {self.pk}: {self.state}"

    @property
    def table_entry(self) -> Endpoint:
        """The endpoint's entry in the table."""
        return TABLE[self.endpoint]

    @property
    def request_body(self) -> Body:
        return cast("Body", self.body)

    @property
    def sent_seed(self) -> str:
        """The seed that was sent, as text: it has up to 20 digits."""
        return str(self.body.get("seed", ""))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels: of the picture, or of the one that is awaited.

        Where the table has lost the endpoint or its shape, nobody knows: a square stands for it.
        """
        if self.width and self.height:
            return self.width, self.height
        try:
            return self.table_entry.size(self.body)
        except KeyError:
            return SIZE_UNKNOWN

    @property
    def in_sandbox(self) -> bool:
        return self.upstream == Upstream.SANDBOX

    @property
    def pending(self) -> bool:
        return self.state in PENDING

    @property
    def failed(self) -> bool:
        return self.state in FAILED

    @property
    def api_seconds(self) -> float | None:
        """The API's own time; None where it told none, or one that cannot be."""
        if self.started_at is None or self.completed_at is None:
            return None
        seconds = (self.completed_at - self.started_at).total_seconds()
        return seconds if seconds >= 0 else None

    @property
    def wording(self) -> Wording | None:
        """What a person reads of the fault; None where all is well."""
        kept, calls = bool(self.kept_answer), self.calls
        return wording(self.state, self.fault, self.upstream, kept=kept, calls=calls)
