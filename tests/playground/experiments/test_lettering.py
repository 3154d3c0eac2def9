"""Words of any script are drawn: never as boxes, a word by one font, in its own direction."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from playground.experiments import lettering
from playground.experiments.lettering import FONTS, PIXEL_LINE, STACK, UNKNOWN, Lettering

TEXTS = {
    "Latin": "a red pig, ½ é “so”",
    "Vietnamese": "mèo đỏ trong tuyết",
    "Cyrillic": "красный поросёнок",
    "Greek": "κόκκινο γουρούνι",
    "Hebrew": "חזיר אדום",
    "Arabic": "خنزير أحمر في الثلج",
    "Chinese": "雪中的红猪，水彩画",
    "Japanese": "雪の中の赤い豚カフェ",
    "Korean": "눈 속의 빨간 돼지",
    "Hindi": "लाल सुअर",
    "Thai": "หมูแดง",
    "emoji": "🐷❄️☔🦄",
}


def ink(text: str, size: int = 16) -> Image.Image:
    """A text, drawn black on white."""
    letters = Lettering(size, [text])
    image = Image.new("L", (400, letters.line), "white")
    letters.draw(ImageDraw.Draw(image), (0, 0), text, "black")
    return image


def darkest(image: Image.Image) -> int:
    return min(level for level, pixels in enumerate(image.histogram()) if pixels)


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@pytest.mark.parametrize("script", TEXTS)
def test_each_script_has_letters_of_its_own(script: str) -> None:
    text = TEXTS[script]
    runs = Lettering(16, [text]).runs(text)
    assert UNKNOWN not in "".join(run.text for run in runs)
    for sign in {each for each in text if each.isalpha()}:
        drawn = ink(sign)
        assert darkest(drawn) < 128
        assert differ(drawn, ink(lettering.NOT_ASSIGNED))


def test_letters_stay_within_their_line() -> None:
    for text in TEXTS.values():
        drawn = ImageChops.invert(ink(text, size=10))
        left, top, right, bottom = drawn.getbbox() or (0, 0, 0, 0)
        assert bottom - top >= 5
        assert 0 < right - left <= Lettering(10, [text]).width(text) + 2


def test_a_word_is_drawn_by_one_font_wherever_one_has_all_of_it() -> None:
    # Pillow's own font has most letters of it, and not all.
    runs = Lettering(16, []).runs("trong tuyết")
    assert [run.text for run in runs] == ["trong", " ", "tuyết"]
    assert len(Lettering(16, []).runs("红pig")) == 1
    assert [run.text for run in Lettering(16, []).runs("红🐷pig")] == ["红", "🐷", "pig"]


def test_what_no_font_has_is_the_sign_for_it_and_what_is_never_drawn_is_left_out() -> None:
    letters = Lettering(16, [])
    assert "".join(run.text for run in letters.runs("a \U00020000")) == f"a {UNKNOWN}"
    assert letters.width("pig\u200d\ufe0f\u200e\x07") == letters.width("pig")


def test_lines_make_room_for_letters_of_pixels_where_there_are_any() -> None:
    assert Lettering(10, ["a pig", "свинья"]).line == 14
    assert Lettering(10, ["a pig", "猪"]).line == PIXEL_LINE


CACHES = (lettering._font, lettering._has, lettering._nothing)


@pytest.fixture
def _without_shaping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lettering, "SHAPES", False)
    for each in CACHES:
        each.cache_clear()
    yield
    for each in CACHES:
        each.cache_clear()


@pytest.mark.usefixtures("_without_shaping")
def test_right_to_left_text_is_turned_where_pillow_cannot() -> None:
    [run] = Lettering(16, []).runs("חזיר אדום")
    assert run.text == "חזיר אדום"[::-1]
    words = [run.text for run in Lettering(16, []).runs("a חזיר 7")]
    assert "".join(words) == "a ריזח 7"
    assert darkest(ink("خنزير")) < 128


def test_long_texts_are_wrapped_and_cut_with_a_sign() -> None:
    letters = Lettering(16, [])
    lines = letters.wrapped("a pig " * 100, 120, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(letters.width(line) <= 120 for line in lines)
    assert letters.wrapped("x" * 1000, 50, 2)[1].endswith("…")
    assert letters.wrapped("", 50, 2) == []
    assert letters.wrapped("short", 120, 2) == ["short"]
    # Without spaces, as in Chinese, it breaks wherever the line is full.
    assert len(letters.wrapped("雪中的红猪" * 10, 100, 3)) == 3


@given(st.text(max_size=60), st.integers(20, 200))
def test_any_text_is_wrapped_and_drawn(text: str, width: int) -> None:
    letters = Lettering(12, [text])
    image = Image.new("L", (200, 60), "white")
    for number, line in enumerate(letters.wrapped(text, width, 3)):
        # One letter at least, however narrow it is.
        assert letters.width(line) <= width or len(line) <= 2
        letters.draw(ImageDraw.Draw(image), (0, number * letters.line), line, "black")


def test_the_fonts_come_with_their_licences() -> None:
    said = (FONTS / "LICENCES.txt").read_text()
    for name in filter(None, STACK):
        assert name in said
        assert len(gzip.decompress((FONTS / name).read_bytes())) > 100_000
    assert sum(each.stat().st_size for each in FONTS.iterdir()) < 2_000_000
