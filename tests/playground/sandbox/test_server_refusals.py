"""What the sandbox refuses, and that every refusal has a shape of the API's own."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.imagepig.endpoints import Endpoint
from playground.sandbox.server import MOST_BODY_BYTES, SandboxApplication

from .answers import JSON, assert_api_error
from .serving import served


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


def test_refusals_over_http_arrive_whole(application: SandboxApplication) -> None:
    with served(application) as base_url:
        body = {"prompt": "x" * 100_000}
        assert_api_error(httpx.post(f"{base_url}/xl", json=body), 401)
        assert_api_error(httpx.post(f"{base_url}/nowhere", json=body), 404)
        assert_api_error(httpx.put(f"{base_url}/xl", json=body), 405)
