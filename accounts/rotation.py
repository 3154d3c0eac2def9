"""All stored secrets anew under the first encryption key."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from . import encryption
from .models import ApiKey


@dataclass(slots=True)
class Counts:
    rotated: int = 0
    forgotten: int = 0

    def __str__(self) -> str:
        forgotten = f", {self.forgotten} could not be read and were erased"
        return f"{self.rotated} encrypted anew{forgotten if self.forgotten else ''}"


@transaction.atomic
def rotate(*, forget_unreadable: bool = False) -> tuple[Counts, Counts]:
    """Re-encrypt API keys and second factors, all or none; gives what was done to each.

    What no key at hand can read is erased if `forget_unreadable`, else it raises
    encryption.Unreadable or encryption.EncryptionKeyProblem.
    """
    api_keys, factors = Counts(), Counts()
    for api_key in ApiKey.objects.select_for_update(of=("self",)).filter(removed_at=None):
        _count(api_keys, _rotate_api_key(api_key, forget_unreadable))
    # A passkey's row holds its public key, which is no secret.
    encrypted = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    for factor in encrypted.select_for_update(of=("self",)):
        _count(factors, _rotate_factor(factor, forget_unreadable))
    return api_keys, factors


def _count(counts: Counts, rotated: bool) -> None:
    counts.rotated += rotated
    counts.forgotten += not rotated


def _rotate_api_key(api_key: ApiKey, forget_unreadable: bool) -> bool:
    rotated = _rotated(bytes(api_key.ciphertext), forget_unreadable)
    api_key.ciphertext = rotated or b""
    if rotated is None:
        api_key.removed_at = timezone.now()
    api_key.save(update_fields=["ciphertext", "removed_at"])
    return rotated is not None


def _rotate_factor(factor: Authenticator, forget_unreadable: bool) -> bool:
    for name, ciphertext in list(encryption.mfa_ciphertexts(factor)):
        rotated = _rotated(ciphertext.encode(), forget_unreadable)
        if rotated is None:
            factor.delete()
            return False
        factor.data[name] = rotated.decode()
    factor.save(update_fields=["data"])
    return True


def _rotated(ciphertext: bytes, forget_unreadable: bool) -> bytes | None:
    try:
        return encryption.rotate(ciphertext)
    except (encryption.Unreadable, encryption.EncryptionKeyProblem):
        if not forget_unreadable:
            raise
        return None
