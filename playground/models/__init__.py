"""The playground's rows: generations, what is made and said of them, the library, the bill."""

from .experiments import Experiment, Vote
from .generations import (
    EDITING_ROLES,
    Generation,
    GenerationQuerySet,
    Submission,
    TeamRows,
    request_key,
)
from .indexes import EQUAL_FILTERS, IN_GALLERY, RATING_STEPS
from .library import SavedView, Style, WordList
from .sharing import Share
from .sorting import Collected, Collection, Rating, Star, Tag, Tagged
from .spending import Spending
from .states import FAILED, PENDING, Pick, State, Upstream, Verdict
from .talking import Comment

__all__ = [
    "EDITING_ROLES",
    "EQUAL_FILTERS",
    "FAILED",
    "IN_GALLERY",
    "PENDING",
    "RATING_STEPS",
    "Collected",
    "Collection",
    "Comment",
    "Experiment",
    "Generation",
    "GenerationQuerySet",
    "Pick",
    "Rating",
    "SavedView",
    "Share",
    "Spending",
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
