"""One site and one browser for all tests of this folder; one context and one person for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .. import needs
from ..running import Site
from ..servers import Someone, Stage, served
from ..upstream import Upstream
from .guard import Guard

WITHOUT = [
    # A window for each context comes with pages of Chromium's own, two processes for its address
    # bar alone, which cost more than the page that is tested.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    # Only the last list counts, so this is what Playwright's own has for all.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
]
PATIENCE = 20_000
"""Milliseconds that anything may take on a busy machine."""
CALLS_AT_ONCE = 2
"""Of one team, so that a click on four pictures leaves two of them waiting."""
API_KEY = "pig-canary-4711-wxyz"
SIZE = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def upstream() -> Iterator[Upstream]:
    """The Image Pig that the site calls."""
    with Upstream() as running:
        yield running


@pytest.fixture(scope="package")
def stage_and_site(
    upstream: Upstream, first_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Stage]]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(first_data, folder / "data")
    with served(
        folder,
        IMAGEPIG_API_URL=upstream.url,
        TEAM_CALLS_AT_ONCE=str(CALLS_AT_ONCE),
        WEB_WORKERS="1",
    ) as started:
        yield started


@pytest.fixture(scope="package")
def site(stage_and_site: tuple[Site, Stage]) -> Site:
    return stage_and_site[0]


@pytest.fixture(scope="package")
def stage(stage_and_site: tuple[Site, Stage]) -> Stage:
    return stage_and_site[1]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, which ends with this folder: its event loop would be in other tests' way."""
    executable = needs.chromium()
    patch = pytest.MonkeyPatch()
    # Playwright's loop runs in this thread, and Django would not talk to its database beside it.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()
    patch.undo()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def guards(site: Site) -> Iterator[list[Guard]]:
    """One for each context that the test has opened; all of them must be content."""
    opened: list[Guard] = []
    said_before = len(site.output())
    yield opened
    # For whoever reads of a failure: pytest shows what is printed here with it.
    print(site.output()[said_before:])
    for guard in opened:
        guard.check()


@pytest.fixture
def new_context(browser: Browser, site: Site, guards: list[Guard]) -> Iterator[NewContext]:
    """Opens contexts of a size, a colour scheme …; somebody's own where `person` is given."""

    def make(person: Someone | None = None, **options: Any) -> BrowserContext:
        options = {"viewport": SIZE, "reduced_motion": "reduce", "base_url": site.url} | options
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        guards.append(Guard(context))
        if person:
            context.add_cookies([{"name": "sessionid", "value": person.session, "url": site.url}])
        return context

    yield make
    for guard in guards:
        guard.close()


@pytest.fixture
def stranger(new_context: NewContext) -> Page:
    """A page of somebody who has never been here."""
    return new_context().new_page()


@pytest.fixture
def customer(stage: Stage) -> Someone:
    """Somebody with an API key."""
    return stage.someone(api_key=API_KEY)


@pytest.fixture
def alice(stage: Stage) -> Someone:
    """Somebody new, in a team without pictures and without an API key."""
    return stage.someone()


@pytest.fixture
def page(new_context: NewContext, alice: Someone) -> Page:
    """Alice's page."""
    return new_context(alice).new_page()


@pytest.fixture
def guard(guards: list[Guard], new_context: NewContext) -> Callable[[], Guard]:
    """The guard of the context that was opened last."""
    return lambda: guards[-1]


@pytest.fixture
def imagepig(upstream: Upstream) -> Iterator[Upstream]:
    """The fake Image Pig as it is to begin with: it answers as documented, at once."""
    upstream.script, upstream.delay = None, 0
    upstream.behaviours.clear()
    upstream.requests.clear()
    upstream.billed = 0
    yield upstream
    upstream.script = None
