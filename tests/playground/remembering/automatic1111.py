"""How AUTOMATIC1111's web UI reads its text back, written by its documented format.

Apart from the playground's own reader on purpose: what this one makes of our files is what others
will make of them.
"""

from __future__ import annotations

import io
import json
import re

from PIL import Image

PARAMETER = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
EXIF_IFD, USER_COMMENT = 0x8769, 0x9286


def text_in(content: bytes) -> str:
    """A PNG's `parameters`, or the user's comment in the EXIF of another file."""
    with Image.open(io.BytesIO(content)) as image:
        if image.format == "PNG":
            return str(image.info.get("parameters", ""))
        comment = image.getexif().get_ifd(EXIF_IFD).get(USER_COMMENT, b"")
    assert isinstance(comment, bytes)
    assert comment.startswith(b"UNICODE\0")
    return comment[8:].decode("utf-16-be")


def parsed(text: str) -> dict[str, str]:
    *lines, last = text.strip().split("\n")
    if len(PARAMETER.findall(last)) < 3:
        lines, last = [*lines, last], ""
    found = {"Prompt": "", "Negative prompt": ""}
    into = "Prompt"
    for line in lines:
        words = line.strip()
        if words.startswith("Negative prompt:"):
            into, words = "Negative prompt", words[16:].strip()
        found[into] += ("\n" if found[into] else "") + words
    for name, value in PARAMETER.findall(last):
        found[name] = json.loads(value) if value[:1] == '"' == value[-1:] else value
    return found
