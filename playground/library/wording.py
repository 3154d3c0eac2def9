"""What a typed prompt comes to: its variations, each within a style's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from accounts.models import Membership

from ..experiments.variations import InvalidTemplate, Lists, count, literal, variations
from ..models import Style, WordList
from .styles import PLACE, applied


class Shelf:
    """What a member's team keeps, read when it is first needed."""

    def __init__(self, membership: Membership) -> None:
        self.membership = membership

    @cached_property
    def styles(self) -> Sequence[Style]:
        """By name."""
        mine = Style.objects.visible_to(self.membership.user)
        return list(mine.filter(team=self.membership.team).order_by("name"))

    @cached_property
    def lists(self) -> Lists:
        """Name → words."""
        mine = WordList.objects.visible_to(self.membership.user)
        lists = mine.filter(team=self.membership.team).only("name", "words")
        return {each.name: each.words.split("\n") for each in lists}

    def style(self, number: object) -> Style | None:
        """The style with that id; None where there is none (any more)."""
        return next((each for each in self.styles if str(each.pk) == str(number)), None)


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt as it was typed, and as it is sent."""

    typed: str
    prompts: list[str] = field(default_factory=list)
    """The first ones of those that it stands for."""
    total: int = 1
    """How many prompts it stands for."""
    problem: str = ""
    """Why it cannot be read; then there are no prompts."""

    @property
    def differs(self) -> bool:
        """Whether something else is sent than was typed."""
        return bool(self.typed) and bool(self.prompts) and self.prompts != [self.typed]


def worded(typed: str, shelf: Shelf | None, style: Style | None, limit: int) -> Wording:
    """What a typed prompt comes to: up to `limit` prompts, and how many there would be."""
    # The lists are asked for only by a prompt that may name one.
    lists: Lists = shelf.lists if shelf and "__" in typed else {}
    try:
        wordings = [each.strip() for each in variations(typed, lists, limit)]
        total = count(typed, lists)
    except InvalidTemplate as error:
        return Wording(typed, problem=str(error))
    if total <= limit:
        # "{big|} {pig|pig}" has the same more than once.
        wordings = list(dict.fromkeys(wordings))
        total = len(wordings)
    return Wording(typed, [applied(style, each) for each in wordings], total)


def as_template(typed: str, style: Style | None) -> str:
    """What was typed within the style's words, for a field that knows no styles."""
    if style is None:
        return typed
    return typed.join(literal(part) for part in style.positive_prompt.split(PLACE))
