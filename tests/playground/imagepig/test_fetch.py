from __future__ import annotations

import base64
import contextlib
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.imagepig import network
from playground.imagepig.answers import read_answer
from playground.imagepig.client import Client
from playground.imagepig.endpoints import TABLE
from playground.imagepig.errors import Fault, PictureNotReady, Unusable
from tests import upstream_behaviours as play
from tests.certificates import self_signed
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, error
from tests.upstream_pictures import picture
from tests.upstream_scenarios import ROWS

PICTURE = picture((64, 48))
TRIES = 10


@pytest.fixture
def upstream() -> Any:
    with Upstream() as running:
        yield running


@pytest.fixture
def client(upstream: Upstream) -> Any:
    with contextlib.closing(Client(upstream.url, deadline_seconds=5)) as made:
        yield made


def fetch_until_ready(client: Client, image_url: str) -> bytes:
    for _ in range(TRIES):
        with contextlib.suppress(PictureNotReady):
            return client.fetch(image_url)
    raise AssertionError("The picture never came.")


def test_a_stored_picture_is_fetched_without_the_key(upstream: Upstream, client: Client) -> None:
    body = client.generate(
        TABLE["xl"], {"positive_prompt": "pig", "storage_days": 3}, api_key="canary-key"
    ).body
    answer = read_answer(body)
    assert answer.image_bytes is None
    assert answer.image_url is not None

    assert client.fetch(answer.image_url) == upstream.hosted[upstream.requests[-1].path].content
    headers = upstream.requests[-1].headers
    assert "api-key" not in headers
    assert "canary-key" not in str(headers)
    assert headers["user-agent"] == "Mozilla/5.0"
    assert upstream.billed == 1


@pytest.mark.parametrize("name", [name for name in ROWS if name.startswith("hosted")])
def test_every_row_about_stored_pictures_comes_to_its_outcome(name: str) -> None:
    row = ROWS[name]
    with (
        Upstream(row.behaviour) as upstream,
        contextlib.closing(Client(upstream.url, deadline_seconds=5)) as client,
    ):
        body = client.generate(TABLE["xl"], {"positive_prompt": "pig"}, api_key="k").body
        try:
            image_url = read_answer(body).image_url
            assert image_url is not None
            assert fetch_until_ready(client, image_url)
            outcome: tuple[str, Fault | None] = "saved", None
        except Unusable as fault:
            outcome = fault.outcome, fault.kind

    assert outcome == (row.outcome, row.kind)


@pytest.mark.parametrize(
    "behaviour",
    [
        error(404, "Not yet"),
        error(403, "Not yet"),
        play.page(500),
        play.page(503),
        play.RESET_BEFORE_ANSWER,
        play.CLOSE_BEFORE_ANSWER,
        play.CLOSE_INSIDE_PICTURE,
        play.body(b"", "image/jpeg"),
    ],
)
def test_what_may_be_better_the_next_time_is_not_ready(
    behaviour: Behaviour, upstream: Upstream, client: Client
) -> None:
    image_url = upstream.host(PICTURE, "image/jpeg", behaviour)

    with pytest.raises(PictureNotReady) as caught:
        client.fetch(image_url)
    assert caught.value.detail
    assert caught.value.kind == Fault.PICTURE_NOT_READY
    assert client.fetch(image_url) == PICTURE


def test_a_status_is_told(upstream: Upstream, client: Client) -> None:
    with pytest.raises(PictureNotReady) as caught:
        client.fetch(f"{upstream.url}/files/none.jpeg")
    assert caught.value.status == 404


@pytest.mark.parametrize("behaviour", [play.NEVER_ANSWER, play.DRIP_HEAD, play.DRIP_BODY])
def test_a_slow_picture_ends_at_the_deadline(behaviour: Behaviour, upstream: Upstream) -> None:
    image_url = upstream.host(PICTURE, "image/jpeg", behaviour)
    with contextlib.closing(Client(upstream.url, deadline_seconds=0.3)) as client:
        began = time.monotonic()
        with pytest.raises(PictureNotReady):
            client.fetch(image_url)
    assert time.monotonic() - began < 3


def test_a_picture_without_end_is_too_large(upstream: Upstream) -> None:
    image_url = upstream.host(PICTURE, "image/jpeg", play.ENDLESS_BODY)
    with (
        contextlib.closing(Client(upstream.url, max_answer_bytes=2**20)) as client,
        pytest.raises(Unusable) as caught,
    ):
        client.fetch(image_url)
    assert caught.value.kind == Fault.TOO_LARGE


# Where it may be fetched from


