from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import invitations, services, teams
from accounts.models import Event, Happened, Membership, Role, Team, User
from accounts.signals import team_deleted
from tests.conftest import make_person


def happened(team: Team) -> list[str]:
    return [str(event) for event in Event.objects.filter(team=team).order_by("pk")]


def membership(user: User, team: Team) -> Membership:
    return Membership.objects.get(user=user, team=team)


def test_a_team_is_owned_by_whoever_makes_it(bob: User) -> None:
    made = services.create_team(name="Barn", by=bob)
    assert membership(bob, made).role == Role.OWNER
    assert happened(made) == ["Bob made the team"]


def test_another_name_is_written_down_beside_the_old_one(team: Team, alice: User) -> None:
    teams.rename(team=team, by=alice, name="Barn")
    teams.rename(team=team, by=alice, name="Barn")
    team.refresh_from_db()
    assert team.name == "Barn"
    assert happened(team) == ["Alice renamed the team Sty → Barn"]


def test_a_role_is_changed_and_written_down(team: Team, alice: User, bob: User) -> None:
    teams.change_role(membership=membership(bob, team), role=Role.VIEWER, by=alice)
    teams.change_role(membership=membership(bob, team), role=Role.VIEWER, by=alice)
    assert membership(bob, team).role == Role.VIEWER
    assert happened(team) == ["Alice changed a role Bob: editor → viewer"]


def test_the_last_owner_stays_and_stays_one(team: Team, alice: User, bob: User) -> None:
    last = membership(alice, team)
    with pytest.raises(teams.LastOwner, match="Alice is the only owner of Sty"):
        teams.change_role(membership=last, role=Role.EDITOR, by=alice)
    with pytest.raises(teams.LastOwner):
        teams.leave(membership=last)
    with pytest.raises(teams.LastOwner):
        teams.remove(membership=last, by=alice)
    assert membership(alice, team).role == Role.OWNER
    assert happened(team) == []


def test_one_of_two_owners_may_go(team: Team, alice: User, bob: User) -> None:
    teams.change_role(membership=membership(bob, team), role=Role.OWNER, by=alice)
    teams.leave(membership=membership(alice, team))
    assert list(team.members.all()) == [bob]
    assert happened(team)[-1] == "Alice left"


def test_whoever_is_an_owner_no_more_changes_nothing(team: Team, alice: User, bob: User) -> None:
    vera = make_person("Vera", team, Role.VIEWER)
    with pytest.raises(PermissionDenied):
        teams.remove(membership=membership(vera, team), by=bob)
    with pytest.raises(PermissionDenied):
        teams.change_role(membership=membership(vera, team), role=Role.OWNER, by=bob)
    assert membership(vera, team).role == Role.VIEWER


def test_whoever_is_out_already_is_told_so(team: Team, alice: User, bob: User) -> None:
    before = membership(bob, team)
    teams.remove(membership=before, by=alice)
    with pytest.raises(teams.NotPossible, match="Bob is not in Sty any more"):
        teams.remove(membership=Membership(pk=before.pk or 1, team=team, user=bob), by=alice)


def test_whoever_leaves_a_last_team_gets_a_personal_one(team: Team, alice: User, bob: User) -> None:
    teams.remove(membership=membership(bob, team), by=alice)
    assert [each.name for each in bob.teams.all()] == ["Bob’s team"]
    assert happened(team) == ["Alice removed a member Bob"]


def test_whoever_is_in_another_team_gets_no_further_one(
    team: Team, alice: User, charlie: User
) -> None:
    Membership.objects.create(team=team, user=charlie, role=Role.VIEWER)
    teams.leave(membership=membership(charlie, team))
    assert [each.name for each in charlie.teams.all()] == ["Elsewhere"]


