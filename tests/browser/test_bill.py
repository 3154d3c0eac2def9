"""Who pays: a team's key, a budget that is used up, and the page that shows what was spent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from ..upstream import Upstream
from .conftest import API_KEY, NewContext
from .guard import check_accessible
from .steps import cards, generate


@pytest.fixture
def alice(stage: Stage) -> Someone:
    """An owner whose team has an API key."""
    return stage.someone(api_key=API_KEY)


def test_a_budget_is_set_used_up_and_shown(page: Page, imagepig: Upstream) -> None:
    page.goto("/team/usage/")
    expect(page.get_by_text("No calls to Image Pig in this month")).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name="Budgets").click()
    page.get_by_label("All members together").fill("many")
    page.get_by_role("button", name="Save the budgets").click()
    expect(page.get_by_label("All members together")).to_have_value("many")
    check_accessible(page)
    page.get_by_label("All members together").fill("1")
    page.get_by_role("button", name="Save the budgets").click()
    expect(page.locator("#messages")).to_contain_text("The budgets are saved.")

    page.goto("/playground/")
    expect(page.locator("#bill")).to_contain_text("1 of 1 calls is left this month")
    generate(page, "the last pig of the month")
    expect(cards(page, "saved")).to_have_count(1)
    expect(page.locator("#bill")).to_contain_text("only the sandbox goes on")
    generate(page, "a pig too many")
    expect(page.locator("#generate")).to_contain_text("Nothing was sent")
    expect(page.get_by_label("Prompt")).to_have_value("a pig too many")
    assert len(imagepig.posts) == 1
    check_accessible(page)

    page.goto("/team/usage/")
    expect(page.get_by_role("img", name="Calls a day")).to_be_visible()
    page.get_by_text("The numbers as a table").click()
    expect(page.get_by_role("region", name="Calls a day as a table")).to_contain_text("Default")
    expect(page.get_by_role("progressbar")).to_have_accessible_name("The team’s budget: 100 % used")
    check_accessible(page)


def test_the_usage_page_fits_a_phone(new_context: NewContext, alice: Someone) -> None:
    phone = new_context(alice, viewport={"width": 390, "height": 844}).new_page()
    for address in ("/team/usage/", "/team/budget/", "/team/shares/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        check_accessible(phone)
