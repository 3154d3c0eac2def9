"""Adding an API key: the same form asks Image Pig then, and says what that costs."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from ..servers import Stage
from ..upstream import Upstream
from .conftest import API_KEY, NewContext
from .guard import check_accessible
from .steps import cards, choose, expect_shown, generate

LARGEST_SEED = str(2**64 - 1)


def test_a_key_is_added_used_and_proved_by_its_first_picture(
    page: Page, imagepig: Upstream
) -> None:
    page.goto("/playground/")
    expect(page.get_by_role("group", name="Generate with")).to_have_count(0)
    page.get_by_role("link", name="Add your API key").click()
    page.get_by_label("API key", exact=True).fill(API_KEY)
    page.get_by_role("button", name="Save the key").click()
    expect(page.locator("dl.facts")).to_contain_text("…wxyz")
    expect(page.locator("dl.facts")).to_contain_text("Not used yet")
    assert API_KEY not in page.content()
    check_accessible(page)

    page.get_by_role("link", name="Playground", exact=True).click()
    expect(page.get_by_role("radio", name="Image Pig")).to_be_checked()
    page.get_by_label("Seed").fill(LARGEST_SEED)
    generate(page, "a pig for real")

    card = cards(page, "saved")
    expect_shown(card.get_by_role("img", name="a pig for real"))
    expect(card).to_contain_text(f"seed {LARGEST_SEED}")
    expect(card.locator(".badge-sandbox")).to_have_count(0)
    sent = imagepig.posts[0]
    assert sent.headers["api-key"] == API_KEY
    assert sent.json["seed"] == 2**64 - 1
    check_accessible(page)
    page.get_by_role("link", name="API key").first.click()
    expect(page.locator("dl.facts")).to_contain_text("Working")


def test_the_bill_comes_before_the_click(new_context: NewContext, stage: Stage) -> None:
    page = new_context(stage.someone(api_key=API_KEY)).new_page()
    page.goto("/playground/")
    bill = page.locator("#bill")
    expect(bill).to_contain_text("Generate 1 image")
    expect(bill).to_contain_text(re.compile(r"\b1 call · usually"))

    choose(page, "FLUX")
    expect(bill).to_contain_text("2 calls · usually")
    page.get_by_label("Pictures").fill("4")
    expect(bill).to_contain_text("Generate 4 images")
    expect(bill).to_contain_text("8 calls · usually")

    choose(page, "Sandbox")
    expect(bill).to_contain_text("Costs nothing")
    expect(bill).to_contain_text("Generate 4 images")
    choose(page, "Image Pig")
    expect(bill).to_contain_text("8 calls")


def test_the_switch_leads_to_the_sandbox_and_a_rerun_goes_where_its_original_was_made(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    page = new_context(stage.someone(api_key=API_KEY)).new_page()
    page.goto("/playground/")
    choose(page, "Sandbox")
    generate(page, "a pig for nothing")
    card = cards(page, "saved")
    expect(card.locator(".badge-sandbox")).to_be_visible()
    card.get_by_role("link", name="a pig for nothing").click()
    page.get_by_role("button", name="Re-run with this seed").click()
    cards(page, "saved").get_by_role("link", name="a pig for nothing").click()
    expect(page.locator("#comparison")).to_contain_text("same to the last byte")
    assert imagepig.posts == []

    page.goto("/playground/")
    choose(page, "Image Pig")
    generate(page, "a pig for money")
    card = cards(page, "saved").filter(has_text="Done").first
    card.get_by_role("link", name="a pig for money").click()
    expect(page.locator(".button-bill")).to_contain_text("1 call")
    page.get_by_role("button", name="Re-run with this seed").click()
    cards(page, "saved").get_by_role("link", name="a pig for money").click()
    expect(page.locator("#comparison")).to_contain_text("same to the last byte")
    first, second = imagepig.posts
    assert first.body == second.body
