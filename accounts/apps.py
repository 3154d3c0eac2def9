from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

if TYPE_CHECKING:
    from .models import User


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        user_logged_in.connect(give_a_team, dispatch_uid="accounts.give_a_team")


def give_a_team(user: User, **_: object) -> None:
    """Somebody made on the command line, or removed from a last team, works in a personal one."""
    from . import services

    services.ensure_team(user=user)
