from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Team, User
from playground import gallery
from playground.gallery import Filter, Sort
from playground.imagepig.endpoints import TABLE
from playground.models import Collection, Experiment, Tag
from tests.playground.fourth import FOURTH_ENDPOINT


def read(team: Team, query: str) -> Filter:
    return gallery.read(QueryDict(query), team)


def test_an_address_says_which_pictures_are_asked_for(team: Team, alice: User) -> None:
    Tag.objects.create(team=team, name="wet")
    kept = Collection.objects.create(team=team, name="Kept")
    grid = Experiment.objects.create(team=team, name="Grid", token="t", upstream="sandbox", spec={})
    query = (
        f"text=%22red+pig%22&upstream=sandbox&endpoint=flux&author={alice.pk}&seed=0042"
        f"&since=2026-01-02&until=2026-02-03&starred=1&rating=4&tag=wet&collection={kept.pk}"
        f"&experiment={grid.pk}&reruns=1&proportion=wide&format=PNG&sort=oldest"
    )
    asked = read(team, query)
    assert asked == Filter(
        text='"red pig"',
        upstream="sandbox",
        endpoint="flux",
        chosen={"proportion": "wide", "format": "PNG"},
        author=alice.pk,
        seed="42",
        since=date(2026, 1, 2),
        until=date(2026, 2, 3),
        starred=True,
        rating=4,
        tag="wet",
        collection=kept.pk,
        experiment=grid.pk,
        reruns=True,
        sort=Sort.OLDEST,
    )
    assert not asked.problems
    assert read(team, asked.query_string()) == asked


def test_without_a_query_all_are_asked_for_newest_first(team: Team) -> None:
    asked = read(team, "")
    assert asked == Filter()
    assert not asked
    assert asked.query_string() == ""
    assert asked.query_string(after="12", before=None) == "after=12"
    assert not read(team, "sort=best")
    assert read(team, "sort=best").query_string() == "sort=best"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("text=%21%21", "text"),
        ("upstream=elsewhere", "upstream"),
        ("endpoint=sdxl", "endpoint"),
        ("author=0", "author"),
        ("author=%D9%A3", "author"),
        ("seed=-1", "seed"),
        ("seed=" + "9" * 21, "seed"),
        ("since=yesterday", "since"),
        ("until=2026-02-30", "until"),
        ("since=0001-01-01", "since"),
        ("since=2026-02-02&until=2026-01-01", "until"),
        ("state=lost", "state"),
        ("state=refused&text=pig", "text"),
        ("starred=maybe", "starred"),
        ("rating=6", "rating"),
        ("tag=unknown", "tag"),
        ("collection=1", "collection"),
        ("collection=" + "9" * 30, "collection"),
        ("experiment=x", "experiment"),
        ("reruns=2", "reruns"),
        ("commented=2", "commented"),
        ("pick=maybe", "pick"),
        ("proportion=round", "proportion"),
        ("format=GIF", "format"),
        ("sort=random", "sort"),
        ("text=pig&sort=best", "sort"),
        ("state=refused&sort=fastest", "sort"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_left_out(
    team: Team, query: str, name: str
) -> None:
    asked = read(team, query)
    assert set(asked.problems) == {name}
    assert len(asked.problems[name]) > 10
    assert name not in asked.values()


def test_another_teams_tags_collections_and_people_are_unknown(
    team: Team, charlie: User, alice: User
) -> None:
    theirs = Team.objects.exclude(pk=team.pk).get()
    Tag.objects.create(team=theirs, name="wet")
    kept = Collection.objects.create(team=theirs, name="Kept")
    asked = read(team, f"tag=wet&collection={kept.pk}&author={charlie.pk}")
    assert set(asked.problems) == {"tag", "collection", "author"}
    assert asked == Filter()


def test_each_part_can_be_taken_off(team: Team) -> None:
    asked = read(team, "text=pig&format=PNG&since=2026-01-01")
    assert asked.without("text").query_string() == "since=2026-01-01&format=PNG"
    assert asked.without("format").values() == {"text": "pig", "since": "2026-01-01"}
    assert not asked.without("text").without("format").without("since")


def test_a_new_parameter_with_a_choice_is_a_filter(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE, "sketch", FOURTH_ENDPOINT)
    name = next(name for name in gallery.choices() if name not in ("format", "proportion"))
    value = gallery.choices()[name].options[0].value
    assert read(team, f"{name}={value}").values() == {name: value}
    assert name in read(team, f"{name}=nothing").problems


@given(query=st.dictionaries(st.sampled_from([*Filter().__dict__, "format"]), st.text(max_size=30)))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_is_read(team: Team, query: dict[str, str]) -> None:
    asked = gallery.read(query, team)
    assert gallery.read(QueryDict(asked.query_string()), team) == asked
