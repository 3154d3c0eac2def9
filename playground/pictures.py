"""Bytes → a verified picture with thumbnail and placeholder; and two pictures compared.

What a file is follows from its bytes alone. Pillow is asked for the three formats one by one, never
to guess, and its process-wide settings are left as they are.
"""

from __future__ import annotations

import io
import math
import os
import threading
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageFile, ImageStat
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from .imagepig.errors import Fault
from .models import Verdict

MAX_PIXELS = 64_000_000
"""More than forty times what the largest endpoint makes; decoded, some 256 MB."""
THUMBNAIL_SIDE = 512
"""The longest side in pixels: sharp on a card of half of that at twice the density."""
PLACEHOLDER_SIDE = 16
NEARLY_THE_SAME_DB = 40.0


def _give_way() -> None:
    """Let this thread's work wait for everybody else's, where threads have priorities."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


# With as many at once as there are cores, the first are done when the last begin; with more, all
# are done at the end. And a request that waits to be sent goes before pictures that wait to shrink.
_at_work = ThreadPoolExecutor(os.cpu_count() or 1, "pictures", initializer=_give_way)

EXTENSIONS = {"image/jpeg": "jpeg", "image/png": "png", "image/webp": "webp"}


class DamagedPicture(Exception):
    """Bytes that are no usable picture. `kind` says why; the message is for logs."""

    def __init__(self, kind: Fault, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be decoded to its last pixel. Its size is in pixels."""

    mime_type: str
    width: int
    height: int
    thumbnail: bytes = field(repr=False)
    """WebP."""
    placeholder: str = field(repr=False)
    """A tiny WebP as a `data:` address."""

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.mime_type]


def read_picture(content: bytes) -> Picture:
    """Verify a picture's bytes and make its thumbnail. Raises DamagedPicture."""
    return _at_work.submit(_read, content).result()


def _read(content: bytes) -> Picture:
    mime_type, image = _decoded(content)
    small = _shrunk(_plain(image), THUMBNAIL_SIDE)
    tiny = _webp(_shrunk(small, PLACEHOLDER_SIDE), quality=20)
    return Picture(
        mime_type=mime_type,
        width=image.width,
        height=image.height,
        thumbnail=_webp(small, quality=72),
        placeholder=f"data:image/webp;base64,{b64encode(tiny).decode()}",
    )


def compare(first: bytes, second: bytes) -> tuple[Verdict, float | None]:
    """How alike two pictures are, and their peak signal-to-noise ratio in dB.

    The ratio is None where the pixels are the same or cannot be compared, the sizes being
    different. Raises DamagedPicture.
    """
    if first == second:
        return Verdict.IDENTICAL_BYTES, None
    images = [_decoded(content)[1] for content in (first, second)]
    if images[0].size != images[1].size:
        return Verdict.DIFFERENT, None
    mode = "RGBA" if any(image.has_transparency_data for image in images) else "RGB"
    difference = ImageChops.difference(*(image.convert(mode) for image in images))
    squares = ImageStat.Stat(difference).sum2
    mean_square = sum(squares) / len(squares) / (difference.width * difference.height)
    if mean_square == 0:
        return Verdict.IDENTICAL_PIXELS, None
    psnr = 10 * math.log10(255**2 / mean_square)
    nearly = psnr >= NEARLY_THE_SAME_DB
    return Verdict.NEARLY_THE_SAME if nearly else Verdict.DIFFERENT, round(psnr, 2)


def _format(content: bytes) -> tuple[str, Callable[[io.BytesIO], ImageFile.ImageFile]]:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", JpegImageFile
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", PngImageFile
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp", WebPImageFile
    raise DamagedPicture(Fault.UNSUPPORTED_IMAGE, f"begins with {content[:12]!r}")


def _decoded(content: bytes) -> tuple[str, Image.Image]:
    """MIME type and decoded image, after both of Pillow's checks.

    A truncated JPEG passes `verify`, a truncated PNG passes `load`, and after the first the image
    has to be opened again.
    """
    mime_type, open_image = _format(content)
    try:
        image = open_image(io.BytesIO(content))
        pixels = image.width * image.height
        if pixels <= MAX_PIXELS:
            image.verify()
            image = open_image(io.BytesIO(content))
            image.load()
    # Decoders fail in every way there is on bytes made to harm them.
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        raise DamagedPicture(Fault.DAMAGED_IMAGE, detail) from error
    if pixels > MAX_PIXELS:
        raise DamagedPicture(Fault.IMAGE_TOO_BIG, f"{image.width} × {image.height} pixels")
    return mime_type, image


def _plain(image: Image.Image) -> Image.Image:
    """The image in a mode that WebP can hold."""
    if image.mode.startswith("I"):
        # 16 bits a pixel: converting clips at 255, and all but the darkest would be white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    size = max(1, round(image.width * side / longest)), max(1, round(image.height * side / longest))
    # The first, coarse step of the shrinking takes a tenth of the time and cannot be seen.
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)


def _webp(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    # Method 0 takes a fraction of the default's time, for files some 10 % larger.
    image.save(written, "WEBP", quality=quality, method=0)
    return written.getvalue()
