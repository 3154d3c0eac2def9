"""Settings that come from the environment: one table, read and checked in one place.

Imports no Django, so that starting the servers can check the environment before anything else runs.
The README shows this table; a test holds the two together.
"""

from __future__ import annotations

import os
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class InvalidEnvironment(Exception):
    """Lists each variable that cannot be read, with what it should hold."""

    def __init__(self, problems: list[str]) -> None:
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The settings in the environment need attention:\n{lines}")


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment. `read` turns its text into a value or raises ValueError."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    expected: str
    default_words: str = ""
    """What the README says of a default that is worked out when the application starts."""


def secret(value: str) -> str:
    if value and len(value) < 50:
        raise ValueError("too short")
    return value


def token(value: str) -> str:
    if value and not re.fullmatch(r"[!-~]{16,}", value):
        raise ValueError(value)
    return value


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def hosts(value: str) -> list[str]:
    """Read host names, each perhaps with a dot before it that takes in what is below it."""
    names = words(value)
    if any(
        not re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", name, re.IGNORECASE)
        for name in names
    ):
        raise ValueError(value)
    return names


def sender(value: str) -> str:
    if value and not re.fullmatch(r"[^@<>\s]+@[^@<>\s]+|[^@<>\r\n]+<[^@<>\s]+@[^@<>\s]+>", value):
        raise ValueError(value)
    return value


def switch(value: str) -> bool:
    if value.lower() in ("on", "true", "yes", "1"):
        return True
    if value.lower() in ("off", "false", "no", "0"):
        return False
    raise ValueError(value)


def one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError(value)
        return value.lower()

    return read


