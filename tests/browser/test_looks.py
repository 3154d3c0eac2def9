"""What the pages' own scripts do: toasts, times, passwords, the bar; and the theme without them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext


def test_a_theme_is_chosen_without_javascript(new_context: NewContext) -> None:
    page = new_context(color_scheme="light", java_script_enabled=False).new_page()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url("/accounts/login/")


def test_a_password_can_be_shown(stranger: Page) -> None:
    stranger.goto("/accounts/login/")
    password = stranger.get_by_label("Password", exact=True)
    password.fill("sty-and-trough-42")
    stranger.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    stranger.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "password")


def test_times_are_told_in_the_readers_own_zone(new_context: NewContext, alice: Someone) -> None:
    told = []
    for zone in ("Asia/Tokyo", "America/Lima"):
        theirs = new_context(alice, timezone_id=zone, locale="en-GB").new_page()
        theirs.goto("/accounts/sessions/")
        told.append(theirs.locator("time").first.inner_text())
    assert told[0] != told[1]


def test_the_moments_of_a_picture_are_exact_in_the_readers_own_zone(
    new_context: NewContext, stage: Stage
) -> None:
    owner = stage.someone(pictures=1)
    page = new_context(owner, timezone_id="Asia/Tokyo", locale="en-GB").new_page()
    page.goto(f"/pictures/{owner.pictures[0]}/")
    page.get_by_text("When exactly").click()
    moment = page.locator(".moments time").first
    asked_for = datetime.fromisoformat(moment.get_attribute("datetime") or "")
    there = asked_for.astimezone(ZoneInfo("Asia/Tokyo"))
    milliseconds = f"{there.microsecond // 1000:03}"
    assert moment.inner_text().endswith(f"{there:%Y, %H:%M:%S}.{milliseconds}")


def test_good_news_can_be_dismissed(page: Page) -> None:
    page.goto("/account/")
    page.get_by_label("Name").fill("Alice the Second")
    page.get_by_role("button", name="Save").click()
    toast = page.get_by_role("status").locator(".toast")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Dismiss this message").click()
    expect(toast).to_have_count(0)


def test_the_bar_runs_over_the_usual_time_and_never_says_done(page: Page) -> None:
    page.goto("/playground/")
    shares = page.evaluate(
        """async () => {
          const { fraction } = await import(document.querySelector("script[src*=progress]").src);
          return [0, 0.5, 1, 2, 100].map(fraction);
        }"""
    )
    assert shares == sorted(shares)
    assert shares[:3] == [0, 0.45, 0.9]
    assert shares[-1] < 1
