"""What a team says about its pictures, and what it decides about them."""

from .comments import (
    LONGEST,
    Part,
    calls_of,
    comments_on,
    delete,
    members_of,
    names_of,
    parts_of,
    restore,
    write,
)
from .picks import pick

__all__ = [
    "LONGEST",
    "Part",
    "calls_of",
    "comments_on",
    "delete",
    "members_of",
    "names_of",
    "parts_of",
    "pick",
    "restore",
    "write",
]
