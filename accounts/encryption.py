"""Secrets at rest: each is encrypted together with the name of the row that holds it.

The keys come from API_KEY_ENCRYPTION_KEYS, else from a file made on the first start; never from
SECRET_KEY, which is changed for other reasons. The first key encrypts, all decrypt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from imagepig_site.environment import kept_secret

from .models import ApiKey

MFA_ROW = "mfa"
"""What second factors' secrets name as their row: allauth encrypts them before they have one."""

WAY_OUT = (
    "If it is lost for good, `manage.py rotate_api_keys --forget-unreadable` erases what cannot be "
    "read: teams then add their API keys again, and people their authenticator apps."
)


class EncryptionKeyProblem(Exception):
    """The encryption key is missing or wrong. The message tells the administrator what to do."""


class Unreadable(Exception):
    """A ciphertext was made with a key that is not at hand, or for another row."""


@sensitive_variables()
def encrypt(row: str, secret: str) -> bytes:
    """Encrypt a secret for this row. Raises EncryptionKeyProblem."""
    content = json.dumps({"row": row, "secret": secret})
    return _fernet().encrypt(content.encode())


@sensitive_variables()
def decrypt(row: str, ciphertext: bytes | memoryview) -> str:
    """The secret of this row. Raises Unreadable, EncryptionKeyProblem."""
    try:
        content = json.loads(_fernet().decrypt(bytes(ciphertext)))
    except InvalidToken:
        raise Unreadable(f"The secret of {row} was encrypted with another key.") from None
    if content["row"] != row:
        raise Unreadable(f"The secret of {row} belongs to another row.")
    return str(content["secret"])


def rotate(ciphertext: bytes | memoryview) -> bytes:
    """The same secret for the same row under the first key. Raises Unreadable."""
    try:
        return _fernet().rotate(bytes(ciphertext))
    except InvalidToken:
        raise Unreadable("A secret was encrypted with another key.") from None


def check_start() -> None:
    """Make the key on the first start; once a secret is stored, insist on the one it needs.

    Raises EncryptionKeyProblem, with a message for the administrator.
    """
    fernet = _fernet()
    for ciphertext in _stored():
        try:
            fernet.decrypt(ciphertext)
        except InvalidToken:
            raise EncryptionKeyProblem(
                "API keys or second factors are stored that were encrypted with another key. "
                f"{_put_it_back()} {WAY_OUT}"
            ) from None


def fingerprints() -> list[str]:
    """What tells the keys at hand from others, and nothing else about them; in their order."""
    return list(_keys_at_hand())


def fingerprints_needed() -> tuple[set[str], int]:
    """Of the keys at hand, those that stored secrets need; and how many secrets none can read."""
    keys = _keys_at_hand()
    needed: set[str] = set()
    unreadable = 0
    for ciphertext in _stored():
        with_it = next((name for name, key in keys.items() if _opens(key, ciphertext)), None)
        unreadable += with_it is None
        needed |= {with_it} if with_it else set()
    return needed, unreadable


def mfa_ciphertexts(authenticator: Authenticator) -> Iterator[tuple[str, str]]:
    """Name and ciphertext of each secret that allauth keeps in a second factor's row."""
    for name in ("secret", "seed"):
        if name in authenticator.data:
            yield name, authenticator.data[name]


def _stored() -> Iterator[bytes]:
    for api_key in ApiKey.objects.filter(removed_at=None).only("ciphertext").iterator():
        yield bytes(api_key.ciphertext)
    for authenticator in Authenticator.objects.iterator():
        for _, ciphertext in mfa_ciphertexts(authenticator):
            yield ciphertext.encode()


def _keys_at_hand() -> dict[str, Fernet]:
    """Fingerprint → key. No key is made where there is none."""
    file = settings.API_KEY_ENCRYPTION_KEYS_FILE
    keys = settings.API_KEY_ENCRYPTION_KEYS
    if not keys and file.exists():
        keys = file.read_text().replace(",", " ").split()
    found = {}
    for key in keys:
        # Whatever is no key opens nothing; `check_start` says so.
        with suppress(ValueError):
            # A key has 256 random bits: nobody finds it by trying.
            digest = hashlib.sha256(f"encryption key {key}".encode()).hexdigest()
            found[digest[:32]] = Fernet(key)
    return found


def _opens(key: Fernet, ciphertext: bytes) -> bool:
    try:
        key.decrypt(ciphertext)
    except InvalidToken:
        return False
    return True


def _fernet() -> MultiFernet:
    keys = settings.API_KEY_ENCRYPTION_KEYS or _kept_keys()
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise EncryptionKeyProblem(
            f"{settings.API_KEY_ENCRYPTION_KEYS_FILE} holds no encryption key. {_put_it_back()} "
            "If it is lost for good, delete the file and start again: you are told how to go on."
        ) from None


def _kept_keys() -> list[str]:
    path = settings.API_KEY_ENCRYPTION_KEYS_FILE
    # A new key in its place would look like a healthy start, and every stored secret would be lost.
    if not path.exists() and any(True for _ in _stored()):
        raise EncryptionKeyProblem(
            f"API keys or second factors are stored, but the key that encrypts them is missing: "
            f"there is no {path}. {_put_it_back()} {WAY_OUT}"
        )
    return kept_secret(path, lambda: Fernet.generate_key().decode()).replace(",", " ").split()


def _put_it_back() -> str:
    file = settings.API_KEY_ENCRYPTION_KEYS_FILE
    if settings.API_KEY_ENCRYPTION_KEYS:
        return (
            "API_KEY_ENCRYPTION_KEYS must hold the key that was used before. If that is the one in "
            f"{file}, unset the variable."
        )
    return (
        f"Put {file} back from a backup, or set API_KEY_ENCRYPTION_KEYS to the key that was used "
        "before."
    )
