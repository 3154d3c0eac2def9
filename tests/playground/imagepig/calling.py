"""Calling a fake Image Pig by hand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from playground.imagepig.client import Client, RawAnswer
from playground.imagepig.endpoints import TABLE, Body
from playground.imagepig.errors import (
    CallError,
)

KEY = "canary-key-0123456789"

BODY: Body = {"positive_prompt": "a pig in the sun", "format": "PNG", "seed": 2**64 - 1}

MEGABYTE = 2**20


@contextlib.contextmanager
def client_of(url: str, **settings: Any) -> Iterator[Client]:
    settings = {"deadline_seconds": 5, "max_answer_bytes": 4 * MEGABYTE, **settings}
    with contextlib.closing(Client(url, **settings)) as client:
        yield client


def generate(client: Client, body: Body = BODY, key: str = KEY, endpoint: str = "xl") -> RawAnswer:
    return client.generate(TABLE[endpoint], body, api_key=key)


def fault_of(client: Client, **arguments: Any) -> CallError:
    with pytest.raises(CallError) as caught:
        generate(client, **arguments)
    return caught.value
