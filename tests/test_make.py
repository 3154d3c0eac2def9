"""`make run`, as somebody meets it who has just cloned the project."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from imagepig_site.environment import ROOT

from .running import Site, is_running, until

MAKE = ("make", "--no-print-directory", "run")
TOOLS = ("sh", "make", "rm", "mkdir", "cmp", "cp", "chmod", "cat")
"""Every Debian has these."""

# Notes what it is asked, and answers as a Python does that is all right.
PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) {version} echo "$0" ;;
  *"import ensurepip, venv"*) {venv} ;;
  *) echo "python $*" >>"{notes}" ;;
esac
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
"""
UV = """#!/bin/sh
echo "uv $*" >>"{notes}"
if [ "$1" = venv ]; then mkdir -p .venv/bin && cp "$4" .venv/bin/python; fi
"""


class Machine:
    """A folder with the Makefile, and a PATH on which lies only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.project, self.path = folder / "project", folder / "path"
        self.notes = folder / "notes"
        self.project.mkdir()
        self.path.mkdir()
        for name in ("Makefile", "requirements.txt"):
            shutil.copy(ROOT / name, self.project)
        for name in TOOLS:
            found = shutil.which(name)
            assert found is not None
            (self.path / name).symlink_to(found)

    def add(self, name: str, script: str, **parts: str) -> Path:
        program = self.path / name
        program.write_text(script.format(notes=self.notes, **parts))
        program.chmod(0o755)
        return program

    def add_python(self, name: str = "python3", *, version: str = "", venv: str = "true") -> Path:
        return self.add(name, PYTHON, version=version, venv=venv)

    def make_run(self, *more: str) -> subprocess.CompletedProcess[str]:
        self.notes.write_text("")
        return subprocess.run(
            [*MAKE, *more],
            cwd=self.project,
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def asked(self) -> list[str]:
        """What Python and uv were asked, but for whether they are there."""
        known = ("python -c", "uv --version")
        return [line for line in self.notes.read_text().splitlines() if not line.startswith(known)]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_python_that_is_too_old_or_missing_is_said_with_what_is_needed(machine: Machine) -> None:
    machine.add_python("python3", version="exit 1;")

    ended = machine.make_run()

    assert ended.returncode != 0
    assert "Python 3.11 or newer is needed" in ended.stdout
    assert "make run PYTHON=/path/to/python3" in ended.stdout
    assert not (machine.project / ".venv").exists()


def test_a_python_without_venv_is_said_with_the_command_that_brings_it(machine: Machine) -> None:
    machine.add_python(venv="exit 1")

    ended = machine.make_run()

    assert ended.returncode != 0
    assert "comes without its venv module" in ended.stdout
    assert "apt install python3-venv" in ended.stdout
    assert machine.asked() == []


def test_the_first_start_installs_what_is_locked_with_pip_and_the_next_one_nothing(
    machine: Machine,
) -> None:
    machine.add_python()

    first = machine.make_run()

    assert first.returncode == 0, first.stderr
    assert "Installing what requirements.txt locks into .venv" in first.stdout
    venv, pip, serve = machine.asked()
    assert venv == "python -m venv .venv"
    assert pip.startswith("python -m pip install ")
    assert pip.endswith(" --require-hashes -r requirements.txt")
    assert serve == "python -m imagepig_site.serve"

    second = machine.make_run()

    assert second.stdout == ""
    assert machine.asked() == [serve]


def test_where_there_is_uv_it_installs_also_without_venv(machine: Machine) -> None:
    python = machine.add_python(venv="exit 1")
    machine.add("uv", UV)

    ended = machine.make_run()

    assert ended.returncode == 0, ended.stderr
    assert machine.asked() == [
        f"uv venv -q --python {python} .venv",
        "uv pip install -q --python .venv/bin/python --require-hashes -r requirements.txt",
        "python -m imagepig_site.serve",
    ]


def test_a_lock_that_changed_is_installed_before_the_start(machine: Machine) -> None:
    machine.add_python()
    machine.make_run()
    with (machine.project / "requirements.txt").open("a") as lock:
        lock.write("# another\n")

    assert "Installing" in machine.make_run().stdout
    assert [line.split()[2] for line in machine.asked()] == ["pip", "imagepig_site.serve"]


def test_a_newer_python_is_taken_where_the_first_one_found_is_too_old(machine: Machine) -> None:
    machine.add_python("python3", version="exit 1;")
    newer = machine.add_python("python3.14")
    machine.add("uv", UV)

    machine.make_run()

    assert machine.asked()[0] == f"uv venv -q --python {newer} .venv"


def test_an_interpreter_that_is_named_is_taken(machine: Machine) -> None:
    machine.add_python("python3")
    named = machine.add_python("snake")
    machine.add("uv", UV)

    machine.make_run(f"PYTHON={named}")

    assert machine.asked()[0] == f"uv venv -q --python {named} .venv"


# The real thing, with what is installed already


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, first_data: Path) -> Path:
    """The project as `make run` finds it at its second start: its .venv is this one."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(first_data, folder / "data")
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name != "var":
            (folder / path.name).symlink_to(path)
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    shutil.copy(ROOT / "requirements.txt", folder / ".venv")
    return folder


@pytest.fixture
def start(clone: Path) -> Iterator[Callable[[], Site]]:
    started: list[Site] = []

    def run() -> Site:
        started.append(Site(clone, command=MAKE, project=clone))
        return started[-1]

    yield run
    for site in started:
        site.stop()
        # What a stop that does not reach the site leaves behind.
        with suppress(ProcessLookupError):
            os.killpg(site.process.pid, signal.SIGKILL)


def descendants(pid: int) -> set[int]:
    """Every process below this one."""
    found: set[int] = set()
    for folder in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in map(int, folder.read_text().split()):
            found |= {child} | descendants(child)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("tell", "number"),
    [
        pytest.param(os.killpg, signal.SIGINT, id="Ctrl-C in the terminal"),
        pytest.param(os.killpg, signal.SIGTERM, id="SIGTERM to all"),
        pytest.param(os.kill, signal.SIGTERM, id="SIGTERM to make alone"),
    ],
)
def test_a_stop_reaches_both_processes_through_make(
    tell: Callable[[int, int], None], number: signal.Signals, start: Callable[[], Site]
) -> None:
    site = start().ready()
    # serve, gunicorn with two processes of its own, of which the first page needs one, worker
    until(lambda: len(descendants(site.process.pid)) == 5)
    processes = descendants(site.process.pid)

    tell(site.process.pid, number)

    # Make ends by the signal that it got.
    assert site.ended() == -number, site.output()
    until(lambda: not any(map(is_running, processes)))
    for word in ("Installing", "Killing", "Traceback", "was killed", "exit code"):
        assert word not in site.output()
