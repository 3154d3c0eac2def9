"""The sandbox speaks Image Pig's API: what the documentation says, and refusals in its shape."""

from __future__ import annotations

import io
import json
import threading
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.imagepig.endpoints import POSITIVE_PROMPT, SEED, TABLE, Endpoint
from playground.imagepig.parameters import SEED_MAXIMUM, Choice, Option, WholeNumber
from playground.sandbox import server
from playground.sandbox.server import MOST_BODY_BYTES, SandboxApplication, mounted

from .serving import served

START = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application(tmp_path: Path, clock: Clock) -> SandboxApplication:
    return SandboxApplication(tmp_path / "hosting", now=clock)


@pytest.fixture
def client(application: SandboxApplication) -> httpx.Client:
    return httpx.Client(
        transport=httpx.WSGITransport(application),
        base_url="http://sandbox.test",
        headers={"Api-Key": "sandbox"},
    )


@pytest.fixture
def fourth(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """An endpoint nobody has heard of, with parameters nobody has heard of."""
    endpoint = Endpoint(
        key="sketch",
        path="sketch",
        label="Sketch",
        summary="Pencil only",
        model="Graphite",
        base_model="Carbon",
        licence="MIT",
        licence_url="https://opensource.org/license/mit",
        calls=3,
        usual_seconds=(0.2, 0.3),
        sizes={"": (96, 64)},
        parameters=(
            POSITIVE_PROMPT,
            Choice(
                name="language",
                label="Language",
                help="",
                options=(Option(value="cs", label="Czech"), Option(value="en", label="English")),
                default="en",
            ),
            WholeNumber(name="hardness", label="Hardness", help="", maximum=9),
            SEED,
        ),
    )
    monkeypatch.setitem(TABLE, endpoint.key, endpoint)
    return endpoint


def picture_of(response: httpx.Response) -> bytes:
    assert response.status_code == 200, response.text
    return b64decode(response.json()["image_data"], validate=True)


def assert_api_error(response: httpx.Response, status: int) -> str:
    """The API's own shape of error, and nothing else in it; gives the message."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    document = response.json()
    assert set(document) == {"error", "started_at", "completed_at"}
    started, completed = (
        datetime.fromisoformat(document[name]) for name in ("started_at", "completed_at")
    )
    assert started <= completed
    assert document["error"]
    return str(document["error"])


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


def pixels(picture: bytes) -> bytes:
    return Image.open(io.BytesIO(picture)).tobytes()


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


def test_what_the_endpoint_does_not_know_changes_nothing(client: httpx.Client) -> None:
    body: dict[str, object] = {"positive_prompt": "pig", "seed": 1}
    plain = picture_of(client.post("/flux", json=body))

    known = body | {"negative_prompt": "pig", "api": "x"}
    assert picture_of(client.post("/flux", json=known)) == plain


@pytest.mark.parametrize("headers", [{}, {"Api-Key": ""}, {"Api-Key": "Sandbox"}, {"Api-Key": "x"}])
def test_any_other_key_is_refused(application: SandboxApplication, headers: dict[str, str]) -> None:
    client = httpx.Client(transport=httpx.WSGITransport(application), base_url="http://s.test")
    response = client.post("/", json={"positive_prompt": "pig"}, headers=headers)

    assert "sandbox" in assert_api_error(response, 401)


@pytest.mark.parametrize(
    ("body", "attribute", "kind"),
    [
        ({}, "positive_prompt", "missing"),
        ({"positive_prompt": " "}, "positive_prompt", "value_error"),
        ({"prompt": ""}, "prompt", "value_error"),
        ({"prompt": 5}, "prompt", "value_error"),
        ({"positive_prompt": "x" * 2001}, "positive_prompt", "value_error"),
        ({"positive_prompt": "half \ud83d"}, "positive_prompt", "value_error"),
        ({"prompt": "pig", "negative_prompt": None}, "negative_prompt", "value_error"),
        ({"prompt": "pig", "format": "GIF"}, "format", "value_error"),
        ({"prompt": "pig", "seed": -1}, "seed", "value_error"),
        ({"prompt": "pig", "seed": 2**64}, "seed", "value_error"),
        ({"prompt": "pig", "seed": 1.5}, "seed", "value_error"),
        ({"prompt": "pig", "seed": "1"}, "seed", "value_error"),
        ({"prompt": "pig", "seed": True}, "seed", "value_error"),
        ({"prompt": "pig", "storage_days": -1}, "storage_days", "value_error"),
    ],
)
def test_a_wrong_attribute_is_named_with_what_is_wrong(
    client: httpx.Client, body: dict[str, object], attribute: str, kind: str
) -> None:
    response = client.post("/", content=json.dumps(body), headers=JSON)

    assert response.status_code == 422
    (problem,) = response.json()["detail"]
    assert problem["loc"] == ["body", attribute]
    assert problem["type"] == kind
    assert problem["msg"]


JSON = {"Content-Type": "application/json"}


def test_every_wrong_attribute_is_named_at_once(client: httpx.Client) -> None:
    body = {"prompt": "pig", "proportion": "round", "seed": -1}
    response = client.post("/flux", json=body)

    assert [each["loc"][1] for each in response.json()["detail"]] == ["proportion", "seed"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"pig"',
        b"null",
        b"\xff\xfe",
        b'{"positive_prompt": "pig", "seed": NaN}',
        b'{"positive_prompt": "pig", "seed": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_object_is_refused(client: httpx.Client, content: bytes) -> None:
    assert "JSON" in assert_api_error(client.post("/", content=content, headers=JSON), 400)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused_with_the_right_one(
    client: httpx.Client, content_type: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/", content=b'{"prompt": "pig"}', headers=headers)

    assert "application/json" in assert_api_error(response, 400)


def test_a_content_type_may_name_its_charset(client: httpx.Client) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert client.post("/", content=b'{"prompt": "pig"}', headers=headers).status_code == 200


def test_too_long_a_body_is_refused(client: httpx.Client) -> None:
    assert_api_error(client.post("/", content=b" " * (MOST_BODY_BYTES + 1), headers=JSON), 413)


@pytest.mark.parametrize("length", [MOST_BODY_BYTES, MOST_BODY_BYTES + 1])
def test_a_body_without_a_length_is_read_to_its_bound_where_the_server_ends_it(
    application: SandboxApplication, length: int
) -> None:
    body = b'{"prompt": "pig"}'.ljust(length)
    status, document = call(
        application, CONTENT_LENGTH="", input=body, **{"wsgi.input_terminated": True}
    )

    assert status == (200 if length <= MOST_BODY_BYTES else 413)
    assert ("image_data" in document) == (length <= MOST_BODY_BYTES)


def test_a_body_without_a_length_is_not_waited_for_where_the_server_does_not_end_it(
    application: SandboxApplication,
) -> None:
    status, _ = call(application, CONTENT_LENGTH="", input=b'{"prompt": "pig"}')

    assert status == 400


@pytest.mark.parametrize(
    ("length", "expected"), [("-1", 400), ("x", 400), ("²", 400), ("9" * 5000, 413)]
)
def test_a_length_that_is_none_is_refused(
    application: SandboxApplication, length: str, expected: int
) -> None:
    status, _ = call(application, CONTENT_LENGTH=length, input=b"{}")

    assert status == expected


def call(application: SandboxApplication, *, input: bytes, **environ: object) -> tuple[int, Any]:  # noqa: A002
    """Call the application as a WSGI server would; gives the status and the document."""
    statuses: list[str] = []

    def start_response(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda _: None

    content = application(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "",
            "HTTP_API_KEY": "sandbox",
            "CONTENT_TYPE": "application/json",
            "wsgi.input": io.BytesIO(input),
            **environ,
        },
        start_response,
    )
    return int(statuses[0].split()[0]), json.loads(b"".join(content))


@pytest.mark.parametrize("path", ["/nowhere", "/xl/", "/XL", "/default", "//", "/files", "/files/"])
def test_an_unknown_address_is_not_found(client: httpx.Client, path: str) -> None:
    url = f"http://sandbox.test{path}"

    assert_api_error(client.get(url), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/xl")

    assert_api_error(response, 405)
    assert response.headers["Allow"] == "POST"


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
    assert 1 <= server.usual_latency(TABLE["default"], stream) <= 2
    assert 3 <= server.usual_latency(TABLE["xl"], stream) <= 4
    assert 5 <= server.usual_latency(TABLE["flux"], stream) <= 7


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["prompt", "positive_prompt", "seed", "format", "x"]), inner
            )
        ),
        max_leaves=6,
    )
)
def test_any_json_is_answered_in_a_shape_of_the_api(
    client: httpx.Client, fourth: Endpoint, body: object
) -> None:
    response = client.post("/sketch", content=json.dumps(body), headers=JSON)

    shapes = {200: "image_data", 400: "error", 422: "detail"}
    assert shapes[response.status_code] in response.json()


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
        self._paint = server.painter.paint
        monkeypatch.setattr(server.painter, "paint", self.paint)

    def paint(self, **wish: Any) -> Image.Image:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._paint(**wish)
        finally:
            with self._lock:
                self._now -= 1


def test_refusals_over_http_arrive_whole(application: SandboxApplication) -> None:
    with served(application) as base_url:
        body = {"prompt": "x" * 100_000}
        assert_api_error(httpx.post(f"{base_url}/xl", json=body), 401)
        assert_api_error(httpx.post(f"{base_url}/nowhere", json=body), 404)
        assert_api_error(httpx.put(f"{base_url}/xl", json=body), 405)
