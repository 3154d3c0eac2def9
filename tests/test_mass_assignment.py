"""Whatever else is sent along: a POST does what it does without it, to the same rows."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests import home
from tests.conftest import PASSWORD, empty_cache
from tests.home import World, records_of
from tests.test_url_walk import KEPT, told
from tests.url_table import NO, NO_FOR_ALL, PROMPT, TABLE, WHO, Answer

house, world = home.house, home.world

SEED = "4711004711"
NAMED = {
    "team": ("team", "team_id", "to_team"),
    "person": (
        *("author", "author_id", "user", "user_id", "by", "owner", "invited_by", "accepted_by"),
        *("shared_by", "added_by", "picked_by", "member"),
    ),
    "picture": ("parent", "parent_id", "origin", "origin_id", "generation", "picture", "from_id"),
    "submission": ("submission", "submission_id"),
    "experiment": ("experiment", "experiment_id"),
    "collection": ("collection", "collection_id"),
    "style": ("style_id",),
    "share": ("share",),
}
"""What the fields are called that name a record, by the kind of record."""
PLAIN = {
    "role": Role.OWNER,
    "state": "saved",
    "seed": SEED,
    "api_key": "pig-secret-of-another",
    "calls": "0",
    "monthly_calls": "99999",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "",
    "removed_at": "2020-01-01",
    "deleted_at": "2020-01-01",
    "proved_at": "2020-01-01",
    "expires_at": "2099-01-01",
    "accepted_at": "2020-01-01",
    "file": "made/another.jpeg",
    "kept_answer": "made/another.answer",
    "token_hash": "0" * 64,
    "password": "another-password-42",
}
ITS_OWN = {"playground": {"seed"}, "race": {"seed"}}
"""What a form does ask for; beside what is posted to it anyway."""
FIRST = {
    "collection_restore": "collection_delete",
    "comment_restore": "comment_delete",
    "gallery_restore": "delete_picture",
    "restore_picture": "delete_picture",
    "style_restore": "style_delete",
    "word_list_restore": "word_list_delete",
}
"""What is done before, so that there is something to do."""
NEW_PASSWORD = {"password1": "trough-and-sty-24", "password2": "trough-and-sty-24"}
DATA = {
    "account_change_password": {"oldpassword": PASSWORD, **NEW_PASSWORD},
    "account_signup": {"email": "new@example.com", **NEW_PASSWORD},
    "delete_account": {"email": "alice@example.com"},
    "delete_team": {"name": "Sty"},
    "picture_collect": {"name": "Second best"},
    "picture_tag": {"name": "round"},
    "race": {**PROMPT, "seed": "5", "token": "r" * 43},
}
"""What is posted instead of the table's own, which changes nothing or not always the same."""
WHO_ELSE = {"account_signup": "anonymous", "read_notices": "owner"}
WRITES_NOTHING = {
    # Sessions, cookies, files and fragments of pages
    *("account_login", "account_logout", "account_reauthenticate", "switch_team", "theme"),
    *("export_mine", "playground_fields", "preview_experiment", "recall_file"),
    *("sandbox", "sandbox_api", "usersessions_list"),
    # There is nothing to do
    *("cancel_experiment", "resume_api_key", "experiment_choose"),
    # What is posted is refused
    *("transfer", "transfer_many", "delete_account", "invitation"),
    *("account_confirm_email", "account_confirm_login_code", "account_set_password"),
    *("account_reset_password", "account_reset_password_from_key"),
    *(name for name in TABLE if name.startswith("mfa_")),
}
DRAWN = ("token", "token_hash", "ciphertext", "request_key", "data")
"""Otherwise each time."""
POSTS = sorted(name for name, page in TABLE.items() if page.post not in (NO, NO_FOR_ALL))

Row = tuple[str, tuple[tuple[str, str], ...]]


class Rows:
    """The rows of all tables that pages show, so that two times of doing the same look alike.

    `known` are the keys of the rows that were there before: any other is "new".
    """

    def __init__(self) -> None:
        self.models = [model for label in KEPT for model in apps.get_app_config(label).get_models()]
        self.known = {model: set(self._keys(model)) for model in self.models}
        self.before = self._all()

    def changed(self) -> tuple[Counter[Row], Counter[Row]]:
        """What is there now and was not, and what was there and is not any more."""
        now = self._all()
        return now - self.before, self.before - now

    def _keys(self, model: type[models.Model]) -> Any:
        return model._base_manager.values_list("pk", flat=True)

    def _all(self) -> Counter[Row]:
        return Counter(
            (model._meta.label, tuple(self._told(field, value) for field, value in values))
            for model in self.models
            for row in model._base_manager.all()
            for values in [[(f, getattr(row, f.attname)) for f in model._meta.concrete_fields]]
        )

    def _told(self, field: Any, value: Any) -> tuple[str, str]:
        model = field.related_model or (field.model if field.primary_key else None)
        if value is not None and model in self.known and value not in self.known[model]:
            return field.name, "new"
        if field.name == "password":
            return field.name, "the same" if check_password(PASSWORD, value) else "another"
        if isinstance(field, models.DateTimeField) or field.name in DRAWN:
            return field.name, "set" if value else "not set"
        if field.name == "body":
            value = value | {"seed": str(value.get("seed")) == SEED}
        return field.name, repr(value)


def who_may(name: str) -> str:
    """The editor where an editor may and it does something, the owner else."""
    answers = dict(zip(WHO, TABLE[name].post, strict=True))
    return WHO_ELSE.get(name) or ("editor" if answers["editor"] in (200, 302) else "owner")


def outcome(client: Client, address: str, data: dict[str, str]) -> tuple[Answer, Any]:
    """What a POST answers and changes, undone again."""
    rows = Rows()
    cookies = deepcopy(client.cookies)
    mark = transaction.savepoint()
    answer = told(client.post(address, data))
    changed = rows.changed()
    transaction.savepoint_rollback(mark)
    client.cookies = cookies
    empty_cache()
    return answer, changed


@pytest.mark.parametrize("name", POSTS)
def test_nothing_else_is_ever_taken_from_a_form(name: str, world: World) -> None:
    client = world.clients[who_may(name)]
    if who_may(name) != "anonymous":
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    if first := FIRST.get(name):
        assert client.post(world.address(first), world.data(first)).status_code == 302
    charlie = world.person("outsider")
    elsewhere = charlie.teams.get()
    foreign = {
        **records_of(elsewhere, charlie),
        "team": elsewhere.pk,
        "person": charlie.pk,
    }
    extras = PLAIN | {name: str(foreign[kind]) for kind, names in NAMED.items() for name in names}
    extras = {key: value for key, value in extras.items() if key not in ITS_OWN.get(name, ())}
    data, address = DATA.get(name) or world.data(name), world.address(name)
    plain = outcome(client, address, data)
    assert (name in WRITES_NOTHING) == (plain[1] == (Counter(), Counter()))
    assert outcome(client, address, extras | data) == plain
