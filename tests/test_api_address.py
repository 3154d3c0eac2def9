"""Where Image Pig's API is comes from the environment, and from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import models
from django.forms import BaseForm
from django.test import Client
from django.urls import get_resolver, reverse

from playground import waiting
from playground.models import Generation, State
from playground.models import Upstream as Known
from tests import home
from tests.conftest import PASSWORD, empty_cache
from tests.home import World
from tests.playground.playing import play_to_the_end
from tests.searching import dump
from tests.upstream import Upstream
from tests.url_table import CONFIRM, PROMPT, TABLE, WHO


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """One for each test: whoever plays the worker needs transactions that end."""
    monkeypatch.setattr(waiting, "HOLD_SECONDS", 0.01)
    return home.everybody_at(home.built())


ADDRESS = re.compile(r"ur[il]|host|address|server|base|domain|upstream|proxy|origin|site|\bapi$")
"""What a field with an address in it would be called."""
NO_ADDRESSES = {
    "address": "of the page that a notice leads to",
    "email_address": "a person's",
    "image_url": "of a stored picture, as the API said it",
    "image_url_ends_at": "until when that is",
    "origin": "the picture whose record filled in the form",
    "upstream": "Image Pig or the sandbox, one of two words",
}
"""Those that are called so and say nothing about the API."""


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def suspicious(names: set[str]) -> set[str]:
    return {name for name in names if ADDRESS.search(name.lower())} - set(NO_ADDRESSES)


def test_no_column_holds_an_address_of_the_api() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert len(fields) > 200
    columns = [field for field in fields if isinstance(field, models.Field)]
    assert suspicious({field.name for field in columns}) == set()
    assert not [field for field in columns if isinstance(field, models.URLField)]
    words = [field.choices for field in columns if field.name == "upstream"]
    assert len(words) > 1
    assert all(choices == Known.choices for choices in words)


def test_no_form_asks_for_an_address_of_the_api() -> None:
    # Forms are there once the pages are that show them.
    assert get_resolver().url_patterns
    forms = {each for each in subclasses(BaseForm) if hasattr(each, "base_fields")}
    ours = {each for each in forms if each.__module__.startswith(("accounts.", "playground."))}
    assert len(ours) > 15
    assert {name for each in ours for name in each.base_fields if suspicious({name})} == set()


class Controls(HTMLParser):
    """The names of all that can be filled in on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("input", "select", "textarea", "button"):
            self.names.add(dict(attrs).get("name") or "")


def controls(client: Client, addresses: list[str]) -> set[str]:
    """The names of all that can be filled in there."""
    found = Controls()
    for address in addresses:
        answer = client.get(address)
        content = answer.getvalue()
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            found.feed(content.decode())
    return found.names


def test_nothing_on_any_page_asks_for_an_address_of_the_api(world: World) -> None:
    owner, place = world.clients["owner"], WHO.index("owner")
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = [name for name, page in TABLE.items() if page.get[place] in (200, CONFIRM)]
    names = controls(owner, [world.address(name) for name in shown])
    assert {"positive_prompt", "upstream", "api_key", "name"} < names
    assert suspicious(names) == set()


def test_nor_does_the_administration(world: World) -> None:
    ada = world.person("owner")
    ada.is_staff = ada.is_superuser = True
    ada.save()
    addresses = []
    for model in admin.site._registry:
        kind = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses += [reverse(f"{kind}_changelist"), reverse(f"{kind}_add")]
        newest = model._base_manager.order_by("pk").last()
        addresses += [reverse(f"{kind}_change", args=[newest.pk])] if newest else []
    names = controls(world.clients["owner"], addresses)
    assert {"email", "name"} < names
    assert suspicious(names) == set()


NAMES = (
    *("api_url", "imagepig_api_url", "IMAGEPIG_API_URL", "base_url", "upstream_url", "url"),
    *("host", "server", "endpoint_url", "image_url", "proxy"),
)
CALLING = {
    "playground": {**PROMPT, "upstream": "imagepig", "token": "t" * 43},
    "race": {**PROMPT, "upstream": "imagepig", "token": "r" * 43},
    "new_experiment": {**TABLE["new_experiment"].data, "upstream": "imagepig", "agreed": "2"},
    "race_picture": {},
    "rerun": {},
    "rerun_pictures": TABLE["rerun_pictures"].data,
    "retry": {},
    "account": TABLE["account"].data,
    "budget": TABLE["budget"].data,
    "api_key": TABLE["api_key"].data,
}


@pytest.mark.django_db(transaction=True)
def test_whatever_address_is_sent_along_calls_go_to_the_one_of_the_environment(
    imagepig: Upstream, world: World
) -> None:
    owner = world.clients["owner"]
    Generation.objects.filter(team=world.team).update(upstream=Known.IMAGEPIG, calls=1)
    # One waits to be sent already.
    done = set(Generation.objects.exclude(state=State.QUEUED).values_list("pk", flat=True))
    with Upstream() as elsewhere:
        extras = dict.fromkeys(NAMES, elsewhere.url)
        headers = {"X-Api-Url": elsewhere.url, "X-Forwarded-Host": elsewhere.url[7:]}
        for name, data in CALLING.items():
            filled = world.filled(data)
            address = f"{world.address(name)}?api_url={elsewhere.url}"
            answer = owner.post(address, extras | filled, headers=headers)
            assert answer.status_code == 302, name
            # On Redis the queue goes with the cache.
            play_to_the_end()
            empty_cache()
        # And in the place of the word that says which of the two it is.
        data = {**PROMPT, "token": "u" * 43, "upstream": elsewhere.url}
        assert owner.post(reverse("playground"), data).status_code == 422
        play_to_the_end()
        assert elsewhere.connections == 0
        kept = dump() + repr([each.get_decoded() for each in Session.objects.all()]).encode()
        assert elsewhere.url.encode() not in kept
    sent = Generation.objects.exclude(pk__in=done)
    assert set(sent.values_list("state", "upstream")) == {(State.SAVED, Known.IMAGEPIG)}
    assert len(imagepig.posts) == sent.count() > 10
