"""A backup comes in whole, or the installation stays as empty as it was, and one is told why."""

from __future__ import annotations

import io
import json
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts.models import ApiKey, Team
from playground.keeping import archive, backup, restore, rows
from playground.keeping.archive import Member, Writer
from playground.keeping.progress import Progress
from playground.keeping.snapshot import kept_models
from playground.models import Generation, State
from playground.pipeline import spool
from tests.playground.keeping.installations import (
    Installation,
    empty_store,
    files,
    installation,
    pictures_folder,
    tables,
)

pytestmark = pytest.mark.django_db(transaction=True)

OLD = [("accounts", "0001_initial"), ("playground", "0007_gallery_leads")]


@pytest.fixture
def whole(everything: Team, file: Path) -> list[Member]:
    """The members of a backup; the installation that it was made of is empty again."""
    call_command("backup", file)
    with file.open("rb") as stream:
        members = list(archive.read(stream))
    empty()
    return members


def empty() -> None:
    call_command("flush", interactive=False)
    empty_store()


def write(file: Path, members: list[Member]) -> Path:
    file.unlink(missing_ok=True)
    with file.open("wb") as stream, Writer(stream) as writer:
        for member in members:
            writer.add(member.name, member.content)
    return file


def changed(members: list[Member], name: str, change: Callable[[Any], Any]) -> list[Member]:
    """The same, with other JSON in this member."""
    return [
        Member(name, json.dumps(change(json.loads(each.content))).encode())
        if each.name == name
        else each
        for each in members
    ]


def assert_refused(file: Path, words: str) -> None:
    """Nothing is there afterwards that was not there before."""
    before = tables()
    with pytest.raises(CommandError, match=words):
        call_command("restore", file)
    assert tables() == before
    assert files(pictures_folder()) == files(spool.folder()) == {}


def test_it_comes_back_into_the_same_database_once_that_is_empty(
    everything: Team, file: Path
) -> None:
    rows_before, files_before = tables(), files(pictures_folder())
    call_command("backup", file)
    empty()
    call_command("restore", file, send_waiting=True)
    assert tables() == rows_before
    assert files(pictures_folder()) == files_before
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "playground_generation")
    assert {index.name for index in Generation._meta.indexes} <= set(indexes)
    assert Team.objects.create(name="Next").pk > everything.pk
    assert Generation.objects.search("saved", team=everything).exists()


def test_it_is_restored_into_an_empty_installation_only(everything: Team, file: Path) -> None:
    before = tables()
    call_command("backup", file)
    with pytest.raises(CommandError, match=r"not empty \(.* in accounts.user"):
        call_command("restore", file)
    assert tables() == before


@pytest.mark.parametrize("folder", ["pictures", "spool"])
def test_files_that_are_there_without_rows_are_in_the_way(
    whole: list[Member], file: Path, folder: str
) -> None:
    path = {"pictures": pictures_folder(), "spool": spool.folder()}[folder] / "1-x.answer"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"whose?")
    with pytest.raises(CommandError, match=r"there are files \(1-x\.answer|/1-x\.answer"):
        call_command("restore", file)
    assert path.read_bytes() == b"whose?"


