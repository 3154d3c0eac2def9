"""What no eye would notice at once: contrast, the policy's limits, missing icons, weight."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.models import Happened, NoticeKind
from accounts.templatetags.happenings import kind_icon
from imagepig_site.environment import ROOT
from playground.imagepig.endpoints import TABLE
from playground.templatetags.looks import ratio_class

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
Colour = tuple[float, float, float]

# Contrast


def oklch(text: str) -> Colour:
    """`oklch(54% 0.205 358)` as linear sRGB, each 0–1."""
    lightness, chroma, hue = (float(part) for part in text.replace("%", "").split())
    lightness /= 100
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return (min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1))


def luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tokens() -> dict[str, tuple[Colour, Colour]]:
    """Name → (light, dark) of every solid colour among the tokens."""
    text = (ROOT / "static" / "css" / "base.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\(oklch\(([^()/]+)\), oklch\(([^()/]+)\)\);", text)
    return {name: (oklch(light), oklch(dark)) for name, light, dark in found}


GROUNDS = ("paper", "surface", "sunken", "raised")
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("ink", "ink-soft", "accent-ink") for ground in GROUNDS],
    *[(ink, ground, 4.5) for ink in ("good", "warn", "bad") for ground in GROUNDS],
    *[(ink, f"{ink}-tint", 4.5) for ink in ("good", "warn", "bad")],
    *[(ink, "accent-tint", 4.5) for ink in ("accent-ink", "ink", "ink-soft")],
    *[("ink", f"{state}-tint", 4.5) for state in ("good", "warn", "bad")],
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-over", 4.5),
    # Borders of fields, and the ring round what has the focus: not text, so 3 : 1.
    *[(line, ground, 3.0) for line in ("line-strong", "focus") for ground in GROUNDS],
    # A switch that is off: its knob on its ground.
    ("on-accent", "line-strong", 3.0),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_every_text_colour_can_be_read_on_its_ground(
    ink: str, ground: str, least: float, theme: str
) -> None:
    which = 0 if theme == "light" else 1
    colours = tokens()
    assert contrast(colours[ink][which], colours[ground][which]) >= least


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    white, black = oklch("100% 0 0"), oklch("0% 0 0")
    assert contrast(white, black) == pytest.approx(21, abs=0.01)
    # #767676 on white is the well-known 4.54.
    assert contrast(oklch("56.5% 0 0"), white) == pytest.approx(4.54, abs=0.1)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_named_once_among_the_tokens(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    text = re.sub(r":root \{.*?\n  \}", "", text, flags=re.DOTALL)
    assert (
        re.findall(r"oklch\(|rgba?\(|hsla?\(|#[0-9a-fA-F]{3,8}\b|:\s*(?:white|black)\b", text) == []
    )


# What the policy forbids


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_holds_what_the_policy_blocks(path: Path) -> None:
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", text)
    assert not re.search(r"javascript:", text)
    for attributes in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in attributes


# Icons, classes, scripts


def used(pattern: str) -> Iterator[str]:
    for path in TEMPLATES:
        yield from re.findall(pattern, path.read_text())


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "icons" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    assert set(used(r'\{%\s*icon "([\w-]+)"')) <= known
    kinds = [*Happened.values, *NoticeKind.values]
    assert {kind_icon(kind) for kind in kinds} <= known - {"info"}


def test_every_class_that_a_page_names_is_in_a_style_sheet() -> None:
    known = set()
    for path in STYLES:
        known |= set(re.findall(r"\.([a-z][\w-]*)", path.read_text()))
    named = set()
    for value in used(r'\sclass="([^"]*)"'):
        # What a tag puts together stands for itself; the words around it count.
        plain = re.sub(r"\S*\{\{.*?\}\}\S*", " ", re.sub(r"\{%.*?%\}", " ", value))
        named |= set(plain.split())
    assert named - known == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_loaded_by_a_page_or_by_a_script_of_one(path: Path) -> None:
    imported = re.compile(rf'(import\(new URL\(|import .*)"(\./)?{re.escape(path.name)}"')
    scripts = (imported.search(script.read_text()) for script in SCRIPTS)
    pages = (f"js/{path.name}" in template.read_text() for template in TEMPLATES)
    assert any(pages) or any(scripts)


def test_what_others_made_carries_its_licence() -> None:
    for folder in ("fonts", "icons", "vendor/photoswipe"):
        assert (ROOT / "static" / folder / "LICENSE.txt").stat().st_size > 500


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((512, 512), "r-100"),
        ((1216, 832), "r-145"),
        ((832, 1216), "r-070"),
        ((1344, 768), "r-175"),
        ((4000, 100), "r-300"),
        ((1, 4000), "r-040"),
        ((100, 0), "r-300"),
    ],
)
def test_a_shape_has_a_class_in_the_style_sheet(size: tuple[int, int], name: str) -> None:
    assert ratio_class(size) == name
    assert f".{name} {{" in (ROOT / "static" / "css" / "pictures.css").read_text()


def test_an_icon_is_hidden_from_screen_readers() -> None:
    template = engines["django"].from_string('{% load looks %}{% icon "wand" 16 css="big" %}')
    assert template.render() == (
        '<svg class="icon big" width="16" height="16" aria-hidden="true" focusable="false">'
        '<use href="/static/icons/icons.svg#wand"/></svg>'
    )


def test_a_proportion_is_drawn_in_its_true_shape() -> None:
    template = engines["django"].from_string("{% load looks %}{% shape endpoint proportion %}")
    flux = TABLE["flux"]
    for proportion, (width, height) in flux.sizes.items():
        html = template.render({"endpoint": flux, "proportion": proportion})
        drawn = re.search(r'y="[\d.]+" width="([\d.]+)" height="([\d.]+)"', html)
        assert drawn
        assert float(drawn[1]) / float(drawn[2]) == pytest.approx(width / height, rel=0.02)


@pytest.mark.parametrize(("endpoint", "proportion"), [("flux", "JPEG"), ("default", "")])
def test_what_is_no_proportion_has_no_shape(endpoint: str, proportion: str) -> None:
    template = engines["django"].from_string("{% load looks %}{% shape endpoint proportion %}")
    assert template.render({"endpoint": TABLE[endpoint], "proportion": proportion}) == ""


# Weight


def first_load(client: Client, page: str) -> tuple[int, int]:
    """How many requests, and how many bytes as they are sent, the page's own pictures too."""
    answer = client.get(reverse(page))
    addresses = set(re.findall(r'(?:src|href)="/static/([^"#]+)', answer.content.decode()))
    weight = len(gzip.compress(answer.content))
    for address in addresses:
        found = finders.find(address)
        assert found, address
        content = Path(found).read_bytes()
        sent_as_it_is = address.endswith((".woff2", ".avif"))
        weight += len(content if sent_as_it_is else gzip.compress(content))
    return len(addresses) + 1, weight


