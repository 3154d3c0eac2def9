"""From “Try this prompt” behind a share link to a form that is filled in, on every way there is."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import invitations, onward, services
from accounts.models import Role, Team, User
from playground import sharing
from tests.accounts.second_step import log_in
from tests.accounts.test_login import EVIL
from tests.accounts.test_sign_up import sign_up
from tests.conftest import PASSWORD
from tests.factories import make_generation

pytestmark = pytest.mark.django_db

PROMPT = "a secret pig & its <hat>, 100 % “über” #1"


@pytest.fixture
def shared(team: Team, alice: User) -> str:
    """The address of a picture's page for strangers."""
    picture = make_generation(team, author=alice, prompt=PROMPT)
    made = sharing.make(picture, by=alice, shows_prompt=True, shows_seed=False, days=None)
    return reverse("shared", args=[made[1]])


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def inside(page: Any) -> str:
    """What is the page's own; its frame leads elsewhere."""
    return text_of(page).partition("<main")[2]


def link_to(name: str, page: Any) -> str:
    """Where a link of the page leads that begins at the view of this name."""
    found = re.search(rf'href="({re.escape(reverse(name))}[^"]*)"', inside(page))
    assert found
    return html.unescape(found[1])


def carried_by(page: Any) -> dict[str, str]:
    """What the form of a page takes along."""
    found = re.search(r'<input type="hidden" name="next" value="([^"]*)"', inside(page))
    assert found
    return {"next": html.unescape(found[1])}


def expect_filled_in(client: Client, response: Any) -> None:
    """The redirect leads to the playground, and the prompt stands in its form."""
    page = client.get(response.headers["Location"])
    assert page.status_code == 200
    assert page.context["form"]["positive_prompt"].value() == PROMPT
    assert f"{html.escape(PROMPT)}</textarea>" in text_of(page)


def confirm() -> str:
    """The path that the mail's link leads to."""
    (sent,) = mail.outbox
    address = next(line for line in str(sent.body).splitlines() if line.startswith("http"))
    return address.removeprefix("http://localhost:8000")


def test_who_signs_up_finds_the_prompt_in_the_form(client: Client, shared: str) -> None:
    page = client.get(link_to("account_signup", client.get(shared)))
    expect_filled_in(client, sign_up(client, **carried_by(page)))


@pytest.mark.usefixtures("with_mail_server")
def test_the_prompt_outlasts_the_confirmation_of_the_address(client: Client, shared: str) -> None:
    page = client.get(link_to("account_signup", client.get(shared)))
    sent = sign_up(client, **carried_by(page))
    assert sent.headers["Location"] == reverse("account_email_verification_sent")
    confirmed = client.post(confirm())
    assert confirmed.headers["Location"] == reverse("account_login")
    pia = User.objects.get(email="pia@example.com")
    expect_filled_in(client, log_in(client, pia))
    # It is told once: the next time, it is the playground as ever.
    client.post(reverse("account_logout"))
    assert log_in(client, pia).headers["Location"] == reverse("playground")


@pytest.mark.usefixtures("with_mail_server")
def test_who_is_invited_as_well_lands_in_the_teams_gallery(
    client: Client, shared: str, team: Team, alice: User
) -> None:
    made = invitations.invite(team=team, by=alice, role=Role.VIEWER, email="pia@example.com")
    client.post(reverse("invitation", args=[made.token]))
    page = client.get(link_to("account_signup", client.get(shared)))
    sign_up(client, **carried_by(page))
    client.post(confirm())
    pia = User.objects.get(email="pia@example.com")
    assert log_in(client, pia).headers["Location"] == reverse("gallery")
    assert onward.SESSION_KEY not in client.session


@pytest.mark.usefixtures("with_mail_server")
def test_what_was_wanted_long_ago_is_forgotten(
    client: Client, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get(link_to("account_signup", client.get(shared)))
    sign_up(client, **carried_by(page))
    client.post(confirm())
    kept = client.session
    target, since = kept[onward.SESSION_KEY]
    kept[onward.SESSION_KEY] = [target, since - onward.CARRIED_SECONDS - 1]
    kept.save()
    pia = User.objects.get(email="pia@example.com")
    assert log_in(client, pia).headers["Location"] == reverse("playground")


@pytest.mark.usefixtures("with_mail_server")
@pytest.mark.parametrize(
    "target", [*EVIL, "http://localhost:8000/gallery/", "gallery/", "/x" * 5000]
)
def test_no_other_place_is_kept_past_the_confirmation(
    client: Client, db: None, target: str
) -> None:
    sign_up(client, next=target)
    assert onward.SESSION_KEY not in client.session
    client.post(confirm())
    pia = User.objects.get(email="pia@example.com")
    assert log_in(client, pia).headers["Location"] == reverse("playground")


@pytest.mark.parametrize("sign_up_is", ["closed", "invitation"])
def test_where_nobody_may_sign_up_the_login_leads_to_the_prompt(
    client: Client, shared: str, charlie: User, settings: Settings, sign_up_is: str
) -> None:
    settings.SIGN_UP = sign_up_is
    page = client.get(link_to("account_signup", client.get(shared)))
    assert "Sign-up is closed" in text_of(page)
    login = link_to("account_login", page)
    values = {"login": charlie.email, "password": PASSWORD}
    values |= carried_by(client.get(login))
    expect_filled_in(client, client.post(reverse("account_login"), values))


@pytest.mark.parametrize("target", EVIL)
def test_the_closed_page_leads_nowhere_else(
    client: Client, charlie: User, settings: Settings, target: str
) -> None:
    settings.SIGN_UP = "closed"
    page = client.get(reverse("account_signup"), {"next": target})
    assert "Sign-up is closed" in text_of(page)
    assert link_to("account_login", page) == reverse("account_login")
    assert "evil" not in inside(page)


def test_a_viewer_reads_the_prompt_and_what_one_may_do(shared: str, as_vera: Client) -> None:
    page = as_vera.get(link_to("playground", as_vera.get(shared)))
    words = text_of(page)
    assert f">{html.escape(PROMPT)}<" in words
    assert "ask an owner of the team to let you." in words
    # Vera has no other team.
    assert "in a team of yours" not in words


def test_a_viewer_tries_the_prompt_in_a_team_of_their_own(
    shared: str, as_vera: Client, vera: User
) -> None:
    mine = services.create_team(name="Vera’s", by=vera)
    as_vera.post(reverse("switch_team", args=[vera.memberships.earliest("pk").team_id]))
    page = as_vera.get(link_to("playground", as_vera.get(shared)))
    switch = reverse("switch_team", args=[mine.pk])
    button = f'formaction="{switch}">'
    assert "Try it in Vera’s" in inside(page).partition(button)[2]
    expect_filled_in(as_vera, as_vera.post(switch, carried_by(page)))


def test_a_viewer_who_brings_no_prompt_sees_none(as_vera: Client, team: Team) -> None:
    page = text_of(as_vera.get(reverse("playground")))
    assert "ask an owner of the team to let you." in page
    assert "The prompt that you want to try" not in page


def test_somebody_is_let_in_by_a_confirmed_address_only(
    client: Client, shared: str, charlie: User, settings: Settings
) -> None:
    """Whoever logs in unconfirmed is sent the mail, and comes to the prompt after it."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.create(user=charlie, email=charlie.email, primary=True)
    page = client.get(link_to("account_signup", client.get(shared)))
    login = client.get(link_to("account_login", page))
    sent = log_in(client, charlie, **carried_by(login))
    assert sent.headers["Location"] == reverse("account_email_verification_sent")
    client.post(confirm())
    expect_filled_in(client, log_in(client, charlie))
