"""docs/running.md tells the truth: what it names exists, and what can be tried here works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandParser
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.admin import UserAdmin
from accounts.administration import NEWEST
from accounts.models import ApiKey, User
from imagepig_site import health, metrics
from imagepig_site.environment import ROOT, VARIABLES, read
from playground import pulse
from playground.keeping import vitals
from playground.models import State
from playground.pipeline import spool
from tests.accounts.test_sign_up import sign_up
from tests.running import KEPT

FILE = ROOT / "docs" / "running.md"
PAGE = FILE.read_text()
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROSE = BLOCK.sub("", PAGE)
CODE = re.findall(r"`([^`]+)`", PROSE)
"""What stands in backticks outside of blocks."""
OURS = ("playground", "accounts")
NAMES = {variable.name for variable in VARIABLES}


def blocks(language: str, word: str = "") -> list[str]:
    return [text for kind, text in BLOCK.findall(PAGE) if kind == language and word in text]


def slug(heading: str) -> str:
    """What GitHub makes of a heading for links that lead to it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    prose = BLOCK.sub("", path.read_text())
    return {slug(each) for each in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}


def parser_of(command: str) -> CommandParser:
    return load_command_class(get_commands()[command], command).create_parser("manage.py", command)


def options_of(command: str) -> set[str]:
    return {each for action in parser_of(command)._actions for each in action.option_strings}


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app in OURS}