def test_another_encryption_key_is_refused_with_what_to_do(
    whole: list[Member], file: Path, settings: LazySettings, tmp_path: Path
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS_FILE = tmp_path / "api_key_encryption_keys"
    assert_refused(file, "at hand: none. Copy api_key_encryption_keys from the installation")
    settings.API_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert_refused(file, "or set API_KEY_ENCRYPTION_KEYS to the keys it used")


def test_a_key_that_is_lost_for_good_costs_the_secrets_only(
    whole: list[Member],
    file: Path,
    settings: LazySettings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    call_command("restore", file, forget_unreadable=True)
    assert "2 secrets could not be read and were erased" in capsys.readouterr().out
    erased = ApiKey.objects.get()
    assert erased.removed_at
    assert not erased.ciphertext
    assert Generation.objects.filter(state=State.SAVED).exists()


def test_a_key_that_no_secret_needs_is_not_asked_for(
    team: Team, file: Path, settings: LazySettings, tmp_path: Path
) -> None:
    call_command("backup", file)
    empty()
    settings.API_KEY_ENCRYPTION_KEYS_FILE = tmp_path / "api_key_encryption_keys"
    call_command("restore", file)
    assert Team.objects.get() == team


def test_an_old_key_that_nothing_needs_any_more_may_be_gone(
    everything: Team, file: Path, settings: LazySettings
) -> None:
    new = Fernet.generate_key().decode()
    old = settings.API_KEY_ENCRYPTION_KEYS_FILE.read_text().strip()
    settings.API_KEY_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_api_keys")
    call_command("backup", file)
    empty()
    settings.API_KEY_ENCRYPTION_KEYS = [new]
    call_command("restore", file)
    assert ApiKey.objects.get()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: {**said, "format": 2}, "in format 2; this version reads 1"),
        (lambda said: {**said, "rows": None}, "cannot be read"),
        (lambda said: {**said, "migrations": [["playground"]]}, "cannot be read"),
        (list, "cannot be read"),
        (
            lambda said: {**said, "migrations": [*said["migrations"], ["playground", "9999_x"]]},
            r"does not have \(playground\.9999_x\)\. Restore it with that version",
        ),
        (
            lambda said: {**said, "migrations": said["migrations"][:-1]},
            "a database without tables",
        ),
        (
            lambda said: {**said, "rows": {**said["rows"], "playground.star": 2}},
            "rows are missing in it",
        ),
    ],
)
def test_what_its_beginning_says_is_held_against_what_is_here(
    whole: list[Member], file: Path, change: Callable[[Any], Any], words: str
) -> None:
    assert_refused(write(file, changed(whole, backup.MANIFEST, change)), words)


def test_what_is_no_backup_is_refused(whole: list[Member], file: Path) -> None:
    assert_refused(write(file, whole[1:]), "no backup of this application")
    file.write_bytes(b"")
    assert_refused(file, "cannot be read as a backup: empty file")
    file.unlink()
    assert_refused(file, "No such file")


@pytest.mark.parametrize("kept", ["all but the end", "all but the end's blocks", "half"])
def test_one_that_is_cut_off_is_refused(whole: list[Member], file: Path, kept: str) -> None:
    if kept == "all but the end":
        write(file, whole[:-1])
        assert_refused(file, "cut off: its end is missing")
        return
    content = file.read_bytes()
    at = content.rindex(b"end.json") // 512 * 512 if kept != "half" else len(content) // 2
    file.write_bytes(content[: at - 1024])
    assert_refused(file, "was not restored")


def without(members: list[Member], beginning: str) -> list[Member]:
    place = next(n for n, each in enumerate(members) if each.name.startswith(beginning))
    return members[:place] + members[place + 1 :]


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("database/playground.star", "rows are missing"),
        ("database/accounts.team", "rows are missing|cannot be written|violates"),
        ("pictures/", "files are missing"),
        ("spool/", "files are missing"),
    ],
)
def test_one_that_lacks_a_part_is_refused(
    whole: list[Member], file: Path, gone: str, words: str
) -> None:
    assert_refused(write(file, without(whole, gone)), words)


STAR = "database/playground.star/000001.jsonl.gz"


