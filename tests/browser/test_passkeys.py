"""Passkeys in a real browser, kept by an authenticator that is not one: they let their owner in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from ..running import PASSWORD, Site
from ..servers import Someone
from .conftest import NewContext
from .guard import Guard, check_accessible

NAME = "My laptop"


class Authenticator:
    """What keeps passkeys in the browser of a page; it finds its owner there, or does not."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.name = {"authenticatorId": added["authenticatorId"]}

    def finds_its_owner(self, it_does: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {**self.name, "isUserVerified": it_does})

    def count(self) -> int:
        return len(self.session.send("WebAuthn.getCredentials", self.name)["credentials"])

    def remove(self) -> None:
        self.session.send("WebAuthn.removeVirtualAuthenticator", self.name)


def confirm(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()


def add(page: Page, name: str = NAME) -> None:
    """From the list of passkeys, by way of the question for the password, to a new one."""
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


def log_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.goto("/accounts/login/")


@pytest.fixture
def authenticator(page: Page) -> Authenticator:
    return Authenticator(page)


def test_a_passkey_is_added_lets_its_owner_in_and_is_removed(
    page: Page, alice: Someone, authenticator: Authenticator
) -> None:
    page.goto("/accounts/2fa/")
    expect(page.get_by_role("main")).to_contain_text("You have none. A passkey")
    page.get_by_role("link", name="Passkeys").click()
    check_accessible(page)
    add(page)
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert authenticator.count() == 1
    page.get_by_role("link", name="Passkeys").click()
    expect(page.get_by_role("listitem").filter(has_text=NAME)).to_contain_text("not used yet")
    check_accessible(page)

    log_out(page)
    check_accessible(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_label("Prompt")).to_be_visible()

    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("listitem").filter(has_text=NAME)).to_contain_text("last used")
    page.get_by_role("link", name=f"Rename {NAME}").click()
    page.get_by_role("link", name="Use a passkey instead").click()
    check_accessible(page)
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.get_by_label("Name").fill("My desk")
    check_accessible(page)
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Remove My desk").click()
    expect(page.get_by_role("main")).to_contain_text("It is your last one")
    check_accessible(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("heading", name="No passkey yet")).to_be_visible()

    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("This passkey is not known here")
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_label("Prompt")).to_be_visible()


def test_nothing_is_sent_before_the_script_is_there(
    page: Page, authenticator: Authenticator
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Confirm", exact=True)).to_be_visible()
    page.route(re.compile(r"/passkey\b.*\.js$"), hold)
    confirm(page)
    page.get_by_label("Name").fill(NAME)
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Add the passkey")
    expect(button).to_be_disabled()
    held[0].continue_()
    button.click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert authenticator.count() == 1


def test_a_login_with_the_password_asks_for_the_passkey(
    page: Page, alice: Someone, authenticator: Authenticator
) -> None:
    add(page)
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    log_out(page)
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step, please")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_label("Prompt")).to_be_visible()


def test_what_goes_wrong_is_said_where_it_does_and_can_be_tried_again(
    page: Page, authenticator: Authenticator
) -> None:
    authenticator.finds_its_owner(False)
    add(page)
    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("No passkey was made: it was cancelled, or it took too long.")
    check_accessible(page)
    assert authenticator.count() == 0

    authenticator.finds_its_owner(True)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(wrong).to_contain_text("There is a passkey of yours already")

    log_out(page)
    authenticator.finds_its_owner(False)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(wrong).to_contain_text("No passkey was used: it was cancelled")
    check_accessible(page)
    authenticator.finds_its_owner(True)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_label("Prompt")).to_be_visible()


def test_a_browser_that_knows_no_passkeys_says_so(new_context: NewContext, alice: Someone) -> None:
    context = new_context(alice)
    context.add_init_script("delete window.PublicKeyCredential")
    page = context.new_page()
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    expect(page.get_by_role("alert")).to_contain_text("Your browser does not know passkeys.")
    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Your browser does not know passkeys.")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_enabled()


def test_at_another_address_the_page_names_the_right_one(stranger: Page, site: Site) -> None:
    stranger.goto(f"http://127.0.0.1:{site.port}/accounts/login/")
    stranger.get_by_role("button", name="Log in with a passkey").click()
    expect(stranger.get_by_role("alert")).to_contain_text("work only at localhost.")


def test_too_many_attempts_are_told_from_a_fault(
    stranger: Page, guard: Callable[[], Guard]
) -> None:
    guard().expect_status(429, "/webauthn/login/")
    stranger.route("**/webauthn/login/", lambda route: route.fulfill(status=429))
    stranger.goto("/accounts/login/")
    stranger.get_by_role("button", name="Log in with a passkey").click()
    expect(stranger.get_by_role("alert")).to_contain_text("Please wait a minute")


def test_without_javascript_pages_say_that_passkeys_need_it(
    new_context: NewContext, alice: Someone
) -> None:
    page = new_context(alice, java_script_enabled=False).new_page()
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    expect(page.get_by_text("Passkeys need JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Add the passkey")).to_be_hidden()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.goto("/accounts/login/")
    expect(page.get_by_text("To log in with a passkey, you need JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_label("Prompt")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("main")).to_contain_text("It needs JavaScript")
