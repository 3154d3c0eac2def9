from __future__ import annotations

import stat
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from pytest_django.fixtures import Settings

from accounts import encryption, services
from accounts.models import ApiKey, Team, User
from tests.accounts.second_step import SECRET as TOTP_SECRET

SECRET = "pig-secret-0123456789"


@pytest.fixture(autouse=True)
def key_file(settings: Settings, tmp_path: Path) -> Path:
    """Where the key of this test is kept. It is not there yet."""
    settings.API_KEY_ENCRYPTION_KEYS = []
    settings.API_KEY_ENCRYPTION_KEYS_FILE = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    return services.set_api_key(team=team, by=alice, label="Ours", secret=SECRET)


def another_key() -> str:
    return Fernet.generate_key().decode()


def test_what_was_encrypted_for_a_row_is_read_for_that_row(db: None) -> None:
    ciphertext = encryption.encrypt("row 1", SECRET)
    assert SECRET.encode() not in ciphertext
    assert encryption.decrypt("row 1", ciphertext) == SECRET
    assert encryption.decrypt("row 1", memoryview(ciphertext)) == SECRET


def test_a_ciphertext_in_another_row_is_not_read(db: None) -> None:
    with pytest.raises(encryption.Unreadable, match="another row"):
        encryption.decrypt("row 2", encryption.encrypt("row 1", SECRET))


def test_swapped_rows_fail(api_key: ApiKey, charlie: User) -> None:
    elsewhere = charlie.teams.get()
    theirs = services.set_api_key(team=elsewhere, by=charlie, label="Theirs", secret="their-key-1")
    theirs.ciphertext, api_key.ciphertext = api_key.ciphertext, theirs.ciphertext
    for row in (theirs, api_key):
        with pytest.raises(encryption.Unreadable):
            services.secret_of(row)


def test_a_row_given_to_another_team_fails(api_key: ApiKey, charlie: User) -> None:
    ApiKey.objects.filter(pk=api_key.pk).update(team=charlie.teams.get())
    api_key.refresh_from_db()
    with pytest.raises(encryption.Unreadable):
        services.secret_of(api_key)


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(db: None, key_file: Path) -> None:
    encryption.check_start()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    made = key_file.read_text()
    Fernet(made.strip())
    encryption.check_start()
    assert key_file.read_text() == made


def test_the_key_does_not_come_from_the_secret_key(api_key: ApiKey, settings: Settings) -> None:
    settings.SECRET_KEY = "another-secret-key"
    assert services.secret_of(api_key) == SECRET


def test_keys_from_the_environment_win_over_the_file(
    db: None, key_file: Path, settings: Settings
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS = [another_key()]
    encryption.check_start()
    assert not key_file.exists()


def test_a_wrong_key_stops_the_start_and_says_what_to_do(
    api_key: ApiKey, key_file: Path, settings: Settings
) -> None:
    encryption.check_start()
    settings.API_KEY_ENCRYPTION_KEYS = [another_key()]
    with pytest.raises(encryption.EncryptionKeyProblem) as stopped:
        encryption.check_start()
    for words in (str(key_file), "API_KEY_ENCRYPTION_KEYS", "rotate_api_keys --forget-unreadable"):
        assert words in str(stopped.value)
    with pytest.raises(encryption.Unreadable, match="another key"):
        services.secret_of(api_key)


def test_a_wrong_key_in_the_file_stops_the_start_too(api_key: ApiKey, key_file: Path) -> None:
    key_file.write_text(another_key())
    with pytest.raises(encryption.EncryptionKeyProblem, match="back from a backup"):
        encryption.check_start()


def test_a_key_file_that_is_gone_stops_the_start_and_is_not_made_again(
    api_key: ApiKey, key_file: Path
) -> None:
    key_file.unlink()
    with pytest.raises(encryption.EncryptionKeyProblem, match="is missing"):
        encryption.check_start()
    with pytest.raises(encryption.EncryptionKeyProblem):
        encryption.encrypt("row 1", SECRET)
    assert not key_file.exists()


def test_a_key_file_that_is_gone_does_not_matter_once_all_keys_are_removed(
    api_key: ApiKey, team: Team, alice: User, key_file: Path
) -> None:
    services.remove_api_key(team=team, by=alice)
    key_file.unlink()
    encryption.check_start()
    assert key_file.exists()


def test_a_key_file_without_a_key_stops_the_start(db: None, key_file: Path) -> None:
    for content in ("", "no key"):
        key_file.write_text(content)
        with pytest.raises(encryption.EncryptionKeyProblem, match="holds no encryption key"):
            encryption.check_start()


@pytest.mark.parametrize("separator", [",", "\n"])
def test_the_first_of_several_keys_encrypts_and_all_decrypt(
    api_key: ApiKey, key_file: Path, separator: str
) -> None:
    old, new = key_file.read_text().strip(), another_key()
    key_file.write_text(f"{new}{separator}{old}\n")
    assert services.secret_of(api_key) == SECRET
    ciphertext = encryption.encrypt("row 1", "newer")
    key_file.write_text(new)
    assert encryption.decrypt("row 1", ciphertext) == "newer"
    with pytest.raises(encryption.Unreadable):
        services.secret_of(api_key)


def test_rotating_keeps_secret_and_row(db: None, key_file: Path) -> None:
    ciphertext = encryption.encrypt("row 1", SECRET)
    old, new = key_file.read_text().strip(), another_key()
    key_file.write_text(f"{new},{old}")
    rotated = encryption.rotate(memoryview(ciphertext))
    key_file.write_text(new)
    assert encryption.decrypt("row 1", rotated) == SECRET
    with pytest.raises(encryption.Unreadable):
        encryption.rotate(ciphertext)


def test_the_second_steps_secrets_are_encrypted_too(alice: User) -> None:
    TOTP.activate(alice, TOTP_SECRET)
    RecoveryCodes.activate(alice)
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert TOTP_SECRET not in str(totp.data)
    assert encryption.decrypt(encryption.MFA_ROW, totp.data["secret"].encode()) == TOTP_SECRET
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert codes.data["seed"].startswith("gAAAA")
    assert len(RecoveryCodes(codes).generate_codes()) == 10


def test_a_missing_key_stops_the_start_for_the_second_step_alone(
    alice: User, key_file: Path
) -> None:
    RecoveryCodes.activate(alice)
    encryption.check_start()
    key_file.unlink()
    with pytest.raises(encryption.EncryptionKeyProblem):
        encryption.check_start()


def test_a_fingerprint_tells_keys_apart_and_makes_none(
    api_key: ApiKey, key_file: Path, alice: User
) -> None:
    RecoveryCodes.activate(alice)
    old, new = key_file.read_text().strip(), another_key()
    key_file.write_text(f"{new} {old} no-key-at-all")
    first, second = encryption.fingerprints()
    assert first != second
    assert not {old, new} & {first, second}
    assert encryption.fingerprints_needed() == ({second}, 0)
    key_file.write_text(new)
    assert encryption.fingerprints() == [first]
    assert encryption.fingerprints_needed() == (set(), 2)
    key_file.unlink()
    assert encryption.fingerprints() == []
    assert not key_file.exists()
