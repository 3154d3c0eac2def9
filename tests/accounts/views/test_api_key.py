from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import ApiKey, KeyState, Team, User
from tests.accounts.second_step import log_in
from tests.conftest import PASSWORD
from tests.searching import dump

SECRET = "pig-secret-0123456789"
CANARY = "canary-7f3b9c1d5e"


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    return services.set_api_key(team=team, by=alice, label="Ours", secret=SECRET)


def page_of(client: Client, name: str = "api_key") -> str:
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


def save(client: Client, api_key: str, **more: Any) -> Any:
    return client.post(reverse("api_key"), {"label": "Ours", "api_key": api_key, **more})


def confirm(client: Client, user: User) -> None:
    log_in(client, user)
    response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert response.status_code == 302


def test_a_team_without_a_key_is_told_where_to_get_one(as_alice: Client) -> None:
    page = page_of(as_alice)
    assert "Add your API key" in page
    assert "https://imagepig.com/" in page
    assert "Stored encrypted and never shown again" in page
    assert 'autocomplete="off"' in page
    assert 'type="password" name="api_key"' in page


def test_the_first_key_is_added_without_confirming(as_alice: Client, team: Team) -> None:
    response = save(as_alice, f"  {SECRET}\n")
    assert response.headers["Location"] == reverse("api_key")
    kept = team.api_key
    assert kept is not None
    assert services.secret_of(kept) == SECRET
    page = page_of(as_alice)
    for words in ("Ours", "…6789", "by Alice", "Not used yet", "Its first picture proves it."):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Please paste your API key."),
        ("  ", "Please paste your API key."),
        ("short", "too short for an API key"),
        ("x" * 201, "too long for an API key"),
        ("with spaces inside", "no spaces"),
        ("schlüssel-123", "plain letters"),
        ("line-one\nline-two", "no spaces"),
        ("sandbox", "opens only the sandbox"),
        (" Sandbox ", "opens only the sandbox"),
    ],
)
def test_what_cannot_be_a_key_is_told_at_its_field_and_not_sent_back(
    typed: str, words: str, as_alice: Client, team: Team
) -> None:
    response = save(as_alice, typed)
    page = response.content.decode()
    assert words in page
    assert not (typed.strip() and f'value="{typed.strip()}' in page)
    assert team.api_key is None


def test_a_key_pasted_as_its_name_is_refused(as_alice: Client, team: Team) -> None:
    response = save(as_alice, SECRET, label=SECRET)
    assert "other than the key itself" in response.content.decode()
    assert SECRET not in response.content.decode()
    assert team.api_key is None


@pytest.mark.parametrize(
    ("state", "said", "words"),
    [
        (KeyState.UNPROVED, "", "Not used yet"),
        (KeyState.WORKING, "", "Working"),
        (KeyState.REFUSED, "Invalid <b>key</b>", "“Invalid &lt;b&gt;key&lt;/b&gt;”"),
        (KeyState.NEEDS_CREDIT, "Payment required", "“Payment required”"),
    ],
)
def test_the_state_of_a_key_is_told_in_words(
    state: KeyState, said: str, words: str, api_key: ApiKey, as_alice: Client
) -> None:
    services.mark_key(api_key.pk, state, said)
    page = page_of(as_alice)
    assert words in page
    paused = state in (KeyState.REFUSED, KeyState.NEEDS_CREDIT)
    assert ("It’s fine now, go on" in page) == paused


