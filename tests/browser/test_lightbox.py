"""Pictures in full: star, rate, delete and take back, details and pixels, without leaving them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ..servers import Stage
from .conftest import NewContext
from .guard import check_accessible
from .steps import downloaded, expect_shown, tab_to

PAGE = 60


@pytest.fixture
def opened(new_context: NewContext, stage: Stage) -> Callable[..., Page]:
    """Opens the newest picture of somebody with so many of them."""

    def open_lightbox(pictures: int, role: str = "", **options: object) -> Page:
        page = new_context(stage.someone(pictures=pictures, role=role), **options).new_page()
        page.goto("/gallery/")
        page.locator(".tile a[data-picture]").first.click()
        expect(caption(page)).to_contain_text(f"number {pictures}")
        return page

    return open_lightbox


def box(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Pictures in full")


def caption(page: Page) -> Locator:
    return page.locator(".lightbox-caption")


def says(page: Page) -> Locator:
    return caption(page).get_by_role("status")


def tile(page: Page, number: int) -> Locator:
    return page.locator("#pictures > .tile").filter(has_text=re.compile(rf"number {number}\b"))


def test_keys_star_and_rate_the_picture_and_its_tile_knows(opened: Callable[..., Page]) -> None:
    page = opened(3)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    star = box(page).get_by_role("button", name="Star (S)")
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(says(page)).to_have_text("Starred")
    page.keyboard.press("4")
    expect(says(page)).to_have_text("Starred · Rated 4 of 5")
    page.keyboard.press("ArrowRight")
    expect(star).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowLeft")
    expect(star).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("s")
    expect(says(page)).to_have_text("Rated 4 of 5")
    page.keyboard.press("s")
    expect(says(page)).to_have_text("Starred · Rated 4 of 5")
    marks = tile(page, 2).locator(".tile-marks")
    expect(marks.locator("[data-star]")).to_have_attribute("aria-pressed", "true")
    expect(marks).to_contain_text("4")

    page.keyboard.press("Escape")
    expect(tile(page, 2).locator("a[data-picture]")).to_be_focused()
    page.reload()
    expect(tile(page, 2).locator("[data-star]")).to_have_attribute("aria-pressed", "true")


def test_deleting_moves_to_the_neighbour_and_can_be_undone(opened: Callable[..., Page]) -> None:
    page = opened(4)
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_contain_text("number 3")
    page.keyboard.press("Delete")
    expect(caption(page)).to_contain_text("number 2")
    expect(page.locator("#pictures > .tile")).to_have_count(3)
    expect(page.locator(".page-count")).to_have_text("3 pictures")
    # What is seen is the neighbour, not what was there before.
    shown = box(page).locator("[aria-hidden=false] img.pswp__img:not(.pswp__img--placeholder)")
    expect(shown).to_have_attribute("src", re.compile("/file/"))
    address = shown.get_attribute("src") or ""
    assert address.split("/")[2] in (caption(page).locator("a").get_attribute("href") or "")
    undo = box(page).get_by_role("button", name="Undo")
    check_accessible(page)
    undo.click()
    expect(caption(page)).to_contain_text("number 3")
    expect(page.locator("#pictures > .tile")).to_have_count(4)
    expect(page.locator(".page-count")).to_have_text("4 pictures")
    expect(page.locator("#pictures > .tile").nth(1)).to_contain_text("number 3")

    # The last one's neighbour is the one before it.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_contain_text("number 1")
    box(page).get_by_role("button", name="Delete").first.click()
    expect(caption(page)).to_contain_text("number 2")
    page.keyboard.press("ArrowLeft")
    expect(caption(page)).to_contain_text("number 3")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#pictures > .tile")).to_have_count(3)


def test_the_only_picture_is_deleted_with_a_way_back(opened: Callable[..., Page]) -> None:
    page = opened(1)
    page.keyboard.press("Delete")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("in the bin")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#prompt")).to_contain_text("number 1")


def test_details_are_read_without_leaving(opened: Callable[..., Page]) -> None:
    page = opened(3)
    page.keyboard.press("i")
    details = box(page).get_by_role("region", name="Details")
    expect(details).to_contain_text("Seed")
    expect(details).to_contain_text("number 3")
    check_accessible(page)
    page.keyboard.press("ArrowRight")
    expect(details).to_contain_text("number 2")
    tag = details.get_by_label("Add a tag")
    tag.fill("best")
    # What is typed in a field is no command.
    tag.press("s")
    tag.press("3")
    tag.press("ArrowLeft")
    expect(tag).to_have_value("bests3")
    expect(caption(page)).to_contain_text("number 2")
    tag.press("Enter")
    expect(details.get_by_role("link", name="bests3")).to_be_visible()
    expect(caption(page)).not_to_contain_text("Rated")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_count(0)


def test_the_pixels_are_a_key_away_and_back(opened: Callable[..., Page]) -> None:
    page = opened(3)
    picture = box(page).locator("[aria-hidden=false] img.pswp__img").last
    expect_shown(picture)
    before = picture.bounding_box()
    page.keyboard.press("z")
    expect(box(page)).to_have_class(re.compile("pswp--zoomed-in"))
    assert before
    wide, until = before["width"], time.monotonic() + 10
    # It grows over some frames.
    while wide <= before["width"] and time.monotonic() < until:
        page.evaluate("() => new Promise(requestAnimationFrame)")
        wide = (picture.bounding_box() or before)["width"]
    assert wide > before["width"]
    page.keyboard.press("z")
    expect(box(page)).not_to_have_class(re.compile("pswp--zoomed-in"))


@pytest.mark.parametrize("pixels", [1, 2])
def test_a_pixel_of_the_picture_is_then_one_of_the_screen(
    pixels: int, opened: Callable[..., Page]
) -> None:
    page = opened(2, viewport={"width": 400, "height": 300}, device_scale_factor=pixels)
    picture = box(page).locator("[aria-hidden=false] img.pswp__img").last
    expect_shown(picture)
    exact = picture.evaluate("image => image.naturalWidth") / pixels
    before = picture.bounding_box()
    assert before
    assert before["width"] < exact
    page.keyboard.press("z")
    wide, until = 0.0, time.monotonic() + 10
    while wide != pytest.approx(exact, abs=0.01) and time.monotonic() < until:
        page.evaluate("() => new Promise(requestAnimationFrame)")
        wide = (picture.bounding_box() or before)["width"]
    assert wide == pytest.approx(exact, abs=0.01)


def test_delete_never_means_the_picture_that_one_has_gone_on_to(
    opened: Callable[..., Page],
) -> None:
    page = opened(3)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"/details/$"), hold_the_first)
    with page.expect_request(re.compile(r"/details/$")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowRight")
    # The next one's details overtake those that the key waits for.
    expect(box(page).get_by_role("button", name="Delete").first).to_be_visible()
    held[0].continue_()
    expect(box(page).get_by_text("Nothing was deleted")).to_be_visible()
    expect(page.locator("#pictures > .tile")).to_have_count(3)


def test_pages_without_end_keep_feeding_it(opened: Callable[..., Page]) -> None:
    page = opened(PAGE + 6)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/gallery/\?"), hold)
    for number in range(PAGE + 5, 6, -1):
        page.keyboard.press("ArrowRight")
        expect(caption(page)).to_contain_text(re.compile(rf"number {number}\b"))
    # At the end of what is there, a step is taken as soon as there is more.
    page.keyboard.press("ArrowRight")
    held[0].continue_()
    expect(caption(page)).to_contain_text(re.compile(r"number 6\b"))
    for number in range(5, 0, -1):
        page.keyboard.press("ArrowRight")
        expect(caption(page)).to_contain_text(re.compile(rf"number {number}\b"))
    # The first page's end was passed, nothing came twice, and it does not go round.
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_contain_text(re.compile(r"number 1\b"))
    page.keyboard.press("Escape")
    expect(page.locator("#pictures > .tile")).to_have_count(PAGE + 6)
    expect(tile(page, 1).locator("a[data-picture]")).to_be_focused()


def test_links_lead_to_the_pictures_page_and_to_its_file(opened: Callable[..., Page]) -> None:
    page = opened(2)
    assert downloaded(page, box(page).get_by_role("link", name="Download").first)
    caption(page).get_by_role("link", name="All about this picture").click()
    expect(page.locator("#prompt")).to_contain_text("number 2")


def test_a_viewer_stars_and_cannot_delete(opened: Callable[..., Page]) -> None:
    page = opened(2, role="viewer")
    page.keyboard.press("s")
    expect(says(page)).to_have_text("Starred")
    expect(box(page).get_by_role("button", name="Delete")).to_have_count(0)
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowRight")
    expect(caption(page)).to_contain_text("number 1")
    expect(page.locator("#pictures > .tile")).to_have_count(2)


def test_tab_stays_within_and_reaches_everything(opened: Callable[..., Page]) -> None:
    page = opened(2)
    expect(box(page)).to_have_attribute("aria-modal", "true")
    page.keyboard.press("i")
    details = box(page).get_by_role("region", name="Details")
    expect(details).to_contain_text("Seed")
    tab_to(page, details.get_by_role("link", name="Download"))
    for _ in range(12):
        page.keyboard.press("Tab")
    inside = "document.activeElement === document.body || !!document.activeElement.closest('.pswp')"
    assert page.evaluate(inside)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_the_open_lightbox_looks_right(
    opened: Callable[..., Page], scheme: str, size: tuple[int, int]
) -> None:
    width, height = size
    page = opened(3, viewport={"width": width, "height": height}, color_scheme=scheme)
    check_accessible(page)
    page.keyboard.press("i")
    expect(box(page).get_by_role("region", name="Details")).to_contain_text("Seed")
    check_accessible(page)
    for button in box(page).locator(".pswp__button:visible").all():
        place = button.bounding_box()
        assert place
        assert 0 <= place["x"] <= place["x"] + place["width"] <= width
