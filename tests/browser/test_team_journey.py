"""What a team does with its bill, in one go: invite, spend, run out, show, and take back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..running import PASSWORD
from ..servers import Someone, Stage
from ..upstream import Upstream
from .conftest import NewContext
from .guard import check_accessible
from .steps import cards, expect_shown, generate
from .test_teams import invite

API_KEY = "pig-canary-4711-wxyz"
PROMPT = "a pig that the team pays for"


@pytest.fixture
def alice(stage: Stage) -> Someone:
    """An owner whose team has an API key."""
    return stage.someone(api_key=API_KEY)


def set_budget(page: Page, calls: int) -> None:
    page.goto("/team/budget/")
    page.get_by_label("All members together").fill(str(calls))
    page.get_by_role("button", name="Save the budgets").click()
    expect(page.locator("#messages")).to_contain_text("The budgets are saved.")


def join(page: Page, link: str, email: str) -> None:
    """Follow an invitation as somebody who has no account yet."""
    page.goto(link)
    page.get_by_role("button", name="Create an account and join").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def test_from_an_invitation_to_a_link_that_is_taken_back(
    page: Page, stranger: Page, new_context: NewContext, imagepig: Upstream
) -> None:
    set_budget(page, 1)
    editor = stranger
    join(editor, invite(page, "Editor"), "journey@example.com")
    expect(editor.locator("#messages")).to_contain_text("Alice’s team")

    # The team's key pays, and whoever uses it never sees it.
    editor.goto("/playground/")
    expect(editor.locator("#bill")).to_contain_text("1 of 1 calls is left this month")
    assert API_KEY not in editor.content()
    generate(editor, PROMPT)
    expect_shown(cards(editor, "saved").get_by_role("img", name=PROMPT))
    assert [request.headers["api-key"] for request in imagepig.posts] == [API_KEY]

    # What the budget does not carry is not sent, and what was typed stays.
    generate(editor, "one pig too many")
    expect(editor.locator("#generate")).to_contain_text("Nothing was sent")
    expect(editor.get_by_label("Prompt")).to_have_value("one pig too many")
    assert len(imagepig.posts) == 1
    page.goto("/team/usage/")
    expect(page.get_by_role("progressbar")).to_have_accessible_name("The team’s budget: 100 % used")
    expect(page.locator("main")).to_contain_text("journey")

    cards(editor, "saved").get_by_role("link", name=PROMPT).click()
    editor.get_by_role("link", name="Share", exact=True).click()
    editor.get_by_role("button", name="Make the link").click()
    link = editor.locator("#share-link").inner_text()
    client = new_context().new_page()
    client.goto(link)
    expect_shown(client.locator(".shared-image img"))
    expect(client.locator("main")).to_contain_text(PROMPT)
    check_accessible(client)

    # An owner takes it back, whoever made it.
    page.goto("/team/shares/")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#messages")).to_contain_text("The link is taken back")
    assert client.request.get(link).status == 404
    page.goto("/team/history/")
    for words in ("journey joined", "journey made a share link", "Alice took a share link back"):
        expect(page.locator(".happenings")).to_contain_text(words)
