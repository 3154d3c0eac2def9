"""What is wrong with an installation, and how to mend each."""

from .examining import examine
from .findings import Finding, Kind

__all__ = ["Finding", "Kind", "examine"]
