"""The whole site in one command: `python -m imagepig_site.serve`.

Prepares the database and the static files, starts web server and worker, and stops both on Ctrl-C
or SIGTERM. If one of them dies the other is stopped, and the command says so and ends non-zero.
Imports no Django: what is wrong with the environment is said at once and plainly.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from imagepig_site import environment
from imagepig_site.children import PARENT

PREPARING = "preparation"
WEB = "web server"
WORKER = "worker"
SAVING_SECONDS = 10
"""What a call may need after its answer has come, until the picture is saved."""
KILLING_SECONDS = 5
"""What is granted beyond that before a process is killed."""
DOUBLE_SECONDS = 2
"""One stop can arrive as several signals: from the terminal, from make, from a service manager."""


class Signalled(NamedTuple):
    number: int


class Ended(NamedTuple):
    name: str
    code: int


class Answered(NamedTuple):
    name: str
    problem: str = ""


Event = Signalled | Ended | Answered


def say(message: str) -> None:
    """Print a line; a closed terminal is no reason to leave the children alone."""
    with contextlib.suppress(OSError):
        print(message, flush=True)  # noqa: T201


def how(code: int) -> str:
    """Say how a process ended, by its return code as subprocess gives it."""
    if code >= 0:
        return f"ended by itself with exit code {code}"
    return f"was killed by {signal.Signals(-code).name}"


def listen(host: str, port: int) -> socket.socket:
    """Open the port. Raises OSError where that cannot be."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


