"""From the first visit to the first picture, and to the same picture again."""

from __future__ import annotations

import time

from playwright.sync_api import Page, expect

from ..running import PASSWORD
from .guard import check_accessible
from .steps import cards, expect_shown

A_MINUTE = 60


def test_a_newcomer_has_a_picture_and_the_same_one_again_in_under_a_minute(stranger: Page) -> None:
    page, begun = stranger, time.monotonic()
    page.goto("/")
    page.get_by_role("link", name="Start in the sandbox").click()

    page.get_by_label("Email").fill("newcomer@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    page.get_by_label("Prompt").fill("a pig on a green hill at sunset")
    page.get_by_role("button", name="Generate 1 image").click()
    picture = cards(page, "saved").get_by_role("img", name="a pig on a green hill at sunset")
    expect_shown(picture)
    assert time.monotonic() - begun < A_MINUTE
    check_accessible(page)

    page.get_by_role("link", name="Gallery").first.click()
    page.locator(".tile a").click()
    page.locator(".pswp").get_by_role("link", name="All about this picture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a pig on a green hill at sunset")
    check_accessible(page)
    seed = page.locator("code.seed").inner_text()
    page.get_by_role("button", name="Re-run with this seed").click()
    cards(page, "saved").get_by_role("link", name="a pig on a green hill at sunset").click()

    expect(page.locator("#comparison")).to_contain_text("same to the last byte")
    expect(page.locator("code.seed")).to_have_text(seed)
    check_accessible(page)
    assert time.monotonic() - begun < A_MINUTE
