"""What people do on pages, in the words that they read there."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ..upstream_exchange import Behaviour, Exchange

PATIENCE = 30


def choose(page: Page, option: str) -> None:
    """Choose one of several: an endpoint, a proportion, where to generate."""
    page.get_by_role("radio", name=option).check()
    # The fields that go with it have come.
    expect(page.locator("#generate .htmx-request")).to_have_count(0)


def generate(page: Page, prompt: str, *, count: int = 1) -> None:
    """Fill in prompt and number, and press the button once it says what it will do."""
    page.get_by_label("Prompt").fill(prompt)
    page.get_by_label("Pictures").fill(str(count))
    page.get_by_role("button", name=f"Generate {count} image").click()


def cards(page: Page, state: str = "") -> Locator:
    """The results' cards; those in one state, where one is named."""
    return page.locator(f".picture-card{f'.is-{state}' if state else ''}")


def expect_progress(place: Locator) -> None:
    """See a bar run over the usual time, and the seconds beside it count up."""
    bar = place.get_by_role("progressbar", name="Progress, by the usual time")
    expect(bar).to_be_visible()
    assert bar.evaluate("bar => Number(bar.dataset.usual)") > 0
    expect(place.get_by_role("timer")).to_have_text(re.compile(r"^[1-9]\d* s$"))
    before = bar.evaluate("bar => bar.value")
    expect(bar).not_to_have_js_property("value", before)
    assert 0 < before < bar.evaluate("bar => bar.value") < 1


def expect_shown(image: Locator) -> None:
    """Wait until a picture has arrived and can be seen."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("image => image.naturalWidth") > 0


def tab_to(page: Page, target: Locator, *, at_most: int = 60) -> None:
    """Press Tab until `target` has the focus, and see that the focus shows."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            # What was moved to by a script comes to show it a moment after the key.
            expect(target.and_(page.locator(":focus-visible"))).to_have_count(1)
            return
    raise AssertionError(f"{at_most} times Tab did not lead to {target}.")


def downloaded(page: Page, link: Locator) -> bytes:
    """What a click on a download link brings."""
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


class Gate:
    """Holds the fake Image Pig's answers back until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def before(self, behaviour: Behaviour) -> Behaviour:
        def play(exchange: Exchange) -> None:
            if self.opened.wait(PATIENCE):
                behaviour.play(exchange)

        return Behaviour(play, bills=behaviour.bills)

    def open(self) -> None:
        self.opened.set()
