"""Showing and talking: a link for a stranger, taken back; comments; deciding by key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from .guard import check_accessible
from .steps import expect_shown


@pytest.fixture
def alice(stage: Stage) -> Someone:
    """Somebody with pictures to show."""
    return stage.someone(pictures=3)


def open_newest(page: Page) -> None:
    page.goto("/review/?all=1")
    page.locator(".review-picture").click()
    expect(page).to_have_url(re.compile(r"/pictures/\d+/$"))


def test_a_stranger_opens_a_link_until_it_is_taken_back(page: Page, stranger: Page) -> None:
    open_newest(page)
    prompt = page.locator("#prompt").inner_text()
    page.get_by_role("link", name="Share", exact=True).click()
    page.get_by_label("With its seed").uncheck()
    check_accessible(page)
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#share-link").inner_text()
    check_accessible(page)

    stranger.goto(link)
    expect_shown(stranger.locator(".shared-image img"))
    expect(stranger.locator("main")).to_contain_text(prompt)
    expect(stranger.locator("main")).not_to_contain_text("Seed")
    check_accessible(stranger)
    stranger.get_by_role("link", name="Try this prompt").click()
    expect(stranger).to_have_url(re.compile(r"/accounts/signup/"))

    page.get_by_role("link", name="All links of the team").click()
    check_accessible(page)
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#messages")).to_contain_text("The link is taken back")
    gone = stranger.request.get(link)
    assert gone.status == 404


def test_a_comment_is_written_without_leaving_the_page(page: Page) -> None:
    open_newest(page)
    page.get_by_label("Say something about it").fill("Lovely <b>pig</b>")
    page.get_by_role("button", name="Comment", exact=True).click()
    comments = page.locator(".comment-list")
    expect(comments).to_contain_text("Lovely <b>pig</b>")
    expect(page.get_by_label("Say something about it")).to_have_value("")
    check_accessible(page)
    page.get_by_role("button", name=re.compile("Delete the comment")).click()
    expect(page.locator("#messages")).to_contain_text("The comment is deleted.")
    page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(page.locator(".comment-list")).to_contain_text("Lovely")


def test_pictures_are_reviewed_by_key_alone(page: Page) -> None:
    page.goto("/review/")
    check_accessible(page)
    first = page.locator(".review-picture").get_attribute("href")
    page.keyboard.press("p")
    expect(page.locator(".review-picture")).not_to_have_attribute("href", first or "")
    second = page.locator(".review-picture").get_attribute("href")
    page.keyboard.press("x")
    expect(page.locator(".review-picture")).not_to_have_attribute("href", second or "")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Nothing is left to decide")).to_be_visible()
    check_accessible(page)

    page.goto("/review/?all=1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".review-picture")).to_have_attribute("href", second or "")
    expect(page.locator(".pick")).to_contain_text("Rejected by")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{second}$"))
