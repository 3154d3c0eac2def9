from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

if TYPE_CHECKING:
    from .models import User


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        user_logged_in.connect(give_a_team, dispatch_uid="accounts.give_a_team")
        user_logged_in.connect(let_in, dispatch_uid="accounts.let_in")


def give_a_team(user: User, **_: object) -> None:
    """Somebody made on the command line, or removed from a last team, works in a personal one."""
    from . import services

    services.ensure_team(user=user)


def let_in(user: User, request: HttpRequest | None, **_: object) -> None:
    """Somebody who signed up or logged in on the way into a team joins it."""
    from . import invitations

    if request is not None:
        invitations.arrive(request, user)
