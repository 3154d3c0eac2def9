"""The ZIP: every byte of every picture, and tables that are safe for any prompt."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.storage import storages
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team, User
from playground import exporting
from playground.models import Collection, Generation, Tag, Upstream
from playground.naming import file_name
from tests.factories import make_generation

SAFE_NAME = re.compile(r"pictures/image-pig-(sandbox-)?\d+(-\d{1,20})?\.(jpeg|png|webp|bin)")
TEXT = st.text(st.characters(codec="utf-8"), max_size=200)
DANGEROUS = st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])


def built(*rows: Any) -> bytes:
    archive = exporting.Archive(rows)
    try:
        content = b"".join(archive)
        assert len(content) == len(archive)
        return content
    finally:
        archive.close()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def stored(picture: Generation) -> bytes:
    with storages["pictures"].open(picture.file) as file:
        return bytes(file.read())


def table(files: dict[str, bytes]) -> list[dict[str, str]]:
    text = files["metadata.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unsaved(prompt: str, **fields: Any) -> Generation:
    values = {"pk": 1, "endpoint": "xl", "upstream": Upstream.SANDBOX, "mime_type": "image/png"}
    body = {"positive_prompt": prompt, "negative_prompt": prompt}
    return Generation(body=body, **(values | fields))


def test_every_picture_is_in_it_byte_for_byte_with_all_that_is_known(
    team: Team, alice: User
) -> None:
    first = make_generation(team, author=alice, prompt="=cmd()", seed=2**64 - 1, endpoint="flux")
    second = make_generation(team, author=alice, prompt='a "pig", or two\nof them', seed=0)
    tag = Tag.objects.create(team=team, name="pink")
    tag.tagged.create(generation=second)
    collection = Collection.objects.create(team=team, name="Best")
    collection.collected.create(generation=second)

    files = unzipped(built(Generation.objects.filter(team=team)))
    named = {
        pk: next(name for name in files if name.startswith(f"pictures/image-pig-sandbox-{pk}-"))
        for pk in (first.pk, second.pk)
    }
    assert files[named[first.pk]] == stored(first)
    assert files[named[second.pk]] == stored(second)
    assert set(files) == {*named.values(), "metadata.csv", "metadata.json"}

    newest, oldest = table(files)
    assert (newest["file"], oldest["file"]) == (named[second.pk], named[first.pk])
    assert oldest["positive_prompt"] == "'=cmd()"
    assert oldest["seed"] == "18446744073709551615"
    assert oldest["model"] == "FLUX.1 [schnell]"
    assert newest["positive_prompt"] == 'a "pig", or two\nof them'
    assert (newest["tags"], newest["collections"]) == ("pink", "Best")
    assert newest["author"] == "Alice"

    exact = {each["id"]: each for each in json.loads(files["metadata.json"])}
    assert exact[first.pk]["positive_prompt"] == "=cmd()"
    assert exact[first.pk]["request"] == first.body
    assert exact[second.pk]["tags"] == ["pink"]


def test_a_lost_file_keeps_nobody_from_the_others(team: Team) -> None:
    lost, kept = make_generation(team), make_generation(team)
    storages["pictures"].delete(lost.file)
    files = unzipped(built(Generation.objects.filter(team=team)))
    assert len(files) == 3
    assert {row["id"]: bool(row["file"]) for row in table(files)} == {
        str(lost.pk): False,
        str(kept.pk): True,
    }


def test_batches_follow_one_another_and_each_takes_few_queries(
    team: Team, django_assert_max_num_queries: Any
) -> None:
    ids = [make_generation(team).pk for _ in range(4)]
    batches = [Generation.objects.filter(pk__in=ids[:2]), Generation.objects.filter(pk__in=ids[2:])]
    with django_assert_max_num_queries(6):
        files = unzipped(built(*batches))
    assert sorted(int(row["id"]) for row in table(files)) == ids


def test_there_is_a_bound_and_the_pictures_before_it_come(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [make_generation(team).pk for _ in range(4)]
    monkeypatch.setattr(exporting, "PICTURES_MAXIMUM", 3)
    files = unzipped(built(*(Generation.objects.filter(pk=pk) for pk in ids)))
    assert [int(row["id"]) for row in table(files)] == ids[:3]
    assert exporting.size([Generation.objects.filter(pk__in=ids)]).full


def test_the_size_is_told_without_a_look_at_any_file(team: Team) -> None:
    pictures = [make_generation(team) for _ in range(3)]
    for picture in pictures:
        storages["pictures"].delete(picture.file)
    found = exporting.size([Generation.objects.filter(team=team), Generation.objects.none()])
    assert found == exporting.Size(3, sum(each.bytes or 0 for each in pictures))


def test_nothing_chosen_is_said_and_leaves_the_place_to_others(team: Team) -> None:
    for _ in range(100):
        with pytest.raises(exporting.NothingToExport, match="Choose some pictures first"):
            exporting.Archive([Generation.objects.none()])


def test_only_some_downloads_go_on_at_once_so_that_pages_are_served(team: Team) -> None:
    make_generation(team)
    rows = Generation.objects.filter(team=team)
    opened: list[exporting.Archive] = []

    def open_many() -> None:
        for _ in range(100):
            opened.append(exporting.Archive([rows]))  # noqa: PERF401 (the last one fails)

    with pytest.raises(exporting.NothingToExport, match="try again in a minute"):
        open_many()
    assert 0 < len(opened) < 100
    for archive in opened:
        archive.close()
    assert built(rows)


@given(prompt=TEXT)
def test_names_are_of_our_making_whatever_the_prompt(prompt: str) -> None:
    made = unsaved(prompt, seed="7")
    assert SAFE_NAME.fullmatch(f"pictures/{file_name(made)}")


@given(text=TEXT | st.tuples(DANGEROUS, TEXT).map("".join))
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    written = exporting.cell(text)
    assert not written.startswith(exporting.FORMULA)
    assert written in (text, f"'{text}")


@given(prompts=st.lists(TEXT | st.tuples(DANGEROUS, TEXT).map("".join), min_size=1, max_size=5))
def test_tables_hold_any_prompt_to_the_letter(prompts: list[str]) -> None:
    tables = exporting.Tables()
    try:
        for prompt in prompts:
            made = unsaved(prompt, template=prompt)
            tables.add(exporting.record(exporting.Kept(made, [], []), "x"))
        files = {name: b"".join(exporting.read_from(file)) for name, file in tables.finished()}
    finally:
        tables.close()
    rows = table(files)
    assert [row["positive_prompt"] for row in rows] == [exporting.cell(each) for each in prompts]
    exact = json.loads(files["metadata.json"])
    assert [each["positive_prompt"] for each in exact] == prompts
    assert [each["request"]["negative_prompt"] for each in exact] == prompts
