"""Styles: pieces of prompt with a place for the rest, and a few to begin with."""

from __future__ import annotations

from accounts.models import Team, User

from ..models import Style

STYLES_MAXIMUM = 100
"""In one team, so that choosing among them stays a matter of one look."""
PLACE = "{prompt}"

STARTERS = (
    ("Watercolour", "{prompt}, watercolour painting, soft washes, paper texture", "photo"),
    ("Oil painting", "{prompt}, oil painting, visible brushstrokes, rich colours", "photo"),
    ("Pencil sketch", "{prompt}, pencil drawing, fine hatching, white paper", "colour"),
    ("Paper cut", "{prompt}, layered paper cut, soft shadows between the layers", "photo"),
    ("Pixel art", "{prompt}, pixel art, 16-bit, limited palette", "blurry"),
    ("Photo", "photograph of {prompt}, natural light, shallow depth of field", "drawing, painting"),
    ("Night in neon", "{prompt}, at night, neon lights, rain on the street", "daylight"),
    ("Children’s book", "{prompt}, children’s book illustration, warm pastel colours", "text"),
)
"""Name, positive and negative prompt."""


def applied(style: Style | None, prompt: str) -> str:
    """The prompt in its place within the style's own words."""
    return style.positive_prompt.replace(PLACE, prompt) if style else prompt


def avoiding(style: Style | None, negative_prompt: str) -> str:
    """What was typed to be avoided, and what the style avoids."""
    return ", ".join(filter(None, (negative_prompt, style.negative_prompt if style else "")))


def add_starters(*, team: Team, by: User) -> int:
    """Give the team the styles to begin with; those whose names it has stay as they are."""
    known = set(Style.objects.filter(team=team).values_list("name", flat=True))
    fresh = [
        Style(team=team, author=by, name=name, positive_prompt=positive, negative_prompt=negative)
        for name, positive, negative in STARTERS
        if name not in known
    ][: max(STYLES_MAXIMUM - len(known), 0)]
    Style.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
