from __future__ import annotations

from accounts.models import Team, User


def test_a_team_without_a_key_works_in_the_sandbox(team: Team) -> None:
    assert team.api_key is None


def test_a_person_is_called_by_name_or_by_the_address(alice: User) -> None:
    assert str(alice) == "Alice"
    alice.name = ""
    assert str(alice) == "alice"
