"""What helps with a prompt: those of late, styles, variations, chance. Keyboard first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ..servers import Stage
from .conftest import NewContext
from .guard import check_accessible
from .steps import cards, generate, tab_to


@pytest.fixture
def busy(new_context: NewContext, stage: Stage) -> Page:
    """A page of somebody who has made pictures of three prompts, with an empty field."""
    page = new_context(stage.someone(pictures=3)).new_page()
    page.goto("/playground/")
    return page


def prompt(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Prompt")


LAST = [
    "a fox in the snow, number 3",
    "a city in the rain, number 2",
    "a lighthouse at dusk, number 1",
]


def test_the_arrow_keys_walk_through_recent_prompts(busy: Page) -> None:
    field = prompt(busy)
    field.fill("")
    for text in LAST:
        field.press("ArrowUp")
        expect(field).to_have_value(text)
    field.press("ArrowUp")
    expect(field).to_have_value(LAST[-1])
    field.press("ArrowDown")
    expect(field).to_have_value(LAST[1])
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_value("")

    # What somebody has written is theirs.
    field.fill("my own words")
    field.press("Home")
    field.press("ArrowUp")
    expect(field).to_have_value("my own words")


def test_what_was_just_sent_is_the_newest(busy: Page) -> None:
    generate(busy, "a brand new pig")
    expect(busy.locator(".run").first).to_contain_text("a brand new pig")
    field = prompt(busy)
    field.fill("")
    field.press("ArrowUp")
    expect(field).to_have_value("a brand new pig")
    field.press("ArrowUp")
    expect(field).to_have_value(LAST[0])


def test_the_menu_of_recent_prompts_works_by_keyboard(busy: Page) -> None:
    prompt(busy).fill("something else")
    button = busy.get_by_role("button", name="Recent")
    tab_to(busy, button)
    busy.keyboard.press("Enter")
    link = busy.get_by_role("link", name=LAST[1], exact=True)
    expect(link).to_be_visible()
    check_accessible(busy)
    tab_to(busy, link)
    busy.keyboard.press("Enter")
    expect(link).to_be_hidden()
    expect(prompt(busy)).to_have_value(LAST[1])
    expect(prompt(busy)).to_be_focused()


def test_the_focus_stays_on_a_recent_prompt_while_the_list_is_fetched_again(busy: Page) -> None:
    field = prompt(busy)
    field.fill("")
    field.press("ArrowUp")  # The list is fetched for the first time.
    expect(field).to_have_value(LAST[0])
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    busy.route("**/playground/prompts/", hold)
    button = busy.get_by_role("button", name="Recent")
    tab_to(busy, button)
    with busy.expect_request("**/playground/prompts/"):
        busy.keyboard.press("Enter")
    link = busy.get_by_role("link", name=LAST[1], exact=True)
    tab_to(busy, link)
    with busy.expect_response("**/playground/prompts/") as answered:
        held[0].continue_()
    answered.value.finished()
    expect(link).to_be_focused()
    busy.keyboard.press("Tab")
    expect(busy.get_by_role("link", name=LAST[2], exact=True)).to_be_focused()


def test_two_runs_of_one_prompt_are_no_landmarks_of_one_name(page: Page) -> None:
    page.goto("/playground/")
    for number in (1, 2):
        generate(page, "the same pig twice")
        expect(page.locator("#results .run")).to_have_count(number)
    check_accessible(page)
    rule = "axe.run(document, {runOnly: ['landmark-unique']}).then((found) => found.violations)"
    assert page.evaluate(rule) == []


def test_recent_prompts_without_javascript(new_context: NewContext, stage: Stage) -> None:
    person = stage.someone(pictures=3)
    page = new_context(person, java_script_enabled=False).new_page()
    page.goto("/playground/")
    page.get_by_role("link", name="Recent").click()
    page.get_by_role("link", name=LAST[1]).click()
    expect(prompt(page)).to_have_value(LAST[1])


def test_a_style_is_added_chosen_by_keyboard_shown_and_sent(page: Page) -> None:
    page.goto("/playground/")
    page.get_by_role("link", name="Styles").click()
    check_accessible(page)
    page.get_by_role("button", name="Add 8 styles").click()
    check_accessible(page)
    page.goto("/playground/")
    prompt(page).fill("a pig on a hill")
    choice = page.get_by_label("Style", exact=True)
    tab_to(page, choice)
    page.keyboard.type("Water")
    sent = page.locator(".sent-as")
    expect(sent).to_contain_text("a pig on a hill, watercolour painting")
    expect(sent).to_contain_text("Avoid: photo")
    check_accessible(page)
    page.get_by_role("button", name="Generate 1 image").click()
    image = cards(page, "saved").get_by_role("img", name="a pig on a hill, watercolour painting")
    expect(image).to_have_count(1)
    # The form stands as it was typed, style and all.
    expect(prompt(page)).to_have_value("a pig on a hill")
    expect(choice.locator("option:checked")).to_have_text("Watercolour")
    choice.select_option("No style")
    expect(sent).to_have_count(0)


def test_variations_are_counted_made_and_handed_to_experiments(page: Page) -> None:
    page.goto("/playground/")
    prompt(page).fill("{red|blue} pig")
    expect(page.locator(".sent-as li")).to_have_text(["red pig", "blue pig"])
    page.get_by_role("button", name="Generate 2 images").click()
    expect(cards(page, "saved")).to_have_count(2)
    prompt(page).fill("{a|b|c} pig, {1|2|3}")
    link = page.get_by_role("link", name="Make them as an experiment")
    expect(link).to_be_visible()
    check_accessible(page)
    link.click()
    expect(page.get_by_role("heading", name="New experiment")).to_be_visible()
    expect(prompt(page)).to_have_value("{a|b|c} pig, {1|2|3}")


def test_a_word_list_is_kept_and_used(page: Page) -> None:
    page.goto("/word-lists/")
    check_accessible(page)
    page.get_by_label("Name").fill("weather")
    page.get_by_label("Words").fill("rain\nsnow\nfog")
    page.get_by_role("button", name="Add this list").click()
    expect(page.get_by_role("heading", name="__weather__")).to_be_visible()
    check_accessible(page)
    page.goto("/playground/")
    prompt(page).fill("a hill in __weather__")
    page.get_by_role("button", name="Generate 3 images").click()
    expect(cards(page, "saved")).to_have_count(3)


@pytest.mark.parametrize("script", [True, False])
def test_a_deleted_style_is_brought_back_by_keyboard(
    new_context: NewContext, stage: Stage, *, script: bool
) -> None:
    page = new_context(stage.someone(), java_script_enabled=script).new_page()
    page.goto("/styles/")
    page.get_by_role("button", name="Add 8 styles").click()
    page.get_by_role("link", name="Change Pixel art").click()
    tab_to(page, page.get_by_role("button", name="Delete this style"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pixel art")).to_have_count(0)
    if script:
        check_accessible(page)
    tab_to(page, page.locator(".toast").get_by_role("button", name="Undo"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pixel art")).to_be_visible()


def test_the_same_picture_is_shown_and_run_anyway_by_keyboard(page: Page) -> None:
    page.goto("/playground/")
    page.get_by_label("Seed").fill("42")
    generate(page, "the very same pig")
    expect(cards(page, "saved")).to_have_count(1)
    page.get_by_role("button", name="Generate 1 image").click()
    known = page.locator("#known")
    expect(known).to_contain_text("You already have this picture")
    expect(known.locator(".picture-card")).to_have_count(1)
    check_accessible(page)
    again = page.get_by_role("button", name="Run anyway")
    tab_to(page, again)
    page.keyboard.press("Enter")
    expect(known).to_be_empty()
    expect(page.locator("#results .picture-card.is-saved")).to_have_count(2)


def test_without_javascript_styles_and_known_pictures_work(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(), java_script_enabled=False).new_page()
    page.goto("/styles/")
    page.get_by_role("button", name="Add 8 styles").click()
    page.get_by_role("link", name="Use Pixel art").click()
    prompt(page).fill("a plain pig")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="See what will be sent").click()
    expect(page.locator(".sent-as")).to_contain_text("a plain pig, pixel art")
    page.locator("#bill .button-primary").click()
    expect(cards(page, "saved")).to_have_count(1)
    page.get_by_role("link", name="Back to the form").click()
    expect(prompt(page)).to_have_value("a plain pig, pixel art, 16-bit, limited palette")
    page.get_by_label("Seed").fill("7")
    page.locator("#bill .button-primary").click()
    expect(page.get_by_text("You already have this picture")).to_be_visible()
    page.get_by_role("button", name="Run anyway").click()
    expect(cards(page, "saved")).to_have_count(1)
    expect(page.get_by_text("You already have")).to_have_count(0)


def test_a_surprise_fills_the_field_and_gives_back_what_was_typed(page: Page) -> None:
    page.goto("/playground/")
    field = prompt(page)
    field.fill("my own words")
    page.get_by_label("Avoid").fill("fog")
    button = page.get_by_role("button", name="Surprise me")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(field).not_to_have_value("my own words")
    expect(button).to_be_focused()
    expect(page.get_by_label("Avoid")).to_have_value("fog")
    check_accessible(page)
    surprising = field.input_value()
    field.press("Home")
    field.press("ArrowUp")
    expect(field).to_have_value("my own words")
    field.press("ArrowDown")
    expect(field).to_have_value(surprising)
    page.get_by_role("button", name="Generate 1 image").click()
    expect(cards(page, "saved").get_by_role("img", name=surprising)).to_have_count(1)
