"""`manage.py paint_front_page`: paints the front page's pictures again.

It is for when the painter has changed. Several pictures share a file, side by side, and the style
sheet shows a part of it: a stranger's first load stays within a dozen requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image

from playground.sandbox.painter import paint

LANDSCAPE, PORTRAIT, SQUARE, WIDE = (1216, 832), (832, 1216), (1024, 1024), (1344, 768)


@dataclass(frozen=True)
class Wish:
    positive_prompt: str
    seed: int
    size: tuple[int, int]

    def picture(self, height: int) -> Image.Image:
        width, full_height = self.size
        image = paint(
            positive_prompt=self.positive_prompt,
            negative_prompt="",
            seed=self.seed,
            width=width,
            height=full_height,
        )
        return image.resize((round(height * width / full_height), height), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class Sheet:
    """A file of pictures side by side, `height` pixels high, at most `limit` bytes large."""

    name: str
    height: int
    limit: int
    wishes: tuple[Wish, ...]

    def encoded(self) -> bytes:
        pictures = [wish.picture(self.height) for wish in self.wishes]
        sheet = Image.new("RGB", (sum(each.width for each in pictures), self.height))
        left = 0
        for each in pictures:
            sheet.paste(each, (left, 0))
            left += each.width
        for quality in range(80, 0, -3):
            file = BytesIO()
            sheet.save(file, "AVIF", quality=quality, speed=2)
            if file.tell() <= self.limit:
                break
        return file.getvalue()


SHEETS = (
    Sheet("hero.avif", 493, 14_500, (Wish("an astronaut pig in deep space", 9, LANDSCAPE),)),
    Sheet(
        "lesson.avif",
        301,
        15_500,
        (
            Wish("a pig on a green hill at sunset", 42, LANDSCAPE),
            Wish("a pig on a snowy hill at night", 42, LANDSCAPE),
            Wish("a pig on a green hill at sunset", 43, LANDSCAPE),
        ),
    ),
    Sheet(
        "wall.avif",
        224,
        18_300,
        (
            Wish("northern lights over a frozen lake", 9, WIDE),
            Wish("autumn forest with a fox", 6, PORTRAIT),
            Wish("a city skyline at night in the rain", 11, LANDSCAPE),
            Wish("a fish in a coral reef under the sea", 8, SQUARE),
            Wish("hot air balloons over hills at dawn", 23, WIDE),
        ),
    ),
    Sheet("entrance.avif", 935, 9_000, (Wish("misty mountains at dawn", 7, PORTRAIT),)),
)


class Command(BaseCommand):
    help = "Paint the front page's pictures again, for when the painter changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "static" / "img"
        folder.mkdir(parents=True, exist_ok=True)
        for sheet in SHEETS:
            content = sheet.encoded()
            (folder / sheet.name).write_bytes(content)
            self.stdout.write(f"{sheet.name}: {len(content):,} bytes")
