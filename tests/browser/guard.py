"""What no page may do in any test, and axe: written once, for every page that a test opens."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    WebError,
)

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_RUN = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], elementRef: false,
  });
  return found.violations.flatMap((violation) => violation.nodes.map((node) =>
    `${violation.id}: ${node.html.slice(0, 200)}\\n    ${node.failureSummary}`));
}"""
# A change of theme runs down from parents to children, a frame each, as no animation of its own.
SETTLED = """async () => {
  const running = () => document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity);
  const frame = () => new Promise(requestAnimationFrame);
  do {
    await Promise.allSettled(running().map((each) => each.finished));
    await frame();
    await frame();
  } while (running().length);
}"""
# Chromium says it in the console as well, but not of what a page's own script swallows.
REPORT_CSP = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
TAKEN_BACK = ("htmx:sendAbort,", "htmx:afterRequest,")
"""htmx writes an error for each request that a page takes back itself, as it does with the one that
waits for pictures when there are others to wait for. No setting turns that off; a request that
fails is seen by `requestfailed`."""
SAID_OF_STATUS = "Failed to load resource: the server responded with a status of"
"""Chromium's own line about an answer from 400 on: the answer itself is looked at."""
LEFT_BEHIND = "net::ERR_ABORTED"
"""What becomes of a request whose page is left, and of a link that is a download."""


class Guard:
    """Watches a browser context: notes whatever a page of this site must never do.

    A test names the statuses from 400 on that it means to get (`expect_status`).
    """

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        self.expected: set[tuple[int, str]] = set()
        context.add_init_script(REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("dialog", self._dialog)

    def expect_status(self, status: int, part_of_address: str) -> None:
        """Let answers with this status pass from addresses that hold these words."""
        self.expected.add((status, part_of_address))

    def check(self) -> None:
        """Fail where there was anything."""
        assert not self.problems, "\n".join(self.problems)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(
            (SAID_OF_STATUS, *TAKEN_BACK)
        ):
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
    page.evaluate(SETTLED)


def check_accessible(page: Page) -> None:
    """Fail where axe finds anything against WCAG 2.2 AA on the page as it is now."""
    # What fades in is not there yet for axe.
    settle(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[Any] = page.evaluate(AXE_RUN, AXE_TAGS)
    assert not found, f"{page.url}\n" + "\n".join(found)