def number(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        result = int(value)
        if not minimum <= result <= maximum:
            raise ValueError(value)
        return result

    return read


def address(*schemes: str) -> Callable[[str], str]:
    """Read an address with one of these schemes and a host, without a slash at its end."""

    def read(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(value)
        _ = parts.port  # raises ValueError where it is no number
        return value.rstrip("/")

    return read


def origin(value: str) -> str:
    """Read an address without a path: the application answers at the root of its host."""
    result = address("http", "https")(value)
    if urlsplit(result).path or "@" in result:
        raise ValueError(value)
    return result


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda value: read(value) if value else ""


def folder(value: str) -> Path:
    path = (ROOT / value).resolve()
    if path.exists() and not path.is_dir():
        raise ValueError(value)
    return path


def ip(value: str) -> str:
    return str(ip_address(value))


def database(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("sqlite", "postgres", "postgresql") or len(parts.path) < 2:
        raise ValueError(value)
    _ = parts.port
    return value


def mail_server(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in (
        "smtp",
        "smtp+tls",
        "smtp+ssl",
        "consolemail",
        "filemail",
        "memorymail",
    ):
        raise ValueError(value)
    if parts.scheme.startswith("smtp") and not parts.hostname:
        raise ValueError(value)
    _ = parts.port
    return value


def fernet_keys(value: str) -> list[str]:
    keys = words(value)
    if any(len(urlsafe_b64decode(key)) != 32 for key in keys):
        raise ValueError(value)
    return keys


VARIABLES = (
    Variable(
        "DATA_DIR",
        "var",
        "Folder for database, queue, pictures and generated secrets.",
        folder,
        "a folder's path",
    ),
    Variable("PORT", "8000", "Port the web server listens on.", number(1, 65535), "1 to 65535"),
    Variable(
        "BIND_ADDRESS",
        "127.0.0.1",
        "Address the web server listens on; `0.0.0.0` lets other machines in.",
        ip,
        "an IP address",
    ),
    Variable(
        "SITE_URL",
        "",
        "The site's own address, as people type it. With https, secure cookies, HSTS and the rest "
        "are on.",
        optional(origin),
        "an address such as https://pictures.example.com",
        "`http://localhost:PORT`",
    ),
    Variable(
        "ALLOWED_HOSTS",
        "",
        "Further host names the site answers to, with commas.",
        hosts,
        "host names with commas between them",
        "the host of `SITE_URL`",
    ),
    Variable(
        "SECRET_KEY",
        "",
        "Signs sessions and links.",
        secret,
        "50 or more random characters",
        "made on the first start, in `DATA_DIR/secret_key`",
    ),
    Variable(
        "API_KEY_ENCRYPTION_KEYS",
        "",
        "Encrypt the stored API keys; with commas, the first one encrypts, all decrypt.",
        fernet_keys,
        "Fernet keys (32 bytes in URL-safe base64) with commas between them",
        "made on the first start, in `DATA_DIR/api_key_encryption_keys`",
    ),
    Variable("DEBUG", "off", "Django's debug mode; for development only.", switch, "on or off"),
    Variable(
        "DATABASE_URL",
        "",
        "`postgres://user:password@host:5432/name` for PostgreSQL; options like `?sslmode=require` "
        "are passed on.",
        optional(database),
        "an address such as postgres://user:password@host:5432/name or sqlite:///path",
        "SQLite in `DATA_DIR`",
    ),
    Variable(
        "REDIS_URL",
        "",
        "`redis://host:6379/0`: queue and cache. Must be private.",
        optional(address("redis", "rediss")),
        "an address such as redis://host:6379/0",
        "SQLite in `DATA_DIR`",
    ),
    Variable(
        "IMAGEPIG_API_URL",
        "https://api.imagepig.com",
        "Where Image Pig's API is.",
        address("https", "http"),
        "an address such as https://api.imagepig.com",
    ),
    Variable(
        "EMAIL_URL",
        "",
        "`smtp+tls://user:password@host:587`. With it, sign-up verifies addresses, "
        "and invitations are mailed.",
        optional(mail_server),
        "an address such as smtp+tls://user:password@host:587",
        "mails go to the console",
    ),
    Variable(
        "EMAIL_FROM",
        "",
        "Sender of the application's mails.",
        sender,
        "an email address",
        "`playground@` and the host of `SITE_URL`",
    ),
    Variable(
        "SIGN_UP",
        "open",
        "Who may make an account: `open` for everybody, `invitation` for whoever a team invites, "
        "`closed` for nobody.",
        one_of("open", "invitation", "closed"),
        "open, invitation or closed",
    ),
    Variable(
        "TRUSTED_PROXIES",
        "0",
        "How many proxies in front of the application set `X-Forwarded-For` and `-Proto`.",
        number(0, 5),
        "0 to 5",
    ),
    Variable(
        "WEB_WORKERS", "2", "Processes of the web server.", number(1, 64), "a number from 1 to 64"
    ),
    Variable(
        "WEB_THREADS",
        "32",
        "Threads of each; half of them may hold a waiting page.",
        number(2, 256),
        "a number from 2 to 256",
    ),
    Variable(
        "WORKER_THREADS",
        "32",
        "Calls in flight at once in the worker.",
        number(1, 256),
        "a number from 1 to 256",
    ),
    Variable(
        "TEAM_CALLS_AT_ONCE",
        "24",
        "How many of one team's calls may run at once.",
        number(1, 256),
        "a number from 1 to 256",
    ),
    Variable(
        "TEAM_CALLS_WAITING",
        "500",
        "How many of one team's calls may wait.",
        number(1, 100_000),
        "a number from 1 to 100000",
    ),
    Variable(
        "ASK_ABOVE_CALLS",
        "50",
        "An experiment that counts as more calls than this asks once more before it starts.",
        number(0, 100_000),
        "a number from 0 to 100000",
    ),
    Variable(
        "CALL_SECONDS",
        "120",
        "Deadline for one whole call; 10 s of it to connect.",
        number(1, 600),
        "seconds from 1 to 600",
    ),
    Variable(
        "SANDBOX_LATENCY",
        "off",
        "The sandbox takes as long as Image Pig would.",
        switch,
        "on or off",
    ),
    Variable(
        "SANDBOX_RATE",
        "60",
        "Pictures a minute that one address may ask of `/sandbox/`.",
        number(1, 100_000),
        "a number from 1 to 100000",
    ),
    Variable(
        "LOG_FORMAT",
        "text",
        "How logs are written: `text` for people, `json` for programs.",
        one_of("text", "json"),
        "text or json",
    ),
    Variable(
        "METRICS_TOKEN",
        "",
        "Prometheus asks `/metrics` with it as its bearer token.",
        token,
        "16 or more characters without spaces",
        "there are no `/metrics`",
    ),
)


def read(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Read all variables: name → value. Raises InvalidEnvironment naming each that cannot be read.

    A variable that is set but empty counts as not set. Values are never repeated in the message:
    some of them are secrets.
    """
    values: dict[str, Any] = {}
    problems = []
    for variable in VARIABLES:
        raw = environ.get(variable.name, "").strip() or variable.default
        try:
            values[variable.name] = variable.read(raw)
        except ValueError:
            problems.append(f"{variable.name} cannot be read. Expected: {variable.expected}.")
    if problems:
        raise InvalidEnvironment(problems)
    values["SITE_URL"] = values["SITE_URL"] or f"http://localhost:{values['PORT']}"
    return values


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret kept in a file of mode 0600, made on the first start.

    Two processes may start at once: the file appears whole or not at all, and the first one wins.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
