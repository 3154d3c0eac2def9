"""From the environment to the settings: each variable is read, or refused by name."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from imagepig_site.environment import ROOT, VARIABLES, InvalidEnvironment, kept_secret, read

KEY = "A" * 43 + "="

GOOD: dict[str, list[tuple[str, Any]]] = {
    "DATA_DIR": [("var", ROOT / "var"), ("/srv/pig", Path("/srv/pig"))],
    "PORT": [("8000", 8000), ("1", 1)],
    "BIND_ADDRESS": [("0.0.0.0", "0.0.0.0"), ("::1", "::1")],  # noqa: S104
    "SITE_URL": [
        ("https://pictures.example.com/", "https://pictures.example.com"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
    ],
    "ALLOWED_HOSTS": [("a.example, .b.example", ["a.example", ".b.example"]), ("[::1]", ["[::1]"])],
    "SECRET_KEY": [("s" * 50, "s" * 50)],
    "API_KEY_ENCRYPTION_KEYS": [(f"{KEY},{KEY}", [KEY, KEY])],
    "DEBUG": [("on", True), ("OFF", False), ("true", True), ("0", False)],
    "DATABASE_URL": [("postgres://u:p@db:5432/pig", "postgres://u:p@db:5432/pig")],
    "REDIS_URL": [("redis://cache:6379/0", "redis://cache:6379/0")],
    "IMAGEPIG_API_URL": [("http://127.0.0.1:9000/api/", "http://127.0.0.1:9000/api")],
    "EMAIL_URL": [("smtp+tls://u:p@mail.example:587", "smtp+tls://u:p@mail.example:587")],
    "EMAIL_FROM": [("Pig <pig@example.com>", "Pig <pig@example.com>"), ("a@b.c", "a@b.c")],
    "TRUSTED_PROXIES": [("1", 1)],
    "WEB_WORKERS": [("4", 4)],
    "WEB_THREADS": [("64", 64)],
    "WORKER_THREADS": [("1", 1)],
    "TEAM_CALLS_AT_ONCE": [("32", 32)],
    "TEAM_CALLS_WAITING": [("1000", 1000)],
    "ASK_ABOVE_CALLS": [("0", 0), ("200", 200)],
    "CALL_SECONDS": [("60", 60)],
    "SANDBOX_LATENCY": [("yes", True)],
    "SIGN_UP": [("invitation", "invitation"), ("Closed", "closed")],
    "SANDBOX_RATE": [("10", 10)],
    "LOG_FORMAT": [("json", "json"), ("TEXT", "text")],
    "METRICS_TOKEN": [("pig-metrics-0123", "pig-metrics-0123")],
}
BAD = {
    "DATA_DIR": ["manage.py"],
    "PORT": ["eighty", "0", "65536", "-1", "80.5"],
    "BIND_ADDRESS": ["localhost", "1.2.3"],
    "SITE_URL": [
        "pictures.example.com",
        "ftp://pictures.example.com",
        "https://",
        "https://pictures.example.com/below",
        "https://user@pictures.example.com",
        "https://pictures.example.com:port",
        "https://pictures.example.com?x=1",
    ],
    "ALLOWED_HOSTS": ["https://a.example", "a.example:80", "a example", "*"],
    "SECRET_KEY": ["changeme"],
    "API_KEY_ENCRYPTION_KEYS": ["short", "A" * 44 + "=", f"{KEY},x", "ä" * 44],
    "DEBUG": ["maybe", "2"],
    "DATABASE_URL": ["mysql://db/pig", "postgres://db", "pig.sqlite3", "postgres://db:x/pig"],
    "REDIS_URL": ["cache:6379", "http://cache:6379", "redis://"],
    "IMAGEPIG_API_URL": ["api.imagepig.com", "file:///etc/passwd", "https://", "https://x#y"],
    "EMAIL_URL": ["mail.example", "https://mail.example", "smtp://", "smtp://mail.example:x"],
    "EMAIL_FROM": ["pig", "pig@", "a@b@c", "Pig <pig>"],
    "TRUSTED_PROXIES": ["yes", "-1", "6"],
    "WEB_WORKERS": ["0", "many"],
    "WEB_THREADS": ["1", "1000"],
    "WORKER_THREADS": ["0", "257"],
    "TEAM_CALLS_AT_ONCE": ["0"],
    "TEAM_CALLS_WAITING": ["0", "100001"],
    "ASK_ABOVE_CALLS": ["-1", "many"],
    "CALL_SECONDS": ["0", "601", "1.5"],
    "SANDBOX_LATENCY": ["slow"],
    "SIGN_UP": ["maybe"],
    "SANDBOX_RATE": ["0"],
    "LOG_FORMAT": ["xml"],
    "METRICS_TOKEN": ["fifteen-letters", "with a space 0123456"],
}


def test_every_variable_is_tried_with_good_and_bad_values() -> None:
    names = {variable.name for variable in VARIABLES}
    assert set(GOOD) == set(BAD) == names


@pytest.mark.parametrize(
    ("name", "raw", "value"), [(name, *pair) for name, pairs in GOOD.items() for pair in pairs]
)
def test_a_good_value_is_read(name: str, raw: str, value: Any) -> None:
    assert read({name: raw})[name] == value


@pytest.mark.parametrize(
    ("name", "raw"), [(name, raw) for name, values in BAD.items() for raw in values]
)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, raw: str) -> None:
    with pytest.raises(InvalidEnvironment) as refused:
        read({name: raw})
    expected = next(variable.expected for variable in VARIABLES if variable.name == name)
    assert f"  {name} cannot be read. Expected: {expected}." in str(refused.value)
    assert len(str(refused.value).splitlines()) == 2
    if len(raw) > 8 and raw not in expected:
        assert raw not in str(refused.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidEnvironment) as refused:
        read({"PORT": "x", "DEBUG": "y"})
    assert "PORT" in str(refused.value)
    assert "DEBUG" in str(refused.value)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read({variable.name: " " for variable in VARIABLES}) == read({})


def test_the_sites_address_follows_the_port() -> None:
    assert read({"PORT": "9000"})["SITE_URL"] == "http://localhost:9000"


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "below" / "secret"
    assert kept_secret(path, lambda: "first") == "first"
    assert kept_secret(path, lambda: "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_of_many_that_start_at_once_all_keep_the_same_secret(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    kept: list[str] = []

    def start(number: int) -> None:
        together.wait()
        kept.append(kept_secret(tmp_path / "secret", lambda: f"secret-{number}"))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 8
    assert len(set(kept)) == 1


SHOWN = [
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASES",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_USE_TLS",
    "SECRET_KEY",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
]
SHOW = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {SHOWN!r}}}))
"""


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, with this environment only."""
    environ = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "imagepig_site.settings",
        "DATA_DIR": str(tmp_path / "data"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(tmp_path: Path, **variables: str) -> dict[str, Any]:
    started = start(tmp_path, **variables)
    assert started.returncode == 0, started.stderr
    shown: dict[str, Any] = json.loads(started.stdout)
    return shown


def test_out_of_the_box_it_answers_to_this_machine_and_sends_no_mail(tmp_path: Path) -> None:
    shown = settings_of(tmp_path)
    assert shown["DEBUG"] is False
    assert shown["ALLOWED_HOSTS"] == ["localhost", "localhost", "127.0.0.1", "[::1]"]
    assert not shown["SESSION_COOKIE_SECURE"]
    assert not shown["SECURE_SSL_REDIRECT"]
    assert shown["SECURE_PROXY_SSL_HEADER"] is None
    assert shown["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert shown["ACCOUNT_EMAIL_VERIFICATION"] == "none"
    kept = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert shown["SECRET_KEY"] == kept.read_text()
    assert len(shown["SECRET_KEY"]) >= 50


def test_https_switches_on_what_keeps_it_https(tmp_path: Path) -> None:
    shown = settings_of(
        tmp_path,
        SITE_URL="https://pictures.example.com",
        TRUSTED_PROXIES="1",
        EMAIL_URL="smtp+tls://user:pass@mail.example:587",
        SECRET_KEY="s" * 50,
    )
    assert shown["SESSION_COOKIE_SECURE"]
    assert shown["CSRF_COOKIE_SECURE"]
    assert shown["SECURE_SSL_REDIRECT"]
    assert shown["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert shown["CSRF_TRUSTED_ORIGINS"] == ["https://pictures.example.com"]
    assert shown["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"
    assert shown["ALLOWED_HOSTS"] == ["pictures.example.com"]
    assert shown["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert shown["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert shown["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert (shown["EMAIL_HOST"], shown["EMAIL_PORT"]) == ("mail.example", 587)
    assert shown["EMAIL_USE_TLS"]
    assert shown["DEFAULT_FROM_EMAIL"] == "playground@pictures.example.com"
    assert not (tmp_path / "data" / "secret_key").exists()


def test_what_the_databases_address_asks_for_is_kept_and_its_connections_are_bounded(
    tmp_path: Path,
) -> None:
    url = "postgres://user:pass@db.example:5433/pig?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    database = settings_of(tmp_path, DATABASE_URL=url)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "pig")
    pool = database["OPTIONS"].pop("pool")
    assert database["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert pool["max_size"] <= 8
    assert pool["timeout"] == 20


def test_sqlite_waits_for_the_disk_and_takes_its_lock_at_once(tmp_path: Path) -> None:
    database = settings_of(tmp_path)["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "data" / "playground.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "PRAGMA journal_mode=WAL;" in database["OPTIONS"]["init_command"]
    assert "PRAGMA synchronous=FULL;" in database["OPTIONS"]["init_command"]
    elsewhere = settings_of(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
    elsewhere = elsewhere["DATABASES"]["default"]
    assert elsewhere["NAME"] == f"{tmp_path}/other.sqlite3"
    assert elsewhere["OPTIONS"] == database["OPTIONS"]


def test_a_start_with_a_bad_value_ends_with_its_name(tmp_path: Path) -> None:
    started = start(tmp_path, DEBUG="perhaps")
    assert started.returncode != 0
    assert "DEBUG cannot be read. Expected: on or off." in started.stderr
    assert "perhaps" not in started.stderr.partition("ImproperlyConfigured")[2]
