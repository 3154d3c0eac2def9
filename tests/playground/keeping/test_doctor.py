"""The doctor finds what was broken on purpose, mends what it may, and leaves alone what is well."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.models import Team, User
from accounts.services import set_api_key
from playground import tasks
from playground.faults import Reason
from playground.keeping.doctor import Finding, Kind, examine
from playground.keeping.doctor import files as doctors_files
from playground.keeping.progress import Progress
from playground.models import Generation, State, Upstream
from playground.pipeline import spool
from tests.factories import make_experiment, make_generation, picture_bytes
from tests.playground.keeping.installations import files, pictures_folder, store

LONG_AGO = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _key(team: Team, alice: User) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret="pig-canary-4711-abcdefgh")


def found(**options: bool) -> list[Finding]:
    return list(examine(Progress(), **options))


def kinds(**options: bool) -> list[Kind]:
    return [finding.kind for finding in found(**options)]


def age(*paths: Path) -> None:
    for path in paths:
        then = time.time() - LONG_AGO.total_seconds()
        os.utime(path, (then, then))


def path_of(name: str) -> Path:
    return pictures_folder() / name


def the_mended(**options: bool) -> Finding:
    """The only thing found, which is mended; and is not found again."""
    (finding,) = found(fix=True, **options)
    assert finding.mended
    assert found(**options) == []
    return finding


# All is well


def test_of_a_healthy_installation_it_has_nothing_to_say(
    team: Team, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    for state in (State.SAVED, State.CANCELLED, State.UNKNOWN, State.SENDING):
        make_generation(team, state=state)
    fresh = make_generation(team, state=State.RECEIVED)
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(spool.path_of(fresh), b"{}")
    store("1/2025/being-stored.jpeg", b"its row comes in an instant")
    call_command("doctor", deep=True)
    assert capsys.readouterr().out == "All is well.\n"


# Files


def test_a_missing_picture_is_named_with_where_to_get_it(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = make_generation(team)
    path_of(picture.file).unlink()
    with pytest.raises(CommandError, match="1 things need attention"):
        call_command("doctor", fix=True)
    told = capsys.readouterr().out
    assert "Pictures whose file is missing: 1\n" in told
    assert f"picture {picture.pk}: {picture.file}\n" in told
    assert "tar -xf BACKUP" in told


def test_a_missing_thumbnail_is_made_again(team: Team) -> None:
    picture = make_generation(team)
    path_of(picture.thumbnail).unlink()
    assert kinds() == [Kind.MISSING_THUMBNAIL]
    assert not path_of(picture.thumbnail).exists()
    the_mended()
    assert path_of(picture.thumbnail).read_bytes()[8:12] == b"WEBP"


def test_of_a_picture_that_is_gone_no_thumbnail_is_made(team: Team) -> None:
    picture = make_generation(team)
    path_of(picture.file).unlink()
    path_of(picture.thumbnail).unlink()
    original, thumbnail = found(fix=True)
    assert (original.kind, original.mended) == (Kind.MISSING_ORIGINAL, False)
    assert (thumbnail.kind, thumbnail.mended) == (Kind.MISSING_THUMBNAIL, False)


def test_a_kept_answer_that_is_missing_is_found(team: Team) -> None:
    make_generation(team, state=State.UNUSABLE, kept_answer="1/2025/01/gone.answer")
    assert kinds() == [Kind.MISSING_ANSWER]


def test_a_picture_of_another_size_is_found_and_one_of_other_bytes_by_a_deep_look(
    team: Team,
) -> None:
    longer, other = make_generation(team, seed=1), make_generation(team, seed=2)
    with path_of(longer.file).open("ab") as file:
        file.write(b"!")
    content = bytearray(path_of(other.file).read_bytes())
    content[-3] ^= 1
    path_of(other.file).write_bytes(content)
    assert [(each.kind, f"picture {longer.pk}:" in each.subject) for each in found()] == [
        (Kind.CHANGED_FILE, True)
    ]
    assert kinds(deep=True) == [Kind.CHANGED_FILE] * 2
    assert kinds(deep=True, fix=True) == [Kind.CHANGED_FILE] * 2
    assert path_of(other.file).read_bytes() == content


def test_a_file_that_cannot_be_read_is_found(team: Team) -> None:
    picture = make_generation(team, bytes=4096)
    path_of(picture.file).unlink()
    path_of(picture.file).mkdir()
    Generation.objects.update(bytes=path_of(picture.file).stat().st_size)
    assert kinds(deep=True) == [Kind.UNREADABLE_FILE]


def test_a_surplus_file_is_put_aside_once_it_is_old_enough_to_have_a_row(
    team: Team, settings: LazySettings
) -> None:
    name = "1/2025/01/surplus.jpeg"
    picture = make_generation(team)
    aside = settings.DATA_DIR / "lost+found"
    for number, expected in enumerate((name, f"{name}.1")):
        store(name, picture_bytes(hue=number))
        assert found() == []
        age(path_of(name), path_of(picture.file))
        assert kinds() == [Kind.SURPLUS_FILE]
        assert path_of(name).exists()
        assert the_mended().subject == name
        assert not path_of(name).exists()
        assert (aside / expected).read_bytes() == picture_bytes(hue=number)
    assert len(files(aside)) == 2
    assert (aside.stat().st_mode & 0o077) == 0
    assert path_of(picture.file).exists()


def test_pictures_are_looked_at_some_at_a_time(
    team: Team, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(doctors_files, "BATCH", 4)
    pictures = [make_generation(team) for _ in range(9)]
    path_of(pictures[-1].file).unlink()
    assert kinds() == [Kind.MISSING_ORIGINAL]
    batches = list(doctors_files._batches())
    assert [len(batch) for batch in batches] == [4, 4, 1]
    monkeypatch.setattr(doctors_files, "BATCH", 1000)
    with django_assert_max_num_queries(25):
        found()


# States


def sent_long_ago(team: Team, state: str, **fields: Any) -> Generation:
    then = timezone.now() - LONG_AGO
    return make_generation(team, state=state, queued_at=then, **fields)


def test_a_call_past_its_deadline_is_ended_as_what_it_may_have_cost(team: Team) -> None:
    sending = sent_long_ago(team, State.SENDING)
    assert kinds() == [Kind.STUCK_SENDING]
    sending.refresh_from_db()
    assert sending.state == State.SENDING
    the_mended()
    sending.refresh_from_db()
    assert (sending.state, sending.fault) == (State.UNKNOWN, Reason.INTERRUPTED)


def test_a_paid_answer_that_nobody_saves_is_handed_to_the_queue(team: Team) -> None:
    received = sent_long_ago(team, State.RECEIVED)
    spool.folder().mkdir(parents=True, exist_ok=True)
    spool.write(spool.path_of(received), b"{}")
    assert kinds() == [Kind.STUCK_RECEIVED]
    the_mended()
    assert tasks.queued_ids() == {received.pk}


def test_an_answer_that_is_not_on_disk_is_found_whatever_the_queue_holds(team: Team) -> None:
    received = sent_long_ago(team, State.RECEIVED)
    (finding,) = found(fix=True)
    assert (finding.kind, finding.mended) == (Kind.ANSWER_MISSING, False)
    assert str(spool.path_of(received)) in finding.subject


@pytest.mark.parametrize("handed_over", [True, False])
def test_what_the_queue_has_lost_is_handed_over_again(team: Team, handed_over: bool) -> None:
    queued = sent_long_ago(team, State.QUEUED, handed_over=handed_over)
    assert kinds() == [Kind.STUCK_QUEUED]
    assert tasks.queued_ids() == set()
    the_mended()
    assert tasks.queued_ids() == {queued.pk}


def test_what_waits_for_a_reason_is_well(team: Team) -> None:
    sent_long_ago(team, State.QUEUED, fault=Reason.KEY_PAUSED, upstream=Upstream.IMAGEPIG)
    experiment = make_experiment(team, paused=True)
    sent_long_ago(team, State.QUEUED, experiment=experiment, cell=9)
    soon = timezone.now() + timedelta(minutes=1)
    sent_long_ago(team, State.QUEUED, handed_over=True, not_before=soon)
    other = Team.objects.create(name="Busy")
    make_generation(other, state=State.SENDING)
    sent_long_ago(other, State.QUEUED)
    assert found() == []


# Secrets


def test_a_secret_that_no_key_reads_is_named_by_its_team_or_person(
    team: Team, alice: User, settings: LazySettings
) -> None:
    TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    settings.API_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    api_key, factor = found(fix=True)
    assert api_key.kind == factor.kind == Kind.UNREADABLE_SECRET
    assert f"API key Ours (…efgh) of team {team.pk}, Sty" in api_key.subject
    assert f"person {alice.pk}, Alice" in factor.subject
    assert not api_key.mended


def test_a_secret_moved_to_another_team_is_found(team: Team, charlie: User) -> None:
    team.api_keys.update(team=charlie.teams.get())
    assert kinds() == [Kind.UNREADABLE_SECRET]


# What it stands on


def test_a_database_that_is_behind_or_ahead_is_looked_at_no_further(team: Team) -> None:
    make_generation(team, state=State.UNUSABLE, kept_answer="gone")
    MigrationRecorder(connection).record_applied("playground", "9999_of_tomorrow")
    assert kinds() == [Kind.AHEAD]
    MigrationRecorder(connection).record_unapplied("playground", "9999_of_tomorrow")
    assert kinds() == [Kind.MISSING_ANSWER]
    newest = MigrationLoader(connection).graph.leaf_nodes("accounts")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert set(kinds()) == {Kind.BEHIND}


def test_a_database_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", away)
        assert found() == [Finding(Kind.DATABASE_AWAY, "connection refused")]


def test_a_queue_that_is_away_is_told_and_no_state_is_judged(
    team: Team, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_long_ago(team, State.QUEUED, handed_over=True)

    def away() -> None:
        raise settings.QUEUE_ERRORS[-1]("refused")

    monkeypatch.setattr(settings.HUEY, "pending", away)
    assert found() == [Finding(Kind.QUEUE_AWAY, "refused")]


def test_too_little_space_is_told_before_pictures_are_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**60)
    assert kinds() == [Kind.NO_SPACE]


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, who may write everywhere.
    allowed = os.access

    def access(path: Any, mode: int) -> bool:
        return path != spool.folder() and allowed(path, mode)

    monkeypatch.setattr(os, "access", access)
    assert found() == [Finding(Kind.NOT_WRITABLE, str(spool.folder()))]


@pytest.mark.parametrize(
    ("name", "open_mode", "mode"),
    [("", 0o755, 0o700), ("secret_key", 0o640, 0o600), ("api_key_encryption_keys", 0o604, 0o600)],
)
def test_a_secret_that_others_can_read_is_closed(
    settings: LazySettings, name: str, open_mode: int, mode: int
) -> None:
    path = settings.DATA_DIR / name
    path.chmod(open_mode)
    assert kinds() == [Kind.OPEN_TO_OTHERS]
    the_mended()
    assert path.stat().st_mode & 0o777 == mode


# What is said


def test_of_many_some_are_named_and_all_if_asked_for(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(12):
        make_generation(team, state=State.UNUSABLE, kept_answer=f"gone-{number}")
    with pytest.raises(CommandError, match="12 things"):
        call_command("doctor")
    told = capsys.readouterr().out
    assert told.count("gone-") == 10
    assert "and 2 more (--all)" in told
    with pytest.raises(CommandError, match="12 things"):
        call_command("doctor", all=True)
    assert capsys.readouterr().out.count("gone-") == 12


def test_once_all_is_mended_all_is_well(
    team: Team, capsys: pytest.CaptureFixture[str], settings: LazySettings
) -> None:
    settings.DATA_DIR.chmod(0o755)
    path_of(make_generation(team).thumbnail).unlink()
    call_command("doctor", fix=True)
    told = capsys.readouterr().out
    assert "Thumbnails that are missing: 1, 1 mended" in told
    assert "To mend it" not in told
    assert told.endswith("All is well.\n")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_what_to_do(kind: Kind) -> None:
    assert kind.title[0].isupper()
    assert kind.mend.endswith(".")
    commands = ("backup", "doctor", "prepare", "restore", "rotate_api_keys", "worker")
    for command in (text.split("`")[0] for text in kind.mend.split("`manage.py ")[1:]):
        assert command.split()[0] in commands
