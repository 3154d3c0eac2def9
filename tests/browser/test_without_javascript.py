"""The main path with JavaScript off: plain forms, plain links, pages that refresh themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .. import upstream_behaviours as play
from ..running import PASSWORD
from ..servers import Someone, Stage
from ..upstream import Upstream
from .conftest import NewContext
from .guard import Guard
from .steps import cards, choose, expect_shown


@pytest.fixture
def plain(new_context: NewContext) -> Callable[..., Page]:
    def open_page(person: Someone | None = None) -> Page:
        return new_context(person, java_script_enabled=False).new_page()

    return open_page


def test_the_main_path_works_without_javascript(plain: Callable[..., Page]) -> None:
    page = plain()
    page.goto("/")
    page.get_by_role("link", name="Start in the sandbox").click()
    page.get_by_label("Email").fill("plain@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()

    page.get_by_label("Prompt").fill("a lighthouse at dusk")
    page.get_by_label("Pictures").fill("2")
    page.locator("#bill .button-primary").click()
    # Nobody touches the page: it shows what is new by itself.
    expect(page.get_by_role("heading", name="Results", level=1)).to_be_visible()
    expect(cards(page, "saved")).to_have_count(2)
    for image in cards(page).get_by_role("img", name="a lighthouse at dusk").all():
        expect_shown(image)
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)

    page.get_by_role("link", name="Gallery").first.click()
    page.locator(".tile a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a lighthouse at dusk")
    page.get_by_role("button", name="Re-run with this seed").click()
    expect(cards(page, "saved")).to_have_count(1)
    cards(page, "saved").get_by_role("img", name="a lighthouse at dusk").click()
    expect(page.locator("#comparison")).to_contain_text("same to the last byte")


def test_without_javascript_all_fields_are_there_and_those_of_one_endpoint_say_so(
    plain: Callable[..., Page], alice: Someone
) -> None:
    page = plain(alice)
    page.goto("/playground/")
    summary = page.get_by_role("group", name="Endpoint").locator("p.help:visible")
    expect(summary).to_have_text(["Fast, for trying ideas."])
    page.get_by_role("radio", name="XL").check()
    expect(summary).to_have_text(["Larger and finer."])
    page.get_by_role("radio", name="Default").check()

    for label in ("Prompt", "Avoid", "Seed", "Pictures"):
        expect(page.get_by_label(label)).to_be_visible()
    expect(page.get_by_role("group", name="Proportion")).to_contain_text("Only for FLUX.")

    page.get_by_label("Prompt").fill("a pig in space")
    choose(page, "FLUX")
    page.locator("label", has_text="Portrait").click()
    page.locator("#bill .button-primary").click()
    image = cards(page, "saved").get_by_role("img", name="a pig in space")
    expect_shown(image)
    assert [image.get_attribute(name) for name in ("width", "height")] == ["832", "1216"]


def test_without_javascript_wrong_input_keeps_everything_typed(
    plain: Callable[..., Page], alice: Someone, guard: Callable[[], Guard]
) -> None:
    page = plain(alice)
    guard().expect_status(422, "/playground/")
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("a pig in space")
    page.get_by_label("Avoid").fill("clouds")
    page.get_by_label("Seed").fill("18446744073709551616")
    page.locator("#bill .button-primary").click()

    expect(page.locator("#id_seed_error")).to_contain_text("18446744073709551615")
    expect(page.get_by_label("Prompt")).to_have_value("a pig in space")
    expect(page.get_by_label("Avoid")).to_have_value("clouds")
    expect(page.get_by_label("Seed")).to_have_value("18446744073709551616")


def test_without_javascript_the_button_promises_no_more_than_is_so_whatever_is_typed(
    plain: Callable[..., Page], stage: Stage, imagepig: Upstream
) -> None:
    page = plain(stage.someone(api_key="pig-canary-4711-abcd"))
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("a {red|blue} pig")
    page.get_by_label("Pictures").fill("2")
    choose(page, "FLUX")

    button = page.locator("#bill .button-primary")
    expect(button).to_have_text("Generate", use_inner_text=True)
    bill = page.locator("#bill")
    for words in (
        "Default counts 1 call a picture · usually 1–2 s",
        "FLUX counts 2 calls a picture · usually over 5 s",
        "The sandbox costs nothing",
        "Race the endpoints · 4 calls with Image Pig",
    ):
        expect(bill).to_contain_text(words, use_inner_text=True)
    assert "1 image" not in bill.inner_text()
    page.get_by_role("button", name="See what will be sent").click()
    expect(bill).to_contain_text("As it is filled in now: 4 images, 8 calls", use_inner_text=True)
    expect(button).to_have_text("Generate", use_inner_text=True)
    button.click()

    expect(cards(page, "saved")).to_have_count(4)
    assert imagepig.billed == 4


def test_without_javascript_and_a_key_the_bill_is_nothing(
    plain: Callable[..., Page], alice: Someone
) -> None:
    page = plain(alice)
    page.goto("/playground/")
    expect(page.locator("#bill .button-primary")).to_have_text("Generate", use_inner_text=True)
    expect(page.locator("#bill")).to_contain_text("Costs nothing", use_inner_text=True)
    assert "call" not in page.locator("#bill").inner_text()


def test_without_javascript_what_the_api_says_of_a_field_leads_back_to_that_field(
    plain: Callable[..., Page], stage: Stage, imagepig: Upstream
) -> None:
    imagepig.behaviours.append(play.invalid("seed", "seven is not a seed we like"))
    page = plain(stage.someone(api_key="pig-canary-4711-abcd"))
    page.goto("/playground/")
    typed = {"Prompt": "a pig refused", "Avoid": "fog", "Seed": "7"}
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.locator("#bill .button-primary").click()

    card = cards(page, "refused")
    expect(card).to_contain_text("Seed seed: seven is not a seed we like")
    card.get_by_role("link", name="Use all in the playground").click()
    expect(page.locator("#id_seed_error")).to_have_text(
        "Image Pig said: seven is not a seed we like"
    )
    for label, text in typed.items():
        expect(page.get_by_label(label)).to_have_value(text)
    page.get_by_label("Seed").fill("8")
    page.locator("#bill .button-primary").click()
    expect(cards(page, "saved")).to_have_count(1)


def test_without_javascript_a_double_click_and_a_reload_buy_one_picture(
    plain: Callable[..., Page], stage: Stage, imagepig: Upstream
) -> None:
    page = plain(stage.someone(api_key="pig-canary-4711-abcd"))
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("one pig only")
    page.locator("#bill .button-primary").dblclick()
    expect(cards(page, "saved")).to_have_count(1)
    page.reload()

    expect(cards(page, "saved")).to_have_count(1)
    assert imagepig.billed == 1
