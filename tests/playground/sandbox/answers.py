"""What an answer of the API holds."""

from __future__ import annotations

import io
from base64 import b64decode
from datetime import datetime

import httpx
from PIL import Image

JSON = {"Content-Type": "application/json"}


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


def pixels(picture: bytes) -> bytes:
    return Image.open(io.BytesIO(picture)).tobytes()
