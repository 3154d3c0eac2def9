"""The prompts that a person has used of late, to be at hand again."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Team, User

from .experiments.variations import literal
from .models import Generation

PROMPTS = 50
READ = 1000
"""Generations at most that are looked through for different prompts."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What somebody typed. `pk` is the newest generation that was made of it."""

    pk: int
    text: str


def typed_prompt(template: str, positive_prompt: str) -> str:
    """What was typed for a generation, so that typing it again means the same."""
    return template or literal(positive_prompt)


def recent_prompts(user: User, team: Team) -> list[Prompt]:
    """The person's last different prompts in the team, newest first, as they were typed."""
    mine = Generation.objects.visible_to(user).filter(author=user, team=team).order_by("-pk")
    found: dict[str, Prompt] = {}
    rows = mine.values_list("pk", "template", "positive_prompt")[:READ]
    for pk, template, positive_prompt in rows:
        text = typed_prompt(template, positive_prompt)
        found.setdefault(text, Prompt(pk, text))
        if len(found) == PROMPTS:
            break
    return list(found.values())
