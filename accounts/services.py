"""What can be done with people, teams and their API keys. Who may do it is the views' business."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from . import encryption
from .happenings import record
from .models import ApiKey, Happened, KeyState, Membership, NoticeKind, Role, Team, User
from .notices import tell
from .signals import api_key_removed, api_key_usable

logger = logging.getLogger(__name__)

PAUSED = (KeyState.REFUSED, KeyState.NEEDS_CREDIT)

FIRST_ACCOUNT_LOCK = 20_170_401
"""Number of PostgreSQL's advisory lock on becoming the first account."""


@transaction.atomic
def sign_up(*, user: User) -> Team:
    """Save a new person with a personal team. The installation's first is its administrator."""
    if connection.vendor == "postgresql":
        # SQLite's transactions take the write lock as they begin; PostgreSQL needs one of its own,
        # or two people at once would both find nobody before them.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ACCOUNT_LOCK])
    if not User.objects.exists():
        user.is_staff = user.is_superuser = True
    user.save()
    logger.info("person %s signed up", user.pk)
    return create_personal_team(user=user)


@transaction.atomic
def create_team(*, name: str, by: User) -> Team:
    """A team owned by the person who makes it."""
    team = Team.objects.create(name=name)
    Membership.objects.create(team=team, user=by, role=Role.OWNER)
    record(team, by, Happened.TEAM_CREATED)
    return team


def create_personal_team(*, user: User) -> Team:
    return create_team(name=f"{user.get_short_name()[:70]}’s team", by=user)


@transaction.atomic
def ensure_team(*, user: User) -> None:
    """Give a personal team to somebody who is in none: made on the command line, or removed."""
    if user.memberships.exists():
        return
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.memberships.exists():
        create_personal_team(user=locked)


def email_taken(*, email: str, by: User) -> bool:
    """Whether somebody else logs in with this address, or has confirmed it."""
    others = EmailAddress.objects.filter(email=email).exclude(user=by)
    return others.exists() or User.objects.filter(email=email).exclude(pk=by.pk).exists()


@transaction.atomic
def change_email(*, user: User, email: str) -> EmailAddress:
    """Let somebody log in with another address at once, unconfirmed."""
    EmailAddress.objects.filter(user=user).delete()
    user.email = email
    user.save(update_fields=["email"])
    return EmailAddress.objects.create(user=user, email=email, primary=True)


@sensitive_variables()
@transaction.atomic
def set_api_key(*, team: Team, by: User, label: str, secret: str) -> ApiKey:
    """Put a key to Image Pig in use, in place of the one before it."""
    replaces = _retire_api_key(team)
    api_key = ApiKey(team=team, label=label, last_four=secret[-4:], added_by=by)
    api_key.ciphertext = encryption.encrypt(_row(api_key), secret)
    api_key.save()
    record(team, by, Happened.KEY_REPLACED if replaces else Happened.KEY_ADDED, str(api_key))
    logger.info("API key %s of team %s added by person %s", api_key.pk, team.pk, by.pk)
    transaction.on_commit(partial(api_key_usable.send, Team, team=team))
    return api_key


@transaction.atomic
def remove_api_key(*, team: Team, by: User) -> bool:
    """Erase the key in use: the team is back in the sandbox. Says whether there was one."""
    removed = _retire_api_key(team)
    if removed:
        record(team, by, Happened.KEY_REMOVED, str(removed))
        logger.info("API key of team %s removed by person %s", team.pk, by.pk)
        transaction.on_commit(partial(api_key_removed.send, Team, team=team))
    return removed is not None


@transaction.atomic
def resume_api_key(*, team: Team, by: User) -> bool:
    """Let calls go on with a key that Image Pig refused. Says whether it was paused."""
    paused = team.api_keys.filter(removed_at=None, state__in=PAUSED)
    resumed = bool(paused.update(state=KeyState.UNPROVED, said=""))
    if resumed:
        logger.info("API key of team %s resumed by person %s", team.pk, by.pk)
        transaction.on_commit(partial(api_key_usable.send, Team, team=team))
    return resumed


def mark_key(api_key_id: UUID, state: KeyState, said: str = "") -> bool:
    """Note what a call has shown of a key. Says whether that changed anything.

    A success proves only a key that waits for its proof: when it arrives after a refusal, it
    answers a call that was sent before. Of a key that is paused the team's owners are told.
    """
    changes: dict[str, object] = {"state": state, "said": said[:1000]}
    before = ~Q(state=state, said=said[:1000])
    if state == KeyState.WORKING:
        changes["proved_at"] = timezone.now()
        before = Q(state=KeyState.UNPROVED)
    in_use = ApiKey.objects.filter(before, pk=api_key_id, removed_at=None)
    changed = bool(in_use.update(**changes))
    if changed and state in PAUSED:
        _tell_owners(ApiKey.objects.select_related("team").get(pk=api_key_id))
    return changed


def _tell_owners(api_key: ApiKey) -> None:
    """Tell of a paused key, once a day for each reason: many calls may be refused at a time."""
    team = api_key.team
    owners = User.objects.filter(memberships__team=team, memberships__role=Role.OWNER)
    why = "needs credit" if api_key.state == KeyState.NEEDS_CREDIT else "was refused by Image Pig"
    tell(
        owners,
        team,
        NoticeKind.KEY_ATTENTION,
        f"The API key {api_key} {why}. Pictures wait until you have looked after it.",
        reverse("api_key"),
        key=f"{api_key.state} {api_key.pk} {timezone.now():%Y-%m-%d}",
    )


def secret_of(api_key: ApiKey) -> str:
    """The key itself, for a call. Raises encryption.Unreadable, encryption.EncryptionKeyProblem."""
    return encryption.decrypt(_row(api_key), api_key.ciphertext)


def _row(api_key: ApiKey) -> str:
    # With its team, so that a row given to another team yields nothing either.
    return f"api_key {api_key.pk} of team {api_key.team_id}"


def _retire_api_key(team: Team) -> ApiKey | None:
    """Erase the key in use, if there is one; gives what it was."""
    Team.objects.select_for_update().get(pk=team.pk)
    api_key = team.api_key
    team.api_keys.filter(removed_at=None).update(removed_at=timezone.now(), ciphertext=b"")
    return api_key
