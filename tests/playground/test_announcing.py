from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice, NoticeKind, Team, User
from playground import announcing, tasks
from playground.experiments import running
from playground.models import Experiment, Generation, State
from tests.factories import make_experiment, make_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def experiment(team: Team, alice: User) -> Experiment:
    return make_experiment(team, author=alice)


def cells(experiment: Experiment) -> list[Generation]:
    return list(experiment.generations.order_by("pk"))


def test_who_began_an_experiment_is_told_once_that_it_is_finished(
    experiment: Experiment, alice: User
) -> None:
    for cell in cells(experiment):
        announcing.announce(cell)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (alice, NoticeKind.EXPERIMENT_DONE)
    assert notice.address == f"/experiments/{experiment.pk}/"


def test_who_began_it_is_told_too_where_the_last_cell_ends_by_itself(
    experiment: Experiment, alice: User
) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    make_generation(
        experiment.team, author=alice, state=State.SENDING, experiment=experiment, cell=99,
        sent_at=long_ago, deadline=long_ago,
    )  # fmt: skip
    tasks.sweep_each_minute.call_local()
    assert Notice.objects.get().user == alice


def test_who_began_it_is_told_of_another_persons_end_to_it_and_not_of_their_own(
    experiment: Experiment, alice: User, bob: User
) -> None:
    for by, told in ((alice, 0), (bob, 1)):
        make_generation(
            experiment.team, author=alice, state=State.QUEUED, experiment=experiment, cell=99
        )
        assert running.cancel_waiting(experiment=experiment, by=by) == 1
        assert Notice.objects.count() == told


def test_nothing_is_said_while_a_cell_waits(experiment: Experiment, alice: User) -> None:
    first = cells(experiment)[0]
    make_generation(
        experiment.team, author=alice, state=State.QUEUED, experiment=experiment, cell=99
    )
    announcing.announce(first)
    assert not Notice.objects.exists()


def test_nothing_is_said_of_a_picture_alone_or_of_a_deleted_experiment(
    experiment: Experiment, team: Team, alice: User
) -> None:
    announcing.announce(make_generation(team, author=alice))
    Experiment.objects.update(deleted_at=timezone.now())
    announcing.announce(cells(experiment)[0])
    assert not Notice.objects.exists()
