"""The gallery: rows without end, pictures in full, the first dozen, deleting with a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ..running import PASSWORD
from ..servers import Stage
from ..upstream import Upstream
from ..upstream_book import BY_THE_BOOK
from .conftest import NewContext
from .guard import check_accessible
from .steps import Gate, cards, expect_progress, expect_shown, generate, tab_to

MANY = 130


@pytest.fixture
def opened(new_context: NewContext, stage: Stage) -> Callable[..., Page]:
    """Opens the gallery of somebody with so many pictures."""

    def open_gallery(pictures: int) -> Page:
        page = new_context(stage.someone(pictures=pictures)).new_page()
        page.goto("/gallery/")
        return page

    return open_gallery


def test_the_gallery_goes_on_as_it_is_scrolled_newest_first(opened: Callable[..., Page]) -> None:
    page = opened(MANY)
    tiles = page.locator("#pictures > .tile")
    expect(tiles.last).to_be_attached()
    assert 0 < tiles.count() < MANY
    check_accessible(page)
    while (shown := tiles.count()) < MANY:
        tiles.last.scroll_into_view_if_needed()
        expect(tiles).not_to_have_count(shown)

    numbers = [
        int(text.rpartition(" ")[2]) for text in page.locator(".tile-caption").all_text_contents()
    ]
    assert numbers == list(range(MANY, 0, -1))
    expect_shown(tiles.last.locator("img:not(.picture-blur)"))
    expect(page.get_by_role("link", name="Older pictures")).to_have_count(0)


def test_tiles_on_their_way_show_how_far_they_are_by_the_usual_time(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    generate(page, "three slow pigs", count=3)
    expect(cards(page, "sending")).to_have_count(2)
    # Where nothing was on its way as the page came, what is shows it all the same.
    page.goto("/gallery/?endpoint=xl")
    page.get_by_role("link", name="Clear all").click()
    sending = page.locator(".tile", has=page.locator(".state-sending"))
    expect(sending).to_have_count(2)
    expect_progress(sending.first)
    expect_progress(sending.last)
    check_accessible(page)
    expect(page.locator(".tile").get_by_role("progressbar")).to_have_count(2)
    gate.open()
    expect(page.locator(".tile a[data-picture]")).to_have_count(3)
    expect(page.locator(".tile").get_by_role("progressbar")).to_have_count(0)


def test_pictures_open_in_full_and_the_arrow_keys_lead_on(opened: Callable[..., Page]) -> None:
    page = opened(3)
    page.locator(".tile a").first.click()
    box = page.get_by_role("dialog", name="Pictures in full")
    caption = box.locator(".lightbox-caption")
    expect(caption).to_contain_text("number 3")
    check_accessible(page)

    page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("number 2")
    page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("number 1")
    page.keyboard.press("ArrowLeft")
    expect(caption).to_contain_text("number 2")
    page.keyboard.press("Escape")

    expect(box).to_have_count(0)
    expect(page.locator(".tile a").nth(1)).to_be_focused()


def test_an_empty_gallery_draws_a_dozen_examples(page: Page) -> None:
    page.goto("/gallery/")
    expect(page.get_by_role("heading", name="Your pictures gather here")).to_be_visible()
    page.get_by_role("button", name="Draw a dozen examples in the sandbox").click()

    pictures = page.locator(".tile a[data-picture]")
    expect(pictures).to_have_count(12)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect_shown(picture.locator("img:not(.picture-blur)"))
    # Further down, the header lies over what was scrolled away.
    page.evaluate("scrollTo(0, 0)")
    check_accessible(page)


def test_deleting_moves_on_to_the_neighbour_and_can_be_undone(opened: Callable[..., Page]) -> None:
    page = opened(3)
    page.goto(page.locator(".tile a").nth(1).get_attribute("href") or "")
    expect(page.locator("#prompt")).to_contain_text("number 2")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#prompt")).not_to_contain_text("number 2")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("in the bin")
    check_accessible(page)
    toast.get_by_role("button", name="Undo").click()

    expect(page.locator("#prompt")).to_contain_text("number 2")
    page.goto("/gallery/")
    expect(page.locator(".tile")).to_have_count(3)


def test_arrow_keys_lead_from_one_pictures_page_to_the_next(opened: Callable[..., Page]) -> None:
    page = opened(2)
    page.goto(page.locator(".tile a").first.get_attribute("href") or "")
    expect(page.locator("#prompt")).to_contain_text("number 2")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#prompt")).to_contain_text("number 1")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#prompt")).to_contain_text("number 2")
    page.go_back()
    expect(page.locator("#prompt")).to_contain_text("number 1")


def test_the_main_job_needs_no_mouse(stranger: Page) -> None:
    page = stranger
    page.goto("/accounts/signup/")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type("keys@example.com")
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url("**/playground/")
    tab_to(page, page.get_by_label("Prompt"))
    page.keyboard.type("a pig that needs no mouse")
    tab_to(page, page.get_by_role("radio", name="Default"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Landscape")).to_be_checked()
    expect(page.get_by_role("radio", name="FLUX")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Generate 1 image"))
    page.keyboard.press("Enter")
    picture = cards(page, "saved").get_by_role("link", name="a pig that needs no mouse")
    expect(picture).to_be_visible()
    tab_to(page, picture)
    page.keyboard.press("Enter")

    rerun = page.get_by_role("button", name="Re-run with this seed")
    expect(rerun).to_be_visible()
    tab_to(page, rerun)
    page.keyboard.press("Enter")
    again = cards(page, "saved").get_by_role("link", name="a pig that needs no mouse")
    expect(again).to_be_visible()
    tab_to(page, again)
    page.keyboard.press("Enter")
    expect(page.locator("#comparison")).to_contain_text("same to the last byte")
