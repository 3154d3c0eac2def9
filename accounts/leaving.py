"""Deleting one's account. What a team owns stays with the team."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

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
    only_administrator: bool = False
    """Nobody of those who stay could look after the installation."""

    @property
    def possible(self) -> bool:
        return not self.blocking and not self.only_administrator


class LastAdministrator(teams.NotPossible):
    """An installation that others use would be left without an administrator."""


def leaving(user: User) -> Leaving:
    """Look at a person's teams as they are now."""
    found = Leaving([], [], [], is_only_administrator(user))
    for membership in user.memberships.select_related("team").order_by("pk"):
        others = membership.team.memberships.exclude(pk=membership.pk)
        if not others.exists():
            found.alone.append(membership.team)
        elif membership.role == Role.OWNER and not others.filter(role=Role.OWNER).exists():
            found.blocking.append(membership.team)
        else:
            found.staying.append(membership.team)
    return found


def is_only_administrator(user: User) -> bool:
    """Whether nobody else could look after the people who stay.

    Where there is nobody else at all, the next one to sign up is the administrator again.
    """
    others = User.objects.exclude(pk=user.pk)
    administrators = _administrators()
    mine = administrators.filter(pk=user.pk).exists()
    return mine and others.exists() and not administrators.exclude(pk=user.pk).exists()


def _administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_staff=True, is_superuser=True)


@transaction.atomic
def delete_account(user: User) -> None:
    """Delete a person. Raises teams.LastOwner where a team with others has no other owner.

    Raises LastAdministrator where others would be left without one.

    Teams with nobody else in them are deleted as any other: removed for good 30 days later.
    """
    # Of two administrators who go at once, one comes after the other.
    list(_administrators().select_for_update(no_key=True).order_by("pk"))
    if is_only_administrator(user):
        raise LastAdministrator(
            "You are the only administrator of this site. Make somebody else one first."
        )
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
