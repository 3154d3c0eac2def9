"""A backup, restored into an empty installation, is the installation that was backed up."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum

from accounts import encryption
from accounts.models import ApiKey, Team, User
from playground import pipeline
from playground.keeping import backup, rows
from playground.keeping.progress import Progress
from playground.models import Generation, Spending, State, Submission, Upstream
from playground.pipeline import spool
from tests.conftest import signed_in
from tests.factories import make_generation, picture_bytes
from tests.playground.keeping.installations import (
    Installation,
    files,
    installation,
    pictures_folder,
    tables,
)
from tests.playground.playing import play, submit

pytestmark = pytest.mark.django_db(transaction=True)

VENDORS = ("sqlite", "postgresql")


@pytest.fixture(params=VENDORS)
def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "elsewhere", request.param) as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "elsewhere", "sqlite") as made:
        yield made


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        found = {info.name: tar.extractfile(info) for info in tar}
        return {name: each.read() for name, each in found.items() if each}


def found_by_words(*words: str) -> int:
    """How many pictures of the restored gallery have one of the words."""
    queries = {
        "sqlite": ("playground_search", "playground_search MATCH %s", " OR "),
        "postgresql": ("playground_generation", "search @@ to_tsquery('simple', %s)", "|"),
    }
    table, condition, either = queries[connection.vendor]
    with connection.cursor() as cursor:
        query = f"SELECT count(*) FROM {table} WHERE {condition}"
        cursor.execute(query, [either.join(words)])
        return int(cursor.fetchone()[0])


def in_a_thread(work: Any) -> Any:
    """Do something on another connection, as another process would; gives what it gave."""

    def done() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def test_there_is_a_row_in_every_table_that_is_compared(everything: Team) -> None:
    assert [label for label, rows_of in tables().items() if not rows_of] == []
    assert {each["state"] for each in tables()["playground.generation"]} == set(State)


def test_every_row_and_file_comes_back_on_either_database_and_from_there(
    everything: Team, file: Path, on_either: Installation, tmp_path: Path
) -> None:
    rows_before, files_before = tables(), files(pictures_folder())
    answers_before = files(spool.folder())
    assert len(files_before) > 5
    assert len(answers_before) == 1

    call_command("backup", file)
    said = on_either.restore(file, "--send-waiting")

    number = sum(map(len, rows_before.values()))
    assert f"{number} rows and {len(files_before)} files are restored." in said
    assert tables() == rows_before
    assert on_either.tables() == rows_before
    assert on_either.pictures() == files_before
    assert on_either.answers() == answers_before

    second = tmp_path / "second.tar"
    assert on_either.run("backup", str(second)).returncode == 0
    with installation(tmp_path / "back", connection.vendor) as back:
        back.restore(second, "--send-waiting")
        assert back.tables() == rows_before
        assert back.pictures() == files_before


def test_what_is_restored_goes_on_new_rows_words_and_secrets(
    everything: Team, file: Path, on_either: Installation
) -> None:
    call_command("backup", file)
    on_either.restore(file)

    assert on_either.run("check_encryption").returncode == 0
    assert on_either.run("migrate", "--check").returncode == 0
    made = on_either.run("make_gallery", "--pictures", "3", "--team", "alice@example.com")
    assert made.returncode == 0, made.stderr
    newest = Generation.objects.latest("pk").pk
    with on_either.connected():
        assert Generation.objects.latest("pk").pk == newest + 3
        # The one from before, and the one in 10,000 that make_gallery makes.
        assert found_by_words("saved", "axolotl") == 2


def test_what_waits_is_not_sent_again_unless_that_is_asked_for(
    everything: Team, file: Path, elsewhere: Installation
) -> None:
    ours = make_generation(everything, state=State.QUEUED, upstream=Upstream.IMAGEPIG)
    before = tables()
    call_command("backup", file)

    said = elsewhere.restore(file)

    assert "1 pictures were waiting" in said
    after = elsewhere.tables()
    with elsewhere.connected():
        ended = Generation.objects.get(pk=ours.pk)
        assert ended.state == State.UNKNOWN
        assert ended.wording is not None
        assert "may have counted it, so we did not send it again" in ended.wording.text
    others = [each for each in after["playground.generation"] if each["id"] != ours.pk]
    assert others == [each for each in before["playground.generation"] if each["id"] != ours.pk]
    assert after["playground.spending"] == before["playground.spending"]


def test_a_click_between_two_tables_is_in_the_backup_as_a_whole_or_not_at_all(
    team: Team,
    alice: User,
    file: Path,
    elsewhere: Installation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(team, alice, upstream=Upstream.SANDBOX, count=2)
    before = tables()
    written = rows.chunks

    def clicked(model: Any) -> Any:
        in_a_thread(lambda: submit(team, alice, upstream=Upstream.SANDBOX, count=2))
        return written(model)

    monkeypatch.setattr(rows, "chunks", clicked)
    call_command("backup", file)
    assert Generation.objects.count() > 10

    elsewhere.restore(file, "--send-waiting")

    assert elsewhere.tables() == before


def test_while_pictures_are_made_the_backup_is_of_one_moment(
    team: Team, alice: User, file: Path, elsewhere: Installation
) -> None:
    stop, busy = threading.Event(), threading.Event()

    def generate() -> None:
        while not stop.is_set():
            submit(team, alice, upstream=Upstream.SANDBOX, count=2)
            play()
            busy.set()

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(in_a_thread, generate)
        try:
            assert busy.wait(60)
            call_command("backup", file)
        finally:
            stop.set()
        making.result()

    elsewhere.restore(file, "--send-waiting")

    with elsewhere.connected():
        generations = Generation.objects.all()
        clicks = Submission.objects.annotate(number=Count("generations"))
        assert set(clicks.values_list("number", flat=True)) == {2}
        spent = Spending.objects.aggregate(pictures=Sum("pictures"))
        assert spent["pictures"] == generations.count()
        saved = generations.filter(state=State.SAVED)
        assert saved.exists()
        stored = elsewhere.pictures()
        for each in saved:
            assert stored[each.file] == each.sha256
            assert each.thumbnail in stored
        received = [each for each in generations if each.state == State.RECEIVED]
        answers = set(elsewhere.answers())
        assert {spool.path_of(each).name for each in received} <= answers


def test_an_answer_that_is_saved_just_now_is_in_the_backup_all_the_same(
    team: Team, file: Path, elsewhere: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = make_generation(team, state=State.RECEIVED)
    answer = spool.path_of(received)
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(answer, sandbox_answer())
    counted = encryption.fingerprints_needed

    def save_meanwhile() -> Any:
        in_a_thread(lambda: list(pipeline.run(received.pk)))
        return counted()

    monkeypatch.setattr(encryption, "fingerprints_needed", save_meanwhile)
    call_command("backup", file)
    received.refresh_from_db()
    assert received.state == State.SAVED
    assert not answer.exists()
    assert [path for path in spool.folder().iterdir() if path.is_dir()] == []

    elsewhere.restore(file)

    assert list(elsewhere.answers()) == [answer.name]
    with elsewhere.connected():
        assert Generation.objects.get().state == State.RECEIVED


def test_an_answer_that_came_and_went_before_the_moment_makes_it_begin_again(
    team: Team, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down and its row moved on after the answers were held."""
    generation = make_generation(team, state=State.SENDING)
    spool.folder().mkdir(parents=True, exist_ok=True)
    held = backup._hold_answers
    times = 0

    def come_and_go(folder: Path) -> None:
        nonlocal times
        times += 1
        held(folder)
        if times == 1:
            in_a_thread(lambda: make_received(generation))
            spool.path_of(generation).rename(spool.folder() / "away")
        if times == 2:
            (spool.folder() / "away").rename(spool.path_of(generation))

    monkeypatch.setattr(backup, "_hold_answers", come_and_go)
    call_command("backup", file)

    assert times == 4
    assert f"spool/{spool.path_of(generation).name}" in members(file)


