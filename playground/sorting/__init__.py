"""What a person makes of pictures: stars, ratings, tags, collections, and the bin.

Who may do it is the views' business; `by` is who does. `pictures` is always a queryset that the
person may see, of one team.
"""

from .batches import AT_ONCE, BATCH
from .bin import delete_many, restore_many
from .collecting import (
    NameTaken,
    collect,
    collection_called,
    create_collection,
    delete_collection,
    remove_from_collection,
    rename_collection,
    restore_collection,
)
from .marks import rate, star, unstar
from .reading import OFFERED, Marks, drop_beyond, marks_and_names, newest, starred
from .tagging import InvalidTag, normalised, tag, untag
from .views import delete_view, rename_view, save_view

__all__ = [
    "AT_ONCE",
    "BATCH",
    "OFFERED",
    "InvalidTag",
    "Marks",
    "NameTaken",
    "collect",
    "collection_called",
    "create_collection",
    "delete_collection",
    "delete_many",
    "delete_view",
    "drop_beyond",
    "marks_and_names",
    "newest",
    "normalised",
    "rate",
    "remove_from_collection",
    "rename_collection",
    "rename_view",
    "restore_collection",
    "restore_many",
    "save_view",
    "star",
    "starred",
    "tag",
    "unstar",
    "untag",
]
