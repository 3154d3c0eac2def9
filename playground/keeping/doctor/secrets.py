"""Stored secrets that can no longer be read."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator

from accounts import encryption
from accounts.models import ApiKey
from accounts.services import secret_of

from .findings import Finding, Kind

PROBLEMS = (encryption.Unreadable, encryption.EncryptionKeyProblem)


def secrets() -> Iterator[Finding]:
    for api_key in ApiKey.objects.filter(removed_at=None).select_related("team").iterator():
        try:
            secret_of(api_key)
        except PROBLEMS:
            subject = f"API key {api_key} of team {api_key.team_id}, {api_key.team}"
            yield Finding(Kind.UNREADABLE_SECRET, subject)
    for factor in Authenticator.objects.select_related("user").iterator():
        try:
            for _, ciphertext in encryption.mfa_ciphertexts(factor):
                encryption.decrypt(encryption.MFA_ROW, ciphertext.encode())
        except PROBLEMS:
            subject = f"{factor.get_type_display()} of person {factor.user_id}, {factor.user}"
            yield Finding(Kind.UNREADABLE_SECRET, subject)
