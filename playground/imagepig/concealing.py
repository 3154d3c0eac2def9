"""Taking the API key out of what the API says, should it be quoted there."""

from __future__ import annotations

import re

SHORTEST_SECRET = 8
"""Anything shorter could stand in an answer by chance."""
IN_ITS_PLACE = "…".encode()


def concealed(content: bytes, secret: str) -> bytes:
    """An answer without the secret, also where it is written with JSON's escapes."""
    if len(secret) < SHORTEST_SECRET:
        return content
    # Looking for escapes takes its time with megabytes of image data, which seldom have any.
    if b"\\" not in content:
        return content.replace(secret.encode(), IN_ITS_PLACE)
    return re.sub(b"".join(map(_as_json_may_write, secret)), IN_ITS_PLACE, content)


def _as_json_may_write(character: str) -> bytes:
    plain = re.escape(character.encode())
    escaped = rb"\\?" if character in '"\\/' else b""
    return rb"(?:%b%b|\\u(?i:%04x))" % (escaped, plain, ord(character))
