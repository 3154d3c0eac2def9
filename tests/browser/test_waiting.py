"""How a page with waiting cards asks for what has changed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from ..servers import Someone
from ..upstream import Upstream
from ..upstream_book import BY_THE_BOOK
from .conftest import CALLS_AT_ONCE, NewContext
from .steps import Gate, cards, generate

WAIT = "/playground/wait/"
TWO = 2


# What the page itself has open: the browser tells of an answer after the next request at times.
COUNTING = f"""(() => {{
  const open = new Set();
  window.most = 0;
  const send = XMLHttpRequest.prototype.send;
  const begin = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {{
    if (url.includes("{WAIT}")) {{
      this.addEventListener("readystatechange", () => this.readyState === 4 && open.delete(this));
      this.waits = true;
    }}
    return begin.call(this, method, url, ...rest);
  }};
  XMLHttpRequest.prototype.send = function (...given) {{
    if (this.waits) window.most = Math.max(window.most, open.add(this).size);
    return send.apply(this, given);
  }};
}})()"""


class Waiting:
    """The requests of a page that wait for its pictures."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.add_init_script(COUNTING)
        page.on("request", self._begins)

    def _begins(self, request: Request) -> None:
        if WAIT in request.url:
            self.asked.append(request.url)

    def at_once(self) -> int:
        """How many the page has had open at once since it was loaded."""
        return int(self.page.evaluate("window.most"))

    def waited_for(self) -> int:
        """For how many pictures the last of them waits."""
        return len(self.asked[-1].partition("seen=")[2].split(","))


@pytest.fixture
def gate(imagepig: Upstream) -> Gate:
    """Holds all pictures back until it is opened."""
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    return gate


def click_twice(page: Page) -> None:
    """Ask for more pictures than may be made at once, and for as many again."""
    page.goto("/playground/")
    generate(page, "a pig at a gate", count=TWO)
    expect(cards(page, "sending")).to_have_count(CALLS_AT_ONCE)
    generate(page, "a pig behind it", count=TWO)
    expect(cards(page, "queued")).to_have_count(TWO)


def test_a_page_asks_by_one_request_at_a_time_however_many_runs_wait(
    new_context: NewContext, customer: Someone, gate: Gate
) -> None:
    page = new_context(customer).new_page()
    waiting = Waiting(page)
    click_twice(page)
    assert waiting.at_once() == 1
    # A page that is opened anew waits for both runs by one request as well.
    with page.expect_request(f"**{WAIT}*"):
        page.reload()
    assert waiting.waited_for() == 2 * TWO

    gate.open()
    expect(cards(page, "saved")).to_have_count(2 * TWO)
    assert waiting.at_once() == 1
    assert len(waiting.asked) > TWO


def test_the_pictures_of_each_click_arrive_however_soon_another_one_follows(
    new_context: NewContext, customer: Someone, gate: Gate
) -> None:
    page = new_context(customer).new_page()
    click_twice(page)
    gate.open()
    expect(cards(page, "saved")).to_have_count(2 * TWO)