class Site:
    """Web server and worker, as children in sessions of their own.

    A Ctrl-C in the terminal goes to every process of its group. The children must not get it: a
    call in flight would be lost. They are told to stop by this process alone, and once.
    """

    def __init__(self, settings: Mapping[str, Any], listener: socket.socket) -> None:
        self.settings = settings
        self.listener = listener
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.told: set[int] = set()

    def run(self) -> int:
        """Prepare, serve, stop. Returns the exit code: 0 after a stop that was asked for."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._signalled)
        self._start(PREPARING, ["manage.py", "prepare"])
        event = self._await_event()
        if isinstance(event, Ended) and event.code == 0:
            self._start_servers()
            event = self._serve()
        if isinstance(event, Ended) and event.code in (0, -signal.SIGTERM):
            event = self._signal_on_its_way() or event
        if isinstance(event, Signalled):
            return self._stop()
        reason = event.problem if isinstance(event, Answered) else how(event.code)
        others = " and ".join(f"the {name}" for name in self.running)
        say(f"The {event.name} {reason}.{f' Stopping {others}.' if others else ''}")
        self._stop()
        return 1

    def _start_servers(self) -> None:
        listening = self.listener.fileno()
        gunicorn = ["-m", "gunicorn", "-c", "python:imagepig_site.web", "imagepig_site.wsgi"]
        self._start(WEB, [*gunicorn, "--bind", f"fd://{listening}"], [listening])
        self.listener.close()
        threading.Thread(target=self._ask_web, daemon=True).start()

        awaited, told = os.pipe()
        self._start(WORKER, ["manage.py", "worker", "--ready-fd", str(told)], [told])
        os.close(told)
        threading.Thread(target=self._listen_to_worker, args=[awaited], daemon=True).start()

    def _serve(self) -> Event:
        """Wait until both are ready, say so, and wait for whatever ends that."""
        awaited = {WEB, WORKER}
        while True:
            event = self._await_event()
            if not isinstance(event, Answered) or event.problem:
                return event
            awaited.discard(event.name)
            if not awaited:
                local = f"http://localhost:{self.settings['PORT']}"
                site = self.settings["SITE_URL"]
                also = "" if site == local else f" (as {site} to the world)"
                say(f"Ready: {local}{also}\nCtrl-C stops it.")

    def _signal_on_its_way(self) -> Signalled | None:
        """The signal to this process, where whoever stops them all told a child first."""
        deadline = time.monotonic() + DOUBLE_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(Empty):
                if isinstance(event := self._await_event(left), Signalled):
                    return event
        return None

    def _await_event(self, timeout: float | None = None) -> Event:
        """The next event. Raises Empty where none came in time."""
        event = self.events.get(timeout=timeout)
        if isinstance(event, Ended):
            del self.running[event.name]
        return event

    def _start(self, name: str, arguments: Sequence[str], inherited: Sequence[int] = ()) -> None:
        process = subprocess.Popen(  # noqa: S603  # nosec B603
            [sys.executable, *arguments],
            cwd=environment.ROOT,
            env={**os.environ, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=inherited,
        )
        self.running[name] = process
        threading.Thread(target=self._watch, args=[name, process], daemon=True).start()

    def _watch(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.events.put(Ended(name, process.wait()))

    def _ask_web(self) -> None:
        """The port is open already, so this question waits until there is someone to answer."""
        host = ip_address(self.settings["BIND_ADDRESS"])
        if host.is_unspecified:
            host = ip_address("127.0.0.1" if host.version == 4 else "::1")
        connection = HTTPConnection(str(host), self.settings["PORT"], timeout=60)
        try:
            connection.request("GET", "/", headers={"Host": self._site_host()})
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            self.events.put(Answered(WEB, f"does not answer ({error})"))
        else:
            problem = f"answers with error {status}" if status >= 500 else ""
            self.events.put(Answered(WEB, problem))
        finally:
            connection.close()

    def _site_host(self) -> str:
        return urlsplit(self.settings["SITE_URL"]).hostname or "localhost"

    def _listen_to_worker(self, awaited: int) -> None:
        with open(awaited, "rb") as pipe:
            if pipe.read(1):
                self.events.put(Answered(WORKER))

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        self.events.put(Signalled(number))

    def _stop(self) -> int:
        """Let requests and calls in flight finish, and wait for that. Returns the exit code."""
        begun = time.monotonic()
        patience = self.settings["CALL_SECONDS"] + SAVING_SECONDS
        self._tell(dict.fromkeys(self.running, signal.SIGTERM))
        fine = self._await_end(begun + DOUBLE_SECONDS, hurried=False)
        if self.running:
            say(
                f"Letting what is under way finish, {patience} s at most. Ctrl-C again gives it "
                "up; Image Pig may count calls that are in flight."
            )
            fine &= self._await_end(begun + patience + KILLING_SECONDS, hurried=True)
        if self.running:
            say(f"Killing what did not stop: {', '.join(self.running)}.")
            self._tell(dict.fromkeys(self.running, signal.SIGKILL))
            self._await_end(time.monotonic() + KILLING_SECONDS, hurried=False)
            return 1
        return 0 if fine else 1

    def _await_end(self, deadline: float, *, hurried: bool) -> bool:
        """Wait for all that runs, with an ear for a second Ctrl-C. Says whether each ended well."""
        fine = True
        while self.running:
            try:
                event = self._await_event(max(deadline - time.monotonic(), 0.01))
            except Empty:
                return fine
            # A process that is told to stop while it sets itself up, or has all but stopped, ends
            # by the signal.
            if isinstance(event, Ended) and event.code and -event.code not in self.told:
                say(f"The {event.name} {how(event.code)}.")
                fine = False
            elif isinstance(event, Signalled) and event.number == signal.SIGINT and hurried:
                self._tell({WEB: signal.SIGQUIT, WORKER: signal.SIGINT})
        return fine

    def _tell(self, orders: Mapping[str, int]) -> None:
        self.told.update(orders.values())
        for name, number in orders.items():
            if process := self.running.get(name):
                process.send_signal(number)


def main() -> int:
    """Return the exit code: 2 where the environment cannot be read, 1 for any other failure."""
    try:
        settings = environment.read()
    except environment.InvalidEnvironment as error:
        say(str(error))
        return 2
    port = settings["PORT"]
    try:
        listener = listen(settings["BIND_ADDRESS"], port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            say(f"Port {port} is in use. Stop what uses it, or choose another: PORT=8001 make run")
        else:
            say(f"Port {port} of {settings['BIND_ADDRESS']} cannot be opened: {error.strerror}.")
        return 1
    return Site(settings, listener).run()


if __name__ == "__main__":
    sys.exit(main())
