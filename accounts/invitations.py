"""The way into a team: made by an owner, good for one person, once.

The link holds a token of 256 random bits. The database holds its SHA-256 only, so that a copy of
the database lets nobody in.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from datetime import timedelta
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .access import switch
from .context import sends_mail
from .happenings import record
from .models import Happened, Invitation, Membership, Role, Team, User
from .teams import NotPossible, locked

logger = logging.getLogger(__name__)

DAYS = (1, 7, 30)
"""How long an invitation may be good for."""
DEFAULT_DAYS = 7
OPEN_MAXIMUM = 100
"""Invitations of a team that can be open at once."""
SESSION_KEY = "invitation"
ARRIVED = "arrived"
CARRIED_SECONDS = 2 * 3600
"""How long an invitation goes along with somebody who signs up or logs in on the way."""


class CannotAccept(NotPossible):
    """An invitation that lets this person in no longer, or not at all."""


class Made(NamedTuple):
    invitation: Invitation
    token: str
    """In no row: whoever gets the link is the only one who knows it."""


@transaction.atomic
def invite(*, team: Team, by: User, role: Role, email: str = "", days: int = DEFAULT_DAYS) -> Made:
    """Let one person into a team: the one with this address, or without one, whoever has the link.

    An open invitation for the same address is taken back. Raises NotPossible.
    """
    locked(team)
    email = email.lower()
    open_ones = team.invitations.open()
    if email:
        if team.members.filter(email=email).exists():
            raise NotPossible(f"{email} is in {team} already.")
        open_ones.filter(email=email).update(revoked_at=timezone.now())
    if open_ones.count() >= OPEN_MAXIMUM:
        raise NotPossible(f"{OPEN_MAXIMUM} invitations are open. Take some of them back first.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        team=team,
        role=role,
        email=email,
        token_hash=_hash(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(team, by, Happened.INVITED, f"{email or 'by link'}, as {role.label.lower()}")
    return Made(invitation, token)


def link(token: str) -> str:
    """The whole address, at the site's own, whatever host a request names."""
    return settings.SITE_URL + reverse("invitation", args=[token])


def send(made: Made) -> None:
    """Send an invitation to the address that it names. Raises OSError."""
    context = {
        "invitation": made.invitation,
        "invitation_url": reverse("invitation", args=[made.token]),
    }
    get_adapter().send_mail("accounts/email/invitation", made.invitation.email, context)


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> bool:
    """Take an invitation back. False where it is too late."""
    open_one = Invitation.objects.open().filter(pk=invitation.pk)
    revoked = bool(open_one.update(revoked_at=timezone.now()))
    if revoked:
        about = f"{invitation.email or 'by link'}, as {invitation.get_role_display().lower()}"
        record(invitation.team, by, Happened.INVITATION_REVOKED, about)
    return revoked


def find(token: str) -> Invitation | None:
    """The invitation that a link's token belongs to, open or not; of a team that is there."""
    if len(token) > 100:
        return None
    there = Invitation.objects.select_related("team", "invited_by").filter(team__deleted_at=None)
    return there.filter(token_hash=_hash(token)).first()


def why_not(invitation: Invitation, user: User | None = None) -> str:
    """Why an invitation lets nobody in, or not this person; empty where it does."""
    if invitation.accepted_at:
        return "This invitation has been used. Each lets one person in."
    if invitation.revoked_at:
        return "This invitation was taken back."
    if not invitation.is_open:
        return "This invitation has expired."
    if user and invitation.email and not _is_for(invitation, user):
        return "This invitation is for another email address" + (
            ", or one that you have not confirmed yet." if sends_mail() else " than yours."
        )
    return ""


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> Membership:
    """Join the team. Of two at once, one gets in. Raises CannotAccept."""
    team = Team.objects.select_for_update(no_key=True).get(pk=invitation.team_id)
    if team.deleted_at:
        raise CannotAccept("The team is not there any more.")
    if member := team.memberships.filter(user=by).first():
        # The invitation stays good for somebody else.
        return member
    now = Invitation.objects.get(pk=invitation.pk)
    if problem := why_not(now, by):
        raise CannotAccept(problem)
    if (
        not Invitation.objects.open()
        .filter(pk=now.pk)
        .update(accepted_at=timezone.now(), accepted_by=by)
    ):
        raise CannotAccept("This invitation has been used. Each lets one person in.")
    membership = Membership.objects.create(team=team, user=by, role=now.role)
    record(team, by, Happened.JOINED, f"as {membership.get_role_display().lower()}")
    logger.info("person %s joined team %s by invitation %s", by.pk, team.pk, now.pk)
    return membership


def welcome(membership: Membership) -> str:
    """What somebody reads who has just joined."""
    can = {
        Role.OWNER: "You can do everything here.",
        Role.EDITOR: "You can make pictures here.",
        Role.VIEWER: "You can look, star and rate here.",
    }
    return f"You are in {membership.team} now. {can[Role(membership.role)]}"


def carry(request: HttpRequest, invitation: Invitation) -> None:
    """Have an invitation go along while somebody signs up or logs in. No token is kept for it."""
    request.session[SESSION_KEY] = [invitation.pk, int(time.time())]


def carried(request: HttpRequest) -> Invitation | None:
    """The open invitation that goes along with a request, if any."""
    pk, since = request.session.get(SESSION_KEY) or (0, 0)
    if not pk or time.time() - since > CARRIED_SECONDS:
        return None
    there = Invitation.objects.open().select_related("team").filter(team__deleted_at=None)
    return there.filter(pk=pk).first()


def reserve(request: HttpRequest, email: str) -> str:
    """Where only the invited sign up, hold the invitation that goes along to this one address.

    So a link makes one account, though it is used up only once that one's address is confirmed.
    Gives why not; empty where nothing is in the way.
    """
    invitation = carried(request) if settings.SIGN_UP == "invitation" else None
    if invitation is None:
        return ""
    email = email.lower()
    nobodys = Invitation.objects.open().filter(pk=invitation.pk, email="")
    if invitation.email == email or nobodys.update(email=email):
        return ""
    return "The invitation is for another email address than this one."


def arrive(request: HttpRequest, user: User) -> None:
    """Let somebody who has just logged in join by the invitation that went along."""
    invitation = carried(request)
    request.session.pop(SESSION_KEY, None)
    if invitation is None:
        return
    try:
        membership = accept(invitation=invitation, by=user)
    except CannotAccept as problem:
        messages.warning(request, str(problem))
        return
    switch(request, membership.team)
    request.session[ARRIVED] = True
    messages.success(request, welcome(membership))


def arrived(request: HttpRequest) -> bool:
    """Whether somebody has just joined a team as they logged in; true once."""
    return bool(request.session.pop(ARRIVED, False))


def _is_for(invitation: Invitation, user: User) -> bool:
    """Whether somebody has the address that an invitation names, as far as that can be known.

    With a mail server, the address must be confirmed. Without one none ever is, and what somebody
    signed up with has to do: whoever invites hands the link over in person then.
    """
    if not sends_mail():
        return user.email.lower() == invitation.email
    mine = EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True)
    return bool(mine.exists())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
