"""What a person at a browser waits for."""

from __future__ import annotations

import random
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, sync_playwright

from ..running import Person
from .figures import Report

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMES = 30
WARM_UP = 3

WATCH = """() => {
  const results = document.getElementById("results");
  const pictures = () => [...results.querySelectorAll("img[src*='/thumbnail/']")];
  const known = new Set(pictures().map((image) => image.src));
  window.painted = new Promise((resolve) => {
    let clicked;
    const click = () => { clicked = performance.now(); };
    addEventListener("click", click, { capture: true, once: true });
    // A task that is queued in a frame's callback runs once that frame is painted.
    const done = () => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - clicked);
      port2.postMessage("");
    });
    const observer = new MutationObserver(() => {
      const image = pictures().find(({ src }) => !known.has(src));
      if (!image) return;
      observer.disconnect();
      if (image.complete) done(); else image.addEventListener("load", done);
    });
    observer.observe(results, { subtree: true, childList: true });
  });
}"""


def executable() -> str | None:
    """The path of Chromium; the one with windows if there is one, as people have it."""
    return shutil.which("chromium") or shutil.which("chromium-headless-shell")


@contextmanager
def browser(person: Person) -> Iterator[BrowserContext]:
    """Chromium, signed in as this person, with nothing in its cache."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=SWITCHES)
        context = chromium.new_context(
            base_url=str(person.base_url), viewport={"width": 1440, "height": 900}
        )
        for cookie in person.cookies.jar:
            value, url = cookie.value or "", str(person.base_url)
            context.add_cookies([{"name": cookie.name, "value": value, "url": url}])
        yield context
        chromium.close()


def first_load(report: Report, person: Person, address: str, name: str) -> None:
    """Requests and kilobytes, headers included, of a page whose parts are in no cache."""
    with browser(person) as context:
        page = context.new_page()
        sizes: list[float] = []
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        page.goto(address, wait_until="networkidle")
        report.add(f"First load of {name}", len(sizes), "req.", 12)
        report.add(f"First load of {name}", sum(sizes) / 1024, "KB", 120)


def added_latency(report: Report, person: Person, upstream_seconds: float) -> None:
    """Milliseconds from the click to the painted picture, without the upstream's own time."""
    chance = random.Random(4711)  # noqa: S311 (pauses, not secrets)
    with browser(person) as context:
        page = context.new_page()
        page.goto("/playground/")
        page.fill("[name=positive_prompt]", "adorable pig")
        added = []
        for _ in range(WARM_UP + TIMES):
            # People do not click in step with the queue.
            page.wait_for_timeout(chance.uniform(200, 600))
            added.append(one_picture(page) - 1000 * upstream_seconds)
    added = sorted(added[WARM_UP:])
    report.add(f"Added latency, median of {TIMES}", statistics.median(added), "ms", 100)
    report.add(f"Added latency, p95 of {TIMES}", statistics.quantiles(added, n=20)[-1], "ms", 160)


def one_picture(page: Page) -> float:
    page.evaluate(WATCH)
    page.click("#bill .button-primary")
    return float(page.evaluate("painted"))
