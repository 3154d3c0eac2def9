"""Words that would be scripts, in every field there is: shown as words on every page.

That none of them ran, asked for anything or was held back by the policy is the guard's to say.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from ..servers import Someone, Stage
from .conftest import NewContext
from .guard import check_accessible

SHORT = "\"'><img src=x onerror=alert(1)>"
"""Each field holds its own name and this, and most of them a script too: see hostile.py."""
MADE = """document.querySelectorAll(
  'img[src="x"], [onerror], script:not([src]):not([type="application/json"])').length"""
WORDS = """[
  document.title,
  document.body.textContent,
  ...[...document.querySelectorAll("input, textarea")].map((each) => each.value),
  ...[...document.querySelectorAll("[alt]")].map((each) => each.alt),
].join("\\n")"""

EVERYWHERE = {"team", "other team", "person"}
"""In the header, and in the menu of teams."""
MEMBERS = {
    "/playground/": {"prompt", "failed prompt", "said", "said of a field", "style"},
    "/playground/?from={picture}": {"prompt"},
    "/playground/results/?submission={submission}": {"failed prompt", "said", "said of a field"},
    "/playground/prompts/": {"cell", "template", "failed prompt"},
    "/gallery/": {"cell", "prompt", "collection", "experiment", "tag", "view"},
    "/gallery/?collection={collection}": {"collection", "prompt"},
    "/gallery/?experiment={experiment}": {"experiment", "cell"},
    "/gallery/?tag={tag_name}": {"tag", "prompt"},
    "/gallery/?text={tag_name}": {"tag"},
    "/gallery/names/tag/": {"tag"},
    "/gallery/names/collection/": {"collection"},
    "/gallery/names/view/": {"view"},
    "/collections/": {"collection"},
    "/pictures/{picture}/": {"prompt", "negative", "template", "tag", "collection", "comment"},
    "/pictures/{failed}/": {"failed prompt", "said", "said of a field"},
    "/pictures/{picture}/share/": set(),
    "/pictures/{picture}/transfer/": {"other team"},
    "/collections/{collection}/share/": {"collection"},
    "/experiments/": {"experiment"},
    "/experiments/new/": set(),
    "/experiments/{experiment}/": {"experiment", "cell"},
    "/experiments/{experiment}/choose/": set(),
    "/experiments/{experiment}/ranking/": {"experiment"},
    "/experiments/{experiment}/share/": {"experiment"},
    "/compare/?ids={picture},{cell}": {"prompt", "negative", "cell"},
    "/review/": set(),
    "/review/?all=1": set(),
    "/styles/": {"style", "wording", "avoided"},
    "/styles/{style}/": {"style", "wording", "avoided"},
    "/word-lists/": {"list", "words"},
    "/word-lists/{words}/": {"list", "words"},
    "/team/": {"address"},
    "/team/shares/": {"collection", "experiment"},
    "/team/usage/": set(),
    "/team/budget/": set(),
    "/team/history/": {"collection", "experiment", "key"},
    "/team/api-key/": {"key", "said of the key"},
    "/teams/{team}/invite/": set(),
    "/notices/": {"notice", "key"},
    "/account/": set(),
    "/accounts/sessions/": {"browser"},
}
STRANGERS = {
    "/s/{picture}/": {"prompt", "negative"},
    "/s/{collection}/": {"collection", "prompt"},
    "/s/{experiment}/": {"experiment", "cell"},
    "/invitations/{invitation}/": {"team", "person"},
}


@pytest.fixture(scope="module")
def hostile(stage: Stage) -> Someone:
    """Somebody whose team holds such words everywhere."""
    return stage.someone(hostile=True)


@pytest.fixture
def page(new_context: NewContext, hostile: Someone) -> Page:
    """Theirs, in a browser that calls itself such words, too."""
    return new_context(hostile, user_agent=f"[browser]{SHORT}").new_page()


def fields_on(page: Page) -> set[str]:
    """The fields whose words the page shows; fails where they became more than words."""
    assert page.evaluate(MADE) == 0, page.url
    return set(re.findall(rf"\[([a-z ]+)\]{re.escape(SHORT)}", page.evaluate(WORDS)))


def test_members_pages_show_them_as_words(page: Page, hostile: Someone) -> None:
    missing = {}
    for address, fields in MEMBERS.items():
        page.goto(address.format(**hostile.ids, tag_name=quote(f"[tag]{SHORT}")))
        if lacking := (EVERYWHERE | fields) - fields_on(page):
            missing[address] = lacking
    assert missing == {}


def test_strangers_pages_show_them_as_words(stranger: Page, hostile: Someone) -> None:
    shown = {}
    for address in STRANGERS:
        stranger.goto(address.format(**hostile.links))
        shown[address] = fields_on(stranger)
    assert shown == STRANGERS


def test_the_lightbox_shows_them_as_words(page: Page, hostile: Someone) -> None:
    page.goto(f"/gallery/?collection={hostile.ids['collection']}")
    page.locator(".tile a").click()
    expect(page.locator(".pswp .lightbox-caption")).to_contain_text(f"[prompt]{SHORT}<script>")
    assert fields_on(page) >= EVERYWHERE
    check_accessible(page)


def test_what_is_typed_comes_back_as_words(new_context: NewContext, stage: Stage) -> None:
    somebody = stage.someone(pictures=1)
    page = new_context(somebody).new_page()
    words = f"[typed]{SHORT}<script>alert(2)</script>"
    page.goto("/account/")
    page.get_by_label("Your name").fill(words)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Your name is saved.")
    page.goto(f"/pictures/{somebody.pictures[0]}/")
    assert "typed" in fields_on(page)
    # This one comes without the page being loaded anew.
    page.get_by_label("Say something about it").fill(f"[said]{SHORT}")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment-list")).to_contain_text(f"[said]{SHORT}")
    assert {"typed", "said"} <= fields_on(page)
