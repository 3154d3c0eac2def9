"""No page weighs more than 60 KB before its pictures: HTML, style sheets and scripts, compressed.

What a script imports counts with it. The lightbox fetches PhotoSwipe only as a picture is about to
be opened; that has a bound of its own.
"""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from random import Random

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from playground import gallery, sorting
from playground.models import Collection, Generation, SavedView, Tag
from tests.factories import make_experiment
from tests.playground.gallery.rows import rows

MOST = 60_000
MOST_OF_LIGHTBOX = 28_000
LENGTH = 160
"""Characters of a placeholder, as the sandbox's pictures have on average."""
WORDS = ("harbour", "barn", "orchard", "mill", "garden", "chapel")
PROMPT = "an old lighthouse by a stormy sea, watercolour on rough paper, number {}"
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
LIGHTBOX = (
    "js/in-full.js",
    "vendor/photoswipe/photoswipe.esm.min.js",
    "vendor/photoswipe/photoswipe.css",
    "css/lightbox.css",
)
"""What the lightbox fetches as it opens; it puts the addresses together by itself."""


def page_weight(client: Client, address: str) -> dict[str, int]:
    """Bytes of the page and of each file that it loads, as they are sent."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    html = gzip.decompress(answer.content).decode()
    names = re.findall(r'(?:src|href)="/static/([^"#?]+\.(?:js|css))"', html)
    return {"HTML": len(answer.content), **files_weight(names)}


def files_weight(names: Iterable[str]) -> dict[str, int]:
    """Bytes of files and of all that they import, as they are sent."""
    found: dict[str, int] = {}
    left = [*names]
    while left:
        name = left.pop()
        if name in found:
            continue
        place = finders.find(name)
        assert isinstance(place, str), name
        content = Path(place).read_bytes()
        found[name] = len(gzip.compress(content))
        if name.endswith(".js"):
            left += [beside(name, other) for other in IMPORTED.findall(content.decode())]
    return found


def beside(name: str, other: str) -> str:
    """The name of a file that another names relative to itself."""
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / other).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def placeholder(number: int, length: int) -> str:
    """One that is like no other, as pictures' own are: they cannot be compressed together."""
    begin = "data:image/webp;base64,"
    drawn = Random(number).randbytes(length)  # noqa: S311 (no secret)
    return begin + b64encode(drawn).decode()[: length - len(begin)]


@pytest.fixture
def full(alice: User, team: Team) -> list[Generation]:
    """A page and more, of pictures with a placeholder each, and what stands around them."""
    made = rows(team, gallery.PAGE + 10, author=alice)
    for number, each in enumerate(made):
        each.body["positive_prompt"] = PROMPT.format(number)
        each.placeholder = placeholder(number, LENGTH)
    Generation.objects.bulk_update(made, ["body", "placeholder"])
    for number in range(12):
        sorting.create_collection(team=team, name=f"Collection {number}", by=alice)
        sorting.tag(
            pictures=Generation.objects.filter(pk=made[0].pk),
            team=team, name=f"tag {number}", by=alice,
        )  # fmt: skip
    return made


PAGES = ("gallery", "filtered gallery", "compare", "experiment", "picture", "bin")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_with_pictures_is_heavy(
    page: str, as_alice: Client, alice: User, team: Team, full: list[Generation]
) -> None:
    four = ",".join(str(each.pk) for each in full[:4])
    experiment = make_experiment(
        team,
        author=alice,
        prompts=tuple(PROMPT.format(number) for number in range(4)),
        seeds=tuple(range(16)),
    )
    for number, cell in enumerate(experiment.generations.all()):
        cell.placeholder = placeholder(number, LENGTH)
        cell.save(update_fields=["placeholder"])
    address = {
        "gallery": reverse("gallery"),
        "filtered gallery": f"{reverse('gallery')}?text=lighthouse&endpoint=default",
        "compare": f"{reverse('compare')}?ids={four}",
        "experiment": reverse("experiment", args=[experiment.pk]),
        "picture": reverse("picture", args=[full[0].pk]),
        "bin": reverse("gallery_bin"),
    }[page]
    if page == "bin":
        sorting.delete_many(team=team, pictures=Generation.objects.filter(team=team), by=alice)
    found = page_weight(as_alice, address)
    assert any(name.endswith(".js") for name in found), "no script was found"
    assert sum(found.values()) <= MOST, found


MANY = 300


def test_no_page_is_heavy_by_the_names_that_a_team_has(
    as_alice: Client, alice: User, team: Team, full: list[Generation]
) -> None:
    """Of which the gallery's fields, its side and what suggests them have some each."""
    names = [f"the {word} number {number}" for number in range(MANY) for word in WORDS]
    tags = Tag.objects.bulk_create(Tag(team=team, name=name[:50]) for name in names[:MANY])
    Collection.objects.bulk_create(Collection(team=team, name=name) for name in names[MANY:][:MANY])
    SavedView.objects.bulk_create(
        SavedView(team=team, user=alice, name=f"{name} seen", query=f"text={number}")
        for number, name in enumerate(names[:MANY])
    )
    for number in range(MANY):
        make_experiment(team, author=alice, prompts=("a",), seeds=(), name=f"Try {number}")
    for address in (
        reverse("gallery"),
        f"{reverse('gallery')}?tag={tags[0].name}",
        reverse("picture", args=[full[0].pk]),
        reverse("gallery_names", args=["tag"]),
        reverse("gallery_names", args=["collection"]),
    ):
        found = page_weight(as_alice, address)
        assert sum(found.values()) <= MOST, (address, found)


def test_what_the_lightbox_fetches_as_it_opens_is_light(as_alice: Client) -> None:
    found = files_weight(LIGHTBOX)
    scripts = (Path(str(finders.find(f"js/{name}.js"))) for name in ("lightbox", "in-full"))
    script = "".join(each.read_text() for each in scripts)
    assert all(PurePosixPath(name).name in script for name in found), "the lightbox names others"
    assert sum(found.values()) <= MOST_OF_LIGHTBOX, found
