"""Encrypt all stored secrets anew, with the first of the encryption keys."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import encryption, rotation


class Command(BaseCommand):
    help = (
        "Encrypt all stored API keys and second factors anew with the first encryption key. "
        "Put a new key before the old one, restart, run this, then drop the old one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forget-unreadable",
            action="store_true",
            help="erase what no key at hand can read, for when the encryption key is lost for good",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            api_keys, factors = rotation.rotate(forget_unreadable=options["forget_unreadable"])
        except (encryption.EncryptionKeyProblem, encryption.Unreadable) as problem:
            raise CommandError(f"{problem} Nothing was changed.") from None
        self.stdout.write(f"API keys: {api_keys}.")
        self.stdout.write(f"Second factors: {factors}.")
