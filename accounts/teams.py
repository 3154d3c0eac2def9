"""What can be done with a team and with who is in it. Who may do it is the views' business.

Each change takes the team's row first, so that changes come one after the other. Whether an owner
is left, and whether whoever acts is one still, is asked after that.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from . import services
from .happenings import record
from .models import Event, Happened, Invitation, Membership, Role, Team, User
from .signals import team_deleted

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long a deleted team can be brought back."""


class NotPossible(Exception):
    """Something that cannot be done now; the message tells the person why."""


class LastOwner(NotPossible):
    """A team would be left without an owner."""


def rename(*, team: Team, by: User, name: str) -> None:
    """Give a team another name."""
    with transaction.atomic():
        now = locked(team)
        if now.name == name:
            return
        record(team, by, Happened.TEAM_RENAMED, f"{now.name} → {name}")
        Team.objects.filter(pk=team.pk).update(name=name)
    team.name = name


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """Let a member do more, or less. Raises LastOwner, NotPossible."""
    now = _as_it_is(membership, by)
    if now.role == role:
        return
    if now.role == Role.OWNER:
        _check_another_owner(now)
        _revoke_invitations(now.team, of=now.user, by=by)
    Membership.objects.filter(pk=now.pk).update(role=role)
    change = f"{now.get_role_display().lower()} → {role.label.lower()}"
    record(now.team, by, Happened.ROLE_CHANGED, f"{now.user}: {change}")


@transaction.atomic
def remove(*, membership: Membership, by: User) -> None:
    """Let somebody see nothing of a team from now on. What they made stays, under their name.

    Raises LastOwner, NotPossible.
    """
    now = _as_it_is(membership, by)
    _take_out(now, by=by)
    record(now.team, by, Happened.REMOVED, str(now.user))
    logger.info("person %s removed from team %s by person %s", now.user_id, now.team_id, by.pk)


@transaction.atomic
def leave(*, membership: Membership) -> None:
    """Leave a team. What one has made stays, under one's name. Raises LastOwner, NotPossible."""
    now = _as_it_is(membership, membership.user)
    _take_out(now, by=now.user)
    record(now.team, now.user, Happened.LEFT)
    logger.info("person %s left team %s", now.user_id, now.team_id)


@transaction.atomic
def delete(*, membership: Membership) -> None:
    """Delete the team of this owner: nobody is in it any more. It can be brought back for 30 days.

    Its API key is erased for good. Whoever is in no other team gets a personal one.
    """
    now = _as_it_is(membership, membership.user)
    team, by = now.team, now.user
    if not now.may_manage:
        raise PermissionDenied("Only an owner of the team may do this.")
    members = list(team.memberships.all())
    team.former_members = {
        str(each.user_id): {
            "role": each.role,
            "joined_at": each.joined_at.isoformat(),
            "monthly_calls": each.monthly_calls,
        }
        for each in members
    }
    team.deleted_at = timezone.now()
    team.save(update_fields=["deleted_at", "former_members"])
    record(team, by, Happened.TEAM_DELETED, team.name)
    logger.info("team %s deleted by person %s", team.pk, by.pk)
    # What waits is cancelled before it could hear that there is no API key any more.
    team_deleted.send(Team, team=team, by=by)
    services.remove_api_key(team=team, by=by)
    # Whoever is in two teams that are deleted at once must not end up in none.
    former = User.objects.select_for_update().filter(pk__in=[each.user_id for each in members])
    people = list(former.order_by("pk"))
    team.memberships.all().delete()
    for person in people:
        services.ensure_team(user=person)


@transaction.atomic
def restore(*, team: Team, by: User) -> Team:
    """Bring a deleted team back, with everybody who was in it and is still here.

    Raises NotPossible where that is done already, or too late.
    """
    now = locked(team)
    if now.deleted_at is None:
        raise NotPossible(f"{now.name} is here already.")
    if now.deleted_at < timezone.now() - KEPT:
        raise NotPossible(f"{now.name} was deleted more than {KEPT.days} days ago.")
    still_here = User.objects.filter(pk__in=now.former_members).values_list("pk", flat=True)
    former = [(pk, now.former_members[str(pk)]) for pk in still_here.order_by("pk")]
    Membership.objects.bulk_create(
        Membership(
            team=now,
            user_id=pk,
            role=was["role"],
            joined_at=datetime.fromisoformat(was["joined_at"]),
            monthly_calls=was["monthly_calls"],
        )
        for pk, was in former
    )
    now.deleted_at, now.former_members = None, {}
    now.save(update_fields=["deleted_at", "former_members"])
    record(now, by, Happened.TEAM_RESTORED, now.name)
    logger.info("team %s restored by person %s", now.pk, by.pk)
    return now


def deleted_by(user: User) -> list[Team]:
    """The teams that somebody deleted as their owner, and can bring back; newest first."""
    deletions = Event.objects.filter(by=user, kind=Happened.TEAM_DELETED)
    teams = Team.objects.filter(
        pk__in=deletions.values("team"), deleted_at__gt=timezone.now() - KEPT
    )
    own = [team for team in teams if _was_owner(team, user)]
    return sorted(own, key=lambda team: team.deleted_at or timezone.now(), reverse=True)


def locked(team: Team) -> Team:
    """A team as it is now; until the transaction ends nobody else changes it or who is in it.

    On SQLite the transaction has all of the database to itself.
    """
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def _as_it_is(membership: Membership, by: User) -> Membership:
    """A membership as it is now, in a locked team. `by` is the member, or must be an owner."""
    locked(membership.team)
    now = Membership.objects.select_related("team", "user").filter(pk=membership.pk).first()
    if now is None:
        raise NotPossible(f"{membership.user} is not in {membership.team} any more.")
    owners = now.team.memberships.filter(role=Role.OWNER)
    if by != now.user and not owners.filter(user=by).exists():
        raise PermissionDenied("Only an owner of the team may do this.")
    return now


def _take_out(membership: Membership, *, by: User) -> None:
    if membership.role == Role.OWNER:
        _check_another_owner(membership)
        _revoke_invitations(membership.team, of=membership.user, by=by)
    # Whoever is removed from two teams at once must not end up in none.
    person = User.objects.select_for_update().get(pk=membership.user_id)
    membership.delete()
    services.ensure_team(user=person)


def _check_another_owner(membership: Membership) -> None:
    owners = membership.team.memberships.filter(role=Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner(
            f"{membership.user} is the only owner of {membership.team}. "
            "Make somebody else an owner first."
        )


def _revoke_invitations(team: Team, *, of: User, by: User) -> None:
    """An owner no more: nor do the links work by which that person could let anybody in."""
    open_ones = Invitation.objects.open().filter(team=team, invited_by=of)
    if number := open_ones.update(revoked_at=timezone.now()):
        record(team, by, Happened.INVITATION_REVOKED, f"{number} made by {of}")


def _was_owner(team: Team, user: User) -> bool:
    return bool(team.former_members.get(str(user.pk), {}).get("role") == Role.OWNER)
