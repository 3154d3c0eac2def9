"""A team with more tags than a page holds: the others are found by typing, and on their page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from ..servers import Stage
from .conftest import NewContext

TAGS = 60
OLD = "tag 007"


def suggested(page: Page, name: str) -> None:
    """Whether the list beside a field has a name, whose options no page shows by themselves."""
    expect(page.locator(f'datalist option[value="{name}"]')).to_have_count(1)


def test_a_tag_that_is_not_in_the_page_is_suggested_while_it_is_typed(
    new_context: NewContext, stage: Stage
) -> None:
    owner = stage.someone(pictures=1, tags=TAGS)
    page = new_context(owner).new_page()
    page.goto("/gallery/")
    expect(page.locator(f'datalist option[value="{OLD}"]')).to_have_count(0)
    page.locator('#pictures input[name="ids"]').check()
    page.get_by_role("button", name="Tag…").click()
    field = page.get_by_label("Tag", exact=True).last
    field.press_sequentially("007")
    suggested(page, OLD)
    page.goto(f"/pictures/{owner.pictures[0]}/")
    expect(page.locator(f'datalist option[value="{OLD}"]')).to_have_count(0)
    page.get_by_label("Add a tag").press_sequentially("007")
    suggested(page, OLD)


def test_without_javascript_all_tags_are_a_page_away(new_context: NewContext, stage: Stage) -> None:
    owner = stage.someone(pictures=1, tags=TAGS)
    page = new_context(owner, java_script_enabled=False).new_page()
    page.goto("/gallery/?text=pig")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("link", name="All tags").click()
    page.get_by_role("link", name=OLD).click()
    expect(page).to_have_url("/gallery/?text=pig&tag=tag+007")
    page.get_by_text("Filters", exact=True).click()
    expect(page.get_by_label("Tag", exact=True).first).to_have_value(OLD)
