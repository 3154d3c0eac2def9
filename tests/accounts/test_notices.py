from __future__ import annotations

from accounts.models import Notice, NoticeKind, Team, User
from accounts.notices import tell

KIND = NoticeKind.EXPERIMENT_DONE


def told() -> list[tuple[str, str]]:
    return [(str(notice.user), notice.text) for notice in Notice.objects.order_by("pk")]


def test_one_person_or_several_are_told(team: Team, alice: User, bob: User) -> None:
    tell(alice, team, KIND, "Done", "/experiments/1/")
    tell([alice, bob], team, KIND, "Done, too", "/experiments/2/")
    assert told() == [("Alice", "Done"), ("Alice", "Done, too"), ("Bob", "Done, too")]


def test_whoever_switched_a_kind_off_is_not_told_it(team: Team, alice: User, bob: User) -> None:
    alice.muted = [KIND]
    tell([alice, bob], team, KIND, "Done", "/experiments/1/")
    tell(alice, team, NoticeKind.MENTIONED, "@alice", "/pictures/1/")
    assert told() == [("Bob", "Done"), ("Alice", "@alice")]


def test_the_same_is_told_once_to_each(team: Team, alice: User, bob: User) -> None:
    tell(alice, team, KIND, "Done", "/experiments/1/", key="experiment 1")
    tell([alice, bob], team, KIND, "Done again", "/experiments/1/", key="experiment 1")
    assert told() == [("Alice", "Done"), ("Bob", "Done again")]


def test_without_a_key_it_is_told_each_time(team: Team, alice: User) -> None:
    tell(alice, team, KIND, "Done", "/experiments/1/")
    tell(alice, team, KIND, "Done", "/experiments/1/")
    assert len(told()) == 2


def test_a_long_text_is_shortened(team: Team, alice: User) -> None:
    tell(alice, team, KIND, "x" * 500, "/experiments/1/")
    assert len(Notice.objects.get().text) == 300