def test_replacing_asks_to_confirm_first(
    api_key: ApiKey, as_alice: Client, alice: User, team: Team
) -> None:
    response = as_alice.get(reverse("replace_api_key"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    save(as_alice, "another-key-1")
    assert team.api_key == api_key
    confirm(as_alice, alice)
    assert "Replace it" in page_of(as_alice, "replace_api_key")
    save(as_alice, "another-key-1")
    replaced = team.api_key
    assert replaced is not None
    assert services.secret_of(replaced) == "another-key-1"
    api_key.refresh_from_db()
    assert bytes(api_key.ciphertext) == b""


def test_confirming_leads_back_to_the_form(api_key: ApiKey, as_alice: Client, alice: User) -> None:
    log_in(as_alice, alice)
    asked = as_alice.get(reverse("replace_api_key"))
    response = as_alice.post(
        asked.headers["Location"], {"password": PASSWORD, "next": reverse("replace_api_key")}
    )
    assert response.headers["Location"] == reverse("replace_api_key")


def test_removing_asks_to_confirm_first_and_then_is_done(
    api_key: ApiKey, as_alice: Client, alice: User, team: Team
) -> None:
    log_in(as_alice, alice)
    asked = as_alice.post(reverse("remove_api_key"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert team.api_key == api_key
    response = as_alice.post(
        reverse("account_reauthenticate"),
        {"password": PASSWORD, "next": reverse("remove_api_key")},
    )
    assert response.headers["Location"] == reverse("api_key")
    assert team.api_key is None
    page = page_of(as_alice)
    assert "The API key is erased." in page
    assert "Add your API key" in page


def test_a_paused_key_goes_on_when_the_owner_says_so(api_key: ApiKey, as_alice: Client) -> None:
    services.mark_key(api_key.pk, KeyState.NEEDS_CREDIT, "Payment required")
    as_alice.post(reverse("resume_api_key"))
    api_key.refresh_from_db()
    assert api_key.state == KeyState.UNPROVED
    assert "go on now" in page_of(as_alice)


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_others_see_that_there_is_a_key_and_cannot_change_it(
    who: str, api_key: ApiKey, team: Team, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    page = page_of(client)
    assert "…6789" in page
    assert "Only an owner of Sty can change it." in page
    assert "<form" not in page.partition('<main id="content"')[2].partition("</main>")[0]
    assert save(client, "another-key-1").status_code == 403
    assert client.get(reverse("replace_api_key")).status_code == 403
    assert client.post(reverse("remove_api_key")).status_code == 403
    assert client.post(reverse("resume_api_key")).status_code == 403
    assert team.api_key == api_key


@pytest.mark.parametrize("who", ["as_bob", "as_vera"])
def test_others_of_a_team_without_a_key_are_told_who_can_add_one(
    who: str, team: Team, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(who)
    assert "An owner of your team can add an API key" in page_of(client)
    assert save(client, SECRET).status_code == 403
    assert team.api_key is None


def test_an_outsider_sees_only_the_own_team(
    api_key: ApiKey, as_charlie: Client, charlie: User, team: Team
) -> None:
    assert "6789" not in page_of(as_charlie)
    save(as_charlie, "their-own-key", team=team.pk, team_id=team.pk)
    assert team.api_key == api_key
    theirs = charlie.teams.get().api_key
    assert theirs is not None
    assert theirs.last_four == "-key"


def test_a_key_takes_nothing_else_from_the_form(
    as_alice: Client, alice: User, team: Team, bob: User
) -> None:
    extras = {"state": "working", "added_by": bob.pk, "said": "x", "proved_at": "2020-01-01"}
    save(as_alice, SECRET, **extras)
    kept = team.api_key
    assert kept is not None
    assert (kept.state, kept.added_by, kept.said, kept.proved_at) == ("unproved", alice, "", None)


def test_the_page_of_a_key_is_kept_by_no_cache(api_key: ApiKey, as_alice: Client) -> None:
    assert "no-store" in as_alice.get(reverse("api_key")).headers["Cache-Control"]


def test_a_key_is_in_no_page_no_log_no_session_and_no_row(
    as_alice: Client,
    alice: User,
    team: Team,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    log_in(as_alice, alice)
    pages = [save(as_alice, CANARY).content]
    # Once more: not confirmed, so the form is not read; and wrong, so the form comes back.
    pages.append(save(as_alice, CANARY).content)
    kept_in_session = [str(row.get_decoded()) for row in Session.objects.all()]
    confirm(as_alice, alice)
    pages.append(save(as_alice, CANARY, label="").content)
    pages.append(save(as_alice, CANARY).content)
    names = ("api_key", "replace_api_key", "account")
    pages += [as_alice.get(reverse(name)).content for name in names]
    alice.is_staff = alice.is_superuser = True
    alice.save()
    key = team.api_key
    assert key is not None
    assert services.secret_of(key) == CANARY
    lists = ("admin:accounts_apikey_changelist", "admin:accounts_team_changelist")
    pages += [as_alice.get(reverse(name)).content for name in lists]
    pages.append(as_alice.get(reverse("admin:accounts_apikey_change", args=[key.pk])).content)
    kept_in_session += [str(row.get_decoded()) for row in Session.objects.all()]
    captured = capfd.readouterr()
    seen = [page.decode() for page in pages]
    seen += [caplog.text, captured.out, captured.err, repr(key), str(key), *kept_in_session]
    assert not [text for text in seen if CANARY in text]
    assert CANARY.encode() not in dump()
