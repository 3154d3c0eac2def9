"""The blind choice: a team together, by Tab and Enter too, in the hand, and what comes of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ..servers import Stage
from .conftest import NewContext
from .guard import check_accessible
from .steps import expect_shown, tab_to

FAVOURITE = "a red pig"


def choose_all(page: Page, address: str, pairs: int) -> None:
    """Choose by key until all pairs are seen: always the picture whose page says the favourite."""
    liked = red_ones(page, address)
    page.goto(f"{address}choose/")
    for number in range(pairs):
        expect(page.locator(".choose-count")).to_contain_text(f"You have chosen {number} time")
        sides = {
            side: page.locator(f"input[name={side}]").input_value() for side in ("left", "right")
        }
        likes = [side for side, pk in sides.items() if pk in liked]
        key = "ArrowDown" if len(likes) != 1 else f"Arrow{likes[0].capitalize()}"
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="You have compared them all")).to_be_visible()


def red_ones(page: Page, address: str) -> set[str]:
    page.goto(address)
    links = page.locator("tr", has_text=FAVOURITE).locator(".cell a.picture")
    return {(each.get_attribute("href") or "").split("/")[2] for each in links.all()}


def test_a_team_chooses_together_and_the_ranking_says_how_sure_it_is(
    new_context: NewContext, stage: Stage
) -> None:
    alice = stage.someone(experiments=1)
    bob = stage.someone(name="Bob", joins=alice.email)
    page = new_context(alice).new_page()
    page.goto("/experiments/")
    address = page.get_by_role("link", name="Experiment 1").get_attribute("href") or ""
    choose_all(page, address, 15)
    # Bob has the address, and is of the team; what Alice has chosen is not his.
    theirs = new_context(bob).new_page()
    choose_all(theirs, address, 15)
    theirs.get_by_role("link", name="See the ranking").click()
    for each in (theirs, page):
        each.goto(f"{address}ranking/")
        expect(each.locator(".lead")).to_have_text("30 choices by 2 people.")
        prompts = each.get_by_role("region", name="Prompt", exact=True)
        expect(prompts).to_contain_text("“a red pig on a hill” is clearly ahead.")
        seeds = each.get_by_role("region", name="Seed", exact=True)
        expect(seeds).to_contain_text("It is too close to tell which one is better.")
        expect(each.locator(".standing").first).to_contain_text(
            re.compile(r"\d+ % \(\d+ %–\d+ %\)")
        )
        check_accessible(each)
    # The bar can be told from the ground, and the line of what is likely from the bar.
    bars = page.locator(".standing").first.locator("rect")
    fills = {bar.evaluate("it => getComputedStyle(it).fill") for bar in bars.all()}
    assert len(fills) == 2
    assert "rgb(0, 0, 0)" not in fills


def test_choosing_goes_by_tab_and_enter_and_the_focus_stays(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(experiments=1)).new_page()
    page.goto("/experiments/")
    page.get_by_role("link", name="Experiment 1").click()
    page.get_by_role("link", name="Choose blindly").click()
    right = page.get_by_role("button", name="The right picture")
    tab_to(page, right)
    for number in range(1, 4):
        page.keyboard.press("Enter")
        expect(page.locator(".choose-count")).to_contain_text(f"You have chosen {number} time")
        expect(right).to_be_focused()
    check_accessible(page)


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1440, 900)])
def test_both_pictures_are_in_sight_and_large(
    new_context: NewContext, stage: Stage, size: tuple[int, int]
) -> None:
    width, height = size
    context = new_context(stage.someone(experiments=1), viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto("/experiments/")
    address = page.get_by_role("link", name="Experiment 1").get_attribute("href") or ""
    page.goto(f"{address}choose/")
    for side in ("left", "right"):
        image = page.get_by_alt_text(f"The {side} picture")
        expect_shown(image)
        box = image.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 140
        assert box["y"] + box["height"] <= max(height, 700)
