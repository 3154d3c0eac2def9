"""What becomes of pictures when their team is deleted, brought back, or removed for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts import services, teams
from accounts.models import Team, User
from playground import emptying, tasks
from playground.models import Generation, Share, State, Submission
from tests.factories import make_experiment, make_generation


@pytest.fixture
def deleted(team: Team, alice: User, bob: User) -> Team:
    teams.delete(membership=alice.memberships.get())
    team.refresh_from_db()
    return team


def long_ago(team: Team, days: int = 31) -> None:
    Team.objects.filter(pk=team.pk).update(deleted_at=timezone.now() - timedelta(days=days))


def stored(name: str, team: Team) -> str:
    return storages["pictures"].save(f"{team.pk}/{name}", ContentFile(b"a picture"))


def test_what_waits_is_cancelled_with_its_team_and_nothing_else(
    team: Team, alice: User, charlie: User
) -> None:
    waiting, sent = (make_generation(team, state=each) for each in (State.QUEUED, State.SENDING))
    elsewhere = make_generation(charlie.teams.get(), state=State.QUEUED)
    teams.delete(membership=alice.memberships.get())
    for each in (waiting, sent, elsewhere):
        each.refresh_from_db()
    # What was sent may have been billed, so its answer is kept.
    states = (waiting.state, sent.state, elsewhere.state)
    assert states == (State.CANCELLED, State.SENDING, State.QUEUED)


def test_nobody_sees_the_pictures_of_a_deleted_team(
    team: Team, alice: User, bob: User, vera: User
) -> None:
    make_generation(team)
    teams.delete(membership=alice.memberships.get())
    for person in (alice, bob, vera):
        assert not Generation.objects.visible_to(person).exists()
    teams.restore(team=team, by=alice)
    for person in (alice, bob, vera):
        assert Generation.objects.visible_to(person).exists()


def test_the_share_links_of_a_deleted_team_do_not_work(team: Team, alice: User) -> None:
    Share.objects.create(team=team, generation=make_generation(team), token_hash="0" * 64)
    assert Share.objects.open().exists()
    teams.delete(membership=alice.memberships.get())
    assert not Share.objects.open().exists()
    teams.restore(team=team, by=alice)
    assert Share.objects.open().exists()


def test_after_thirty_days_a_team_is_removed_with_rows_and_files(
    deleted: Team, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "BATCH", 2)
    files = [stored(f"{number}.jpeg", deleted) for number in range(3)]
    for name in files:
        Generation.objects.filter(pk=make_generation(deleted).pk).update(file=name)
    make_generation(deleted, state=State.UNUSABLE, kept_answer=stored("answer.json", deleted))
    make_generation(deleted, deleted_at=timezone.now())
    make_experiment(deleted)
    kept = make_generation(charlie.teams.get())
    long_ago(deleted)
    tasks.tidy_up.call_local()
    assert not Team.objects.filter(pk=deleted.pk).exists()
    assert list(Generation.objects.all()) == [kept]
    assert Submission.objects.get() == kept.submission
    assert not [name for name in files if storages["pictures"].exists(name)]
    assert storages["pictures"].exists(kept.file)


def test_until_then_it_stays(deleted: Team) -> None:
    make_generation(deleted)
    for days in (1, 30):
        long_ago(deleted, days)
        assert emptying.remove_deleted_teams() == 0
    assert deleted.generations.exists()


def test_a_team_that_is_not_deleted_is_never_removed(team: Team, alice: User) -> None:
    make_generation(team)
    Team.objects.update(created_at=timezone.now() - timedelta(days=400))
    services.create_team(name="Another", by=alice)
    assert emptying.remove_deleted_teams() == 0
    assert team.generations.exists()
