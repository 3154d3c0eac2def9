"""How a page with waiting cards asks for what has changed."""

from __future__ import annotations

from playwright.sync_api import Request, expect

from ..servers import Stage
from ..upstream import Upstream
from ..upstream_book import BY_THE_BOOK
from .conftest import CALLS_AT_ONCE, NewContext
from .steps import Gate, cards, generate

WAIT = "/playground/wait/"
TWO = 2


class Waiting:
    """The requests of a page that wait for its pictures."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.most = 0
        self.asked: list[str] = []

    def begins(self, request: Request) -> None:
        if WAIT in request.url:
            self.open.append(request.url)
            self.asked.append(request.url)
            self.most = max(self.most, len(self.open))

    def ends(self, request: Request) -> None:
        if WAIT in request.url:
            self.open.remove(request.url)

    def waited_for(self) -> int:
        """For how many pictures the last of them waits."""
        return len(self.asked[-1].partition("seen=")[2].split(","))


def test_a_page_asks_by_one_request_at_a_time_however_many_runs_wait(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    waiting = Waiting()
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.on("request", waiting.begins)
    page.on("requestfinished", waiting.ends)
    page.on("requestfailed", waiting.ends)
    page.goto("/playground/")
    generate(page, "a pig at a gate", count=TWO)
    expect(cards(page, "sending")).to_have_count(CALLS_AT_ONCE)
    generate(page, "a pig behind it", count=TWO)
    expect(cards(page, "queued")).to_have_count(TWO)
    # A page that is opened anew waits for both runs by one request as well.
    with page.expect_request(f"**{WAIT}*"):
        page.reload()
    assert waiting.waited_for() == 2 * TWO

    gate.open()
    expect(cards(page, "saved")).to_have_count(2 * TWO)
    assert waiting.most == 1
    assert len(waiting.asked) > TWO
