"""The README tells the truth."""

from __future__ import annotations

import re
import subprocess

from PIL import Image

from imagepig_site.environment import ROOT, VARIABLES, Variable

README = (ROOT / "README.md").read_text()


def row(variable: Variable) -> str:
    default = variable.default_words or f"`{variable.default}`"
    return f"| `{variable.name}` | {default} | {variable.meaning} |"


FIRST_SCREEN = 25
"""Lines that a screen shows at once."""


def test_its_first_screen_is_a_sentence_a_picture_two_commands_and_the_address() -> None:
    first = "\n".join(README.splitlines()[:FIRST_SCREEN])
    in_order = re.match(
        r"# [^\n]+\n\n"
        r"(?P<sentence>[^#!`|\n][^\n]*(?:\n[^\n]+)*)\n\n"
        r"!\[[^\]]+\]\((?P<picture>[^)]+)\)\n\n"
        r"```sh\n(?P<commands>.*?)\n```\n\n"
        r"(?P<after>[^#]+)",
        first,
        re.DOTALL,
    )

    assert in_order, first
    words = re.sub(r"\([^)]*\)", "", in_order["sentence"])
    assert len(re.findall(r"[.!?](?:\s|$)", words)) == 1, words
    with Image.open(ROOT / in_order["picture"]) as picture:
        picture.verify()
    assert in_order["commands"].splitlines() == ["make run", "make test"]
    port = next(each.default for each in VARIABLES if each.name == "PORT")
    assert f"<http://localhost:{port}>" in in_order["after"]


def test_the_settings_table_is_the_table_that_the_application_reads() -> None:
    table = README.partition("| variable | default | what it does |\n| --- | --- | --- |\n")[2]

    shown = table.partition("\n\n")[0].splitlines()

    assert shown == [row(variable) for variable in VARIABLES]


def test_each_command_it_names_exists_and_each_is_named() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))

    assert named <= targets
    assert targets - named <= {"help", "dev", "clean"}


def test_each_file_and_folder_it_names_exists() -> None:
    named = re.findall(r"\]\(([^):]+)\)", README) + re.findall(
        r"^\| `([\w/]+/)`", README, re.MULTILINE
    )

    assert named
    for name in named:
        assert (ROOT / name).exists(), name


def test_what_others_made_lies_where_the_last_line_says_each_with_its_licence() -> None:
    last = README.partition("## Licence")[2]
    named = {ROOT / name for name in re.findall(r"`(static/[a-z]+/)`", last)}
    licences = set((ROOT / "static").rglob("LICENSE*"))

    for folder in named:
        assert any(folder in licence.parents for licence in licences), folder
    for licence in licences:
        assert named & set(licence.parents), licence


def test_ci_runs_all_tests_on_both_databases_as_it_says() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    passes = re.findall(r"^make test .*$", script, re.MULTILINE)

    assert ["DATABASE_URL" in each and "REDIS_URL" in each for each in passes] == [False, True]
    assert not re.search(r"--ignore|--deselect| -[km] ", " ".join(passes))


def test_make_help_lists_every_command() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    for command in ("run", "test", "check", "lock", "bench", "clean"):
        assert f"make {command} " in listed.stdout