def called() -> Iterator[tuple[str, list[str]]]:
    """Each `manage.py COMMAND …` of the page's blocks, with its options and files."""
    for line in "\n".join(text for _, text in BLOCK.findall(PAGE)).splitlines():
        plain = re.sub(r"\$\([^)]*\)", "now", line)
        for found in re.findall(r"manage\.py ([^#&|>']+)", plain):
            command, *arguments = shlex.split(found)
            yield command, arguments


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without their heads."""
    lines = re.findall(r"^\| (.+) \|$", text, re.MULTILINE)
    marks = {number for number, line in enumerate(lines) if set(line) <= set("-| ")}
    heads = marks | {number - 1 for number in marks}
    return [line.split(" | ") for number, line in enumerate(lines) if number not in heads]


def test_each_link_leads_to_a_file_and_a_heading_that_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", PROSE)
    assert len(links) > 12
    for name, anchor in links:
        path = (FILE.parent / name) if name else FILE
        assert path.exists(), name
        assert not anchor or anchor in anchors(path), anchor


def test_each_heading_is_in_the_list_at_the_top() -> None:
    listed = re.findall(r"\(#([\w-]+)\)", PAGE.partition("\n## ")[0])
    assert listed == [slug(each) for each in re.findall(r"^## (.+)$", PROSE, re.MULTILINE)]


def test_others_lead_to_headings_that_are_there() -> None:
    tracked = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    found = [
        anchor
        for path in tracked
        for anchor in re.findall(r"running\.md#([\w-]+)", path.read_text())
    ]
    assert set(found) <= anchors(FILE)


def test_each_command_is_there_and_takes_what_the_page_gives_it() -> None:
    found = list(called())
    assert {name for name, _ in found} >= {"backup", "restore", "doctor", "rotate_api_keys"}
    for command, arguments in found:
        # It raises what it cannot read.
        parser_of(command).parse_args(arguments)


def test_each_command_and_option_in_the_words_is_there() -> None:
    named = {each for text in CODE for each in re.findall(r"^manage\.py (\w+)", text)}
    assert named <= own_commands()
    options = {command: options_of(command) for command in own_commands()}
    for text in CODE:
        command, _, rest = text.removeprefix("manage.py ").partition(" ")
        if command in options:
            assert set(re.findall(r"--[\w-]+", rest)) <= options[command], text
        elif text.startswith("--"):
            assert any(text in each for each in options.values()), text
    doctors = re.findall(r"^- `(--\w+)`", section("Finding what is wrong"), re.MULTILINE)
    of_every_command = options_of("check") & options_of("migrate")
    assert set(doctors) == options["doctor"] - of_every_command


def test_each_make_target_is_there() -> None:
    named = set(re.findall(r"make ([a-z]+)", "\n".join([*CODE, *blocks("ini")])))
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named
    assert named <= set(targets)


def test_each_variable_it_names_is_one_that_the_application_reads() -> None:
    named = {found[0] for text in CODE if (found := re.match(r"[A-Z][A-Z_]{3,}(?=$|[/=])", text))}
    assert len(named) > 12
    assert named <= NAMES
    settings = [line.partition("=")[0] for text in blocks("sh") for line in text.splitlines()]
    assert {name for name in settings if re.fullmatch("[A-Z_]+", name)} <= NAMES


def test_its_settings_can_be_read_as_they_stand() -> None:
    written = [text for text in blocks("sh") if re.match(r"[A-Z_]+=", text)]
    pairs = [line.split("=", 1) for text in written for line in text.splitlines()]
    values = read(dict(pairs))
    assert values["SIGN_UP"] == "invitation"
    assert values["DATABASE_URL"].startswith("postgres://")
    assert len(pairs) == 9


@pytest.mark.parametrize("script", blocks("sh"))
def test_each_script_is_one_that_a_shell_can_read(script: str) -> None:
    subprocess.run(["bash", "-n"], input=script, text=True, check=True, capture_output=True)


def test_the_service_waits_for_calls_in_flight() -> None:
    (text,) = blocks("ini")
    unit = ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(text)
    calls = next(int(each.default) for each in VARIABLES if each.name == "CALL_SECONDS")
    assert unit.getint("Service", "TimeoutStopSec") > calls + 15
    assert unit["Service"]["ExecStart"].split()[1:] == ["run"]


def test_each_metric_it_names_is_told_and_each_that_is_told_is_named(
    db: None, settings: Settings
) -> None:
    told = "\n".join(metrics.lines())
    families = set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE))
    table = "\n".join(row[0] for row in rows(section("Metrics")))
    assert set(re.findall(r"playground_\w+", table)) == families
    (alarms,) = blocks("promql")
    asked = {each.removesuffix("_bucket") for each in re.findall(r"playground_\w+", alarms)}
    assert asked <= families
    assert set(re.findall(r'\{state="(\w+)"\}', alarms)) <= set(State.values)
    (keys,) = re.findall(r'\{state=~"([\w|]+)"\}', alarms)
    assert set(keys.split("|")) <= set(dict(ApiKey._meta.get_field("state").flatchoices))
    assert "METRICS_TOKEN" in section("Metrics")


def test_each_part_of_readyz_is_named_and_no_other(db: None, client: Client) -> None:
    parts = set(health.parts())
    table = [row[0].strip("`") for row in rows(section("Health"))[2:]]
    assert set(table) == parts
    (answer,) = [json.loads(text) for text in blocks("json", '"ready"')]
    assert answer == {"ready": True, "parts": dict.fromkeys(parts, health.OK)}
    (query,) = re.findall(r"`(/readyz\?[^`]+)`", PAGE)
    excluded = re.findall(r"exclude=(\w+)", query)
    assert set(excluded) <= parts
    assert client.get(query).json()["parts"].keys() == parts


def test_each_address_that_it_has_asked_answers(client: Client, db: None) -> None:
    named = re.findall(r"http://127\.0\.0\.1:8000(/\w+)", "\n".join(blocks("sh")))
    assert named == ["/livez", "/readyz", "/metrics"]
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code in {200, 503}
    assert client.get("/metrics").status_code == 404
    (refused,) = re.findall(r"location ~ \^/\(([\w|]+)\)\$", PAGE)
    assert [f"/{each}" for each in refused.split("|")] == named


def test_the_numbers_that_it_tells_are_those_of_the_code(settings: Settings) -> None:
    health_words = section("Health")
    assert f"less than {spool.RESERVE_BYTES // 2**20} MB are free" in health_words
    assert f"in its last {pulse.GONE_SECONDS} s" in health_words
    assert vitals.STILL.total_seconds() == 5 * 60
    assert "due for five minutes" in health_words
    (listed,) = re.findall(r"newest ([\d,]+) rows", PAGE)
    assert listed == f"{NEWEST:,}"


def test_what_administrators_do_is_there_for_them() -> None:
    assert "delete it under *Authenticators*" in PAGE
    names = {str(model._meta.verbose_name_plural) for model in admin.site._registry}
    assert "authenticators" in names
    request = RequestFactory().get("/admin/")
    request.user = User(is_staff=True, is_superuser=True)
    form = UserAdmin(User, admin.site).get_form(request)
    for name in ("is_staff", "is_superuser", "is_active"):
        label = str(form.base_fields[name].label)
        assert f"*{label[0].lower()}{label[1:]}*" in section("Administrators")


def test_the_first_account_can_be_made_whatever_the_settings_say(
    client: Client, db: None, settings: Settings
) -> None:
    assert "whatever `SIGN_UP` says it can be made" in PAGE
    settings.SIGN_UP = "invitation"
    sign_up(client)
    assert User.objects.get().is_superuser
    sign_up(Client(), "second@example.com")
    assert User.objects.count() == 1


def test_the_key_that_its_command_makes_encrypts() -> None:
    (script,) = [text for text in blocks("sh") if "urlsafe_b64encode" in text]
    line = next(line for line in script.splitlines() if line.startswith("python3 -c"))
    made = subprocess.run(shlex.split(line), capture_output=True, text=True, check=True)
    assert read({"API_KEY_ENCRYPTION_KEYS": made.stdout})["API_KEY_ENCRYPTION_KEYS"]


def test_a_backup_is_made_restored_and_looked_through_by_its_commands(
    first_data: Path, tmp_path: Path
) -> None:
    """What the pages for moving and restoring say, with folders of this test."""
    old, new = tmp_path / "old", tmp_path / "new"
    shutil.copytree(first_data, old)
    new.mkdir(mode=0o700)
    shutil.copy(old / "api_key_encryption_keys", new)
    backups = tmp_path / "backups"
    backups.mkdir()

    def run(script: str, data: Path) -> str:
        script = script.replace("/var/backups", str(backups))
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment = {**kept, "DATA_DIR": str(data)}
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def line_of(heading: str, word: str) -> str:
        scripts = [text for kind, text in BLOCK.findall(section(heading)) if kind == "sh"]
        lines = [line for line in "".join(scripts).splitlines() if not line.startswith("#")]
        found: str = next(line for line in lines if word in line)
        return found

    run(line_of("PostgreSQL and Redis", "manage.py backup"), old)
    (made,) = backups.glob("*.tar")
    assert made.stat().st_mode & 0o777 == 0o600
    run(line_of("PostgreSQL and Redis", "manage.py restore"), new)
    run(line_of("Restoring", "manage.py doctor"), new)
    run(line_of("Encryption keys", "manage.py rotate_api_keys"), new)
