"""Sharing a team: invited by a link, switched by a click, told by the bell, deleted and back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ..running import PASSWORD
from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import Guard, check_accessible
from .steps import tab_to


@pytest.fixture
def alice(stage: Stage) -> Someone:
    """Somebody with pictures to share."""
    return stage.someone(pictures=3)


def invite(page: Page, role: str) -> str:
    """Make an invitation and read its link from the page."""
    page.goto("/team/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_role("radio", name=role).check()
    page.get_by_role("button", name="Invite", exact=True).click()
    return page.get_by_label("The link").input_value()


def open_menu(page: Page) -> None:
    page.get_by_role("button", name="Your account").click()


def test_a_stranger_is_invited_by_a_link_signs_up_and_sees_the_teams_gallery(
    page: Page, stranger: Page
) -> None:
    link = invite(page, "Viewer")
    check_accessible(page)
    page.get_by_role("link", name="Invite another").click()
    check_accessible(page)
    stranger.goto(link)
    check_accessible(stranger)
    stranger.get_by_role("button", name="Create an account and join").click()
    stranger.get_by_label("Email").fill("pia@example.com")
    stranger.get_by_label("Password", exact=True).fill(PASSWORD)
    stranger.get_by_role("button", name="Create account").click()
    expect(stranger).to_have_url(re.compile(r"/gallery/$"))
    expect(stranger.locator("#messages")).to_contain_text("You can look, star and rate here.")
    expect(stranger.locator(".tile")).to_have_count(3)
    check_accessible(stranger)

    # A viewer looks.
    stranger.goto("/playground/")
    expect(stranger.get_by_role("button", name="Generate")).to_have_count(0)
    stranger.goto("/team/")
    expect(stranger.get_by_role("link", name="Invite somebody")).to_have_count(0)

    # One click away is the own team, without these pictures, where anything goes.
    stranger.goto("/gallery/")
    open_menu(stranger)
    check_accessible(stranger)
    stranger.get_by_role("button", name="Switch to pia’s team").click()
    expect(stranger).to_have_url(re.compile(r"/gallery/$"))
    expect(stranger.locator(".tile")).to_have_count(0)
    stranger.goto("/playground/")
    expect(stranger.get_by_role("button", name="Generate 1 image")).to_be_visible()

    # The link has done its work, and the team shows who came.
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in Alice’s team already")
    page.goto("/team/")
    expect(page.locator(".member").filter(has_text="pia@example.com")).to_contain_text("Viewer")


def test_an_owner_lets_a_member_do_more_and_then_nothing_from_the_next_click_on(
    page: Page, new_context: NewContext, stage: Stage, guard: Callable[[], Guard]
) -> None:
    theirs = new_context(stage.someone(name="Vera")).new_page()
    theirs.goto(invite(page, "Viewer"))
    theirs.get_by_role("button", name="Join Alice’s team").click()
    picture = str(theirs.locator(".tile a").first.get_attribute("href"))
    theirs.goto("/playground/")
    expect(theirs.get_by_role("button", name="Generate 1 image")).to_have_count(0)

    page.goto("/team/")
    row = page.locator(".member").filter(has_text="Vera")
    row.get_by_text("Change").click()
    check_accessible(page)
    row.get_by_role("radio", name="Editor").check()
    row.get_by_role("button", name="Save the role").click()
    expect(row.locator(".badge")).to_have_text("Editor")
    theirs.reload()
    expect(theirs.get_by_role("button", name="Generate 1 image")).to_be_visible()

    row.get_by_text("Change").click()
    row.get_by_role("button", name="Remove Vera").click()
    expect(row).to_have_count(0)
    guard().expect_status(404, picture)
    answer = theirs.goto(picture)
    assert answer is not None
    assert answer.status == 404
    theirs.goto("/team/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Vera’s team")

    page.get_by_role("link", name="What happened").click()
    happened = page.locator(".happenings")
    for words in ("Alice removed a member", "Alice changed a role", "Vera joined"):
        expect(happened).to_contain_text(words)
    check_accessible(page)


def test_a_team_is_switched_by_keyboard_alone(page: Page) -> None:
    page.goto("/team/")
    page.get_by_label("Name of a new team").fill("Barn")
    page.get_by_role("button", name="Make a team").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Barn")
    page.goto("/experiments/")
    tab_to(page, page.get_by_role("button", name="Your account"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Switch to Alice’s team"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/experiments/$"))
    expect(page.locator("#messages")).to_contain_text("You are in Alice’s team now.")


def test_without_javascript_people_are_invited_and_teams_switched(
    new_context: NewContext, alice: Someone, stage: Stage
) -> None:
    bob = stage.someone(name="Bob")
    page, his = (
        new_context(person, java_script_enabled=False).new_page() for person in (alice, bob)
    )
    his.goto(invite(page, "Editor"))
    his.get_by_role("button", name="Join Alice’s team").click()
    expect(his.locator(".tile")).to_have_count(3)
    his.get_by_role("button", name="Your account").click()
    his.get_by_role("button", name="Switch to Bob’s team").click()
    expect(his.locator(".tile")).to_have_count(0)


def test_a_deleted_team_comes_back_by_undo(page: Page) -> None:
    page.goto("/team/")
    page.get_by_role("link", name="Delete the team").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    check_accessible(page)
    page.get_by_label("Name of the team").fill("Alice’s team")
    page.get_by_role("button", name="Delete Alice’s team").click()
    check_accessible(page)
    page.goto("/gallery/")
    expect(page.locator(".tile")).to_have_count(0)
    page.goto("/team/")
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator("#messages")).to_contain_text("is back, with everybody who was in it.")
    page.goto("/gallery/")
    expect(page.locator(".tile")).to_have_count(3)


def test_the_bell_counts_until_the_notices_are_looked_at(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(notices=2)).new_page()
    page.goto("/playground/")
    page.get_by_role("link", name="Notices: 2 unread").click()
    expect(page.locator(".told > li")).to_have_count(2)
    expect(page.locator(".told .badge")).to_have_count(2)
    expect(page.locator(".bell-count")).to_have_count(0)
    check_accessible(page)
    page.reload()
    expect(page.locator(".told .badge")).to_have_count(0)

    page.get_by_role("switch", name="An experiment of mine is finished").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("switch", name="An experiment of mine is finished")).not_to_be_checked()
    page.locator(".told-text").first.click()
    expect(page).to_have_url(re.compile(r"/team/api-key/$"))