@pytest.mark.parametrize("way", ["removed", "demoted", "left"])
def test_with_an_owner_go_the_invitations_that_the_owner_made(
    way: str, team: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    his = invitations.invite(team=team, by=bob, role=Role.OWNER).invitation
    hers = invitations.invite(team=team, by=alice, role=Role.VIEWER).invitation
    now = membership(bob, team)
    if way == "removed":
        teams.remove(membership=now, by=alice)
    elif way == "left":
        teams.leave(membership=now)
    else:
        teams.change_role(membership=now, role=Role.EDITOR, by=alice)
    his.refresh_from_db()
    hers.refresh_from_db()
    assert (his.is_open, hers.is_open) == (False, True)
    assert any("took an invitation back 1 made by Bob" in each for each in happened(team))


# Deleting


@pytest.fixture
def heard() -> Any:
    events: list[tuple[Team, User]] = []

    def deleted(sender: object, team: Team, by: User, **more: object) -> None:
        events.append((team, by))

    team_deleted.connect(deleted)
    yield events
    team_deleted.disconnect(deleted)


def test_a_deleted_team_has_no_members_and_no_key(
    team: Team, alice: User, bob: User, heard: list[tuple[Team, User]]
) -> None:
    services.set_api_key(team=team, by=alice, label="Ours", secret="pig-secret-0123456789")
    teams.delete(membership=membership(alice, team))
    team.refresh_from_db()
    assert team.deleted_at
    assert not team.members.exists()
    assert team.api_key is None
    assert heard == [(team, alice)]
    assert [each.name for each in bob.teams.all()] == ["Bob’s team"]
    assert [each.name for each in alice.teams.all()] == ["Alice’s team"]
    assert happened(team)[-2:] == [
        "Alice deleted the team Sty",
        "Alice removed the API key Ours (…6789)",
    ]


def test_only_an_owner_deletes_a_team(team: Team, alice: User, bob: User) -> None:
    with pytest.raises(PermissionDenied):
        teams.delete(membership=membership(bob, team))
    assert team.members.count() == 2


def test_a_team_comes_back_as_it_was(team: Team, alice: User, bob: User, vera: User) -> None:
    Membership.objects.filter(user=bob).update(monthly_calls=50)
    before = list(team.memberships.order_by("user").values("user", "role", "joined_at"))
    teams.delete(membership=membership(alice, team))
    vera.delete()
    back = teams.restore(team=team, by=alice)
    assert back.deleted_at is None
    assert back.former_members == {}
    after = list(team.memberships.order_by("user").values("user", "role", "joined_at"))
    assert after == before[:2]
    assert membership(bob, team).monthly_calls == 50
    assert happened(team)[-1] == "Alice brought the team back Sty"
    with pytest.raises(teams.NotPossible, match="Sty is here already"):
        teams.restore(team=team, by=alice)


def test_only_the_owner_who_deleted_a_team_can_bring_it_back(
    team: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role=Role.OWNER)
    other = services.create_team(name="Barn", by=alice)
    teams.delete(membership=membership(alice, other))
    teams.delete(membership=membership(alice, team))
    assert teams.deleted_by(alice) == [team, other]
    assert teams.deleted_by(bob) == []


def test_after_thirty_days_it_cannot_be_brought_back(team: Team, alice: User) -> None:
    teams.delete(membership=membership(alice, team))
    long_ago = timezone.now() - timedelta(days=30, seconds=1)
    Team.objects.filter(pk=team.pk).update(deleted_at=long_ago)
    assert teams.deleted_by(alice) == []
    with pytest.raises(teams.NotPossible, match="more than 30 days ago"):
        teams.restore(team=team, by=alice)


# The API key


def test_what_happens_to_a_key_is_written_down_without_the_key(team: Team, alice: User) -> None:
    for label in ("First", "Second"):
        services.set_api_key(team=team, by=alice, label=label, secret=f"pig-{label}-0123456789")
    services.remove_api_key(team=team, by=alice)
    services.remove_api_key(team=team, by=alice)
    assert happened(team) == [
        "Alice added an API key First (…6789)",
        "Alice replaced the API key Second (…6789)",
        "Alice removed the API key Second (…6789)",
    ]
    assert Event.objects.filter(kind=Happened.KEY_REPLACED).count() == 1
