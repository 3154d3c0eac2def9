"""Word lists: what `__name__` in a prompt stands for, one wording a line."""

from __future__ import annotations

LISTS_MAXIMUM = 100
"""In one team."""
LINES_MAXIMUM = 500
LINE_LENGTH = 200
NAME = r"[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*"
"""What stands between the double underlines: as variations.py reads it."""


def tidy_words(text: str) -> list[str]:
    """Its lines without the space around them, without empty ones, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
