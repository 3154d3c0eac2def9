"""Pictures compared: zoomed together, laid over one another, and by each pixel; with keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import check_accessible, settle
from .steps import expect_shown, tab_to

SCALES = "images => images.map((image) => getComputedStyle(image).scale)"
PLACES = "images => images.map((image) => getComputedStyle(image).translate)"


@pytest.fixture(scope="module")
def member(stage: Stage) -> Someone:
    """Somebody with pictures; nothing of this file changes any."""
    return stage.someone(pictures=4)


@pytest.fixture
def compared(new_context: NewContext, member: Someone) -> Callable[..., Page]:
    """Opens the comparison of these of the member's pictures, oldest first."""

    def open_comparison(*places: int, query: str = "", **options: object) -> Page:
        page = new_context(member, **options).new_page()
        ids = ",".join(str(member.pictures[place]) for place in places)
        page.goto(f"/compare/?ids={ids}{query}")
        return page

    return open_comparison


def pictures(page: Page) -> Locator:
    return page.locator(".comparison-frame img")


def drawn(page: Page, what: str) -> set[str]:
    """What the pictures' styles are, once they have settled."""
    settle(page)
    return set(pictures(page).evaluate_all(what))


def told_zoom(page: Page) -> int:
    return int(page.locator(".comparison-zoom").inner_text().removesuffix(" %"))


def look(page: Page, way: str) -> None:
    page.get_by_role("radio", name=way).check()


def test_all_pictures_are_zoomed_and_moved_as_one(compared: Callable[..., Page]) -> None:
    page = compared(0, 1, 3)
    for image in pictures(page).all():
        expect_shown(image)
    before = told_zoom(page)
    frame = page.locator(".comparison-frame").nth(1)
    box = frame.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -600)
    expect(page.locator(".comparison.is-zoomed")).to_be_visible()
    assert told_zoom(page) > before
    assert len(drawn(page, SCALES)) == 1
    places = drawn(page, PLACES)
    assert len(places) == 1

    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4 - 30, box["y"] + box["height"] / 2 - 20, steps=3)
    page.mouse.up()
    moved = drawn(page, PLACES)
    assert len(moved) == 1
    assert moved != places

    page.get_by_role("button", name="Fit").click()
    assert told_zoom(page) == before
    page.get_by_role("button", name="Pixels 1:1").click()
    assert told_zoom(page) == 100
    page.get_by_role("button", name="Fit").click()
    page.mouse.dblclick(box["x"] + 60, box["y"] + 60)
    expect(page.locator(".comparison.is-zoomed")).to_be_visible()
    page.mouse.dblclick(box["x"] + 60, box["y"] + 60)
    assert told_zoom(page) == before


def test_two_fingers_zoom_and_one_moves(compared: Callable[..., Page]) -> None:
    page = compared(0, 1, has_touch=True)
    expect(page.locator(".comparison.is-live")).to_be_visible()
    before = told_zoom(page)
    box = page.locator(".comparison-frame").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (x - 20, y), (x + 20, y))
    for spread in (30, 45, 60):
        touch("touchMove", (x - spread, y), (x + spread, y))
    touch("touchEnd")
    zoomed = told_zoom(page)
    assert zoomed == pytest.approx(3 * before, rel=0.1)
    places = drawn(page, PLACES)
    touch("touchStart", (x, y))
    touch("touchMove", (x + 15, y + 10))
    touch("touchMove", (x + 40, y + 30))
    touch("touchEnd")
    assert told_zoom(page) == zoomed
    assert drawn(page, PLACES) != places


def test_the_comparison_needs_no_mouse(compared: Callable[..., Page]) -> None:
    page = compared(0, 3)
    expect(page.locator(".comparison.is-live")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Side by side"))
    stage = page.get_by_role("group", name="Pictures", exact=True)
    tab_to(page, stage)
    fits = told_zoom(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert told_zoom(page) > fits
    at = drawn(page, PLACES)
    page.keyboard.press("ArrowRight")
    assert drawn(page, PLACES) != at
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert told_zoom(page) == fits

    radio = page.get_by_role("radio", name="Side by side")
    radio.focus()
    page.keyboard.press("ArrowRight")
    handle = page.get_by_role("slider", name="How much of each picture to show")
    expect(handle).to_be_visible()
    expect(page).to_have_url(re.compile("mode=slider"))
    tab_to(page, handle)
    page.keyboard.press("Home")
    second = page.locator(".comparison-frame").nth(1)
    expect(second).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
    page.keyboard.press("End")
    expect(second).to_have_css("clip-path", "inset(0px 0px 0px 100%)")

    page.get_by_role("radio", name="Slider").focus()
    page.keyboard.press("ArrowRight")
    figures = page.locator(".comparison figure")
    says = page.locator(".comparison [role=status]")
    expect(says).to_have_text("Picture 1 of 2")
    page.keyboard.press("Space")
    expect(says).to_have_text("Picture 2 of 2")
    expect(figures.nth(0)).to_be_hidden()
    expect(figures.nth(1)).to_be_visible()
    page.keyboard.press("Space")
    expect(figures.nth(0)).to_be_visible()


def test_blinking_goes_round_and_by_itself(compared: Callable[..., Page]) -> None:
    page = compared(0, 1, 2, 3, query="&mode=blink")
    says = page.locator(".comparison [role=status]")
    for number in (1, 2, 3, 4, 1):
        expect(says).to_have_text(f"Picture {number} of 4")
        page.get_by_role("button", name="Next picture").click()
    figures = page.locator(".comparison figure")
    expect(figures.nth(1)).to_be_visible()
    page.get_by_role("button", name="By itself").click()
    expect(figures.nth(2)).to_be_visible()
    # Nothing is read out each second.
    expect(says).to_have_text("")
    page.get_by_role("button", name="By itself").click()
    expect(says).to_have_text(re.compile("Picture . of 4"))


def test_the_share_of_pixels_that_differ_is_told(compared: Callable[..., Page]) -> None:
    page = compared(0, 2)
    look(page, "Difference")
    says = page.locator(".comparison [role=status]")
    expect(says).to_have_text(re.compile(r"[\d.]+ % of the pixels differ"))
    expect(page.get_by_role("img", name="Where the two pictures differ")).to_be_visible()
    check_accessible(page)
    # These two are of other sizes.
    expect(says).to_contain_text("The second picture has another size")


def test_what_was_asked_for_is_compared_too(compared: Callable[..., Page]) -> None:
    page = compared(0, 3)
    prompt = page.get_by_role("region", name="Prompt")
    expect(prompt.locator("del").first).to_have_text("[removed:] lighthouse at dusk [end]")
    expect(prompt.locator("ins").last).to_contain_text("4")
    row = page.get_by_role("row", name=re.compile("^Seed"))
    expect(row).to_contain_text("differs")
    page.get_by_role("link", name="All about it (picture 2)").click()
    expect(page.locator("#prompt")).to_contain_text("number 4")


def test_without_javascript_the_pictures_stand_side_by_side(compared: Callable[..., Page]) -> None:
    page = compared(0, 3, java_script_enabled=False)
    for image in pictures(page).all():
        expect(image).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_role("region", name="Prompt").locator("ins").first).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize("mode", ["side", "slider", "blink", "difference"])
def test_every_way_to_compare_looks_right(compared: Callable[..., Page], mode: str) -> None:
    page = compared(0, 3, query=f"&mode={mode}")
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        excess = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(excess) <= 0
        page.emulate_media(color_scheme="light")
        check_accessible(page)
        page.emulate_media(color_scheme="dark")
        check_accessible(page)
