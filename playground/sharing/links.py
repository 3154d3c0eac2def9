"""Making links, following them, and taking them back.

A link's token has 256 bits, and only its hash is kept: neither a copy of the database nor an
administrator can open what somebody shared.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import happenings
from accounts.models import Happened, User

from ..models import Collection, Experiment, Generation, GenerationQuerySet, Share

logger = logging.getLogger(__name__)

TOKEN_BYTES = 32
DAYS = (1, 7, 30)
"""For how long a link can work; None: until somebody takes it back."""

Thing = Generation | Collection | Experiment


@dataclass(frozen=True, slots=True)
class Shared:
    """What a link that works shows."""

    share: Share
    title: str
    pictures: GenerationQuerySet
    """Those that are still there, without an order."""

    @property
    def one(self) -> bool:
        """Whether it is a single picture."""
        return self.share.generation_id is not None

    def prompt(self, picture: Generation) -> str:
        """The prompt, where it may be seen."""
        return picture.positive_prompt if self.share.shows_prompt else ""

    def alternative(self, picture: Generation) -> str:
        """What a picture is called for those who cannot see it."""
        return self.prompt(picture) or "A shared picture"


@transaction.atomic
def make(
    thing: Thing, *, by: User, shows_prompt: bool, shows_seed: bool, days: int | None
) -> tuple[Share, str]:
    """A link to a thing of a team, and its token, which nobody can find out later."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = Share.objects.create(
        team=thing.team,
        shared_by=by,
        token_hash=hash_of(token),
        shows_prompt=shows_prompt,
        shows_seed=shows_seed,
        expires_at=timezone.now() + timedelta(days=days) if days else None,
        **{_kind(thing): thing},
    )
    happenings.record(thing.team, by, Happened.SHARE_MADE, name_of(share))
    logger.info("share %s of team %s made by person %s", share.pk, share.team_id, by.pk)
    return share, token


@transaction.atomic
def revoke(share: Share, *, by: User) -> bool:
    """Take a link back. Says whether it worked until now."""
    revoked = Share.objects.open().filter(pk=share.pk).update(revoked_at=timezone.now())
    if revoked:
        happenings.record(share.team, by, Happened.SHARE_REVOKED, name_of(share))
        logger.info("share %s revoked by person %s", share.pk, by.pk)
    return bool(revoked)


def opened(token: str) -> Shared | None:
    """What a token opens now; None for one that is unknown, ended or taken back."""
    share = (
        Share.objects.open()
        .filter(token_hash=hash_of(token), team__deleted_at=None)
        .select_related("generation", "collection", "experiment")
        .first()
    )
    return shared_of(share) if share else None


def shared_of(share: Share) -> Shared | None:
    """What a share shows, wherever its link has got to; None where that is in the bin."""
    pictures = Generation.objects.filter(team=share.team_id).pictures().defer("answer")
    if share.generation_id:
        mine = pictures.filter(pk=share.generation_id)
        return Shared(share, "A picture", mine) if mine.exists() else None
    thing = share.collection or share.experiment
    if thing is None or thing.deleted_at is not None:
        return None
    if isinstance(thing, Collection):
        return Shared(share, thing.name, pictures.filter(collections=thing))
    shown = Q(experiment=thing) | Q(pk__in=thing.known_pictures)
    # An experiment is called by its prompt where nobody has called it otherwise.
    title = thing.name if share.shows_prompt else "An experiment"
    return Shared(share, title, pictures.filter(shown))


def count_view(share: Share, viewer: User | AnonymousUser) -> None:
    """Count that somebody opened the link who is not of the team."""
    if viewer.is_authenticated and viewer.teams.filter(pk=share.team_id).exists():
        return
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, viewed_at=timezone.now())


def name_of(share: Share) -> str:
    """What a link leads to, in words for the team."""
    if share.collection:
        return f"collection “{share.collection.name}”"
    if share.experiment:
        return f"experiment “{share.experiment.name}”"
    return f"picture {share.generation_id}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _kind(thing: Thing) -> str:
    if isinstance(thing, Generation):
        return "generation"
    return "collection" if isinstance(thing, Collection) else "experiment"
