"""What is missing is said with its install command; where services are required, it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import needs


@pytest.mark.parametrize(
    ("need", "package"),
    [
        (needs.chromium, "chromium"),
        (needs.curl, "curl"),
        (needs.node, "nodejs"),
        (needs.php, "php-cli php-curl"),
    ],
)
def test_a_missing_program_is_named_with_its_package(
    need: Callable[[], str], package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)

    with pytest.raises(pytest.skip.Exception, match=f"apt-get install {package}"):
        need()


@pytest.mark.parametrize(
    ("need", "variable", "url", "package"),
    [
        (needs.postgresql, "TEST_POSTGRESQL_URL", "postgres://127.0.0.1:9/x", "postgresql"),
        (needs.redis, "TEST_REDIS_URL", "redis://127.0.0.1:9/0", "redis-server"),
    ],
)
def test_a_server_that_does_not_answer_is_named_with_its_package(
    need: Callable[[], str],
    variable: str,
    url: str,
    package: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, url)
    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)

    with pytest.raises(pytest.skip.Exception, match=f"{url}.*apt-get install {package}"):
        need()


@pytest.mark.parametrize(("need", "name"), [(needs.chromium, "Chromium"), (needs.curl, "cURL")])
def test_where_services_are_required_a_missing_one_is_a_failure(
    need: Callable[[], str], name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REQUIRE_SERVICES", "1")

    with pytest.raises(pytest.fail.Exception, match=f"{name} is missing"):
        need()


@pytest.mark.parametrize(
    ("need", "variable", "url", "name"),
    [
        (needs.postgresql, "TEST_POSTGRESQL_URL", "postgres://127.0.0.1:9/x", "PostgreSQL"),
        (needs.redis, "TEST_REDIS_URL", "redis://127.0.0.1:9/0", "Redis"),
    ],
)
def test_where_services_are_required_a_server_that_does_not_answer_is_a_failure(
    need: Callable[[], str], variable: str, url: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, url)
    monkeypatch.setenv("REQUIRE_SERVICES", "1")

    with pytest.raises(pytest.fail.Exception, match=f"{name} at {url} is missing"):
        need()
