"""The lock files: good for every machine, and nothing but what was locked."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from imagepig_site.environment import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def locked(name: str) -> dict[str, str]:
    """What a lock file pins: canonical name and marker → the whole entry with its hashes."""
    text = (ROOT / name).read_text().replace("\\\n", "")
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {re.split(r"\s--hash", entry)[0].strip(): entry for entry in entries}


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_is_pinned_with_its_hashes(name: str) -> None:
    entries = locked(name)

    assert len(entries) > 20
    for pinned, entry in entries.items():
        assert [s.operator for s in Requirement(pinned).specifier] == ["=="], pinned
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry), pinned


@pytest.mark.parametrize("name", LOCKS)
def test_no_address_of_a_registry_is_in_a_lock_file(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index|--extra|--find|-f)\b", text, re.MULTILINE)


def test_the_tests_run_with_what_the_application_runs_with() -> None:
    application, development = (set(locked(name)) for name in LOCKS)

    assert application < development


def test_what_pyproject_names_is_locked_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for wanted, name in (
        (project["project"]["dependencies"], "requirements.txt"),
        (project["dependency-groups"]["dev"], "requirements-dev.txt"),
    ):
        pins = [Requirement(pinned) for pinned in locked(name)]
        for text in wanted:
            requirement = Requirement(text)
            for python in PYTHONS:
                versions = [
                    next(iter(pin.specifier)).version
                    for pin in pins
                    if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
                    and (
                        pin.marker is None
                        or pin.marker.evaluate(
                            {"python_version": python, "python_full_version": f"{python}.9"}
                        )
                    )
                ]
                assert len(versions) == 1, (text, python)
                assert versions[0] in requirement.specifier, (text, python)


@pytest.mark.parametrize("opening", ["dependencies = [", "dev = ["])
def test_each_direct_dependency_has_its_reason_above_it(opening: str) -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start = lines.index(opening)
    listed = lines[start + 1 : lines.index("]", start)]
    assert len(listed) > 20
    for above, line in zip(["", *listed], listed, strict=False):
        if line.lstrip().startswith('"'):
            assert above.lstrip().startswith("#"), line


def test_the_vendors_npm_package_is_locked_without_an_address() -> None:
    text = (ROOT / "tests" / "node" / "package-lock.json").read_text()

    assert '"integrity"' in text
    assert "://" not in text
