"""Pressing faster than answers come: no mark is lost, or shown of another picture."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import Guard
from .steps import PATIENCE

CHANGES = re.compile(r"/pictures/\d+/(star|rate|tag|untag|collect|uncollect)/$")
DETAILS = re.compile(r"/pictures/\d+/details/$")


class Held:
    """Requests that are on their way until they are let go, oldest first."""

    def __init__(self, page: Page, address: re.Pattern[str]) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(address, self.hold)

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def expect(self, number: int) -> None:
        """Wait until so many are on their way."""
        end = time.monotonic() + PATIENCE
        # Playwright hears of requests only while it waits for something.
        while len(self.routes) < number and time.monotonic() < end:
            self.page.evaluate("new Promise(requestAnimationFrame)")
        assert len(self.routes) >= number

    def release(self) -> None:
        self.expect(1)
        self.routes.pop(0).continue_()


@pytest.fixture
def owner(stage: Stage) -> Someone:
    return stage.someone(pictures=3)


@pytest.fixture
def page(new_context: NewContext, owner: Someone) -> Iterator[Page]:
    page = new_context(owner).new_page()
    yield page
    page.unroute_all(behavior="ignoreErrors")


def pressed(place: Page | Locator, name: str, *, on: bool) -> None:
    button = place.get_by_role("button", name=re.compile(name))
    expect(button).to_have_attribute("aria-pressed", str(on).lower())


def tile(page: Page, number: int) -> Locator:
    return page.locator("#pictures > .tile").filter(has_text=re.compile(rf"number {number}\b"))


def test_a_rating_is_shown_that_is_given_before_the_star_is_answered(
    page: Page, owner: Someone
) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    held = Held(page, CHANGES)
    page.keyboard.press("s")
    page.keyboard.press("4")
    pressed(page, "^Star", on=True)
    held.release()
    held.release()
    pressed(page, "^4 of 5", on=True)
    expect(page.get_by_role("button", name="Starred")).to_be_visible()
    assert held.routes == []


def test_a_second_press_takes_the_star_back_however_late_the_first_is_answered(
    page: Page, owner: Someone
) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    held = Held(page, CHANGES)
    for on in (True, False, True, False):
        page.keyboard.press("s")
        pressed(page, "^Star", on=on)
    for _ in range(4):
        held.release()
    page.unroute(CHANGES)
    page.keyboard.press("5")
    pressed(page, "^5 of 5", on=True)
    pressed(page, "^Star", on=False)
    page.reload()
    pressed(page, "^Star", on=False)


def test_tags_are_typed_one_after_the_other_without_waiting(page: Page, owner: Someone) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    held = Held(page, CHANGES)
    field = page.get_by_label("Add a tag")
    field.focus()
    for name in ("pink", "blue"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(field).to_have_value("")
    page.keyboard.type("gre")
    held.release()
    held.release()
    expect(page.get_by_role("link", name="blue")).to_be_visible()
    expect(page.get_by_role("link", name="pink")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("gre")
    page.keyboard.type("en")
    page.keyboard.press("Enter")
    held.release()
    expect(page.get_by_role("link", name="green")).to_be_visible()


def test_who_leaves_before_the_answer_has_pressed_all_the_same(page: Page, owner: Someone) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    held = Held(page, re.compile(r"/star/$"))
    page.keyboard.press("s")
    page.keyboard.press("4")
    held.expect(1)
    page.goto("/gallery/")
    end = time.monotonic() + PATIENCE
    while not tile(page, 1).locator(".tile-rating").count() and time.monotonic() < end:
        page.reload()
    expect(tile(page, 1).locator(".tile-rating")).to_contain_text("4")


def test_a_comment_is_begun_before_the_last_one_is_answered(page: Page, owner: Someone) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    held = Held(page, re.compile(r"/pictures/\d+/comment/$"))
    field = page.get_by_label("Say something about it")
    field.fill("The barn is crooked.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(field).to_have_value("")
    field.fill("And the sk")
    held.release()
    expect(page.locator(".comment-text")).to_have_text(["The barn is crooked."])
    expect(field).to_have_value("And the sk")
    expect(field).to_be_focused()


def test_what_failed_is_taken_back_and_can_be_sent_again(
    page: Page, owner: Someone, guards: list[Guard]
) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    guards[0].expect_status(503, f"/pictures/{owner.pictures[0]}/")
    page.route(CHANGES, lambda route: route.fulfill(status=503))
    page.get_by_label("Add a tag").fill("pink")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("That did not work")
    expect(page.get_by_label("Add a tag")).to_have_value("pink")
    page.locator("[data-star]").click()
    pressed(page, "^Star", on=False)
    page.unroute(CHANGES)
    page.get_by_role("button", name="Add").first.click()
    expect(page.get_by_role("link", name="pink")).to_be_visible()
    pressed(page, "^Star", on=False)


def test_what_went_well_before_something_failed_is_shown(
    page: Page, owner: Someone, guards: list[Guard]
) -> None:
    page.goto(f"/pictures/{owner.pictures[0]}/")
    guards[0].expect_status(503, "/star/")
    held = Held(page, CHANGES)
    for key in ("3", "s"):
        page.keyboard.press(key)
    page.get_by_label("Add a tag").fill("pin")
    pressed(page, "^Star", on=True)
    held.release()
    held.expect(1)
    held.routes.pop().fulfill(status=503)
    pressed(page, "^3 of 5", on=True)
    pressed(page, "^Star", on=False)
    expect(page.get_by_label("Add a tag")).to_have_value("pin")


def test_a_tag_that_cannot_be_stays_in_its_field(
    page: Page, owner: Someone, guards: list[Guard]
) -> None:
    guards[0].expect_status(422, "/tag/")
    page.goto(f"/pictures/{owner.pictures[0]}/")
    field = page.get_by_label("Add a tag")
    field.fill("x" * 60)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at most 50 characters")
    expect(field).to_have_value("x" * 60)
    expect(field).to_be_focused()


def test_a_tiles_star_and_rating_are_answered_in_their_order(page: Page) -> None:
    page.goto("/gallery/")
    held = Held(page, CHANGES)
    tile(page, 2).locator("a").focus()
    for key in ("s", "3", "s", "5"):
        page.keyboard.press(key)
    for _ in range(4):
        held.release()
    expect(tile(page, 2).locator(".tile-rating")).to_contain_text("5")
    pressed(tile(page, 2), "^Star", on=False)
    page.reload()
    expect(tile(page, 2).locator(".tile-rating")).to_contain_text("5")
    pressed(tile(page, 2), "^Star", on=False)


def in_full(page: Page) -> Locator:
    """The lightbox, opened on the newest picture, number 3."""
    page.goto("/gallery/")
    page.locator(".tile a[data-picture]").first.click()
    expect(page.locator(".lightbox-caption")).to_contain_text("number 3")
    box = page.get_by_role("dialog", name="Pictures in full")
    expect(box.locator(".marks")).to_have_count(1)
    return box


def test_who_goes_on_in_the_lightbox_has_marked_what_they_saw(page: Page) -> None:
    box = in_full(page)
    details = Held(page, DETAILS)
    # Before its details are there, …
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lightbox-caption")).to_contain_text("number 1")
    for route in details.routes:
        route.continue_()
    page.unroute(DETAILS)
    pressed(tile(page, 2), "^Star", on=True)
    # … and before its mark has been answered.
    held = Held(page, CHANGES)
    pressed(box, r"^Star \(S\)", on=False)
    page.keyboard.press("4")
    held.expect(1)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".lightbox-caption")).to_contain_text("number 2")
    held.release()
    expect(tile(page, 1).locator(".tile-rating")).to_contain_text("4")
    expect(tile(page, 2).locator(".tile-rating")).to_have_count(0)
    pressed(tile(page, 1), "^Star", on=False)
    pressed(box, r"^Star \(S\)", on=True)


def test_the_tile_knows_what_is_pressed_in_the_lightboxs_details(page: Page) -> None:
    box = in_full(page)
    page.keyboard.press("i")
    box.get_by_role("button", name="4 of 5").click()
    expect(tile(page, 3).locator(".tile-rating")).to_contain_text("4")
    box.get_by_role("region", name="Details").get_by_role("button", name="Star").click()
    pressed(tile(page, 3), "^Star", on=True)
    pressed(box, r"^Star \(S\)", on=True)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_tile_shows_the_last_mark_whichever_answer_comes_first(
    page: Page, order: tuple[int, int]
) -> None:
    box = in_full(page)
    details = Held(page, DETAILS)
    for on in (True, False):
        page.keyboard.press("s")
        pressed(box, r"^Star \(S\)", on=on)
        details.expect(1 if on else 2)
    answers = [route.fetch() for route in details.routes]
    for place in order:
        details.routes[place].fulfill(response=answers[place])
    pressed(tile(page, 3), "^Star", on=False)
