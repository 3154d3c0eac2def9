"""An API key is in nothing that leaves the application but the calls it is for."""

from __future__ import annotations

import json
import logging
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from accounts import services
from accounts.models import KeyState, Role, Team, User
from playground import waiting
from playground.models import Generation, State
from playground.pipeline import saving, spool
from tests import home, test_log_canaries
from tests import upstream_behaviours as play_as
from tests.conftest import PASSWORD, empty_cache, make_person, signed_in
from tests.factories import make_generation
from tests.home import World
from tests.playground.playing import play
from tests.searching import disguises, dump, files_below, holding, unpacked_backup, unpacked_zip
from tests.test_log_canaries import Written
from tests.upstream import Upstream
from tests.upstream_book import documented_success
from tests.upstream_exchange import Behaviour, Exchange, error
from tests.url_table import NO, NO_FOR_ALL, PROMPT, TABLE

CANARY = "canary-7f3b9c1d5e"
TRICKY = 'canary/7f3b+9c"1d<5e'
"""It reads otherwise in JSON, in HTML and in an address."""

written = test_log_canaries.written


def test_a_key_is_in_no_report_of_an_error_that_came_while_it_was_saved(
    as_alice: Client, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.ADMINS = [("Admin", "admin@example.com")]
    settings.API_KEY_ENCRYPTION_KEYS = ["no key"]
    caplog.set_level(logging.DEBUG)
    as_alice.raise_request_exception = False
    reports: list[str] = []

    def report(request: Any, **_: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.extend([reporter.get_traceback_html(), reporter.get_traceback_text()])

    got_request_exception.connect(report)
    try:
        page = as_alice.post(reverse("api_key"), {"label": "Ours", "api_key": CANARY})
    finally:
        got_request_exception.disconnect(report)

    assert page.status_code == 500
    assert len(mail.outbox) == 1
    reports.append(str(mail.outbox[0].message()))
    # What they do show of the same form, and of the functions that had the key in hand.
    assert all("Ours" in text for text in reports)
    assert "set_api_key" in reports[0]
    for text in (page.content.decode(), caplog.text, *reports):
        assert CANARY not in text


def test_a_key_is_in_no_file_that_is_downloaded(as_alice: Client, alice: User, team: Team) -> None:
    services.set_api_key(team=team, by=alice, label="Ours", secret=CANARY)
    picture = make_generation(team, author=alice, state=State.SAVED, upstream="imagepig")

    answer = as_alice.post(reverse("export"), {"all": "1", "download": "1"})
    files = unpacked_zip(answer.getvalue())
    with_memory = as_alice.get(reverse("picture_with_memory", args=[picture.pk]))

    assert {"metadata.csv", "metadata.json"} < set(files)
    assert not [name for name, content in files.items() if CANARY.encode() in content]
    assert CANARY.encode() not in with_memory.getvalue()


def saying(words: str) -> Behaviour:
    """A success that says something beside the picture, in JSON that is written already."""

    def answer(exchange: Exchange) -> None:
        whole = json.dumps(documented_success(exchange) | {"note": "NOTE"})
        exchange.answer(200, whole.replace("NOTE", words).encode())

    return Behaviour(answer)


IN_JSON = json.dumps(TRICKY)[1:-1]
ESCAPED = IN_JSON.replace("/", "\\/")
IN_CODES = "".join(f"\\u{ord(sign):04x}" for sign in TRICKY)
QUOTED: list[tuple[Behaviour, State]] = [
    (saying(IN_JSON), State.SAVED),
    (saying(ESCAPED), State.SAVED),
    (saying(IN_CODES), State.SAVED),
    (play_as.body(f'{{"note": "{IN_JSON}"}}'.encode()), State.UNUSABLE),
    (play_as.body(f'{{"note": "{ESCAPED}"}}'.encode()), State.UNUSABLE),
    (play_as.body(f'{{"note": "{IN_CODES}"}}'.encode()), State.UNUSABLE),
    (play_as.body(f"<p>{TRICKY}</p>".encode(), "text/html"), State.UNUSABLE),
    (play_as.invalid("seed", f"not with {TRICKY}"), State.REFUSED),
    (error(500, f"lost {TRICKY}"), State.UNKNOWN),
    (error(403, f"{TRICKY} may not"), State.REFUSED),
    (play_as.body(f'{{"error": "{ESCAPED}"}}'.encode(), status=401), State.REFUSED),
]
"""What Image Pig answers with the key in it, and what becomes of it. The last one pauses the key"""


def generate(client: Client) -> Generation:
    """Press the button, and let the worker do it."""
    token = f"{Generation.objects.count():0>43}"
    data = {**PROMPT, "upstream": "imagepig", "token": token}
    assert client.post(reverse("playground"), data).status_code == 302
    play()
    return Generation.objects.latest("pk")


def journey(world: World, imagepig: Upstream, monkeypatch: pytest.MonkeyPatch) -> list[Generation]:
    """Add the key, use it, let each answer quote it; gives what came of that."""
    owner, team = world.clients["owner"], world.team
    services.remove_api_key(team=team, by=world.person("owner"))
    owner.post(reverse("api_key"), {"label": "Ours", "api_key": TRICKY})
    made = []
    for behaviour, state in QUOTED:
        imagepig.behaviours.append(behaviour)
        made.append(generate(owner))
        assert (made[-1].state, imagepig.requests[-1].headers["api-key"]) == (state, TRICKY)
        empty_cache()
    assert team.api_key is not None
    assert team.api_key.state == KeyState.REFUSED
    owner.post(reverse("resume_api_key"))
    # One more whose answer lies on the disk, as it cannot be saved yet.
    imagepig.behaviours.append(saying(ESCAPED))
    monkeypatch.setattr(saving, "store", test_log_canaries.broken)
    made.append(generate(owner))
    assert made[-1].state == State.RECEIVED
    assert spool.path_of(made[-1]).exists()
    return made


def shown(world: World, made: list[Generation]) -> dict[str, bytes]:
    """All pages and files that the owner gets, also of each of the pictures."""
    owner = world.clients["owner"]
    owner.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    names = [name for name, page in TABLE.items() if page.get not in (NO, NO_FOR_ALL)]
    addresses = [world.address(name) for name in names if name != "account_logout"]
    for generation in made:
        kinds = ["unusable"] if generation.kept_answer else []
        kinds += ["picture"] if generation.state == State.SAVED else []
        of_it = [name for name in names if TABLE[name].of in kinds]
        addresses += [reverse(name, args=[generation.pk]) for name in of_it]
        if generation.submission:
            addresses.append(f"{reverse('results')}?submission={generation.submission.pk}")
    found = {}
    for address in addresses:
        answer = owner.get(address)
        assert answer.status_code < 500, address
        found[address] = str(answer.headers).encode() + answer.getvalue()
        empty_cache()
    return found


def administered() -> dict[str, bytes]:
    """The administration's list of each kind of record, and the page and history of each one."""
    ada = make_person("Ada", Team.objects.create(name="Ada’s"), Role.OWNER)
    ada.is_staff = ada.is_superuser = True
    ada.save()
    client = signed_in(ada)
    addresses = [reverse("admin:index")]
    for model in admin.site._registry:
        kind = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses.append(reverse(f"{kind}_changelist"))
        for pk in model._base_manager.values_list("pk", flat=True):
            addresses += [reverse(f"{kind}_{page}", args=[pk]) for page in ("change", "history")]
    found = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content
    return found


def exported(owner: Client) -> dict[str, bytes]:
    """The pictures of the team, and what is the owner's own."""
    pictures = owner.post(reverse("export"), {"all": "1", "download": "1"}).getvalue()
    own = owner.post(reverse("export_mine")).getvalue()
    return {
        **{f"export: {name}": content for name, content in unpacked_zip(pictures).items()},
        **{f"own export: {name}": content for name, content in unpacked_zip(own).items()},
    }


@pytest.mark.django_db(transaction=True)
def test_a_key_that_was_added_used_and_quoted_in_every_answer_is_nowhere(
    imagepig: Upstream,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    written: Written,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(waiting, "HOLD_SECONDS", 0.01)
    world = home.everybody_at(home.built())
    made = journey(world, imagepig, monkeypatch)
    key = world.team.api_key
    assert key is not None
    assert services.secret_of(key) == TRICKY

    contents = shown(world, made)
    # Those are the pages that show what was said, with something in the key's place.
    answers = [contents[reverse("answer", args=[each.pk])] for each in made if each.kept_answer]
    assert len(answers) == 4
    assert all("…".encode() in answer for answer in answers)
    contents |= administered() | exported(world.clients["owner"])
    call_command("backup", tmp_path / "backup.tar")
    contents |= unpacked_backup(tmp_path / "backup.tar")
    contents |= files_below(Path(django_settings.DATA_DIR))
    contents["database"] = dump()
    contents["sessions"] = repr([each.get_decoded() for each in Session.objects.all()]).encode()
    contents["mails"] = "".join(str(each.message()) for each in mail.outbox).encode()
    contents["logs"] = written.everything.getvalue().encode()
    contents["output"] = "".join(capfd.readouterr()).encode()

    for part in ("metadata.csv", ".jsonl", ".answer", "/admin/accounts/apikey/"):
        assert [name for name in contents if part in name], part
    assert contents["logs"]
    assert holding(TRICKY, contents) == []


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_canary_in_disguise_would_be_found(before: str) -> None:
    as_base64 = b64encode(f"{before}{TRICKY} and more".encode())
    hidden = {"base64": as_base64, "hex": f"{before}{TRICKY}".encode().hex().encode()}
    hidden |= {str(number): way for number, way in enumerate(disguises(TRICKY))}
    assert holding(TRICKY, {**hidden, "nothing": b"canary"}) == list(hidden)
