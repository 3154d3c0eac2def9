"""The sandbox on the site: a page for people, the API for programs."""

from __future__ import annotations

import html
import io
import re
import subprocess
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import imagepig
import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from playground.imagepig.endpoints import TABLE
from playground.imagepig.samples import LANGUAGES
from playground.sandbox.server import SandboxApplication
from playground.views import sandbox as views
from playground.views.sandbox import network_of
from tests import needs
from tests.playground.fourth import FOURTH_ENDPOINT

pytestmark = pytest.mark.django_db


def post(path: str, body: dict[str, object], *, key: str = "sandbox", **environ: Any) -> Any:
    """Ask the API as a program does, with Django's check of forged requests on."""
    return Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json", HTTP_API_KEY=key, **environ
    )


def assert_api_error(response: Any, status: int) -> None:
    assert response.status_code == status
    assert set(response.json()) == {"error", "started_at", "completed_at"}


def test_a_stranger_reads_what_the_sandbox_is_and_where(client: Client) -> None:
    response = client.get("/sandbox/")

    page = response.content.decode()
    assert response.status_code == 200
    for endpoint in TABLE.values():
        assert f"<code>/sandbox/{endpoint.path}</code>" in page
    for language in LANGUAGES.values():
        assert f'id="code-{language.key}"' in page
    assert client.head("/sandbox/").status_code == 200


def test_a_fourth_endpoint_joins_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "sketch", FOURTH_ENDPOINT)

    assert "<code>/sandbox/sketch</code>" in client.get("/sandbox/").content.decode()


@pytest.mark.parametrize("key", TABLE)
def test_the_site_answers_what_the_sandbox_answers(key: str, tmp_path: Path) -> None:
    endpoint = TABLE[key]
    body: dict[str, object] = {"positive_prompt": "pig", "seed": 2**64 - 1, "format": "PNG"}

    response = post(f"/sandbox/{endpoint.path}", body)

    transport = httpx.WSGITransport(SandboxApplication(tmp_path))
    with httpx.Client(transport=transport, headers={"Api-Key": "sandbox"}) as direct:
        expected = direct.post(f"http://sandbox.test/{endpoint.path}", json=body).json()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    answer = response.json()
    assert answer["seed"] == 2**64 - 1
    assert b64decode(answer["image_data"]) == b64decode(expected["image_data"])


def test_a_stored_picture_is_at_the_address_of_the_site(client: Client) -> None:
    url = post("/sandbox/", {"prompt": "pig", "storage_days": 1}).json()["image_url"]

    assert url.startswith("http://testserver/sandbox/files/")
    response = client.get(url.removeprefix("http://testserver"))
    assert response["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(response.content)).size == (512, 512)
    assert_api_error(client.get("/sandbox/files/" + "0" * 32 + "-9999999999.jpeg"), 404)
    assert_api_error(client.get("/sandbox/files/..%2f..%2fsecret_key"), 404)


def test_refusals_have_the_shape_of_the_api(client: Client) -> None:
    assert_api_error(post("/sandbox/", {"prompt": "pig"}, key="wrong"), 401)
    assert_api_error(client.get("/sandbox/xl"), 405)
    assert_api_error(client.put("/sandbox/"), 405)
    assert_api_error(post("/sandbox/nowhere", {}), 404)
    assert post("/sandbox/", {"prompt": "pig", "seed": -1}).json()["detail"][0]["loc"] == [
        "body",
        "seed",
    ]


def test_a_session_makes_no_difference_and_is_not_looked_at(as_alice: Client) -> None:
    as_alice.handler.enforce_csrf_checks = True
    body = {"prompt": "pig", "seed": 1}

    assert_api_error(as_alice.post("/sandbox/", body, content_type="application/json"), 401)
    response = as_alice.post(
        "/sandbox/", body, content_type="application/json", headers={"Api-Key": "sandbox"}
    )
    assert response.json()["image_data"] == post("/sandbox/", body).json()["image_data"]


def test_too_many_pictures_a_minute_are_refused_with_the_time_to_wait(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX_RATE = 2
    clock = SimpleNamespace(time=lambda: 60_000_018.0)
    monkeypatch.setattr(views, "time", clock)

    statuses = [post("/sandbox/", {}, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    assert statuses == [422, 422, 429]
    response = post("/sandbox/xl", {}, REMOTE_ADDR="192.0.2.1")
    assert_api_error(response, 429)
    assert response["Retry-After"] == "42"
    assert "42 s" in response.json()["error"]
    assert post("/sandbox/", {}, REMOTE_ADDR="192.0.2.2").status_code == 422
    clock.time = lambda: 60_000_060.0
    assert post("/sandbox/", {}, REMOTE_ADDR="192.0.2.1").status_code == 422


def test_the_rate_holds_for_a_whole_network_of_the_newer_kind() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("unix") == "unix"


def test_looking_at_pictures_does_not_count(client: Client, settings: Settings) -> None:
    settings.SANDBOX_RATE = 1
    url = post("/sandbox/", {"prompt": "pig", "storage_days": 1}).json()["image_url"]

    assert [client.get(url.removeprefix("http://testserver")).status_code for _ in range(3)] == [
        200
    ] * 3


def test_the_curl_line_of_the_page_works(live_server: LiveServer) -> None:
    needs.curl()
    page = httpx.get(f"{live_server.url}/sandbox/").text
    line = re.search(r'<pre id="curl-line".*?>(.*?)</pre>', page, re.DOTALL)
    assert line is not None

    command = ["sh", "-c", html.unescape(line[1])]
    result = subprocess.run(command, capture_output=True, check=True, timeout=60)

    picture = httpx.get(httpx.Response(200, content=result.stdout).json()["image_url"])
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"


@pytest.mark.parametrize("key", TABLE)
def test_the_vendors_client_runs_against_the_site(live_server: LiveServer, key: str) -> None:
    client = imagepig.ImagePig("sandbox", api_url=f"{live_server.url}/sandbox")

    assert getattr(client, key)("pig", seed=7).seed == 7