def make_received(generation: Generation) -> None:
    spool.write(spool.path_of(generation), sandbox_answer())
    Generation.objects.filter(pk=generation.pk).update(
        state=State.RECEIVED, received_at=generation.sent_at
    )


def sandbox_answer() -> bytes:
    return json.dumps(
        {"image_data": b64encode(picture_bytes()).decode(), "mime_type": "image/jpeg", "seed": 7}
    ).encode()


def test_a_picture_deleted_meanwhile_is_named_and_no_obstacle(
    everything: Team, file: Path, capsys: pytest.CaptureFixture[str], elsewhere: Installation
) -> None:
    picture = Generation.objects.filter(state=State.SAVED).earliest("pk")
    (pictures_folder() / picture.file).unlink()

    call_command("backup", file)

    assert (
        f"1 files were missing, or were removed meanwhile: {picture.file}"
        in capsys.readouterr().err
    )
    assert json.loads(members(file)["end.json"])["missing"] == [picture.file]
    assert "1 files were missing when the backup was made" in elsewhere.restore(file)
    assert picture.file not in elsewhere.pictures()


def test_a_file_that_cannot_be_read_is_told_by_the_exit_code_once_the_rest_is_written(
    everything: Team, file: Path, elsewhere: Installation
) -> None:
    picture = Generation.objects.filter(state=State.SAVED).earliest("pk")
    path = pictures_folder() / picture.file
    path.unlink()
    path.mkdir()

    with pytest.raises(CommandError, match="1 files could not be read"):
        call_command("backup", file)

    assert "1 files were missing when the backup was made" in elsewhere.restore(file)


