"""What no page may do in any test, and axe: written once, for every page that a test opens."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Response,
    WebError,
)

WCAG_2_2_AA = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What can be otherwise in another colour scheme, where everything else stays as it is."""
# Where the page's scripts are off, its timers are too, and axe begins each part of its work with
# one: promises go on.
AXE_WITHOUT_TIMERS = """() => {
  window.setTimeout = (then, wait = 0, ...given) => {
    if (wait < 1000) Promise.resolve().then(() => then(...given));
    return 0;
  };
}"""
AXE_RUN = """async (only) => {
  const found = await axe.run(document, {
    runOnly: only, resultTypes: ["violations"], elementRef: false, preload: false,
  });
  return found.violations.flatMap((violation) => violation.nodes.map((node) =>
    `${violation.id}: ${node.html.slice(0, 200)}\\n    ${node.failureSummary}`));
}"""
# What axe's word on a page hangs on beside the colours, which the tests of looks go through.
APPEARANCE = """[document.documentElement.outerHTML, innerWidth, innerHeight,
  ...Array.from(document.querySelectorAll(":popover-open, :modal"), (each) => each.id)].join()"""
MAY_STAND_STILL = "Make it stand still"
"""What a page without scripts offers that loads itself anew, as WCAG 2.2.1 asks for; axe cannot
know, and finds the pages at fault."""
WITHOUT_SCRIPTS = "matchMedia('(scripting: none)').matches"
# A change of theme runs down from parents to children, a frame each, as no animation of its own.
SETTLED = """async (patience) => {
  const running = () => document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity);
  const frame = () => new Promise(requestAnimationFrame);
  const told = ({ effect, playState, constructor, transitionProperty, animationName }) =>
    `${constructor.name} ${transitionProperty ?? animationName} (${playState}) of ` +
    effect.target.outerHTML.slice(0, 100);
  let rounds = 0, moved = [];
  const settled = async () => {
    do {
      rounds += 1;
      moved = running().map(told);
      await Promise.allSettled(running().map((each) => each.finished));
      await frame();
      await frame();
    } while (running().length);
  };
  await Promise.race([settled(), new Promise((_, reject) => setTimeout(() => reject(new Error(
    `does not settle, ${document.visibilityState}, round ${rounds}: ${moved.join("; ")}`
  )), patience))]);
}"""
# Chromium says it in the console as well, but not of what a page's own script swallows.
REPORT_CSP = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
TAKEN_BACK = re.compile(r"htmx:(afterRequest|sendAbort), \[object HTML\w*Element\]")
"""htmx writes these two errors, and no setting turns them off, for each request that a page takes
back itself, as it does with the one that waits for pictures when there are others to wait for.
Of any other request it writes the first and another one, or neither."""
SAID_OF_STATUS = (
    "Failed to load resource: the server responded with a status of",
    "Response Status Error Code ",
)
"""Chromium's own line about an answer from 400 on, and htmx's: the answer itself is looked at."""
LEFT_BEHIND = "net::ERR_ABORTED"
"""What becomes of a request whose page is left, and of a link that is a download."""
TIMES = 5
SETTLES_IN = 5_000
"""Milliseconds, as often as TIMES says."""
UNSETTLED = "does not settle"


class Guard:
    """Watches a browser context: notes whatever a page of this site must never do.

    A test names the statuses from 400 on that it means to get (`expect_status`).
    """

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.problems: list[str] = []
        self.expected: set[tuple[int, str]] = set()
        self._taken_back: Counter[str] = Counter()
        context.add_init_script(REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("dialog", self._dialog)

    def expect_status(self, status: int, part_of_address: str) -> None:
        """Let answers with this status pass from addresses that hold these words."""
        self.expected.add((status, part_of_address))

    def close(self) -> None:
        """Let axe look at each open page that it has not just looked at, and close them all."""
        for page in self.context.pages:
            # What the header half covers where a page was scrolled to is too small for axe.
            page.evaluate("scrollTo(0, 0)")
            if page.evaluate(f"window.lookedAt === {APPEARANCE}"):
                continue
            self.problems += (f"axe at {page.url}: {found}" for found in findings(page))
        self.context.close()

    def check(self) -> None:
        """Fail where there was anything."""
        assert not self.problems, "\n".join(self.problems)
        said = self._taken_back
        assert said["afterRequest"] == said["sendAbort"], said

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or message.text.startswith(SAID_OF_STATUS):
            return
        if taken_back := TAKEN_BACK.fullmatch(message.text):
            self._taken_back[taken_back[1]] += 1
            return
        self.problems.append(f"console {message.type}: {message.text} ({message.location})")

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _error(self, error: WebError) -> None:
        self.problems.append(f"page error: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT_BEHIND:
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not any(
            response.status == status and part in response.url for status, part in self.expected
        ):
            self.problems.append(f"status {response.status}: {response.url}")


def settle(page: Page) -> None:
    """Wait until nothing fades, slides or turns any more."""
    for _ in range(TIMES):
        try:
            page.evaluate(SETTLED, SETTLES_IN)
        except Error as error:
            if UNSETTLED not in error.message:
                raise
            last = error
            # On a busy machine Chromium without a window now and then draws no frame at all until
            # it has to: no time passes for the page then, and not even its first transition ends.
            page.screenshot()
        else:
            return
    raise last


def findings(page: Page, only: dict[str, Any] = WCAG_2_2_AA) -> list[str]:
    """What axe has against the page as it is now, in words; of a file in the browser, nothing."""
    for _ in range(TIMES):
        try:
            return _findings(page, only)
        except Error as error:
            # Without scripts, a page that waits for pictures loads itself anew.
            if "because of a navigation" not in error.message:
                raise
            page.wait_for_load_state()
    raise AssertionError(f"{page.url} does not stay {TIMES} times as long as axe needs.")


def _findings(page: Page, only: dict[str, Any]) -> list[str]:
    if not page.url.startswith("http") or page.evaluate("document.contentType") != "text/html":
        return []
    plain = page.evaluate(WITHOUT_SCRIPTS)
    if not plain:
        # What fades in is not there yet for axe.
        settle(page)
    if not page.evaluate("'axe' in window"):
        if plain:
            page.evaluate(AXE_WITHOUT_TIMERS)
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE_RUN, only)
    if only == WCAG_2_2_AA:
        page.evaluate(f"window.lookedAt = {APPEARANCE}")
    if page.get_by_role("link", name=MAY_STAND_STILL).count():
        return [each for each in found if not each.startswith("meta-refresh:")]
    return found


def check_accessible(page: Page, only: dict[str, Any] = WCAG_2_2_AA) -> None:
    """Fail where axe finds anything against WCAG 2.2 AA on the page as it is now."""
    found = findings(page, only)
    assert not found, f"{page.url}\n" + "\n".join(found)
