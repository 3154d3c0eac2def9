from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts import encryption, services
from accounts.models import ApiKey, Team, User
from tests.accounts.passkey import Device, keep
from tests.accounts.second_step import SECRET as TOTP_SECRET
from tests.accounts.second_step import code_now

SECRET = "pig-secret-0123456789"
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture(autouse=True)
def key_file(settings: Settings, tmp_path: Path) -> Path:
    settings.API_KEY_ENCRYPTION_KEYS = [OLD]
    settings.API_KEY_ENCRYPTION_KEYS_FILE = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    services.set_api_key(team=team, by=alice, label="Before", secret="a-key-before")
    return services.set_api_key(team=team, by=alice, label="Ours", secret=SECRET)


@pytest.fixture
def second_step(alice: User) -> None:
    TOTP.activate(alice, TOTP_SECRET)
    RecoveryCodes.activate(alice)


def rotate(*options: str) -> str:
    out = StringIO()
    call_command("rotate_api_keys", *options, stdout=out)
    return out.getvalue()


def test_rotating_leaves_nothing_that_needs_the_old_key(
    api_key: ApiKey, second_step: None, alice: User, settings: Settings
) -> None:
    codes = RecoveryCodes.activate(alice).generate_codes()
    settings.API_KEY_ENCRYPTION_KEYS = [NEW, OLD]
    assert rotate() == "API keys: 1 encrypted anew.\nSecond factors: 2 encrypted anew.\n"
    settings.API_KEY_ENCRYPTION_KEYS = [NEW]
    encryption.check_start()
    api_key.refresh_from_db()
    assert services.secret_of(api_key) == SECRET
    assert RecoveryCodes.activate(alice).generate_codes() == codes
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert TOTP(totp).validate_code(code_now())


def test_a_passkey_has_nothing_to_encrypt_and_outlives_a_lost_key(
    second_step: None, alice: User, settings: Settings
) -> None:
    keep(alice, Device())
    before = Authenticator.objects.get(type="webauthn").data
    assert "Second factors: 2 encrypted anew.\n" in rotate()
    settings.API_KEY_ENCRYPTION_KEYS = [OTHER]
    rotate("--forget-unreadable")
    encryption.check_start()
    assert Authenticator.objects.get().data == before


def test_rotating_without_the_old_key_changes_nothing(
    api_key: ApiKey, second_step: None, settings: Settings
) -> None:
    before = bytes(api_key.ciphertext)
    settings.API_KEY_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="Nothing was changed"):
        rotate()
    api_key.refresh_from_db()
    assert bytes(api_key.ciphertext) == before
    assert Authenticator.objects.count() == 2


def test_what_nobody_can_read_any_more_can_be_erased(
    api_key: ApiKey, second_step: None, team: Team, charlie: User, settings: Settings
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS = [OTHER]
    elsewhere = charlie.teams.get()
    services.set_api_key(team=elsewhere, by=charlie, label="Readable", secret="their-key-1")
    told = rotate("--forget-unreadable")
    assert "API keys: 1 encrypted anew, 1 could not be read and were erased." in told
    assert "Second factors: 0 encrypted anew, 2 could not be read and were erased." in told
    encryption.check_start()
    assert team.api_key is None
    assert elsewhere.api_key is not None
    assert not Authenticator.objects.exists()


def test_a_lost_key_file_can_be_started_over_without(
    api_key: ApiKey, team: Team, alice: User, key_file: Path, settings: Settings
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS = []
    with pytest.raises(CommandError, match=r"is missing.*--forget-unreadable"):
        call_command("check_encryption")
    assert "1 could not be read" in rotate("--forget-unreadable")
    call_command("check_encryption")
    assert key_file.exists()
    assert services.set_api_key(team=team, by=alice, label="Again", secret=SECRET)


def test_a_healthy_start_says_nothing(api_key: ApiKey, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_encryption")
    assert capsys.readouterr().out == ""
