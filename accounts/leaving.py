"""Deleting one's account. What a team owns stays with the team."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction

from . import teams
from .models import Membership, Role, Team, User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What deleting an account means for each of a person's teams."""

    blocking: list[Team]
    """They would be left without an owner: somebody else has to become one first."""
    alone: list[Team]
    """Nobody else is in them: they are deleted, too."""
    staying: list[Team]
    """They go on without the person."""

    @property
    def possible(self) -> bool:
        return not self.blocking


def leaving(user: User) -> Leaving:
    """Look at a person's teams as they are now."""
    found = Leaving([], [], [])
    for membership in user.memberships.select_related("team").order_by("pk"):
        others = membership.team.memberships.exclude(pk=membership.pk)
        if not others.exists():
            found.alone.append(membership.team)
        elif membership.role == Role.OWNER and not others.filter(role=Role.OWNER).exists():
            found.blocking.append(membership.team)
        else:
            found.staying.append(membership.team)
    return found


@transaction.atomic
def delete_account(user: User) -> None:
    """Delete a person. Raises teams.LastOwner where a team with others has no other owner.

    Teams with nobody else in them are deleted as any other: removed for good 30 days later.
    """
    # In one order, so that two people who delete themselves at once do not wait for each other.
    for team_id in list(user.memberships.order_by("team").values_list("team", flat=True)):
        membership = Membership.objects.select_related("team", "user").get(team=team_id, user=user)
        teams.locked(membership.team)
        if membership.team.memberships.count() == 1:
            teams.delete(membership=membership)
        else:
            teams.leave(membership=membership)
    # Leaving the last one has made a personal team in its place.
    Team.objects.filter(memberships__user=user).delete()
    number = user.pk
    user.delete()
    logger.info("person %s deleted the account", number)
