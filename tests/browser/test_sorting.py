"""Sorting pictures out: stars, ratings, tags, collections, many at once, the bin; by keys too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import check_accessible

SOME = 9


@pytest.fixture
def owner(stage: Stage) -> Someone:
    return stage.someone(pictures=SOME)


@pytest.fixture
def gallery(new_context: NewContext, owner: Someone) -> Page:
    page = new_context(owner).new_page()
    page.goto("/gallery/")
    return page


def tiles(page: Page) -> Locator:
    return page.locator("#pictures > .tile")


def picture(page: Page, number: int) -> Locator:
    """The link of the tile at that place, newest first, from 0 on."""
    return tiles(page).nth(number).locator("a")


def chosen(page: Page) -> Locator:
    return page.locator('.tile input[name="ids"]:checked')


def bar(page: Page) -> Locator:
    return page.get_by_role("form", name="The pictures that are chosen")


def test_keys_star_and_rate_a_picture_on_its_page(new_context: NewContext, owner: Someone) -> None:
    page = new_context(owner).new_page()
    page.goto(f"/pictures/{owner.pictures[0]}/")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Starred")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("4")
    expect(page.get_by_role("button", name="4 of 5")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="4 of 5")).to_have_attribute("aria-pressed", "false")

    page.get_by_label("Add a tag").fill("Pink 5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="pink 5")).to_be_visible()
    # What is typed is no command, and the field is ready for the next one.
    expect(page.get_by_label("Add a tag")).to_be_focused()
    expect(page.get_by_role("button", name="5 of 5")).to_have_attribute("aria-pressed", "false")
    page.get_by_label("Add to a collection, or begin a new one").fill("Best")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Best", exact=True)).to_be_visible()
    check_accessible(page)
    page.get_by_role("switch", name="Keys").uncheck()
    page.reload()
    page.keyboard.press("3")
    page.get_by_role("button", name="Starred").click()
    # What the server answers comes after the key, and knows of no rating.
    expect(page.get_by_role("button", name="Star", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="3 of 5")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("switch", name="Keys").check()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="2 of 5")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("switch", name="Keys")).to_be_focused()
    page.get_by_role("button", name="Remove the tag pink 5").click()
    expect(page.get_by_role("link", name="pink 5")).to_have_count(0)


def test_arrows_move_space_chooses_and_shift_extends(gallery: Page) -> None:
    page = gallery
    picture(page, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(picture(page, 1)).to_be_focused()
    page.keyboard.press("Space")
    expect(chosen(page)).to_have_count(1)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(chosen(page)).to_have_count(3)
    page.keyboard.press("Shift+ArrowLeft")
    expect(chosen(page)).to_have_count(2)
    expect(bar(page)).to_contain_text("2 selected")
    page.keyboard.press("ArrowDown")
    row = picture(page, 1).bounding_box()
    below = page.locator(".tile:focus-within").bounding_box()
    assert row
    assert below
    assert below["y"] > row["y"]
    page.keyboard.press("s")
    focused = page.locator(".tile:focus-within")
    expect(focused.locator("[data-star]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("5")
    expect(focused.locator(".tile-rating")).to_contain_text("5")
    expect(chosen(page)).to_have_count(2)
    check_accessible(page)
    page.keyboard.press("ControlOrMeta+a")
    expect(chosen(page)).to_have_count(SOME)
    page.keyboard.press("Escape")
    expect(chosen(page)).to_have_count(0)
    expect(bar(page)).to_be_hidden()


def test_a_click_with_shift_chooses_all_between(gallery: Page) -> None:
    page = gallery
    tiles(page).nth(1).hover()
    tiles(page).nth(1).get_by_role("checkbox").check()
    # From then on a plain click chooses, and opens nothing.
    picture(page, 6).click(modifiers=["Shift"])
    expect(chosen(page)).to_have_count(6)
    picture(page, 3).click()
    expect(chosen(page)).to_have_count(5)
    assert page.locator(".pswp").count() == 0


def test_many_are_starred_tagged_and_collected_one_after_the_other(gallery: Page) -> None:
    page = gallery
    page.set_viewport_size({"width": 800, "height": 500})
    for number in (0, 4):
        picture(page, number).focus()
        page.keyboard.press("Space")
    page.evaluate("scrollTo(0, 200)")
    ticked = chosen(page).evaluate_all("boxes => boxes.map((box) => box.value)")
    assert len(ticked) == 2

    def still() -> None:
        """The same two are chosen, the page stands where it stood, and no menu is in the way."""
        assert chosen(page).evaluate_all("boxes => boxes.map((box) => box.value)") == ticked
        expect(bar(page)).to_contain_text("2 selected")
        assert page.evaluate("scrollY") == 200
        expect(page.locator(":popover-open")).to_have_count(0)

    bar(page).get_by_role("button", name="Star", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("2 pictures starred.")
    expect(page.locator('[data-star][aria-pressed="true"]')).to_have_count(2)
    still()
    page.get_by_role("button", name="Tag…").press("Enter")
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    expect(page.get_by_label("Tag", exact=True)).to_be_in_viewport()
    check_accessible(page)
    page.keyboard.type("Pink")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("2 pictures tagged “pink”.")
    still()
    page.get_by_role("button", name="Tag…").press("Enter")
    # What was typed last gives way to what is typed now.
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    page.keyboard.type("Hill")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("2 pictures tagged “hill”.")
    page.get_by_role("button", name="Collect…").click()
    page.get_by_label("Collection, there or new").fill("Best")
    page.keyboard.press("Enter")
    expect(page.locator(".toast").last).to_contain_text("2 pictures put into “Best”.")
    still()

    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/gallery/?tag=pink&tag=hill")
    expect(tiles(page)).to_have_count(2)
    page.get_by_role("link", name="Best", exact=True).click()
    expect(tiles(page)).to_have_count(2)
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text("Collection: Best")
    # What goes from the page is no longer chosen.
    picture(page, 0).focus()
    page.keyboard.press("Space")
    bar(page).get_by_role("button", name="Take out of this collection").click()
    expect(tiles(page)).to_have_count(1)
    expect(chosen(page)).to_have_count(0)
    expect(bar(page)).to_be_hidden()


def test_a_deleted_picture_gives_way_to_its_neighbour_and_comes_back_to_its_place(
    gallery: Page,
) -> None:
    page = gallery
    page.set_viewport_size({"width": 800, "height": 500})
    names = page.locator("#pictures .tile-caption").all_text_contents()
    picture(page, 4).focus()
    page.evaluate("scrollTo(0, 300)")
    place = page.evaluate("scrollY")
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(SOME - 1)
    expect(page.locator(".toast")).to_contain_text("1 picture is in the bin.")
    # What was the next one stands there now, and has the focus.
    expect(picture(page, 4)).to_be_focused()
    assert page.evaluate("scrollY") == place
    page.get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(SOME)
    assert page.locator("#pictures .tile-caption").all_text_contents() == names
    page.reload()
    expect(tiles(page)).to_have_count(SOME)


def test_the_bin_gives_back(gallery: Page) -> None:
    page = gallery
    picture(page, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    expect(tiles(page)).to_have_count(SOME - 2)
    expect(page.locator(".page-count")).to_have_text(f"{SOME - 2} pictures")
    page.goto("/gallery/bin/")
    expect(page.locator(".bin-item")).to_have_count(2)
    expect(page.locator(".bin-item").first).to_contain_text("Kept until")
    thumbnail = page.locator(".bin-item img[src^='/gallery/bin/']").first
    page.wait_for_function("image => image.naturalWidth > 100", arg=thumbnail.element_handle())
    check_accessible(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Bring back those with a tick").click()
    expect(page.locator(".bin-item")).to_have_count(1)
    page.goto("/gallery/")
    expect(tiles(page)).to_have_count(SOME - 1)


def test_all_that_match_are_more_than_those_shown(new_context: NewContext, stage: Stage) -> None:
    page = new_context(stage.someone(pictures=70)).new_page()
    page.goto("/gallery/")
    picture(page, 0).focus()
    page.keyboard.press("ControlOrMeta+a")
    bar(page).get_by_role("button", name="All 70 that match").click()
    expect(bar(page)).to_contain_text("All 70")
    bar(page).get_by_role("button", name="Star", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("70 pictures starred.")
    # They stay chosen, those that are not shown too.
    expect(bar(page)).to_contain_text("All 70")
    bar(page).get_by_role("button", name="Unstar").click()
    expect(page.locator(".toast").last).to_contain_text("70 pictures no longer starred.")
    expect(page.locator('[data-star][aria-pressed="true"]')).to_have_count(0)
    bar(page).get_by_role("button", name="Star", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("70 pictures starred.")
    page.goto("/gallery/?starred=1")
    expect(page.locator(".page-count")).to_have_text("70 pictures")


def test_a_tile_is_dragged_onto_a_collection(gallery: Page) -> None:
    page = gallery
    page.get_by_label("Name of a new collection").fill("Wall")
    page.keyboard.press("Enter")
    place = page.locator("[data-collect]", has_text="Wall")
    tiles(page).nth(2).drag_to(place)
    expect(page.locator(".toast").last).to_contain_text("1 picture put into “Wall”.")
    place.get_by_role("link").click()
    expect(tiles(page)).to_have_count(1)


def test_two_are_compared(gallery: Page) -> None:
    page = gallery
    picture(page, 0).focus()
    page.keyboard.press("Space")
    compare = bar(page).get_by_role("button", name="Compare")
    expect(compare).to_be_disabled()
    page.keyboard.press("Shift+ArrowRight")
    compare.click()
    page.wait_for_url("**/compare/?ids=*")


def test_those_that_are_chosen_leave_as_a_zip(gallery: Page) -> None:
    page = gallery
    picture(page, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    bar(page).get_by_role("button", name="ZIP").click()
    page.wait_for_url("**/gallery/export/")
    expect(page.locator("main")).to_contain_text("2 pictures")


@pytest.fixture
def plain(new_context: NewContext, owner: Someone) -> Callable[[], Page]:
    return lambda: new_context(owner, java_script_enabled=False).new_page()


def test_without_javascript_ticks_and_one_form_do_all_of_it(plain: Callable[[], Page]) -> None:
    page = plain()
    page.goto("/gallery/")
    for number in (0, 3):
        tiles(page).nth(number).get_by_role("checkbox").check()
    page.get_by_role("button", name="Tag…").click()
    page.get_by_label("Tag", exact=True).fill("Pink")
    page.get_by_role("button", name="Add the tag").click()
    expect(page.locator(".toast")).to_contain_text("2 pictures tagged “pink”.")
    tiles(page).nth(1).get_by_role("button", name="Star").click()
    expect(tiles(page).nth(1).get_by_role("button", name="Star")).to_have_attribute(
        "aria-pressed", "true"
    )
    tiles(page).nth(1).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete").click()
    expect(tiles(page)).to_have_count(SOME - 1)
    page.get_by_role("button", name="Undo").click()
    expect(tiles(page)).to_have_count(SOME)


def test_new_pictures_come_in_above_and_what_is_chosen_stays_so(
    gallery: Page, owner: Someone, stage: Stage
) -> None:
    page = gallery
    picture(page, 1).focus()
    page.keyboard.press("Space")
    words = page.locator(".tile:focus-within .tile-caption").text_content() or ""
    assert stage.someone(pictures=2, joins=owner.email).pictures
    page.evaluate("dispatchEvent(new Event('focus'))")
    pill = page.get_by_role("link", name="2 new")
    pill.click()
    expect(tiles(page)).to_have_count(SOME + 2)
    expect(pill).to_have_count(0)
    expect(chosen(page)).to_have_count(1)
    expect(tiles(page).filter(has=page.locator("input:checked"))).to_contain_text(words)
