"""Files that remember: a picture's prompt, parameters and seed inside its file, put there and read.

Files are written and read as bytes: no pixel is decoded or encoded anew. What is read comes from
strangers, so all of it is bounded, nothing of it is run, and nothing is kept.
"""

from .files import TooBig, UnknownFile, read_memory, with_memory
from .memory import Memory, memory_of
from .stripping import without_memory
from .texts import Damaged

__all__ = [
    "Damaged",
    "Memory",
    "TooBig",
    "UnknownFile",
    "memory_of",
    "read_memory",
    "with_memory",
    "without_memory",
]
