"""Finding pictures: words, filters, saved views, days, and the way back to where one was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import check_accessible

MANY = 130


@pytest.fixture(scope="module")
def owner(stage: Stage) -> Someone:
    """Somebody whose pictures no test of this file changes."""
    return stage.someone(pictures=MANY)


@pytest.fixture
def gallery(new_context: NewContext, owner: Someone) -> Page:
    page = new_context(owner).new_page()
    page.goto("/gallery/")
    return page


def tiles(page: Page) -> Locator:
    return page.locator("#pictures > .tile")


def test_words_are_found_and_the_address_says_which(gallery: Page) -> None:
    page = gallery
    page.get_by_role("searchbox").fill('"number 12" lighthouse')
    page.keyboard.press("Enter")
    expect(page.locator(".page-count")).not_to_have_text(f"{MANY} pictures")
    page.get_by_role("searchbox").fill("lighthouse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/?text=lighthouse")
    expect(page.locator(".page-count")).to_have_text("33 pictures")
    expect(page.get_by_role("searchbox")).to_be_focused()
    for caption in page.locator("#pictures .tile-caption").all_text_contents():
        assert "lighthouse" in caption


def test_filters_combine_stay_open_and_come_off_one_by_one(gallery: Page) -> None:
    page = gallery
    page.locator("#filter-panel > summary").press("Enter")
    page.get_by_label("Endpoint").select_option(label="FLUX")
    page.wait_for_url("**/gallery/?endpoint=flux")
    expect(page.get_by_label("Proportion")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Seed", exact=True).fill("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/?endpoint=flux&seed=7")
    expect(page.locator(".page-count")).to_have_text("1 picture")
    expect(page.get_by_label("Seed", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Proportion")).to_be_hidden()
    expect(page.locator("#filter-panel > summary")).to_be_focused()
    page.get_by_role("link", name="Take off: FLUX").click()
    page.wait_for_url("**/gallery/?seed=7")
    page.go_back()
    expect(page.get_by_role("link", name="Take off: FLUX")).to_be_visible()


def test_what_cannot_be_read_is_said_and_does_not_count(gallery: Page) -> None:
    page = gallery
    page.locator("#filter-panel > summary").press("Enter")
    page.get_by_label("Seed", exact=True).fill("pig")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A seed is a whole number")
    expect(page.locator(".page-count")).to_have_text(f"{MANY} pictures")


def test_a_view_is_kept_by_name(new_context: NewContext, stage: Stage) -> None:
    page = new_context(stage.someone(pictures=4)).new_page()
    page.goto("/gallery/?sort=oldest&endpoint=flux")
    page.get_by_label("Name of this view").fill("Old FLUX")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("The view “Old FLUX” is kept.")
    page.goto("/gallery/")
    page.get_by_role("link", name="Old FLUX").click()
    expect(page.get_by_role("link", name="Take off: FLUX")).to_be_visible()
    page.get_by_role("button", name="Change the view Old FLUX").click()
    page.get_by_label("Name", exact=True).fill("FLUX of old")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="FLUX of old")).to_be_visible()
    page.get_by_role("button", name="Change the view FLUX of old").click()
    page.get_by_role("button", name="Delete this view").click()
    expect(page.get_by_role("link", name="FLUX of old")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="FLUX of old")).to_be_visible()


def test_days_lead_to_their_pictures_and_show_where_one_is(
    new_context: NewContext, stage: Stage
) -> None:
    # One picture a day, over four months.
    page = new_context(stage.someone(pictures=120, minutes_apart=24 * 60)).new_page()
    page.goto("/gallery/")
    rail = page.get_by_role("navigation", name="Days")
    months = rail.locator("a[data-day]").filter(has_not_text="0123456789")
    expect(rail.locator("[aria-current]")).to_have_count(1)
    first = rail.locator("[aria-current]").get_attribute("data-day")
    page.keyboard.press("End")
    page.mouse.wheel(0, 4000)
    expect(rail.locator("[aria-current]")).not_to_have_attribute("data-day", first or "")
    expect(months.first).to_be_visible()
    oldest = rail.locator("a[data-day]").last
    month = oldest.get_attribute("data-day") or ""
    oldest.click()
    page.wait_for_url(f"**/gallery/?at={month}")
    assert (tiles(page).first.get_attribute("data-at") or "").startswith(month)
    page.get_by_role("link", name="Newest pictures").click()
    expect(page.locator(".tile-caption").first).to_contain_text("number 120")


def test_the_rail_is_reached_and_walked_through_by_keys(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(pictures=70, minutes_apart=24 * 60)).new_page()
    page.goto("/gallery/")
    rail = page.get_by_role("navigation", name="Days")
    # The numbers come once the page is there.
    expect(rail.locator(".rail-number").first).to_be_visible()
    page.get_by_role("link", name="To views, collections and days").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#gallery-side")).to_be_focused()
    rail.locator("a[data-day]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(rail.locator("a[data-day]").nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rail.locator("a[data-day]").last).to_be_focused()
    check_accessible(page)
    month = rail.locator("a[data-day]").last.get_attribute("data-day") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/gallery/?at={month}")
    assert (tiles(page).first.get_attribute("data-at") or "").startswith(month)


def test_days_are_those_of_the_browsers_time_zone(new_context: NewContext, owner: Someone) -> None:
    page = new_context(owner, timezone_id="Pacific/Kiritimati").new_page()
    page.goto("/gallery/")
    # The first page tells it, the next one goes by it.
    page.reload()
    page.locator("#filter-panel > summary").press("Enter")
    expect(page.locator("#days-note")).to_have_text(
        "Days begin at midnight, Pacific/Kiritimati time."
    )


def test_on_a_phone_views_collections_and_days_open_over_the_pictures(
    new_context: NewContext, owner: Someone
) -> None:
    page = new_context(owner, viewport={"width": 390, "height": 844}).new_page()
    page.goto("/gallery/")
    expect(page.get_by_role("navigation", name="Days")).to_be_hidden()
    page.get_by_role("button", name="Views, collections, days").click()
    expect(page.get_by_role("navigation", name="Days")).to_be_visible()
    check_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Days")).to_be_hidden()


def test_back_leads_to_the_same_spot_however_far_down(gallery: Page) -> None:
    page = gallery
    page.wait_for_function(
        "number => scrollTo(0, document.body.scrollHeight)"
        " ?? document.querySelectorAll('#pictures > .tile').length === number",
        arg=MANY,
    )
    there = tiles(page).nth(100)
    there.scroll_into_view_if_needed()
    before = there.bounding_box()
    there.locator("a").focus()
    page.goto(there.locator("a").get_attribute("href") or "")
    page.go_back()
    again = tiles(page).nth(100)
    expect(again).to_be_in_viewport()
    expect(again.locator("a")).to_be_focused()
    after = again.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 2


def test_without_javascript_the_filters_are_one_form(
    new_context: NewContext, owner: Someone
) -> None:
    page = new_context(owner, java_script_enabled=False).new_page()
    page.goto("/gallery/")
    page.locator("#filter-panel > summary").click()
    page.get_by_label("Endpoint").select_option(label="FLUX")
    page.get_by_label("Seed", exact=True).fill("7")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/gallery/?endpoint=flux&seed=7")
    expect(tiles(page)).to_have_count(1)
