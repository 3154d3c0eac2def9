"""A grid by keyboard: what is there already, calls that are many, the focus, pictures in full."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ..servers import Someone, Stage
from ..upstream import Upstream
from ..upstream_behaviours import success
from .conftest import NewContext
from .guard import Guard, check_accessible
from .steps import Gate, downloaded, expect_shown, generate, tab_to
from .test_experiments import EXPERIMENT, begin, make, saved

UNUSABLE = "bm8gcGljdHVyZQ=="
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def experimenter(new_context: NewContext, stage: Stage) -> Page:
    """The page of somebody's experiment whose six pictures are done."""
    page = new_context(stage.someone(experiments=1)).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    return page


def progress(page: Page) -> Locator:
    return page.locator("#progress")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab, and press it."""
    tab_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def test_what_is_there_already_is_shown_for_no_call_and_run_anyway(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    page = new_context(customer).new_page()
    page.goto("/playground/")
    page.get_by_label("Seed").fill("3")
    generate(page, "a red pig")
    expect(page.locator(".picture-card.is-saved")).to_have_count(1)
    assert imagepig.billed == 1

    begin(page, "a {red|blue} pig", "1-3", calls=5)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("1 more is there already")
    expect(preview.locator(".preview-known")).to_have_count(1)
    check_accessible(page)
    anew = page.get_by_role("checkbox", name="Run anyway")
    tab_to(page, anew)
    page.keyboard.press("Space")
    expect(make(page, 6)).to_be_visible()
    expect(page.locator("#bill-words")).to_contain_text("6 calls")
    expect(anew).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#bill-words")).to_contain_text("5 calls")
    tab_to(page, make(page, 5))
    page.keyboard.press("Enter")
    page.wait_for_url(EXPERIMENT)
    expect(progress(page)).to_contain_text("6 of 6")
    assert imagepig.billed == 6
    cell = page.locator("#cell-2")
    expect_shown(cell.locator("img"))
    expect(cell).to_contain_text("There already: 0 calls")
    check_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(STICKS_OUT) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})

    press(page, "Run anyway")
    expect(cell).not_to_contain_text("There already")
    expect(cell.locator("a.picture")).to_be_visible()
    assert imagepig.billed == 7
    # The whole of it once more costs nothing.
    page.get_by_role("link", name="Change and run again").click()
    show = page.get_by_role("button", name="Show 6 pictures")
    tab_to(page, show)
    page.keyboard.press("Enter")
    page.wait_for_url(EXPERIMENT)
    expect(page.locator(".cell-known")).to_have_count(6)
    assert imagepig.billed == 7


def test_many_calls_are_asked_for_once_more(
    new_context: NewContext, customer: Someone, guard: Callable[[], Guard], imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(success())
    page = new_context(customer).new_page()
    guard().expect_status(422, "/experiments/new/")
    begin(page, "a {red|blue} pig", "1-26", calls=52)
    check_accessible(page)
    tab_to(page, make(page, 52))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This counts as 52 calls.")
    assert imagepig.billed == 0
    yes = page.get_by_role("checkbox", name="Yes, spend 52 calls")
    tab_to(page, yes)
    page.keyboard.press("Space")
    expect(yes).to_be_checked()
    tab_to(page, make(page, 52))
    page.keyboard.press("Enter")
    page.wait_for_url(EXPERIMENT)
    expect(progress(page)).to_contain_text("2 in the making")
    press(page, "Cancel 50 waiting")
    expect(progress(page)).to_contain_text("50 cancelled")
    gate.open()
    expect(progress(page)).to_contain_text("2 of 52")
    assert imagepig.billed == 2


def test_the_focus_stays_where_it_was_while_the_grid_changes(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(success(image_data=UNUSABLE))
    page = new_context(customer).new_page()
    begin(page, "a pig", "1-5", calls=5)
    make(page, 5).click()
    page.wait_for_url(EXPERIMENT)
    expect(progress(page)).to_contain_text("2 in the making")
    press(page, "Pause")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cancel 3 waiting")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#cell-4")).to_contain_text("Cancelled")
    # The button is gone with what waited; the next Tab goes on from where it was.
    expect(progress(page)).to_be_focused()
    gate.open()
    expect(page.locator(".cell .fault")).to_have_count(2)
    check_accessible(page)

    imagepig.script = None
    again = page.locator("#cell-1").get_by_role("button", name="Generate again")
    tab_to(page, again)
    page.keyboard.press("Enter")
    expect(page.locator("#cell-1 a.picture")).to_be_visible()
    page.wait_for_function("document.activeElement.closest('#cell-1')")
    assert imagepig.billed == 3


def test_pictures_of_a_grid_are_looked_at_in_full_one_after_the_other(
    experimenter: Page,
) -> None:
    page = experimenter
    caption = page.locator(".lightbox-caption")
    tab_to(page, saved(page).nth(1))
    page.keyboard.press("Enter")
    expect(caption).to_contain_text("a red pig on a hill, 8")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("a blue pig on a hill, 7")
    page.keyboard.press("s")
    expect(caption.get_by_role("status")).to_have_text("Starred")
    check_accessible(page)
    page.keyboard.press("Delete")
    expect(caption).to_contain_text("a blue pig on a hill, 8")
    expect(page.locator("#cell-3")).to_contain_text("In the bin")
    page.locator(".lightbox-undo").get_by_role("button", name="Undo").click()
    expect(caption).to_contain_text("a blue pig on a hill, 7")
    expect(page.locator("#cell-3 a.picture")).to_have_count(1)
    page.keyboard.press("Delete")
    expect(page.locator("#cell-3")).to_contain_text("In the bin")
    page.keyboard.press("Escape")
    expect(saved(page)).to_have_count(5)
    page.reload()
    expect(page.locator("#cell-3")).to_contain_text("In the bin")


def test_its_pictures_are_found_in_the_gallery(experimenter: Page) -> None:
    experimenter.get_by_role("link", name="In the gallery").click()
    expect(experimenter.locator("#pictures > .tile")).to_have_count(6)


def test_its_address_is_copied_for_the_team(experimenter: Page) -> None:
    experimenter.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab_to(experimenter, experimenter.get_by_role("button", name="Copy its address"))
    experimenter.keyboard.press("Enter")
    expect(experimenter.locator(".toast")).to_contain_text("Copied")
    copied = experimenter.evaluate("navigator.clipboard.readText()")
    assert copied == experimenter.url
    assert EXPERIMENT.search(copied)


def test_a_deleted_experiment_is_brought_back_when_the_message_is_gone(experimenter: Page) -> None:
    page = experimenter
    page.get_by_role("button", name="Delete the experiment").click()
    expect(page.locator(".toast")).to_contain_text("in the bin")
    page.goto("/experiments/")
    tab_to(page, page.get_by_text("Deleted experiments"))
    page.keyboard.press("Enter")
    check_accessible(page)
    press(page, "Bring back Experiment 1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Experiment 1")


def test_labels_of_any_script_are_on_the_picture_of_the_grid(page: Page) -> None:
    begin(page, "{雪中的红猪|خنزير أزرق} 🐷", "1-2")
    make(page, 4).click()
    page.wait_for_url(EXPERIMENT)
    expect(saved(page)).to_have_count(4)
    content = downloaded(page, page.get_by_role("link", name="Save as one picture"))
    image = Image.open(io.BytesIO(content), formats=("PNG",))
    assert "Prompt: 雪中的红猪 🐷; خنزير أزرق 🐷" in image.info["Comment"]


def test_without_javascript_the_calls_are_seen_before_the_click(
    new_context: NewContext, customer: Someone, guard: Callable[[], Guard], imagepig: Upstream
) -> None:
    page = new_context(customer, java_script_enabled=False).new_page()
    begin(page, "{red|blue} pig")
    page.get_by_role("button", name="See what this makes").click()
    expect(page.locator("#preview")).to_contain_text("4 pictures, 4 calls")
    expect(page.get_by_label("Which seeds")).to_have_value("1-2")
    assert imagepig.billed == 0
    # Named now, they need no second question.
    page.get_by_role("button", name="Make these pictures").click()
    page.wait_for_url(EXPERIMENT)
    expect(page.locator(".cell")).to_have_count(4)


@pytest.mark.parametrize("seeds", ["1", "1-9"])
def test_a_grid_uses_the_room_there_is_and_sticks_out_nowhere(page: Page, seeds: str) -> None:
    begin(page, "a {red|blue} pig", seeds)
    many = 2 if seeds == "1" else 18
    make(page, many).click()
    page.wait_for_url(EXPERIMENT)
    expect(saved(page)).to_have_count(many)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKS_OUT) <= 0
        cell = page.locator("#cell-0").bounding_box()
        assert cell
        assert cell["width"] >= 150
        check_accessible(page)
    assert re.search(r"/experiments/\d+/", page.url)
