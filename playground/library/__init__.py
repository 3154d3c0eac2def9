"""What a team keeps at hand for its prompts: styles and word lists, and what comes of them."""

from .styles import STARTERS, add_starters, applied, avoiding
from .surprise import surprise
from .word_lists import tidy_words
from .wording import Shelf, Wording, worded

__all__ = [
    "STARTERS",
    "Shelf",
    "Wording",
    "add_starters",
    "applied",
    "avoiding",
    "surprise",
    "tidy_words",
    "worded",
]
