"""What people read when something goes wrong, and what each card lets them do about it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from .. import upstream_behaviours as play
from ..servers import Stage
from ..upstream import Upstream
from ..upstream_book import BY_THE_BOOK
from ..upstream_exchange import error
from ..upstream_pictures import truncated
from .conftest import CALLS_AT_ONCE, NewContext
from .guard import check_accessible
from .steps import Gate, cards, downloaded, expect_shown, generate

API_KEY = "pig-canary-4711-wxyz"
FOUR = 4


@pytest.fixture
def page(new_context: NewContext, stage: Stage) -> Page:
    """The playground, for somebody whose team has an API key."""
    page = new_context(stage.someone(api_key=API_KEY)).new_page()
    page.goto("/playground/")
    return page


def test_never_sent_says_that_it_cost_nothing_and_can_be_tried_again(
    page: Page, imagepig: Upstream
) -> None:
    with imagepig.refusing():
        generate(page, "a pig behind a closed door")
        card = cards(page, "not_sent")
        expect(card).to_contain_text("We couldn’t reach Image Pig.")
        expect(card).to_contain_text("Nothing was sent, so this cost you nothing.")
        check_accessible(page)

    card.get_by_role("button", name="Try again").click()
    expect_shown(cards(page, "saved").get_by_role("img", name="a pig behind a closed door"))
    expect(cards(page).get_by_role("button", name="Try again")).to_have_count(0)
    assert imagepig.billed == 1


def test_unknown_is_not_sent_again_by_itself_and_says_that_once_more_may_cost(
    page: Page, imagepig: Upstream
) -> None:
    imagepig.behaviours.append(play.CLOSE_BEFORE_ANSWER)
    generate(page, "a pig cut off")
    card = cards(page, "unknown")
    expect(card).to_contain_text("The connection broke after we sent your request.")
    expect(card).to_contain_text("may have counted it, so we did not send it again")
    check_accessible(page)
    assert imagepig.billed == 1

    card.get_by_role("button", name="Generate again (may cost another call)").click()
    expect_shown(cards(page, "saved").get_by_role("img", name="a pig cut off"))
    assert imagepig.billed == 2


def test_refused_shows_image_pigs_own_words_as_words(page: Page, imagepig: Upstream) -> None:
    words = "<img src=x onerror=alert(1)> is not a seed we like"
    imagepig.behaviours.append(play.invalid("seed", words))
    generate(page, "a pig refused")

    card = cards(page, "refused")
    expect(card).to_contain_text("Image Pig said no")
    expect(card).to_contain_text(words)
    expect(card.get_by_role("button")).to_have_count(0)
    check_accessible(page)


def test_unusable_keeps_the_answer_for_download_without_the_key(
    page: Page, imagepig: Upstream
) -> None:
    broken = truncated((256, 256), "JPEG")
    imagepig.behaviours.append(play.success(image=broken, note=f"for {API_KEY}"))
    generate(page, "a pig in pieces")
    card = cards(page, "unusable")
    expect(card).to_contain_text("answered, but the picture was damaged")
    expect(card).to_contain_text("We kept the answer.")
    expect(
        card.get_by_role("button", name="Generate again (may cost another call)")
    ).to_be_visible()
    check_accessible(page)

    answer = downloaded(page, card.get_by_role("link", name="Download the answer"))

    assert b"image_data" in answer
    assert API_KEY.encode() not in answer


def test_a_refused_key_pauses_what_waits_until_somebody_has_looked_after_it(
    page: Page, imagepig: Upstream
) -> None:
    gate = Gate()
    refused = gate.before(error(401, "This key is not valid"))
    imagepig.behaviours.extend([refused] * CALLS_AT_ONCE)
    generate(page, "four pigs", count=FOUR)
    expect(cards(page, "sending")).to_have_count(CALLS_AT_ONCE)
    gate.open()

    expect(cards(page, "refused")).to_have_count(CALLS_AT_ONCE)
    expect(cards(page, "refused").first).to_contain_text("API key not accepted")
    expect(cards(page, "refused").first).to_contain_text("This key is not valid")
    waiting = cards(page, "queued")
    expect(waiting).to_have_count(FOUR - CALLS_AT_ONCE)
    expect(waiting.first).to_contain_text("Waiting for your API key")
    check_accessible(page)
    page.reload()
    notice = page.locator(".notice-warning")
    expect(notice).to_contain_text("Image Pig did not accept your API key")
    check_accessible(page)

    waiting.first.get_by_role("link", name="Check the key").click()
    expect(page.locator("dl.facts")).to_contain_text("Refused")
    check_accessible(page)
    page.get_by_role("button", name="It’s fine now, go on").click()
    page.get_by_role("link", name="Playground", exact=True).click()
    expect(cards(page, "saved")).to_have_count(FOUR - CALLS_AT_ONCE)
    page.get_by_role("button", name=f"Retry {CALLS_AT_ONCE} failed · 2 calls").click()
    expect(cards(page, "saved")).to_have_count(FOUR)
    assert len(imagepig.posts) == FOUR + CALLS_AT_ONCE


def test_what_waits_can_be_cancelled_one_by_one_and_all_at_once(
    page: Page, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    generate(page, "five pigs", count=5)
    expect(cards(page, "sending")).to_have_count(CALLS_AT_ONCE)
    waiting = cards(page, "queued")
    expect(waiting).to_have_count(3)
    check_accessible(page)

    waiting.first.get_by_role("button", name="Cancel this picture").click()
    expect(cards(page, "cancelled")).to_have_count(1)
    expect(cards(page, "cancelled")).to_contain_text("It was not sent, so it cost nothing.")
    page.get_by_role("button", name="Cancel all 2 waiting").click()
    expect(cards(page, "cancelled")).to_have_count(3)
    gate.open()

    expect(cards(page, "saved")).to_have_count(CALLS_AT_ONCE)
    check_accessible(page)
    assert imagepig.billed == CALLS_AT_ONCE


def test_a_button_whose_place_was_taken_before_its_answer_came_works_all_the_same(
    page: Page, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.behaviours.extend([play.page(500), play.page(500), gate.before(BY_THE_BOOK)])
    generate(page, "three pigs", count=3)
    expect(cards(page, "sending")).to_have_count(1)
    answers: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        answers.append((route, route.fetch()))

    page.route("**/retry/", hold)
    with page.expect_request("**/retry/"):
        page.get_by_role("button", name="Retry 2 failed · 2 calls (may cost them again)").click()
    gate.open()
    expect(cards(page, "saved")).to_have_count(1)
    while not answers:
        # Playwright hands the answer over while it waits.
        page.wait_for_timeout(10)
    [(route, answer)] = answers
    route.fulfill(response=answer)

    expect(cards(page, "saved")).to_have_count(3)
    assert imagepig.billed == 5


def test_what_waits_can_be_cancelled_from_the_gallery_too(page: Page, imagepig: Upstream) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    generate(page, "three pigs", count=3)
    expect(cards(page, "queued")).to_have_count(1)

    page.goto("/gallery/")
    page.locator(".tile", has_text="Waiting").get_by_role("link").click()
    check_accessible(page)
    page.get_by_role("button", name="Cancel this picture").click()

    expect(cards(page, "cancelled")).to_have_count(1)
    gate.open()
    expect(cards(page, "saved")).to_have_count(CALLS_AT_ONCE)


def test_busy_is_said_while_it_lasts_and_ends_in_the_picture(
    page: Page, imagepig: Upstream
) -> None:
    imagepig.behaviours.append(play.busy("1"))
    generate(page, "a patient pig")
    expect(cards(page, "queued")).to_contain_text("Image Pig is busy and has not begun.")
    expect_shown(cards(page, "saved").get_by_role("img", name="a patient pig"))
    assert (len(imagepig.posts), imagepig.billed) == (2, 1)


def test_the_seconds_until_a_busy_api_is_asked_again_are_counted_down(
    page: Page, imagepig: Upstream
) -> None:
    imagepig.behaviours.append(play.busy("60"))
    generate(page, "a very patient pig")
    left = cards(page, "queued").get_by_role("timer")
    expect(left).to_have_text(re.compile(r"^(60|5\d) s$"))
    first = int(left.inner_text().split()[0])
    for seconds in (first - 1, first - 2):
        expect(left).to_have_text(f"{seconds} s")
    check_accessible(page)
    # Nothing is left that would be sent in the middle of another test.
    cards(page, "queued").get_by_role("button", name=re.compile("^Cancel")).click()
    expect(cards(page, "cancelled")).to_have_count(1)
