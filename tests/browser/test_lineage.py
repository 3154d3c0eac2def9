"""A picture's kin: remixed in the playground, each page tells of the other and of what changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import check_accessible
from .steps import cards, tab_to


def opened(new_context: NewContext, someone: Someone) -> Page:
    page = new_context(someone).new_page()
    page.goto(f"/pictures/{someone.pictures[0]}/")
    return page


def test_a_remix_and_its_source_tell_of_one_another(new_context: NewContext, stage: Stage) -> None:
    someone = stage.someone(pictures=1)
    page = opened(new_context, someone)
    remix = page.get_by_role("link", name="Remix")
    tab_to(page, remix)
    page.keyboard.press("Enter")
    page.get_by_label("Prompt", exact=True).fill("a lighthouse at dusk, fog, number 1")
    page.keyboard.press("Control+Enter")
    picture = cards(page, "saved").get_by_role("link", name="fog")
    expect(picture).to_be_visible()
    # The form still knows where it was filled in from.
    page.get_by_label("Prompt", exact=True).fill("a lighthouse, number 1")
    page.keyboard.press("Control+Enter")
    expect(cards(page, "saved").get_by_role("link", name="a lighthouse, number 1")).to_be_visible()
    picture.click()

    source = page.get_by_role("region", name="Where it comes from")
    chips = source.get_by_role("list", name="What changed").get_by_role("listitem")
    expect(chips.first).to_contain_text("+ fog")
    expect(chips.last).to_contain_text("seed 1 → ")
    check_accessible(page)
    source.get_by_role("link", name="Compare the two").click()
    expect(page.get_by_role("heading", name="Compare 2 pictures")).to_be_visible()
    expect(page.get_by_role("region", name="Prompt").locator("ins")).to_contain_text("fog")
    page.go_back()

    source.get_by_role("link", name="It comes from").click()
    offspring = page.get_by_role("region", name="Made from this picture")
    expect(offspring.get_by_role("link", name="a lighthouse")).to_have_count(2)
    expect(offspring.get_by_text("− at dusk")).to_be_visible()
    check_accessible(page)


def test_a_recalled_picture_is_forgotten_when_the_form_is_opened_anew(
    new_context: NewContext, stage: Stage
) -> None:
    someone = stage.someone(pictures=1)
    page = opened(new_context, someone)
    page.get_by_role("link", name="Use all").click()
    page.goto("/playground/")
    page.get_by_label("Prompt", exact=True).fill("a pig that comes from nowhere")
    page.keyboard.press("Control+Enter")
    cards(page, "saved").get_by_role("link", name="from nowhere").click()
    expect(page.locator("#prompt")).to_contain_text("from nowhere")
    expect(page.get_by_role("region", name="Where it comes from")).to_have_count(0)
