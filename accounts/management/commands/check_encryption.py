"""Refuse to start with a missing or wrong encryption key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from accounts import encryption


class Command(BaseCommand):
    help = "Check that all stored API keys and second factors can be read. Each start asks it."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            encryption.check_start()
        except encryption.EncryptionKeyProblem as problem:
            raise CommandError(str(problem)) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be read: {error}. Where it is a new one, `manage.py prepare` "
                "comes first."
            ) from None
