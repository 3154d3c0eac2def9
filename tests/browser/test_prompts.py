"""What helps with a prompt: those of late, styles, variations, chance. Keyboard first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

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
    expect(cards(busy, "saved").first).to_contain_text("seed")
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


def test_recent_prompts_without_javascript(new_context: NewContext, stage: Stage) -> None:
    person = stage.someone(pictures=3)
    page = new_context(person, java_script_enabled=False).new_page()
    page.goto("/playground/")
    page.get_by_role("link", name="Recent").click()
    page.get_by_role("link", name=LAST[1]).click()
    expect(prompt(page)).to_have_value(LAST[1])
