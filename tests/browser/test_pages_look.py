"""Every page, light and dark, wide and narrow: axe finds nothing, and nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import COLOURS, WCAG_2_2_AA, Guard, check_accessible, settle

WIDE, NARROW = (1440, 900), (390, 844)
VERY_WIDE = (1920, 1080)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

STRANGERS = {
    "landing": "/",
    "sign-up": "/accounts/signup/",
    "login": "/accounts/login/",
    "password reset": "/accounts/password/reset/",
    "sandbox": "/sandbox/",
    "not found": "/nowhere/",
}
MEMBERS = {
    "playground": "/playground/",
    "gallery": "/gallery/",
    "one upstream's gallery": "/gallery/?upstream=imagepig",
    "searched gallery": "/gallery/?text=pig&sort=oldest",
    "gallery that found nothing": "/gallery/?text=walrus",
    "collections": "/collections/",
    "bin": "/gallery/bin/",
    "picture": "/pictures/{picture}/",
    "picture that could not be read": "/pictures/{failed}/",
    "results of a run": "/playground/results/?submission={submission}",
    "all tags": "/gallery/names/tag/",
    "compare without pictures": "/compare/",
    "review": "/review/",
    "share form": "/pictures/{picture}/share/",
    "links of the team": "/team/shares/",
    "to another team": "/pictures/{picture}/transfer/",
    "recent prompts": "/playground/prompts/",
    "styles": "/styles/",
    "style": "/styles/{style}/",
    "word lists": "/word-lists/",
    "word list": "/word-lists/{words}/",
    "API key": "/team/api-key/",
    "team": "/team/",
    "invitation": "/teams/{team}/invite/",
    "usage": "/team/usage/",
    "budget": "/team/budget/",
    "what happened": "/team/history/",
    "notices": "/notices/",
    "account": "/account/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "two-step login": "/accounts/2fa/",
    "passkeys": "/accounts/2fa/webauthn/",
    "sessions": "/accounts/sessions/",
    "logout": "/accounts/logout/",
    "not found": "/nowhere/",
}
MAIN = ("playground", "gallery", "picture")
"""What people look at most is looked at on a very wide screen as well."""
NEWCOMERS = {
    "empty playground": "/playground/",
    "empty gallery": "/gallery/",
    "first API key": "/team/api-key/",
}


@pytest.fixture(scope="package")
def member(stage: Stage) -> Someone:
    """Somebody with pictures, an API key and one of everything else."""
    return stage.someone(pictures=4, api_key="pig-canary-4711-wxyz", furnished=True)


@pytest.fixture(scope="package")
def newcomer(stage: Stage) -> Someone:
    return stage.someone()


@pytest.fixture(scope="package")
def viewer(stage: Stage) -> Someone:
    return stage.someone(pictures=1, role="viewer", name="Vera")


def check_looks(page: Page, address: str, *, very_wide: bool = False) -> None:
    page.goto(address)
    if very_wide:
        look_at(page, VERY_WIDE)
    look_at(page, WIDE)
    look_at(page, NARROW)


def look_at(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    sticks_out = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert sticks_out <= 0, f"{page.url} is {sticks_out} px too wide at {width} px."
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        # What is no colour is the same in both.
        check_accessible(page, WCAG_2_2_AA if scheme == SCHEMES[0] else COLOURS)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_strangers_page_looks_right(
    name: str, stranger: Page, guard: Callable[[], Guard]
) -> None:
    guard().expect_status(404, "/nowhere/")
    check_looks(stranger, STRANGERS[name])


@pytest.mark.parametrize("name", MEMBERS)
def test_a_members_page_looks_right(
    name: str, new_context: NewContext, member: Someone, guard: Callable[[], Guard]
) -> None:
    page = new_context(member).new_page()
    guard().expect_status(404, "/nowhere/")
    address = MEMBERS[name].format(picture=member.pictures[-1], **member.ids)
    check_looks(page, address, very_wide=name in MAIN)


def test_what_is_a_click_away_looks_right(new_context: NewContext, member: Someone) -> None:
    page = new_context(member).new_page()
    for button, heading in (
        ("ZIP", "Download as a ZIP"),
        ("To a team", "2 pictures to another team"),
    ):
        page.goto("/gallery/")
        for box in page.locator('#pictures input[name="ids"]').all()[:2]:
            box.check()
        look_at(page, NARROW)
        look_at(page, WIDE)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look_at(page, WIDE)
        look_at(page, NARROW)
    page.goto(f"/pictures/{member.pictures[0]}/share/")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("heading", name="The link to")).to_be_visible()
    look_at(page, WIDE)
    look_at(page, NARROW)


@pytest.mark.parametrize("name", NEWCOMERS)
def test_a_newcomers_page_looks_right(
    name: str, new_context: NewContext, newcomer: Someone
) -> None:
    check_looks(new_context(newcomer).new_page(), NEWCOMERS[name])


@pytest.mark.parametrize("address", ["/playground/", "/gallery/", "/pictures/{}/"])
def test_a_viewers_page_looks_right(address: str, new_context: NewContext, viewer: Someone) -> None:
    page = new_context(viewer).new_page()
    check_looks(page, address.format(viewer.pictures[0]))
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(page.get_by_role("button", name="Generate")).to_have_count(0)


def test_the_theme_is_switched_at_once_and_comes_with_the_next_page_from_the_server(
    page: Page,
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/playground/")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="Light or dark").click()
    check_accessible(page)
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    check_accessible(page)
    dark = page.evaluate(background)
    assert dark != light

    answer = page.goto("/gallery/")
    # What the server sends is dark already, before any script runs: nothing flashes.
    assert answer is not None
    assert 'data-theme="dark"' in answer.text().partition("<head>")[0]
    assert page.evaluate(background) == dark

    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="As the system").click()
    check_accessible(page)
    assert page.evaluate(background) == light


def test_the_account_menu_opens_and_leads_out(page: Page, guard: Callable[[], Guard]) -> None:
    page.goto("/playground/")
    page.get_by_role("button", name="Your account").click()
    check_accessible(page)
    page.get_by_role("link", name="Log out").or_(page.get_by_role("button", name="Log out")).click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
