"""What is made of one picture leaves the page where it was."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ..servers import Stage
from .conftest import NewContext

MANY = 40
PHONE = {"width": 390, "height": 600}


def scrolled(page: Page) -> float:
    place: float = page.evaluate("scrollY")
    return place


def test_starring_and_rating_a_tile_do_not_scroll(new_context: NewContext, stage: Stage) -> None:
    page = new_context(stage.someone(pictures=MANY), viewport=PHONE).new_page()
    page.goto("/gallery/")
    tile = page.locator("#pictures > .tile").nth(MANY // 2)
    tile.scroll_into_view_if_needed()
    place = scrolled(page)
    assert place > PHONE["height"]
    star = tile.get_by_role("button", name="Star")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    assert scrolled(page) == place
    tile.locator("a").focus()
    place = scrolled(page)
    page.keyboard.press("s")
    expect(star).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("4")
    expect(tile.locator(".tile-rating")).to_contain_text("4")
    assert scrolled(page) == place


def test_starring_rating_and_tagging_on_a_pictures_page_do_not_scroll(
    new_context: NewContext, stage: Stage
) -> None:
    owner = stage.someone(pictures=1)
    page = new_context(owner, viewport=PHONE).new_page()
    page.goto(f"/pictures/{owner.pictures[0]}/")
    marks = page.locator(".marks")
    marks.get_by_label("Add a tag").scroll_into_view_if_needed()
    place = scrolled(page)
    assert place > 0
    # By the page's own scripts, for a click of Playwright's brings the button into sight first.
    for button, answered in (("[data-star]", "Starred"), ('[data-rate="3"]', "3 of 5")):
        # In one go: an answer to the click before puts another button in this one's place.
        page.evaluate("button => document.querySelector(button).click()", f".marks {button}")
        shown = marks.get_by_role("button", name=answered, pressed=True)
        expect(shown).to_be_attached()
        assert scrolled(page) == place
    marks.get_by_label("Add a tag").fill("pink")
    page.keyboard.press("Enter")
    expect(marks.get_by_role("link", name="pink")).to_be_visible()
    expect(marks.get_by_label("Add a tag")).to_be_focused()
    assert scrolled(page) == place
