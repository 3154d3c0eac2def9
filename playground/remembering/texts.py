"""What a file can hold of a picture's making: our own record, and AUTOMATIC1111's text."""

from __future__ import annotations

from dataclasses import dataclass

TEXT_MAXIMUM = 64 * 1024
"""Bytes of text that are read of one place in a file; a prompt has at most 2,000 characters."""
INFOTEXT = "parameters"
"""The keyword under which AUTOMATIC1111 and its kin keep their text in a PNG."""
RECORD = "imagepig"
"""The keyword of our own record."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Our record as JSON, and the text that AUTOMATIC1111's readers know; either may be empty."""

    record: str = ""
    infotext: str = ""

    def __bool__(self) -> bool:
        return bool(self.record or self.infotext)


class Damaged(ValueError):
    """Bytes that are not what their beginning says."""
