"""A canary for a key and one for a prompt, through all that is ever logged.

The key is found in no line of any level, the prompt in none from INFO on.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from accounts.services import set_api_key
from imagepig_site.logs import JSONFormatter, TextFormatter
from playground import announcing, tasks
from playground.models import Generation, State
from playground.pipeline import saving, sending, steps, upstreams
from tests.conftest import PASSWORD
from tests.playground.playing import play_to_the_end, submit
from tests.running import Person, Site, until
from tests.upstream import Upstream
from tests.upstream_exchange import Behaviour, Request, error
from tests.upstream_scenarios import ROWS

KEY = "pig-canary-key-4711-abcdefgh"
PROMPT = "canary-prompt-0815"


class Written:
    """What both forms of logs would hold, of every logger there is, at any level and from INFO."""

    def __init__(self) -> None:
        self.everything, self.from_info = io.StringIO(), io.StringIO()
        self.handlers = []
        for formatter in (TextFormatter(), JSONFormatter()):
            for stream, level in (
                (self.everything, logging.DEBUG),
                (self.from_info, logging.INFO),
            ):
                handler = logging.StreamHandler(stream)
                handler.setFormatter(formatter)
                handler.setLevel(level)
                self.handlers.append(handler)

    def assert_clean(self) -> None:
        assert KEY not in self.everything.getvalue()
        assert PROMPT not in self.from_info.getvalue()


LOUD = ("", "accounts", "playground", "imagepig_site", "huey", "httpx", "httpcore", "django", "PIL")


@pytest.fixture
def written() -> Iterator[Written]:
    """All that is logged meanwhile, with every logger at its loudest."""
    logs = Written()
    before = {name: logging.getLogger(name).level for name in LOUD}
    propagating = logging.getLogger("huey").propagate
    logging.getLogger("huey").propagate = True
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for handler in logs.handlers:
        logging.getLogger().addHandler(handler)
    yield logs
    for handler in logs.handlers:
        logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger("huey").propagate = propagating


@pytest.mark.parametrize(("canary", "level"), [(KEY, logging.DEBUG), (PROMPT, logging.INFO)])
def test_a_canary_would_be_heard(written: Written, canary: str, level: int) -> None:
    written.assert_clean()
    logging.getLogger("playground").log(level, "a line with %s", canary)
    with pytest.raises(AssertionError):
        written.assert_clean()


@pytest.fixture
def scripted(imagepig: Upstream, settings: LazySettings) -> Upstream:
    """A fake Image Pig that plays the row whose name the prompt begins with."""

    def script(request: Request) -> Behaviour:
        name = request.json["positive_prompt"].partition(f" {PROMPT}")[0]
        return ROWS[name].behaviour if name in ROWS else error(401, f"{KEY} of {PROMPT}")

    settings.CALL_SECONDS = 0.3
    imagepig.script = script
    return imagepig


def deliver(generation_id: int) -> None:
    try:
        tasks.generate.call_local(generation_id, "the-click")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_whatever_the_api_does_no_line_holds_key_or_prompt(
    scripted: Upstream, alice: User, settings: LazySettings, written: Written
) -> None:
    for name in (*ROWS, "a refusal that quotes"):
        # A team for each row: a refused key would pause all the others.
        team = Team.objects.create(name=name[:80])
        set_api_key(team=team, by=alice, label="Ours", secret=KEY)
        submit(team, alice, positive_prompt=f"{name} {PROMPT}")
    settings.HUEY.flush()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, Generation.objects.values_list("pk", flat=True)))
    play_to_the_end()
    assert not Generation.objects.pending().exists()
    assert set(Generation.objects.values_list("state", flat=True)) >= {
        State.SAVED,
        State.REFUSED,
        State.UNUSABLE,
        State.UNKNOWN,
    }
    # The libraries did speak.
    assert "httpcore" in written.everything.getvalue()
    assert re.search(r"\[the-click\] generation \d+: done", written.everything.getvalue())
    written.assert_clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secret", [KEY, f"{KEY} ü", f"{KEY}\n"])
def test_nor_does_one_where_nothing_can_be_sent(
    team: Team, alice: User, written: Written, secret: str
) -> None:
    upstreams._imagepig.cache_clear()
    set_api_key(team=team, by=alice, label="Ours", secret=secret)
    submit(team, alice, positive_prompt=PROMPT)
    play_to_the_end()
    assert Generation.objects.get().state == State.NOT_SENT
    written.assert_clean()


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("nobody foresaw this")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (sending, "client_for"),
        (sending, "keep"),
        (saving, "read_answer"),
        (saving, "read_picture"),
        (saving, "store"),
        (steps, "finish"),
        (announcing, "announce"),
    ],
)
def test_a_trace_of_what_nobody_foresaw_holds_neither(
    imagepig: Upstream,
    team: Team,
    alice: User,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
    module: Any,
    name: str,
) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret=KEY)
    monkeypatch.setattr(module, name, broken)
    submit(team, alice, positive_prompt=PROMPT)
    settings.HUEY.execute(settings.HUEY.dequeue())
    assert "nobody foresaw this" in written.from_info.getvalue()
    written.assert_clean()


@pytest.mark.django_db(transaction=True)
def test_pages_that_take_a_key_or_a_prompt_log_neither(
    team: Team,
    alice: User,
    as_alice: Client,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_alice.raise_request_exception = False
    data = {"label": "Ours", "api_key": KEY}
    as_alice.post(reverse("api_key"), data)
    as_alice.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    as_alice.post(reverse("replace_api_key"), data)
    form = {"positive_prompt": PROMPT, "endpoint": "default", "upstream": "sandbox", "count": "1"}
    as_alice.get(reverse("gallery"), {"text": PROMPT})
    as_alice.post(reverse("playground"), {**form, "token": "t" * 43})
    as_alice.post(reverse("playground"), {**form, "token": "", "seed": "no seed"})
    as_alice.post(f"/no/such/page/?text={PROMPT}", data)
    Client(enforce_csrf_checks=True).post(reverse("playground"), form)
    for name, address, posted in (
        ("accounts.services.set_api_key", "api_key", data),
        ("playground.services.submit_missing", "playground", {**form, "token": "u" * 43}),
        ("playground.services.submit", "playground", {**form, "token": "v" * 43}),
    ):
        monkeypatch.setattr(name, broken)
        as_alice.post(reverse(address), posted)
    assert "nobody foresaw this" in written.from_info.getvalue()
    assert "POST playground: " in written.from_info.getvalue()
    written.assert_clean()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    started: list[Site] = []

    def start(**variables: Any) -> Site:
        started.append(Site(tmp_path, **variables))
        return started[-1]

    yield start
    for site in started:
        site.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped by signals")
@pytest.mark.parametrize("form", ["text", "json"])
def test_of_the_whole_site_each_line_of_a_picture_has_the_id_of_its_click(
    form: str, start: Callable[..., Site]
) -> None:
    with Upstream() as imagepig:
        site = start(IMAGEPIG_API_URL=imagepig.url, LOG_FORMAT=form, TRUSTED_PROXIES="1").ready()
        with Person(site) as alice:
            alice.sign_up().add_key(KEY)
            alice.headers["X-Request-Id"] = "click-of-alice"
            alice.generate(positive_prompt=PROMPT, count="1", upstream="imagepig")
            until(lambda: site.states() == {"saved": 1})
        assert site.stop() == 0
    lines = site.output().splitlines()
    assert KEY not in site.output()
    assert PROMPT not in site.output()
    if form == "json":
        said = [json.loads(line) for line in lines if line.startswith("{")]
        about = [each["message"] for each in said if each.get("request") == "click-of-alice"]
        done = [each for each in said if each["message"].endswith(": done")]
        assert [each["generation"] for each in done] == [1]
        assert [each["request"] for each in done] == ["click-of-alice"]
    else:
        about = [line for line in lines if "[click-of-alice]" in line]
    for words in ("POST playground", "generation 1: sending", "generation 1: done"):
        assert [line for line in about if words in line], site.output()
