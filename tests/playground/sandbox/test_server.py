"""The sandbox speaks Image Pig's API, as its documentation has it."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.imagepig.endpoints import TABLE, Endpoint
from playground.imagepig.parameters import SEED_MAXIMUM
from playground.sandbox import painter
from playground.sandbox.server import SandboxApplication, mounted, usual_latency

from .answers import assert_api_error, picture_of, pixels
from .conftest import START, Clock
from .serving import served


@pytest.mark.parametrize("key", TABLE)
def test_every_endpoint_gives_a_picture_of_its_size_as_documented(
    client: httpx.Client, key: str
) -> None:
    endpoint = TABLE[key]
    response = client.post(f"/{endpoint.path}", json={"positive_prompt": "pig", "seed": 7})

    assert response.headers["Content-Type"] == "application/json"
    document = response.json()
    assert set(document) == {"image_data", "mime_type", "seed", "started_at", "completed_at"}
    assert document["mime_type"] == "image/jpeg"
    assert document["seed"] == 7
    assert document["started_at"] == START.isoformat()
    picture = Image.open(io.BytesIO(picture_of(response)))
    assert picture.format == "JPEG"
    assert picture.size == endpoint.size({})


@pytest.mark.parametrize("proportion", TABLE["flux"].sizes)
def test_each_proportion_has_its_documented_size(client: httpx.Client, proportion: str) -> None:
    response = client.post("/flux", json={"prompt": "pig", "proportion": proportion})

    assert Image.open(io.BytesIO(picture_of(response))).size == TABLE["flux"].sizes[proportion]


def test_a_png_is_a_png(client: httpx.Client) -> None:
    response = client.post("/", json={"positive_prompt": "pig", "format": "PNG"})

    assert response.json()["mime_type"] == "image/png"
    assert Image.open(io.BytesIO(picture_of(response))).format == "PNG"


def test_the_same_request_gives_the_same_bytes_later_and_elsewhere(
    client: httpx.Client, clock: Clock, tmp_path: Path
) -> None:
    body = {"positive_prompt": "a pig at dusk", "negative_prompt": "rain", "seed": 2**64 - 1}
    first = picture_of(client.post("/", json=body))
    clock.time += timedelta(days=400)

    elsewhere = httpx.Client(transport=httpx.WSGITransport(SandboxApplication(tmp_path / "other")))
    again = elsewhere.post("http://other.test/", json=body, headers={"Api-Key": "sandbox"})

    assert picture_of(again) == first
    assert picture_of(client.post("/", json=body)) == first


def test_prompt_is_another_name_for_positive_prompt(client: httpx.Client) -> None:
    by_alias = picture_of(client.post("/", json={"prompt": "pig", "seed": 1}))

    assert by_alias == picture_of(client.post("/", json={"positive_prompt": "pig", "seed": 1}))
    both = {"prompt": "cow", "positive_prompt": "pig", "seed": 1}
    assert by_alias == picture_of(client.post("/", json=both))


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"seed": 2**64 - 1},
        {"positive_prompt": "a pig in the blue sea"},
        {"positive_prompt": "a pig qwertz"},
        {"negative_prompt": "sea"},
    ],
)
def test_whatever_changes_changes_the_picture(
    client: httpx.Client, change: dict[str, object]
) -> None:
    body = {"positive_prompt": "a pig in the sea", "seed": 1}
    changed = client.post("/", json=body | change)

    assert pixels(picture_of(changed)) != pixels(picture_of(client.post("/", json=body)))


def test_xl_does_not_just_draw_the_default_picture_larger(client: httpx.Client) -> None:
    body = {"positive_prompt": "hills at sunset", "seed": 1}
    small, large = (
        Image.open(io.BytesIO(picture_of(client.post(path, json=body)))) for path in ("/", "/xl")
    )
    likeness = large.convert("L").resize((16, 16)), small.convert("L").resize((16, 16))
    differences = [abs(a - b) for a, b in zip(*(each.tobytes() for each in likeness), strict=True)]

    assert max(differences) > 16


@pytest.mark.parametrize("seed", [0, 1, 2**53 + 1, 2**63, SEED_MAXIMUM])
def test_a_seed_comes_back_to_the_digit(client: httpx.Client, seed: int) -> None:
    response = client.post("/", json={"positive_prompt": "pig", "seed": seed})

    assert f'"seed": {seed},' in response.text


def test_without_a_seed_a_random_one_is_drawn_and_told(client: httpx.Client) -> None:
    first, second = (client.post("/", json={"positive_prompt": "pig"}) for _ in range(2))

    assert first.json()["seed"] != second.json()["seed"]
    body = {"positive_prompt": "pig", "seed": first.json()["seed"]}
    assert picture_of(client.post("/", json=body)) == picture_of(first)


def test_a_default_gives_the_same_bytes_whether_sent_or_not(client: httpx.Client) -> None:
    body: dict[str, object] = {"positive_prompt": "pig", "seed": 1}
    said = body | {"proportion": "landscape", "format": "JPEG", "storage_days": 0}

    assert picture_of(client.post("/flux", json=said)) == picture_of(
        client.post("/flux", json=body)
    )


def test_what_the_endpoint_does_not_know_changes_nothing(client: httpx.Client) -> None:
    body: dict[str, object] = {"positive_prompt": "pig", "seed": 1}
    plain = picture_of(client.post("/flux", json=body))

    known = body | {"negative_prompt": "pig", "api": "x"}
    assert picture_of(client.post("/flux", json=known)) == plain


def test_a_stored_picture_has_an_address_that_works_until_its_end(
    client: httpx.Client, clock: Clock
) -> None:
    body = {"positive_prompt": "pig", "seed": 1}
    response = client.post("/", json=body | {"storage_days": 3})

    document = response.json()
    assert set(document) == {"image_url", "mime_type", "seed", "started_at", "completed_at"}
    url = document["image_url"]
    assert url.startswith("http://sandbox.test/files/")
    clock.time += timedelta(days=3, seconds=-1)
    answer = client.get(url)
    assert answer.content == picture_of(client.post("/", json=body))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, max-age=1"
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    clock.time += timedelta(seconds=1)
    assert_api_error(client.get(url), 404)


def test_a_stored_picture_needs_no_key_and_takes_no_post(
    application: SandboxApplication, client: httpx.Client
) -> None:
    body = {"positive_prompt": "pig", "storage_days": 1, "format": "PNG"}
    url = client.post("/", json=body).json()["image_url"]

    stranger = httpx.Client(transport=httpx.WSGITransport(application))
    assert stranger.get(url).headers["Content-Type"] == "image/png"
    assert_api_error(client.post(url, json=body), 405)


def test_two_stored_pictures_have_unlike_addresses(client: httpx.Client) -> None:
    body = {"positive_prompt": "pig", "seed": 1, "storage_days": 1}
    first, second = (client.post("/", json=body).json()["image_url"] for _ in range(2))

    assert first != second
    token = first.rpartition("/")[2].partition("-")[0]
    assert len(token) == 32


def test_a_picture_that_cannot_be_stored_is_an_error_of_the_api(
    clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "hosting").write_text("a file where the folder should be")
    application = SandboxApplication(tmp_path / "hosting", now=clock)
    client = httpx.Client(transport=httpx.WSGITransport(application), base_url="http://s.test")

    body = {"positive_prompt": "pig", "storage_days": 1}
    assert_api_error(client.post("/", json=body, headers={"Api-Key": "sandbox"}), 500)


def test_below_a_path_the_addresses_hold_it(application: SandboxApplication) -> None:
    transport = httpx.WSGITransport(mounted(application, "/sandbox"))
    client = httpx.Client(transport=transport, headers={"Api-Key": "sandbox"})
    body = {"positive_prompt": "pig", "storage_days": 1}

    response = client.post("https://site.test:8443/sandbox/xl", json=body)

    url = response.json()["image_url"]
    assert url.startswith("https://site.test:8443/sandbox/files/")
    assert client.get(url).status_code == 200
    assert client.post("https://site.test/sandbox/", json={"prompt": "pig"}).status_code == 200
    assert client.post("https://site.test/sandbox", json={"prompt": "pig"}).status_code == 200
    assert_api_error(client.post("https://site.test/xl", json=body), 404)


def test_a_fourth_endpoint_works_as_soon_as_the_table_has_it(
    client: httpx.Client, fourth: Endpoint
) -> None:
    body: dict[str, object] = {"positive_prompt": "pig", "seed": 1}
    plain = picture_of(client.post("/sketch", json=body))

    assert Image.open(io.BytesIO(plain)).size == (96, 64)
    czech, hard = (
        picture_of(client.post("/sketch", json=body | more))
        for more in ({"language": "cs"}, {"hardness": 3})
    )
    assert len({pixels(each) for each in (plain, czech, hard)}) == 3
    assert picture_of(client.post("/sketch", json=body | {"hardness": 3})) == hard
    refused = client.post("/sketch", json=body | {"language": "xx", "hardness": 10})
    assert [each["loc"] for each in refused.json()["detail"]] == [
        ["body", "language"],
        ["body", "hardness"],
    ]


def test_with_latency_an_answer_takes_as_long_as_the_endpoint_usually_does(
    fourth: Endpoint, tmp_path: Path
) -> None:
    application = SandboxApplication(tmp_path, latency=True)
    client = httpx.Client(transport=httpx.WSGITransport(application), base_url="http://s.test")

    response = client.post("/sketch", json={"prompt": "pig"}, headers={"Api-Key": "sandbox"})

    started, completed = (
        datetime.fromisoformat(response.json()[name]) for name in ("started_at", "completed_at")
    )
    assert timedelta(seconds=0.2) <= completed - started < timedelta(seconds=2)


@given(stream=st.integers(0, SEED_MAXIMUM))
def test_latencies_stay_within_what_is_documented(stream: int) -> None:
    assert 1 <= usual_latency(TABLE["default"], stream) <= 2
    assert 3 <= usual_latency(TABLE["xl"], stream) <= 4
    assert 5 <= usual_latency(TABLE["flux"], stream) <= 7


def test_many_clients_at_once_get_their_own_pictures_over_http(
    application: SandboxApplication, fourth: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = Counted(monkeypatch)

    def draw(base_url: str, seed: int) -> bytes:
        body = {"prompt": "pig", "seed": seed}
        response = httpx.post(f"{base_url}/sketch", json=body, headers={"Api-Key": "sandbox"})
        assert response.json()["seed"] == seed
        return picture_of(response)

    with served(application) as base_url, ThreadPoolExecutor(16) as pool:
        pictures = list(pool.map(lambda seed: draw(base_url, seed), range(32)))
        alone = draw(base_url, 31)

    assert len(set(pictures)) == 32
    assert pictures[31] == alone
    assert at_once.most <= 2


class Counted:
    """Counts how many paint at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most = self._now = 0
        self._lock = threading.Lock()
        self._paint: Callable[..., Image.Image] = painter.paint
        monkeypatch.setattr(painter, "paint", self.paint)

    def paint(self, **wish: Any) -> Image.Image:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._paint(**wish)
        finally:
            with self._lock:
                self._now -= 1
