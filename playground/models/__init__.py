"""The playground's rows: generations, what people make of them, experiments, the team's library."""

from .experiments import Experiment, Vote
from .generations import (
    EDITING_ROLES,
    EQUAL_FILTERS,
    FAILED,
    IN_GALLERY,
    PENDING,
    RATING_STEPS,
    Generation,
    GenerationQuerySet,
    State,
    Submission,
    TeamRows,
    Upstream,
    Verdict,
    request_key,
)
from .library import SavedView, Style, WordList
from .sorting import Collected, Collection, Rating, Star, Tag, Tagged

__all__ = [
    "EDITING_ROLES",
    "EQUAL_FILTERS",
    "FAILED",
    "IN_GALLERY",
    "PENDING",
    "RATING_STEPS",
    "Collected",
    "Collection",
    "Experiment",
    "Generation",
    "GenerationQuerySet",
    "Rating",
    "SavedView",
    "Star",
    "State",
    "Style",
    "Submission",
    "Tag",
    "Tagged",
    "TeamRows",
    "Upstream",
    "Verdict",
    "Vote",
    "WordList",
    "request_key",
]