@pytest.mark.parametrize(
    "image_url",
    [
        "https://127.0.0.1:9/a.jpeg",
        "https://localhost:9/a.jpeg",
        "https://2130706433/a.jpeg",
        "https://0x7f000001/a.jpeg",
        "https://127.1/a.jpeg",
        "https://0/a.jpeg",
        "https://10.1.2.3/a.jpeg",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/a.jpeg",
        "https://[::1]:9/a.jpeg",
        "https://[::ffff:127.0.0.1]/a.jpeg",
        "https://[::ffff:8.8.8.8]/a.jpeg",
        "https://[64:ff9b::7f00:1]/a.jpeg",
        "https://[2002:7f00:1::]/a.jpeg",
        "https://[fe80::1]/a.jpeg",
        "https://[fc00::1]/a.jpeg",
    ],
)
def test_no_picture_is_fetched_from_inside_a_network(image_url: str, client: Client) -> None:
    with pytest.raises(Unusable) as caught:
        client.fetch(image_url)
    assert caught.value.kind == Fault.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "image_url",
    [
        "",
        "picture.jpeg",
        "//cdn.test/a.jpeg",
        "http://cdn.test/a.jpeg",
        "ftp://cdn.test/a.jpeg",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "https://user:password@cdn.test/a.jpeg",
        "https://\0.test/",
        "https://[::1/",
        "https://cdn.test:99999999/",
        "https://xn--/",
        "https://" + "a" * 70_000,
    ],
)
def test_an_address_that_is_not_plain_https_is_not_followed(image_url: str, client: Client) -> None:
    with pytest.raises(Unusable) as caught:
        client.fetch(image_url)
    assert caught.value.kind == Fault.BAD_IMAGE_URL


def test_another_port_of_the_apis_own_host_is_not_its_origin(client: Client) -> None:
    with Upstream() as neighbour, pytest.raises(Unusable):
        client.fetch(neighbour.host(PICTURE, "image/jpeg"))
    assert neighbour.connections == 0


def test_the_apis_origin_may_leave_its_port_unsaid() -> None:
    # Refused by the machine, or answered by whoever is there; but not forbidden.
    with (
        contextlib.closing(Client("http://127.0.0.1:80", connect_seconds=1)) as client,
        pytest.raises(PictureNotReady),
    ):
        client.fetch("http://127.0.0.1/none/such.jpeg")


# Redirects


def test_three_redirects_are_followed_and_a_fourth_is_not(
    upstream: Upstream, client: Client
) -> None:
    address = upstream.host(PICTURE, "image/jpeg")
    for _ in range(3):
        address = upstream.host(b"", "image/jpeg", *[play.redirect(address)] * 2)
    assert client.fetch(address) == PICTURE

    one_more = upstream.host(b"", "image/jpeg", play.redirect(address))
    with pytest.raises(Unusable) as caught:
        client.fetch(one_more)
    assert caught.value.kind == Fault.BAD_IMAGE_URL


def test_a_redirect_may_be_relative(upstream: Upstream, client: Client) -> None:
    path = upstream.host(PICTURE, "image/jpeg").removeprefix(upstream.url)
    assert client.fetch(upstream.host(b"", "image/jpeg", play.redirect(path))) == PICTURE


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://127.0.0.1:9/", Fault.FORBIDDEN_ADDRESS),
        ("https://[64:ff9b::a9fe:a9fe]/", Fault.FORBIDDEN_ADDRESS),
        ("http://127.0.0.1:9/", Fault.BAD_IMAGE_URL),
        ("http://cdn.test/", Fault.BAD_IMAGE_URL),
        ("https://[::1/", Fault.BAD_IMAGE_URL),
        ("file:///etc/passwd", Fault.BAD_IMAGE_URL),
    ],
)
def test_a_redirect_is_held_to_the_same_rules(
    location: str, kind: Fault, upstream: Upstream, client: Client
) -> None:
    address = upstream.host(b"", "image/jpeg", play.redirect(location))
    with pytest.raises(Unusable) as caught:
        client.fetch(address)
    assert caught.value.kind == kind


# TLS, and names that change their mind


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server's context for `localhost` whose certificate is trusted while the test runs."""
    context, certificate_file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_file))
    network.ssl_context.cache_clear()
    yield context
    network.ssl_context.cache_clear()


def test_a_picture_comes_from_the_very_address_that_was_checked(trusted: Any) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    checked: list[str] = []

    def allowed(address: str) -> bool:
        checked.append(address)
        return address == "127.0.0.1"

    with Upstream(tls=trusted) as cdn, Upstream() as api:
        client = Client(api.url, deadline_seconds=5)
        # Loopback stands for the public internet here; the rest is as it is.
        client._public = network.Transport(allowed, lambda _host, _port: next(answers))
        cdn.host(PICTURE, "image/jpeg")
        (path,) = cdn.hosted
        address = f"https://localhost:{cdn.port}{path}"
        assert client.fetch(address) == PICTURE
        with pytest.raises(Unusable):
            client.fetch(address)
        client.close()

    assert checked == ["127.0.0.1", "127.0.0.2"]
    assert cdn.connections == 1
    assert cdn.requests[0].headers["host"] == f"localhost:{cdn.port}"


def test_the_sandboxs_pictures_come_through_its_own_transport() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "image/jpeg")])
        return [base64.b64encode(environ["PATH_INFO"].encode())]

    transport = httpx.WSGITransport(application)
    client = Client("http://localhost:8000/sandbox", transport=transport)

    assert client.fetch("http://localhost:8000/sandbox/files/1") == base64.b64encode(
        b"/sandbox/files/1"
    )
    with pytest.raises(Unusable):
        client.fetch("http://localhost:8001/sandbox/files/1")
