"""Each request has an id, of its own or the proxy's, and a click is a line in the log."""

from __future__ import annotations

import logging

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import Team
from imagepig_site import context
from playground.models import State
from tests.factories import make_generation


def given(client: Client, request_id: str = "", path: str = "/livez") -> str:
    headers = {"x-request-id": request_id} if request_id else {}
    return client.get(path, headers=headers).headers["X-Request-Id"]


def test_each_request_gets_an_id_of_its_own(client: Client) -> None:
    first, second = given(client), given(client)
    assert first != second
    assert context.REQUEST_ID.fullmatch(first)
    assert context.request_id() == ""


def test_a_proxy_may_give_it_only_where_it_is_trusted(
    client: Client, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = 0
    assert given(client, "from-outside") != "from-outside"
    settings.TRUSTED_PROXIES = 1
    assert given(client, "4bf92f35-77b3.4da6:a3ce") == "4bf92f35-77b3.4da6:a3ce"


@pytest.mark.parametrize(
    "strange",
    ["short", "x" * 65, "new\nline-0123", "<script>alert(1)", "quote\"'0123", "ümlaut-0123"],
)
def test_what_does_not_look_like_an_id_is_not_taken(
    client: Client, settings: LazySettings, strange: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    assert context.REQUEST_ID.fullmatch(given(client, strange))
    assert given(client, strange) != strange


def test_an_error_page_has_it_too(client: Client, db: None) -> None:
    assert given(client, path="/no-such-page/")


def test_a_click_is_a_line_by_its_name_and_numbers_and_a_look_is_none(
    as_alice: Client, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    queued = make_generation(team, state=State.QUEUED)
    with caplog.at_level(logging.INFO, "imagepig_site"):
        as_alice.get(reverse("gallery"), {"text": "a prompt of mine"})
        as_alice.post(reverse("cancel", args=[queued.pk]), {"text": "another prompt"})
        as_alice.post("/no-such-page/with-a-secret/")
    lines = [each.getMessage() for each in caplog.records if each.name.startswith("imagepig_site")]
    assert [line.rpartition(" in ")[0] for line in lines] == [
        f"POST cancel pk={queued.pk}: 302",
        "POST nowhere: 404",
    ]
    assert "prompt" not in caplog.text


def test_an_address_with_a_secret_is_named_without_it(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    token = "Zk3_n-9vQx" * 4
    with caplog.at_level(logging.INFO, "imagepig_site"):
        client.post(reverse("account_reset_password_from_key", args=["abc", token]))
    (line,) = [
        each.getMessage() for each in caplog.records if each.name.startswith("imagepig_site")
    ]
    assert line.startswith("POST account_reset_password_from_key: ")
    assert token not in line
