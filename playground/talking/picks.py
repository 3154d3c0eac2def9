"""What a team decides about a picture: picked, rejected, or nothing yet."""

from __future__ import annotations

import logging

from django.utils import timezone

from accounts.models import User

from ..models import GenerationQuerySet, Pick

logger = logging.getLogger(__name__)


def pick(pictures: GenerationQuerySet, what: Pick, *, by: User) -> int:
    """Decide about pictures; gives how many were decided otherwise before."""
    others = pictures.pictures().exclude(pick=what)
    number = others.update(pick=what, picked_by=by, picked_at=timezone.now())
    if number:
        logger.info("%s pictures %s by person %s", number, what.label.lower(), by.pk)
    return number