@pytest.mark.parametrize("page", ["playground", "gallery", "api_key"])
def test_the_first_load_of_a_page_is_small(as_alice: Client, page: str) -> None:
    requests, weight = first_load(as_alice, page)
    assert requests <= 12
    assert weight <= 120_000


def test_the_first_load_of_the_front_page_is_small(client: Client, db: None) -> None:
    requests, weight = first_load(client, "home")
    assert requests <= 12
    assert weight <= 120_000


# Light and dark


def test_a_chosen_theme_is_in_the_page_as_the_server_sends_it(client: Client) -> None:
    answer = client.post(reverse("theme"), {"theme": "dark", "next": "/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert '<html lang="en" data-theme="dark">' in client.get("/").content.decode()
    client.post(reverse("theme"), {"theme": "light"})
    assert '<html lang="en" data-theme="light">' in client.get("/").content.decode()
    client.post(reverse("theme"), {"theme": "system"})
    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_made_up_theme_never_reaches_the_page(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/").content.decode()
    client.post(reverse("theme"), {"theme": "sepia"})
    assert '<html lang="en">' in client.get("/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "\\\\evil", ""])
def test_choosing_a_theme_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    answer = client.post(reverse("theme"), {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_theme_is_not_chosen_by_a_link(client: Client) -> None:
    assert client.get(reverse("theme"), {"theme": "dark"}).status_code == 405


# Errors


def test_a_missing_page_belongs_to_the_site(client: Client, as_alice: Client) -> None:
    for somebody in (client, as_alice):
        answer = somebody.get("/nothing/")
        assert answer.status_code == 404
        assert "There is nothing here" in answer.content.decode()


def test_a_refusal_says_why(as_vera: Client) -> None:
    answer = as_vera.post(reverse("playground"))
    assert answer.status_code == 403
    assert "Viewers look at pictures" in answer.content.decode()


def test_a_page_that_is_too_old_says_so() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("theme"))
    assert answer.status_code == 403
    assert "This page was too old" in answer.content.decode()


@pytest.mark.parametrize("template", ["500.html", "400.html"])
def test_the_last_error_pages_need_no_database(template: str) -> None:
    # No database fixture: a query would fail this test.
    assert "Image Pig" in render_to_string(template)


# The landing page


def test_a_stranger_meets_one_button(client: Client) -> None:
    html = client.get(reverse("home")).content.decode()
    assert html.count("button-primary") == 1
    assert (
        f'<a class="button button-primary button-large" href="{reverse("account_signup")}">' in html
    )


def test_whoever_is_signed_in_goes_on_to_work(as_alice: Client) -> None:
    assert as_alice.get(reverse("home"))["Location"] == reverse("playground")