def packed(text: str) -> bytes:
    return rows._compressed([text.encode()])


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (Member("elsewhere/file", b""), "which no backup holds there"),
        (Member("pictures/1/../x", b""), "which no backup holds"),
        (Member("database/playground.pig/1.gz", packed("[]")), "does not have"),
        (Member("database/sessions.session/1.gz", packed("[]")), "does not have"),
        (Member("spool/../../evil", b""), "which no backup holds"),
        (Member("spool/evil", b""), "as no answer is"),
        (Member(STAR, b"nothing packed"), "cannot be read"),
        (Member(STAR, packed('["id"]\n[1]')[:-6]), "cut off"),
        (Member(STAR, packed('["pig"]\n[1]')), "there is no column 'pig'"),
        (Member(STAR, packed('["positive_prompt"]\n["x"]')), "there is no column"),
        (Member(STAR, packed('["id", "user_id"]\n[1]')), "cannot be read"),
        (Member(STAR, packed('["id"]\n["; DROP TABLE accounts_user"]')), "cannot be read"),
        (Member(STAR, packed("{}")), "names no columns"),
        (Member(STAR, packed('["id"]\n[77]')), "cannot be written"),
    ],
)
def test_a_part_that_is_none_is_refused(
    whole: list[Member], file: Path, member: Member, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Somebody else's tar need not hold to what ours refuses to write.
    with monkeypatch.context() as patch:
        patch.setattr(archive, "is_safe", lambda _name: True)
        write(file, [*whole[:-1], member, whole[-1]])
    assert_refused(file, words)


def test_a_file_that_is_there_twice_is_refused(whole: list[Member], file: Path) -> None:
    picture = next(each for each in whole if each.name.startswith("pictures/"))
    assert_refused(write(file, [*whole[:-1], picture, whole[-1]]), "twice")
    assert_refused(write(file, [*whole, picture]), "which no backup holds there")


def test_a_part_that_unpacks_without_end_is_refused(
    whole: list[Member], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_CHUNK_BYTES", 1000)
    bomb = zlib.compressobj(9, zlib.DEFLATED, rows.GZIP)
    content = bomb.compress(b" " * 2_000_000) + bomb.flush()
    write(file, [whole[0], Member(STAR, content), *whole[1:]])
    assert_refused(file, "larger than any")


def test_a_restoration_that_is_stopped_leaves_nothing(
    whole: list[Member], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    before = tables()
    monkeypatch.setattr(os, "sync", stopped)
    with pytest.raises(KeyboardInterrupt):
        call_command("restore", file)
    assert tables() == before
    assert files(pictures_folder()) == files(spool.folder()) == {}


def test_it_goes_through_a_pipe(everything: Team, tmp_path: Path) -> None:
    before, stored = tables(), pictures_folder()
    stream = io.BytesIO()
    report = backup.write(stream, Progress())
    assert report.rows == sum(map(len, before.values()))
    kept = files(stored)
    empty()
    restore.restore(Unseekable(stream.getvalue()), Progress(), send_waiting=True)
    assert tables() == before
    assert files(stored) == kept


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: Any) -> int:
        raise io.UnsupportedOperation

    tell = seek


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "old.tar"
    with installation(tmp_path / "old", "sqlite") as old:
        write_old_backup(old, file)
    with installation(tmp_path / "new", "sqlite") as new:
        said = new.restore(file)
        assert "1 pictures were waiting" in said
        assert new.run("migrate", "--check").returncode == 0
        with new.connected():
            assert Generation.objects.get(state=State.SAVED).positive_prompt == "an old pig"
            team = Team.objects.get()
            assert Generation.objects.search("old", team=team).count() == 1
            assert team.monthly_calls is None


def write_old_backup(old: Installation, file: Path) -> None:
    """What this application's version of OLD would have written."""
    with old.connected(), file.open("wb") as stream, Writer(stream) as writer:
        executor = MigrationExecutor(connection)
        executor.loader = MigrationLoader(connection, replace_migrations=False)
        executor.migrate(OLD)
        executor.loader.build_graph()
        applied = sorted(executor.loader.applied_migrations)
        registry = executor.loader.project_state(applied).apps
        team = registry.get_model("accounts", "Team").objects.create(name="Sty")
        generations = registry.get_model("playground", "Generation").objects
        common = {"team": team, "endpoint": "default", "calls": 1, "upstream": "imagepig"}
        generations.create(**common, body={"positive_prompt": "waiting"})
        generations.create(
            **common,
            body={"positive_prompt": "an old pig"},
            state="saved",
            **dict.fromkeys(("sent_at", "received_at", "saved_at"), timezone.now()),
            **dict.fromkeys(("file", "thumbnail", "sha256", "mime_type", "seed"), "x"),
            **dict.fromkeys(("width", "height", "bytes"), 1),
        )
        models = kept_models(registry)
        counts = {label: model._base_manager.count() for label, model in models.items()}
        manifest = {"format": 1, "migrations": applied, "encryption_keys": [], "rows": counts}
        writer.add(backup.MANIFEST, json.dumps(manifest).encode())
        for label, model in models.items():
            for number, chunk in enumerate(rows.chunks(model)):
                writer.add(f"database/{label}/{number}.jsonl.gz", chunk.content)
        end = {"rows": sum(counts.values()), "files": 0, "answers": 0}
        writer.add(backup.END, json.dumps({**end, "missing": [], "unreadable": []}).encode())
    shutil.rmtree(old.data)
