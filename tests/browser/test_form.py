"""The playground's form: what is typed stays, and no click counts twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .. import upstream_behaviours as play
from ..servers import Stage
from ..upstream import Upstream
from ..upstream_book import BY_THE_BOOK
from .conftest import NewContext
from .guard import check_accessible
from .steps import Gate, cards, choose, expect_shown, generate

TOO_LONG = "pig " * 501
BEYOND = str(2**64)
NOTHING_LIES_OVER = """element => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}"""


def test_switching_the_endpoint_keeps_what_was_typed_and_shows_what_it_knows(page: Page) -> None:
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("a pig in a wood")
    page.get_by_label("Avoid").fill("fog")
    page.get_by_label("Seed").fill("42")

    choose(page, "FLUX")
    expect(page.get_by_label("Avoid")).to_be_hidden()
    choose(page, "Portrait")
    expect(page.get_by_label("Seed")).to_have_value("42")
    check_accessible(page)

    choose(page, "XL")
    expect(page.get_by_label("Avoid")).to_have_value("fog")
    expect(page.get_by_role("radio", name="Portrait")).to_be_hidden()
    expect(page.get_by_label("Prompt")).to_have_value("a pig in a wood")

    choose(page, "FLUX")
    expect(page.get_by_role("radio", name="Portrait")).to_be_checked()


AT_ONCE = """() => new MutationObserver((_, observer) => {
  const field = document.querySelector("#fields [name=count]");
  if (field.value === "3") return;
  observer.disconnect();
  field.value = "3";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.querySelector("main"), { childList: true, subtree: true })"""
"""Types into the new form the moment it stands in the page."""


def test_what_is_typed_the_moment_a_new_form_arrives_is_heard(page: Page) -> None:
    page.goto("/playground/")
    page.evaluate(AT_ONCE)
    choose(page, "FLUX")
    expect(page.get_by_role("button", name="Generate 3 images")).to_be_visible()
    expect(page.get_by_label("Pictures")).to_have_value("3")


def summaries(page: Page) -> Locator:
    """What the form says of the endpoints, in a line each."""
    return page.get_by_role("group", name="Endpoint").locator("p.help:visible")


def test_the_form_says_what_the_chosen_endpoint_is_for(page: Page) -> None:
    page.goto("/playground/")
    expect(summaries(page)).to_have_text(["Fast, for trying ideas."])
    for label, words in (
        ("FLUX", "Follows long prompts, can write words."),
        ("XL", "Larger and finer."),
    ):
        choose(page, label)
        expect(summaries(page)).to_have_text([words])
        button = page.get_by_role("radio", name=label)
        expect(button).to_have_accessible_description(words)
    check_accessible(page)


def test_what_is_typed_while_the_fields_are_on_their_way_stays_typed_and_is_billed(
    new_context: NewContext, stage: Stage
) -> None:
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    on_their_way: list[Route] = []

    def hold(route: Route) -> None:
        on_their_way.append(route)

    page.route("**/playground/fields/", hold, times=1)
    with page.expect_request("**/playground/fields/"):
        page.get_by_role("radio", name="XL").check()
    page.get_by_label("Avoid").press_sequentially("fog")
    page.get_by_label("Pictures").fill("3")
    with page.expect_response("**/playground/fields/"):
        on_their_way[0].continue_()

    expect(page.locator("#bill")).to_contain_text("3 calls")
    expect(page.get_by_label("Avoid")).to_have_value("fog")
    expect(page.get_by_label("Pictures")).to_have_value("3")


def test_wrong_input_gets_its_message_at_its_field_and_keeps_everything_typed(page: Page) -> None:
    page.goto("/playground/")
    typed = {"Prompt": TOO_LONG, "Avoid": "fog", "Seed": BEYOND, "Pictures": "9"}
    for label, text in typed.items():
        page.get_by_label(label).fill(text)
    page.locator("#bill .button-primary").click()

    assert page.locator("#id_positive_prompt_error").evaluate(NOTHING_LIES_OVER)
    for label, words in (
        ("Prompt", "at most 2,000 fit"),
        ("Seed", "Enter a whole number from 0 to 18446744073709551615."),
        ("Pictures", "Enter a whole number from 1 to 8."),
    ):
        field = page.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        described = (field.get_attribute("aria-describedby") or "").split()
        texts = [page.locator(f"#{name}").inner_text() for name in described]
        assert any(words in text for text in texts), texts
    for label, text in typed.items():
        expect(page.get_by_label(label)).to_have_value(text)
    expect(cards(page)).to_have_count(0)
    check_accessible(page)

    page.get_by_label("Prompt").fill("a short pig")
    page.get_by_label("Seed").fill("7")
    page.get_by_label("Pictures").fill("2")
    page.get_by_role("button", name="Generate 2 images").click()
    expect(cards(page, "saved")).to_have_count(2)
    expect(cards(page).first).to_contain_text("seed 7")
    expect(cards(page).last).to_contain_text("seed 8")
    expect(page.locator(".errors")).to_have_count(0)


def test_what_the_api_says_of_a_field_stands_at_that_field_until_it_is_changed(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    imagepig.behaviours.append(play.invalid("seed", "<b>7</b> is not a seed we like"))
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    seed = page.get_by_label("Seed")
    seed.fill("7")
    page.get_by_label("Avoid").fill("fog")
    generate(page, "a pig refused")

    expect(cards(page, "refused")).to_contain_text("Seed seed: <b>7</b> is not a seed we like")
    said = page.locator("#id_seed_error")
    expect(said).to_have_text("Image Pig said: <b>7</b> is not a seed we like")
    # The form has a foot that lies over what is further down.
    assert said.evaluate(NOTHING_LIES_OVER)
    expect(seed).to_have_attribute("aria-describedby", "id_seed_helptext id_seed_error")
    expect(seed).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#generate .errors")).to_have_count(1)
    for label, text in (("Prompt", "a pig refused"), ("Avoid", "fog"), ("Seed", "7")):
        expect(page.get_by_label(label)).to_have_value(text)
    check_accessible(page)

    seed.fill("8")
    expect(said).to_have_count(0)
    expect(seed).to_have_attribute("aria-describedby", "id_seed_helptext")
    expect(seed).not_to_have_attribute("aria-invalid", "true")
    generate(page, "a pig refused")
    expect(cards(page, "saved")).to_have_count(1)
    expect(page.locator("#generate .errors")).to_have_count(0)


def test_what_the_api_says_of_a_field_that_has_been_changed_since_stands_on_the_card_alone(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.behaviours.append(gate.before(play.invalid("positive_prompt", "too rude")))
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    generate(page, "a rude pig")
    expect(cards(page, "sending")).to_have_count(1)
    page.get_by_label("Prompt").fill("a kind pig")
    gate.open()

    expect(cards(page, "refused")).to_contain_text("Prompt positive_prompt: too rude")
    expect(page.locator("#generate .errors")).to_have_count(0)


def test_a_double_click_and_a_reload_buy_one_picture(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("one pig only")
    page.get_by_role("button", name="Generate 1 image").dblclick()
    expect_shown(cards(page, "saved").get_by_role("img", name="one pig only"))
    page.reload()

    expect(cards(page)).to_have_count(1)
    assert imagepig.billed == 1


def test_ctrl_enter_generates_from_the_prompt(page: Page) -> None:
    page.goto("/playground/")
    page.get_by_label("Prompt").fill("a quick pig")
    page.keyboard.press("Control+Enter")

    expect_shown(cards(page, "saved").get_by_role("img", name="a quick pig"))


def test_the_next_click_is_a_new_one_and_results_gather_newest_first(page: Page) -> None:
    page.goto("/playground/")
    generate(page, "the first pig")
    expect(cards(page, "saved")).to_have_count(1)
    generate(page, "the second pig")

    expect(cards(page, "saved")).to_have_count(2)
    headings = page.locator("#results").get_by_role("heading", level=2)
    expect(headings).to_have_text(["the second pig", "the first pig"])


def test_cards_stand_in_their_final_size_before_the_picture_comes(
    new_context: NewContext, stage: Stage, imagepig: Upstream
) -> None:
    gate = Gate()
    imagepig.script = lambda _request: gate.before(BY_THE_BOOK)
    page = new_context(stage.someone(api_key="pig-canary-4711-wxyz")).new_page()
    page.goto("/playground/")
    choose(page, "FLUX")
    expect(page.get_by_label("Avoid")).to_be_hidden()
    generate(page, "a wide pig")
    waiting = cards(page, "sending")
    expect(waiting.get_by_role("progressbar")).to_be_visible()
    before = waiting.bounding_box()
    check_accessible(page)
    gate.open()

    expect_shown(cards(page, "saved").get_by_role("img", name="a wide pig"))
    assert cards(page).bounding_box() == before


@pytest.fixture
def recalled(page: Page) -> Callable[[str], dict[str, str]]:
    """Makes a picture and forgets it in the form; then recalls it, and reads the form."""
    page.goto("/playground/")
    choose(page, "FLUX")
    expect(page.get_by_label("Avoid")).to_be_hidden()
    choose(page, "Square")
    page.get_by_label("Seed").fill("18446744073709551615")
    generate(page, "a pig to remember")
    cards(page, "saved").get_by_role("link", name="a pig to remember").click()
    picture = page.url
    page.goto("/playground/")
    choose(page, "XL")
    page.get_by_label("Avoid").fill("everything")
    generate(page, "another pig")
    expect(cards(page, "saved")).to_have_count(2)

    def recall(link: str) -> dict[str, str]:
        page.goto(picture)
        page.get_by_role("link", name=link).click()
        page.wait_for_url("**/playground/?*")
        form = "form => Object.fromEntries(new FormData(form))"
        values: dict[str, str] = page.locator("form#generate").evaluate(form)
        return {name: value for name, value in values.items() if not name.endswith("token")}

    return recall


def test_recalling_takes_what_the_link_says_and_leaves_nothing_stale(
    recalled: Callable[[str], dict[str, str]],
) -> None:
    whole = recalled("Use all")
    assert whole["positive_prompt"] == "a pig to remember"
    assert (whole["endpoint"], whole["proportion"]) == ("flux", "square")
    assert whole["seed"] == "18446744073709551615"
    assert not whole.get("negative_prompt")

    remix = recalled("Remix")
    assert remix == whole | {"seed": ""}

    prompt = recalled("Prompt only")
    assert prompt["positive_prompt"] == "a pig to remember"
    assert (prompt["endpoint"], prompt["seed"]) == ("xl", "")
    assert not prompt.get("negative_prompt")

    seed = recalled("Seed only")
    assert seed["positive_prompt"] == "another pig"
    assert (seed["seed"], seed["negative_prompt"]) == ("18446744073709551615", "everything")


def test_words_that_look_like_a_script_stay_words_everywhere(page: Page) -> None:
    words = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    page.goto("/playground/")
    generate(page, words)
    expect(cards(page, "saved")).to_have_count(1)
    expect(page.locator("#results").get_by_role("heading", level=2)).to_have_text(words)
    page.reload()
    expect(page.get_by_label("Prompt")).to_have_value(words)
    page.goto("/gallery/")
    page.locator(".tile a").click()
    expect(page.locator(".pswp .lightbox-caption")).to_contain_text(words)
    page.get_by_role("link", name="All about this picture").click()
    expect(page.locator("#prompt")).to_have_text(words)
