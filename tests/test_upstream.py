"""The fake upstream itself: what it counts, and that the vendor's own client takes it for real."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import imagepig
import pytest
from PIL import Image

from tests import upstream_behaviours as play
from tests.upstream import Upstream
from tests.upstream_pictures import picture, plain_picture

ROOT = Path(__file__).parent.parent
BODY = json.dumps({"positive_prompt": "pig", "seed": 2**64 - 1}).encode()
HEAD = b"POST /xl HTTP/1.1\r\nApi-Key: k\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def read_all(connection: socket.socket) -> bytes:
    with connection, connection.makefile("rb") as stream:
        return stream.read()


def test_a_request_is_billed_once_its_last_byte_has_arrived(upstream: Upstream) -> None:
    upstream.behaviours.append(play.NEVER_ANSWER)
    with connect(upstream.port) as connection:
        connection.sendall(HEAD % len(BODY) + BODY)
        upstream.wait_for_posts(1)
        assert upstream.billed == 1


def test_a_request_that_breaks_off_is_not_billed(upstream: Upstream) -> None:
    with connect(upstream.port) as connection:
        connection.sendall(HEAD % len(BODY) + BODY[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert (upstream.billed, upstream.requests) == (0, [])


def test_busy_is_the_one_answer_that_bills_nothing(upstream: Upstream) -> None:
    upstream.behaviours.extend([play.busy("1"), play.page(500)])
    for _ in range(2):
        connection = connect(upstream.port)
        connection.sendall(HEAD % len(BODY) + BODY)
        read_all(connection)
    assert (len(upstream.posts), upstream.billed) == (2, 1)


def test_waiting_for_a_request_that_never_comes_ends(upstream: Upstream) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        upstream.wait_for_posts(1, seconds=0.01)


def test_a_kept_connection_that_is_closed_all_the_same_ends_in_good_order() -> None:
    kept = HEAD.replace(b"Connection: close\r\n", b"")
    with Upstream(play.body(b"{}"), play.RESET_BEFORE_ANSWER) as upstream:
        connection = connect(upstream.port)
        with connection, connection.makefile("rb") as stream:
            connection.sendall(kept % len(BODY) + BODY)
            while stream.readline() != b"\r\n":
                pass
            assert stream.read(2) == b"{}"
            connection.sendall(kept % len(BODY) + BODY)
            with pytest.raises(ConnectionResetError):
                stream.read()
    assert (upstream.billed, upstream.connections) == (2, 1)


def test_a_script_chooses_by_the_request() -> None:
    with Upstream(script=lambda request: play.body(request.path.encode())) as upstream:
        connection = connect(upstream.port)
        connection.sendall(HEAD % len(BODY) + BODY)
        assert read_all(connection).endswith(b"\r\n\r\n/xl")


@pytest.mark.parametrize(("endpoint", "size"), [("default", (512, 512)), ("xl", (1024, 1024))])
def test_the_vendors_client_takes_it_for_the_api(
    endpoint: str, size: tuple[int, int], upstream: Upstream
) -> None:
    client = imagepig.ImagePig("key", api_url=upstream.url)
    answer = getattr(client, endpoint)("pig", seed=2**64 - 1)

    assert answer.seed == 2**64 - 1
    assert answer.mime_type == "image/jpeg"
    assert Image.open(io.BytesIO(answer.data)).size == size
    assert answer.duration >= timedelta(0)
    assert upstream.billed == 1


def test_the_vendors_client_waits_for_a_stored_picture(upstream: Upstream) -> None:
    client = imagepig.ImagePig("key", api_url=upstream.url)
    answer = client.flux("pig", storage_days=3)

    assert Image.open(io.BytesIO(answer.data)).size == (1216, 832)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_a_note_changes_a_pictures_bytes_and_none_of_its_pixels(file_format: str) -> None:
    plain, noted = plain_picture((64, 48), file_format), picture((64, 48), file_format, "seed 1")
    first, second = Image.open(io.BytesIO(plain)), Image.open(io.BytesIO(noted))

    assert plain != noted == picture((64, 48), file_format, "seed 1")
    assert first.tobytes() == second.tobytes()


def test_it_runs_as_a_process_and_counts_in_a_file(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    count_file = tmp_path / "count"
    command = [sys.executable, "-m", "tests.upstream", str(port), "--count-file", str(count_file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"http://127.0.0.1:{port}\n"
        for _ in range(2):
            connection = connect(port)
            connection.sendall(HEAD % len(BODY) + BODY)
            assert read_all(connection).startswith(b"HTTP/1.1 200")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    lines = [json.loads(line) for line in count_file.read_text().splitlines()]
    assert lines == [{"path": "/xl", "body": BODY.decode()}] * 2
