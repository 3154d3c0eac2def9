"""Experiments: a grid by keyboard, live and paused, a race, a blind choice and its ranking."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ..servers import Someone, Stage
from ..upstream import Upstream
from ..upstream_behaviours import invalid, success
from .conftest import NewContext
from .guard import Guard, check_accessible
from .steps import Gate, downloaded, expect_progress, expect_shown, tab_to

EXPERIMENT = re.compile(r"/experiments/\d+/$")


def saved(page: Page) -> Locator:
    return page.locator(".cell a.picture")


@pytest.fixture
def experimenter(stage: Stage) -> Someone:
    """Somebody with an experiment whose six pictures are done."""
    return stage.someone(experiments=1)


def make(page: Page, pictures: int) -> Locator:
    """The button, once it says what it will do."""
    noun = "picture" if pictures == 1 else "pictures"
    return page.get_by_role("button", name=f"Make {pictures} {noun}", exact=True)


def begin(page: Page, prompt: str, seeds: str = "1-2", *, calls: int = 0) -> None:
    """Fill the form in; where it counts as calls, wait until the page has named them."""
    page.goto("/experiments/new/")
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("radio", name="These").check()
    page.get_by_label("Which seeds").fill(seeds)
    if calls:
        expect(page.locator("#bill-words")).to_contain_text(f"{calls} calls")


def test_a_grid_is_made_without_a_mouse(page: Page) -> None:
    page.goto("/experiments/")
    tab_to(page, page.get_by_role("link", name="Begin an experiment"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Prompt", exact=True))
    page.keyboard.type("a {red|blue} pig")
    expect(page.locator("#preview")).to_contain_text("2 pictures")
    tab_to(page, page.get_by_role("checkbox", name="XL"))
    page.keyboard.press("Space")
    expect(page.locator("#preview")).to_contain_text("4 pictures")
    expect(page.locator("#preview tbody td")).to_have_count(4)
    # What changes beside it takes nothing from whoever is typing.
    expect(page.get_by_role("checkbox", name="XL")).to_be_focused()
    check_accessible(page)
    tab_to(page, make(page, 4))
    page.keyboard.press("Enter")

    page.wait_for_url(EXPERIMENT)
    expect(saved(page)).to_have_count(4)
    expect(page.locator("#progress")).to_contain_text("4 of 4")
    expect_shown(saved(page).first.locator("img"))
    check_accessible(page)
    tab_to(page, saved(page).first)
    page.keyboard.press("Enter")
    expect(page.locator(".lightbox-caption")).to_contain_text("a red pig")
    page.get_by_role("link", name="All about this picture").click()
    expect(page.locator("#prompt")).to_have_text("a red pig")


def test_recent_prompts_and_surprises_are_at_hand_here_too(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(pictures=2)).new_page()
    page.goto("/experiments/new/")
    prompt = page.get_by_label("Prompt", exact=True)
    expect(prompt).to_have_value("a city in the rain, number 2")
    prompt.fill("")
    prompt.press("ArrowUp")
    prompt.press("ArrowUp")
    expect(prompt).to_have_value("a lighthouse at dusk, number 1")
    prompt.fill("a {red|blue} pig")
    expect(make(page, 2)).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Surprise me"))
    page.keyboard.press("Enter")
    expect(prompt).not_to_have_value("a {red|blue} pig")
    # The preview follows.
    expect(make(page, 1)).to_be_visible()
    check_accessible(page)
    tab_to(page, page.get_by_role("button", name="Recent"))
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="a lighthouse at dusk, number 1", exact=True)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("a lighthouse at dusk, number 1")


def test_a_grid_says_its_calls_pauses_and_goes_on(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(success())
    page = new_context(customer).new_page()
    begin(page, "{red|blue} pig", "1-3")
    page.get_by_role("checkbox", name="FLUX").check()
    page.get_by_label("Avoid").fill("fog")
    expect(page.locator("#bill-words")).to_contain_text("18 calls")
    expect(page.locator("#preview")).to_contain_text("FLUX ignores the negative prompt")
    make(page, 12).click()

    page.wait_for_url(EXPERIMENT)
    expect(page.locator("#progress")).to_contain_text("2 in the making")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#progress")).to_contain_text("10 paused")
    check_accessible(page)
    gate.open()
    expect(saved(page)).to_have_count(2)
    expect(page.locator("#progress")).to_contain_text("2 of 12")
    assert imagepig.billed == 2

    page.get_by_role("button", name="Go on").click()
    expect(saved(page)).to_have_count(12)
    expect(page.locator("#progress progress")).to_have_count(0)
    assert imagepig.billed == 12


def test_what_waits_is_cancelled_and_a_failed_cell_is_tried_again_alone(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(success(image_data="bm8gcGljdHVyZQ=="))
    page = new_context(customer).new_page()
    begin(page, "a pig", "1-3", calls=3)
    make(page, 3).click()
    page.wait_for_url(EXPERIMENT)
    expect(page.locator("#progress")).to_contain_text("2 in the making")
    page.get_by_role("button", name="Cancel 1 waiting").click()
    expect(page.locator("#cell-2")).to_contain_text("Cancelled")
    gate.open()
    failed = page.locator(".cell .fault")
    expect(failed).to_have_count(2)
    expect(failed.first).to_contain_text("We kept the answer")
    check_accessible(page)

    imagepig.script = None
    page.locator("#cell-1").get_by_role("button", name="Generate again").click()
    expect(page.locator("#cell-1 a.picture")).to_be_visible()
    expect(failed).to_have_count(1)
    expect(page.locator("#progress")).to_contain_text("1 of 3")
    assert imagepig.billed == 3


def test_cells_show_how_far_they_are_by_the_usual_time(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(success())
    page = new_context(customer).new_page()
    begin(page, "a slow pig", "1-3", calls=3)
    make(page, 3).click()
    page.wait_for_url(EXPERIMENT)
    sending = page.locator(".cell", has=page.locator(".state-sending"))
    expect(sending).to_have_count(2)
    expect_progress(sending.first)
    expect_progress(sending.last)
    waiting = page.locator(".cell", has=page.locator(".state-queued"))
    expect(waiting.get_by_role("progressbar")).to_have_count(0)
    check_accessible(page)
    gate.open()
    expect(saved(page)).to_have_count(3)
    expect(page.locator(".cell").get_by_role("progressbar")).to_have_count(0)


def test_a_race_shows_the_endpoints_side_by_side_with_their_times(page: Page) -> None:
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("a fast pig")
    page.get_by_role("button", name="Generate 1 image").click()
    page.locator(".picture-card.is-saved a.picture").click()
    page.get_by_role("button", name="Race the endpoints").click()

    page.wait_for_url(EXPERIMENT)
    expect(saved(page)).to_have_count(3)
    expect(page.locator(".lane h2")).to_have_text(["Default", "XL", "FLUX"])
    expect(page.locator(".badge", has_text="Fastest")).to_have_count(1)
    expect(page.locator(".lane .facts").first).to_contain_text(re.compile(r"\d\.\d\d s"))
    check_accessible(page)


def test_the_playgrounds_form_races_what_it_holds(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    page = new_context(customer).new_page()
    page.goto("/playground/")
    page.get_by_role("button", name="Race the endpoints · 4 calls").click()
    expect(page.locator("#generate .errors")).to_contain_text("Say what you want to see.")
    page.get_by_label("Prompt", exact=True).fill("a pig that races")
    page.get_by_label("Avoid").fill("fog")
    page.get_by_role("button", name="Race the endpoints · 4 calls").click()
    page.wait_for_url(EXPERIMENT)
    expect(saved(page)).to_have_count(3)
    expect(page.locator(".experiment-note")).to_contain_text("FLUX ignores the negative prompt")
    assert imagepig.billed == 3


def test_the_grid_is_saved_as_one_picture(new_context: NewContext, experimenter: Someone) -> None:
    page = new_context(experimenter).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    content = downloaded(page, page.get_by_role("link", name="Save as one picture"))
    image = Image.open(io.BytesIO(content), formats=("PNG",))
    assert image.info["Software"] == "sandbox"
    assert image.width > 3 * 320


def test_blind_choices_go_by_key_to_a_ranking(
    new_context: NewContext, experimenter: Someone
) -> None:
    page = new_context(experimenter).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    page.get_by_role("link", name="Choose blindly").click()
    left = page.locator("input[name=left]")
    right = page.locator("input[name=right]")
    expect_shown(page.get_by_alt_text("The left picture"))
    check_accessible(page)
    seen = set()
    for number in range(15):
        expect(page.locator(".choose-count")).to_contain_text(f"You have chosen {number} time")
        pair = (left.input_value(), right.input_value())
        seen.add(frozenset(pair))
        page.keyboard.press(("ArrowLeft", "ArrowRight", "ArrowDown")[number % 3])
    expect(page.get_by_role("heading", name="You have compared them all")).to_be_visible()
    assert len(seen) == 15
    check_accessible(page)

    page.get_by_role("link", name="See the ranking").click()
    expect(page.locator(".lead")).to_have_text("15 choices by 1 person.")
    expect(page.locator(".ranked-pictures li")).to_have_count(6)
    check_accessible(page)


def test_choosing_and_ranking_need_no_script(
    new_context: NewContext, experimenter: Someone
) -> None:
    page = new_context(experimenter, java_script_enabled=False).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    page.get_by_role("link", name="Choose blindly").click()
    page.get_by_role("button", name="The left picture").click()
    page.get_by_role("button", name="I can’t tell").click()
    expect(page.locator(".choose-count")).to_contain_text("You have chosen 2 times")
    page.get_by_role("link", name="Ranking").click()
    expect(page.locator(".lead")).to_have_text("2 choices by 1 person.")


def test_a_grid_needs_no_script_and_names_its_calls_first(
    new_context: NewContext, customer: Someone, guard: Callable[[], Guard], imagepig: Upstream
) -> None:
    page = new_context(customer, java_script_enabled=False).new_page()
    guard().expect_status(422, "/experiments/new/")
    begin(page, "{red|blue} pig")
    page.get_by_role("button", name="Make these pictures").click()
    expect(page.get_by_role("alert")).to_contain_text("This counts as 4 calls")
    assert imagepig.billed == 0
    page.get_by_role("button", name="Make these pictures").click()
    page.wait_for_url(EXPERIMENT)
    expect(page.locator(".cell")).to_have_count(4)


def test_a_refused_cell_says_what_image_pig_said(
    new_context: NewContext, customer: Someone, imagepig: Upstream
) -> None:
    imagepig.script = lambda _request: invalid("seed", "We do not like this seed.")
    page = new_context(customer).new_page()
    begin(page, "a pig", calls=2)
    make(page, 2).click()
    page.wait_for_url(EXPERIMENT)
    expect(page.locator(".cell .fault")).to_have_count(2)
    expect(page.locator(".cell .fault").first).to_contain_text("We do not like this seed.")


def test_an_experiment_is_renamed_deleted_and_brought_back(
    new_context: NewContext, experimenter: Someone
) -> None:
    page = new_context(experimenter).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    page.get_by_role("textbox", name="Name").fill("Red or blue?")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Red or blue?")
    page.get_by_role("button", name="Delete the experiment").click()
    expect(page.get_by_role("heading", name="Find out what works")).to_be_visible()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Red or blue?")


@pytest.mark.parametrize("name", ["", "choose/", "ranking/"])
def test_every_page_looks_right_light_and_dark_wide_and_narrow(
    name: str, new_context: NewContext, experimenter: Someone
) -> None:
    page = new_context(experimenter).new_page()
    page.goto("/experiments/")
    address = page.get_by_role("link", name="Experiment 1").get_attribute("href") or ""
    for path in ("/experiments/", "/experiments/new/") if not name else ():
        look(page, path)
    look(page, address + name)


def look(page: Page, address: str) -> None:
    page.goto(address)
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, f"{address} sticks out at {width} px."
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            check_accessible(page)
