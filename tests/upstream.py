"""A fake Image Pig on a raw socket: plays every fault, and counts what it would bill.

It knows the API from its documentation, not from this application's table, so that a mistake in
the table shows. As a process: `python -m tests.upstream PORT --delay 1.5 --count-file FILE`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import signal
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from .upstream_book import BY_THE_BOOK
from .upstream_exchange import Behaviour, Exchange, Request, Script, error


@dataclass
class Hosted:
    """A stored picture, and how it answers the first so many times it is asked for."""

    content: bytes = field(repr=False)
    mime_type: str
    before: deque[Behaviour] = field(default_factory=deque)


class Upstream:
    """A fake Image Pig on a loopback port.

    `billed` counts the requests whose whole body has arrived, from that moment on. `requests` are
    all that arrived, pictures' included; `connections` counts what was accepted. What it does with
    a POST is, in this order: the next of `behaviours` (a queue), what `script` says for it, or a
    documented answer (see upstream_book.py) after `delay` seconds.
    """

    def __init__(
        self,
        *behaviours: Behaviour,
        script: Script | None = None,
        delay: float = 0,
        port: int = 0,
        count_file: Path | None = None,
        tls: ssl.SSLContext | None = None,
        hosted_after: int = 0,
    ) -> None:
        self.behaviours = deque(behaviours)
        self.script = script
        self.delay = delay
        self.port = port
        self.count_file = count_file
        self.tls = tls
        self.hosted_after = hosted_after
        """How often a stored picture says 404 before it is there."""
        self.billed = 0
        self.connections = 0
        self.requests: list[Request] = []
        self.hosted: dict[str, Hosted] = {}
        self.stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._arrival = threading.Condition(self._lock)
        self._open: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._listener: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens: scheme, host and port."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def posts(self) -> list[Request]:
        """The requests for pictures to be made, without those for stored ones."""
        return [request for request in self.requests if request.method == "POST"]

    def wait_for_posts(self, count: int, seconds: float = 10) -> None:
        """Wait until so many POSTs have arrived whole. Raises TimeoutError."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self.posts) >= count, seconds):
                raise TimeoutError(f"{len(self.posts)} of {count} requests came in {seconds} s.")

    # Starting and stopping

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, on the same port as before after a stop."""
        self.stopping.clear()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(256)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._run(self._accept, listener)

    def stop(self) -> None:
        """Stop listening, drop every connection, and wait for all threads."""
        self.stopping.set()
        self._close_listener()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)

    def _close_listener(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            # Closing alone does not wake a thread that waits in accept().
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refuse connections for as long as this lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    # Serving

    def _run(self, function: Callable[[socket.socket], None], argument: socket.socket) -> None:
        def run() -> None:
            try:
                function(argument)
            finally:
                self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # The other side may be gone at any point: that is its right, and often the test.
        with suppress(OSError):
            self._converse(connection)
        with self._lock:
            self._open.discard(connection)
        connection.close()

    def _converse(self, connection: socket.socket) -> None:
        early = self._next_if_early()
        if early is not None:
            early.play(Exchange(self, connection, Request("", "", {}, b"")))
            return
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as stream:
            while (request := self._read(stream)) is not None:
                exchange = Exchange(self, connection, request)
                self._receive(request).play(exchange)
                if exchange.ended or request.headers.get("connection", "").lower() == "close":
                    return

    def _read(self, stream: Any) -> Request | None:
        """Read one whole request; None where there is none (any more)."""
        words = stream.readline(65536).split()
        if len(words) != 3:
            return None
        headers: dict[str, str] = {}
        while line := stream.readline(65536).strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = stream.read(length)
        if len(body) < length:
            return None
        return Request(words[0].decode("latin-1"), words[1].decode("latin-1"), headers, body)

    def _next_if_early(self) -> Behaviour | None:
        with self._lock:
            if self.behaviours and self.behaviours[0].early:
                return self.behaviours.popleft()
        return None

    def _receive(self, request: Request) -> Behaviour:
        """Choose what to do with a request, and count it, at the moment it has arrived."""
        with self._lock:
            self.requests.append(request)
            if request.method != "POST":
                return self._hosted(request)
            behaviour = BY_THE_BOOK
            if self.behaviours:
                behaviour = self.behaviours.popleft()
            elif self.script is not None:
                behaviour = self.script(request)
            if behaviour.bills:
                self.billed += 1
                self._note(request)
            self._arrival.notify_all()
        return behaviour

    def _note(self, request: Request) -> None:
        if self.count_file is None:
            return
        line = json.dumps({"path": request.path, "body": request.body.decode("utf-8", "replace")})
        with self.count_file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def _hosted(self, request: Request) -> Behaviour:
        hosted = self.hosted.get(request.path)
        if hosted is None:
            return error(404, "Not found")
        if hosted.before:
            return hosted.before.popleft()
        return Behaviour(lambda exchange: exchange.answer(200, hosted.content, hosted.mime_type))

    def host(self, content: bytes, mime_type: str, *before: Behaviour) -> str:
        """Store a picture; its address answers with `before` first, one a request."""
        path = f"/files/{next(self._numbers)}.{mime_type.partition('/')[2]}"
        self.hosted[path] = Hosted(content, mime_type, deque(before))
        return self.url + path


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    from .upstream_scenarios import ROWS

    parser = argparse.ArgumentParser(description="A fake Image Pig, for tests and measurements.")
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=0, help="seconds until an answer")
    parser.add_argument("--count-file", type=Path, help="gets a line for each billed request")
    parser.add_argument("--play", choices=sorted(ROWS), help="do this with every request")
    options = parser.parse_args()
    script = (lambda _request: ROWS[options.play].behaviour) if options.play else None
    upstream = Upstream(
        script=script, delay=options.delay, port=options.port, count_file=options.count_file
    )
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with upstream:
        print(upstream.url, flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
