"""A worker's pulse: as long as it beats, somebody takes what is queued."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from huey.consumer import Consumer

from playground import pulse
from playground.management.commands.worker import PatientConsumer
from tests.playground.test_tasks import queue_away
from tests.workers import worker


@pytest.fixture(autouse=True)
def _nobody_yet() -> None:
    settings.HUEY.storage.flush_all()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets seconds go by."""
    begun = timezone.now()

    def go_by(seconds: float) -> None:
        now: datetime = begun + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: now)

    return go_by


def test_where_no_worker_ever_was_nobody_works() -> None:
    assert pulse.nobody_works()


def test_a_beat_lasts_while_a_few_are_missed_and_no_longer(later: Any) -> None:
    later(0)
    pulse.beat()
    assert not pulse.nobody_works()
    later(3 * pulse.BEAT_SECONDS)
    assert not pulse.nobody_works()
    later(pulse.GONE_SECONDS + 1)
    assert pulse.nobody_works()
    pulse.beat()
    assert not pulse.nobody_works()


def test_a_queue_that_is_away_has_no_pulse_and_stops_no_worker() -> None:
    pulse.beat()
    with queue_away():
        pulse.beat()
        assert pulse.nobody_works()
    assert not pulse.nobody_works()


def test_whenever_it_looks_after_its_threads_a_worker_leaves_its_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Consumer, "check_worker_health", lambda _self: True)
    consumer = PatientConsumer(ready_fd=None, workers=1)
    assert consumer._health_check_interval == pulse.BEAT_SECONDS
    assert consumer.check_worker_health()
    assert not pulse.nobody_works()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_has_started_is_seen_and_one_that_is_killed_is_missed(later: Any) -> None:
    with worker(WORKER_THREADS=1) as only:
        assert not pulse.nobody_works()
        only.kill()
    later(60)
    assert pulse.nobody_works()
