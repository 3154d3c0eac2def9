"""The picture that chat programs show beside a link: 1200 × 630, of one picture or of four."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageOps

WIDTH, HEIGHT = 1200, 630
"""What chat programs expect, in pixels."""
GROUND = "#1d1420"
QUALITY = 82


def card(pictures: Sequence[bytes]) -> bytes:
    """A JPEG of one to four pictures (any that Pillow made), each cut to fill its place."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    shown = pictures[:4]
    columns = 1 if len(shown) == 1 else 2
    rows = 2 if len(shown) > 2 else 1
    size = (WIDTH // columns, HEIGHT // rows)
    for place, content in enumerate(shown):
        with Image.open(io.BytesIO(content), formats=("WEBP",)) as small:
            fitted = ImageOps.fit(small.convert("RGB"), size, Image.Resampling.BICUBIC)
        image.paste(fitted, (place % columns * size[0], place // columns * size[1]))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
