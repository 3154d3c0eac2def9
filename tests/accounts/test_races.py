"""Two at once, with real threads, on whichever database the tests run: CI has both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts import invitations, teams
from accounts.models import Invitation, Membership, Role, Team, User
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(transaction=True)

Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Do all of it at the same moment; what each gives, or what it raises of what may be raised."""
    together = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(place: int, deed: Deed) -> None:
        try:
            together.wait()
            results[place] = deed()
        except (teams.NotPossible, PermissionDenied) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def owners(team: Team, alice: User) -> list[Membership]:
    for number in range(3):
        make_person(f"Olga-{number}", team, Role.OWNER)
    return list(team.memberships.select_related("team", "user"))


def leave(membership: Membership) -> Deed:
    return lambda: teams.leave(membership=membership)


def demote(membership: Membership) -> Deed:
    return lambda: teams.change_role(membership=membership, role=Role.EDITOR, by=membership.user)


@pytest.mark.parametrize("deeds", [(leave,) * 4, (demote,) * 4, (leave, demote) * 2])
def test_of_owners_who_all_go_at_once_the_last_one_stays(
    deeds: tuple[Callable[[Membership], Deed], ...], owners: list[Membership], team: Team
) -> None:
    results = at_once(*(deed(owner) for deed, owner in zip(deeds, owners, strict=True)))
    assert [type(each) for each in results if each] == [teams.LastOwner]
    assert team.memberships.filter(role=Role.OWNER).count() == 1


def test_two_owners_who_remove_each_other_leave_one(team: Team, alice: User) -> None:
    olga = make_person("Olga", team, Role.OWNER)
    hers, olgas = (
        person.memberships.select_related("team", "user").get() for person in (alice, olga)
    )

    at_once(
        lambda: teams.remove(membership=hers, by=olga),
        lambda: teams.remove(membership=olgas, by=alice),
    )
    assert team.memberships.filter(role=Role.OWNER).count() == 1


def test_an_invitation_that_two_accept_at_once_lets_one_in(team: Team, alice: User) -> None:
    made = invitations.invite(team=team, by=alice, role=Role.EDITOR).invitation
    people = [make_person(f"Pia-{number}", None) for number in range(4)]

    def accept(person: User) -> Deed:
        invitation = Invitation.objects.get(pk=made.pk)
        return lambda: invitations.accept(invitation=invitation, by=person)

    results = at_once(*(accept(person) for person in people))
    assert sum(isinstance(each, Membership) for each in results) == 1
    assert sum(isinstance(each, invitations.CannotAccept) for each in results) == 3
    assert team.members.count() == 2


def test_an_invitation_taken_back_as_it_is_accepted_is_one_or_the_other(
    team: Team, alice: User
) -> None:
    for number in range(5):
        made = invitations.invite(team=team, by=alice, role=Role.EDITOR).invitation
        pia = make_person(f"Pia-{number}", None)
        joined, revoked = at_once(
            partial(invitations.accept, invitation=made, by=pia),
            partial(invitations.revoke, invitation=made, by=alice),
        )
        assert isinstance(joined, Membership) != revoked
        assert team.members.filter(pk=pia.pk).exists() != revoked


def test_nobody_who_accepts_while_the_team_is_deleted_is_in_a_deleted_team(
    team: Team, alice: User
) -> None:
    made = invitations.invite(team=team, by=alice, role=Role.EDITOR).invitation
    pia = make_person("Pia", None)
    mine = alice.memberships.select_related("team", "user").get()
    at_once(
        lambda: invitations.accept(invitation=made, by=pia),
        lambda: teams.delete(membership=mine),
    )
    assert not team.members.exists()


def test_whoever_is_removed_from_two_teams_at_once_ends_up_in_one(team: Team, alice: User) -> None:
    other = Team.objects.create(name="Barn")
    Membership.objects.create(team=other, user=alice, role=Role.OWNER)
    bob = make_person("Bob", team, Role.EDITOR)
    Membership.objects.create(team=other, user=bob, role=Role.EDITOR)
    his = list(bob.memberships.select_related("team", "user"))
    at_once(*(partial(teams.remove, membership=each, by=alice) for each in his))
    assert [each.name for each in bob.teams.all()] == ["Bob’s team"]
