"""What each state of a generation must have, as the database itself holds it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import Team, User
from playground.models import FAILED, Generation, State
from tests.factories import make_generation

pytestmark = pytest.mark.django_db

MISSING: dict[str, list[tuple[State, dict[str, Any]]]] = {
    "state_known": [(State.QUEUED, {"state": "lost"}), (State.SAVED, {"state": ""})],
    "upstream_known": [(State.QUEUED, {"upstream": "elsewhere"})],
    "sending_has_a_deadline": [
        (State.SENDING, {"sent_at": None}),
        (State.SENDING, {"deadline": None}),
    ],
    "received_was_sent": [
        (state, {name: None})
        for state in (State.RECEIVED, State.SAVED)
        for name in ("sent_at", "received_at")
    ],
    "saved_has_a_picture": [
        (State.SAVED, {"saved_at": None}),
        *((State.SAVED, {name: 0}) for name in ("width", "height", "bytes")),
        *((State.SAVED, {name: None}) for name in ("width", "height", "bytes")),
        *((State.SAVED, {name: ""}) for name in ("file", "thumbnail", "sha256", "mime_type")),
        (State.SAVED, {"seed": ""}),
        (State.SAVED, {"seed": "", "fault": "busy"}),
    ],
    "failed_says_why": [
        (state, missing) for state in FAILED for missing in ({"fault": ""}, {"ended_at": None})
    ],
    "cancelled_was_not_sent": [
        (State.CANCELLED, {"sent_at": timezone.now()}),
        (State.CANCELLED, {"ended_at": None}),
    ],
}


def test_every_constraint_is_tried() -> None:
    checks = models.CheckConstraint
    assert set(MISSING) == {
        each.name for each in Generation._meta.constraints if isinstance(each, checks)
    }


@pytest.mark.parametrize(
    ("name", "state", "changes"),
    [(name, state, changes) for name, tries in MISSING.items() for state, changes in tries],
)
def test_the_database_takes_no_state_without_what_it_must_have(
    team: Team, alice: User, name: str, state: State, changes: dict[str, Any]
) -> None:
    whole = make_generation(team, author=alice, state=state)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Generation.objects.filter(pk=whole.pk).update(**changes)


@pytest.mark.parametrize("state", State)
def test_the_database_takes_each_state_with_what_it_must_have(
    team: Team, alice: User, state: State
) -> None:
    assert make_generation(team, author=alice, state=state).pk


def test_a_picture_without_a_seed_says_why(team: Team, alice: User) -> None:
    assert make_generation(team, author=alice, seed=5, fault="no_seed").pk
    Generation.objects.update(seed="")
    assert Generation.objects.get().seed == ""


def test_a_failed_one_is_tried_again_once(team: Team, alice: User) -> None:
    failed = make_generation(team, author=alice, state=State.UNKNOWN)
    make_generation(team, author=alice, state=State.QUEUED, retry_of=failed)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_generation(team, author=alice, state=State.QUEUED, retry_of=failed)
