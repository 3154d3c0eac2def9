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


def keep_here(page: Page) -> None:
    """Count what the page's forms would send, and let it send nothing."""
    page.evaluate(
        """() => {
            window.sent = 0;
            addEventListener("submit", (event) => { event.preventDefault(); window.sent += 1; });
        }"""
    )


def sent(page: Page) -> int:
    return int(page.evaluate("() => window.sent"))


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


def test_what_was_decided_is_left_open_again_by_key(page: Page) -> None:
    page.goto("/review/?all=1")
    picture = page.locator(".review-picture")
    first = picture.get_attribute("href") or ""
    page.keyboard.press("p")
    expect(picture).not_to_have_attribute("href", first)
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("href", first)
    expect(page.locator(".pick")).to_contain_text("Picked by")
    page.keyboard.press("u")
    expect(picture).not_to_have_attribute("href", first)
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("href", first)
    expect(page.locator(".pick")).to_contain_text("Left open by")


def test_a_key_that_is_held_decides_about_one_picture(page: Page) -> None:
    page.goto("/review/")
    picture = page.locator(".review-picture")
    first = picture.get_attribute("href") or ""
    page.keyboard.down("p")
    expect(picture).not_to_have_attribute("href", first)
    keep_here(page)
    # It is still down: the same key comes again and again.
    page.keyboard.down("p")
    page.keyboard.down("p")
    assert sent(page) == 0
    page.keyboard.up("p")
    page.keyboard.press("p")
    assert sent(page) == 1


def test_keys_of_one_letter_are_switched_off_for_review_and_pictures(page: Page) -> None:
    page.goto("/review/")
    first = page.locator(".review-picture").get_attribute("href") or ""
    page.get_by_role("switch", name="Single keys").uncheck()
    check_accessible(page)
    for path in ("/review/", first):
        page.goto(path)
        keep_here(page)
        expect(page.get_by_role("switch", name="Single keys")).not_to_be_checked()
        for key in "pxP":
            page.keyboard.press(key)
        assert sent(page) == 0
        page.get_by_role("switch", name="Single keys").check()
        page.keyboard.press("p")
        assert sent(page) == 1
        page.get_by_role("switch", name="Single keys").uncheck()
    # The others are no letters, and go on.
    page.goto("/review/")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".review-picture")).not_to_have_attribute("href", first)
