"""What a picture came from and what came of it, with what changed on the way."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User

from .differences import Change, changes
from .models import Generation

SHOWN = 12
"""Pictures made from one that its page shows at once."""


@dataclass(frozen=True)
class Relative:
    """A picture's kin, and what the younger of the two asks for that the older did not."""

    picture: Generation
    changes: list[Change]


@dataclass(frozen=True)
class Offspring:
    """Some of what was made from a picture, newest first. `older` is the next page's cursor."""

    relatives: list[Relative]
    older: int | None


def source_of(picture: Generation) -> Relative | None:
    """What a picture is a re-run or remix of; None where it was made from nothing.

    The source may be in the bin. `parent` and `origin` should be loaded.
    """
    source = picture.parent or picture.origin
    # A picture and its source belong to one team: whoever sees one may see the other.
    if source is None or source.team_id != picture.team_id:
        return None
    return Relative(source, changes(source, picture))


def made_from(picture: Generation, user: User, *, before: int | None = None) -> Offspring:
    """The pictures for which this one filled in the form, newest first, older than `before`."""
    found = Generation.objects.visible_to(user).filter(origin=picture).pictures()
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found.defer("answer").order_by("-pk")[: SHOWN + 1])
    relatives = [Relative(each, changes(picture, each)) for each in page[:SHOWN]]
    return Offspring(relatives, page[SHOWN - 1].pk if len(page) > SHOWN else None)
