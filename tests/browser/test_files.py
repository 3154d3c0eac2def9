"""Files that remember, and many pictures as one ZIP."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from ..servers import Stage
from .conftest import NewContext
from .guard import Guard, check_accessible
from .steps import cards, choose, downloaded, expect_shown, generate, tab_to

DROP = """([element, text]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], "dropped.jpeg", { type: "image/jpeg" }));
  for (const name of ["dragover", "drop"])
    element.dispatchEvent(
      new DragEvent(name, { dataTransfer: held, bubbles: true, cancelable: true }));
}"""
FILE = "Picture’s file"


def named(content: bytes) -> FilePayload:
    return {"name": "pig.jpeg", "mimeType": "image/jpeg", "buffer": content}


def remembering(page: Page) -> bytes:
    """Make a picture, and download it with its prompt."""
    page.goto("/playground/")
    choose(page, "FLUX")
    expect(page.get_by_label("Avoid")).to_be_hidden()
    choose(page, "Portrait")
    page.get_by_label("Seed").fill("18446744073709551615")
    generate(page, "a pig to remember 🐷")
    cards(page, "saved").get_by_role("link", name="a pig to remember").click()
    return downloaded(page, page.get_by_role("link", name="Download with its prompt"))


def expect_recalled(page: Page) -> None:
    said = page.get_by_role("status").filter(has_text="Filled in from the file")
    expect(said).to_be_in_viewport()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a pig to remember 🐷")
    expect(page.get_by_label("Seed")).to_have_value("18446744073709551615")
    expect(page.get_by_role("radio", name="FLUX")).to_be_checked()
    expect(page.get_by_role("radio", name="Portrait")).to_be_checked()
    # What the file does not speak of is as it was typed.
    expect(page.get_by_label("Pictures")).to_have_value("2")


def begin_something_else(page: Page) -> None:
    page.goto("/playground/")
    choose(page, "XL")
    expect(page.get_by_label("Avoid")).to_be_visible()
    page.get_by_label("Prompt", exact=True).fill("half a sentence")
    page.get_by_label("Pictures").fill("2")


def test_a_picture_downloaded_with_its_prompt_fills_in_the_form_again(page: Page) -> None:
    content = remembering(page)
    begin_something_else(page)
    summary = page.get_by_text("Recall from a file")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    check_accessible(page)
    page.get_by_label(FILE).set_input_files(named(content))
    expect_recalled(page)
    check_accessible(page)

    page.get_by_role("button", name="Generate 2 images").click()
    expect(page.get_by_label("Seed")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Pictures").fill("1")
    page.get_by_role("button", name="Generate 1 image").click()
    expect_shown(page.locator("#results").get_by_role("img", name="a pig to remember").first)


def test_a_picture_dropped_on_the_page_fills_in_the_form(page: Page) -> None:
    content = remembering(page)
    begin_something_else(page)
    target = page.locator("main").element_handle()
    page.evaluate(DROP, [target, b64encode(content).decode()])
    expect_recalled(page)
    expect(page.locator("form.is-dropping")).to_have_count(0)


def test_a_file_that_says_nothing_gets_its_message_and_takes_nothing_away(page: Page) -> None:
    begin_something_else(page)
    page.get_by_text("Recall from a file").click()
    page.get_by_label(FILE).set_input_files(named(b"no picture at all"))

    field = page.get_by_label(FILE)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert "no picture that can be read" in page.locator(f"#{described[0]}").inner_text()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("half a sentence")
    expect(page.get_by_label("Pictures")).to_have_value("2")
    check_accessible(page)


def test_without_javascript_a_button_fills_in_the_form(
    new_context: NewContext, page: Page, stage: Stage, guard: Callable[[], Guard]
) -> None:
    content = remembering(page)
    plain = new_context(stage.someone(), java_script_enabled=False).new_page()
    guard().expect_status(422, "/playground/recall/")
    begin_something_else(plain)
    plain.get_by_text("Recall from a file").click()
    plain.get_by_role("button", name="Fill in the form").click()
    expect(plain.locator("#id_remembering_file_error")).to_have_text("Choose a file first.")
    expect(plain.get_by_label("Prompt", exact=True)).to_have_value("half a sentence")

    plain.get_by_label(FILE).set_input_files(named(content))
    plain.get_by_role("button", name="Fill in the form").click()
    expect_recalled(plain)


def test_without_javascript_enter_generates_and_asks_for_no_file(
    new_context: NewContext, stage: Stage
) -> None:
    plain = new_context(stage.someone(), java_script_enabled=False).new_page()
    plain.goto("/playground/")
    plain.get_by_label("Prompt", exact=True).fill("a pig by the Enter key")
    plain.get_by_label("Pictures").press("Enter")
    expect(cards(plain, "saved")).to_have_count(1)


def test_chosen_pictures_come_as_a_zip_with_every_byte(
    new_context: NewContext, stage: Stage
) -> None:
    someone = stage.someone(pictures=3)
    page = new_context(someone).new_page()
    page.goto("/gallery/")
    for pk in someone.pictures[:2]:
        page.locator(f"#tile-{pk} input[name=ids]").check(force=True)
    page.get_by_role("button", name="ZIP").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Download as a ZIP")
    expect(page.get_by_text("2 pictures,")).to_be_visible()
    check_accessible(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download the ZIP").click()
    assert download.value.suggested_filename.startswith("image-pig-pictures-")
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as found:
        assert found.testzip() is None
        inside = {name: found.read(name) for name in found.namelist()}
    originals = [page.request.get(f"/pictures/{pk}/file/").body() for pk in someone.pictures[:2]]
    assert sorted(inside[name] for name in inside if name.startswith("pictures/")) == sorted(
        originals
    )
    assert {"metadata.csv", "metadata.json"} < set(inside)
    page.get_by_role("link", name="Back to the gallery").click()
    page.wait_for_url("**/gallery/")