def test_a_surplus_file_is_left_out(everything: Team, file: Path) -> None:
    surplus = pictures_folder() / "1" / "surplus.jpeg"
    surplus.parent.mkdir(exist_ok=True)
    surplus.write_bytes(b"nobody's")
    call_command("backup", file)
    assert not [name for name in members(file) if "surplus" in name]


def test_no_key_no_session_and_no_secret_is_in_it(
    everything: Team, alice: User, file: Path
) -> None:
    signed_in(alice)
    session = Session.objects.get()
    UserSession.objects.create(
        user=alice, ip="127.0.0.1", user_agent="", session_key=session.session_key
    )
    call_command("backup", file)

    content = b"".join(
        rows._decompressed(each) if name.endswith(".gz") else each
        for name, each in members(file).items()
    )
    assert alice.email.encode() in content
    assert ApiKey.objects.get().last_four.encode() in content
    kept = Path(settings.API_KEY_ENCRYPTION_KEYS_FILE).read_bytes().strip()
    for secret in (b"pig-canary", b"JBSWY3DPEHPK3PXP", kept, session.session_key.encode()):
        assert secret not in content


def test_any_tar_reads_it_without_a_word(everything: Team, file: Path, tmp_path: Path) -> None:
    call_command("backup", file)
    done = subprocess.run(
        ["tar", "-xf", file, "-C", tmp_path], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
    picture = Generation.objects.filter(state=State.SAVED).earliest("pk")
    content = (tmp_path / "pictures" / picture.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == picture.sha256


def test_it_is_for_its_owner_only_and_never_takes_anothers_place(
    everything: Team, file: Path
) -> None:
    call_command("backup", file)
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", file)
    assert file.read_bytes() == written


def test_one_that_is_broken_off_leaves_nothing_behind(
    everything: Team, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write_pictures", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", file)
    assert list(file.parent.iterdir()) == []
    assert [path for path in spool.folder().iterdir() if path.is_dir()] == []


def test_its_progress_is_shown_on_a_terminal(everything: Team) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    report = backup.write(io.BytesIO(), Progress(shown))
    assert f"{report.rows:,} of {report.rows:,}" in shown.getvalue()
    assert f"{report.files:,} of {report.files:,}" in shown.getvalue()
    nothing = io.StringIO()
    backup.write(io.BytesIO(), Progress(nothing))
    assert not nothing.getvalue()
