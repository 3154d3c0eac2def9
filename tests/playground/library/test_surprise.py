"""Prompts by chance: the sandbox understands every word, and a seed tells which it is."""

from __future__ import annotations

import math

import pytest
from django.test import Client
from django.urls import reverse

from playground.experiments.variations import literal
from playground.library.surprise import MANNERS, PLACES, SUBJECTS, TIMES, surprise
from playground.models import Generation
from playground.sandbox.words import read
from tests.playground.views.test_playground import HTMX, typed

TABLES = {"subjects": SUBJECTS, "places": PLACES, "times": TIMES, "manners": MANNERS}


@pytest.mark.parametrize("phrase", [each for table in TABLES.values() for each in table])
def test_the_sandbox_understands_every_word(phrase: str) -> None:
    wish = read(phrase, "")
    assert set(wish.leftover) <= {"|"}
    named = (wish.scenes, wish.things, wish.figures, wish.times, wish.weather, wish.seasons)
    assert any(named) or wish.styles or wish.tones or wish.wears


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_phrase_is_there_twice(table: tuple[str, ...]) -> None:
    assert len(set(table)) == len(table)


def test_a_seed_always_gives_the_same_and_seeds_differ() -> None:
    assert surprise(7) == surprise(7)
    many = {surprise(seed) for seed in range(300)}
    assert len(many) > 290
    assert math.prod(map(len, TABLES.values())) > 50_000


def test_it_stands_for_itself_and_is_short() -> None:
    for seed in range(200):
        assert literal(surprise(seed)) == surprise(seed)
        assert len(surprise(seed)) < 120


def test_over_htmx_the_field_comes_filled_in(as_alice: Client) -> None:
    page = as_alice.get(reverse("surprise"), headers=HTMX).content.decode().strip()
    assert page.startswith("<textarea")
    assert 'id="id_positive_prompt"' in page
    assert "aria-describedby" in page
    assert any(subject in page for subject in SUBJECTS)


def test_without_javascript_a_button_fills_it_in_and_keeps_the_rest(as_alice: Client) -> None:
    data = typed(surprise="1", negative_prompt="rain", seed="7", endpoint="xl")
    page = as_alice.post(reverse("playground"), data).content.decode()
    assert "a pig in the snow" not in page
    assert any(subject in page for subject in SUBJECTS)
    assert ">\nrain</textarea>" in page
    assert 'value="7"' in page
    assert not Generation.objects.exists()
