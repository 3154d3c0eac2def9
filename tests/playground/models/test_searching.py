"""Finding pictures by their words, alike in both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Team
from playground.models import Generation, State, search_index
from playground.models.searching import read_terms
from tests.factories import make_generation

PROMPTS = {
    "mountain": "A mountain lake, misty morning",
    "café": "Piggy in a CAFÉ, oil-painting",
    "red": "red pig 007 under the moon",
    "cyrillic": "Свинья в горах",
}


@pytest.fixture
def made(team: Team) -> dict[str, int]:
    return {
        name: make_generation(team, prompt=prompt, body={"negative_prompt": "blurry mud"}).pk
        for name, prompt in PROMPTS.items()
    }


def found(team: Team, text: str) -> set[int]:
    return set(Generation.objects.search(text, team=team).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mountain", ["mountain"]),
        ("moun", ["mountain"]),
        ("moun* lake", ["mountain"]),
        ("moun lake", []),
        ("mo", ["mountain", "red"]),
        ("MISTY morning", ["mountain"]),
        ("morning misty", ["mountain"]),
        ('"misty morning"', ["mountain"]),
        ('"morning misty"', []),
        ('"misty morn"', []),
        ("cafe", ["café"]),
        ("CAFÉ", ["café"]),
        ("oil-painting", ["café"]),
        ("painting-oil", []),
        ("pig", ["café", "red"]),
        ("pig -piggy", ["red"]),
        ("-mountain -red", ["café", "cyrillic"]),
        ('-"red pig"', ["mountain", "café", "cyrillic"]),
        ("007", ["red"]),
        ("гор", ["cyrillic"]),
        ("blurry", list(PROMPTS)),
        ('"lake, misty"', ["mountain"]),
        ('"moon blurry"', []),
        ("pig mountain", []),
        ("!!!", []),
        ("pig !!!", ["red"]),
        ('pig "', ["red"]),
    ],
)
def test_words_find_their_pictures(
    made: dict[str, int], team: Team, text: str, names: list[str]
) -> None:
    assert found(team, text) == {made[name] for name in names}


def test_no_word_finds_another_teams_pictures(made: dict[str, int], team: Team) -> None:
    other = Team.objects.create(name="Elsewhere")
    theirs = make_generation(other, prompt="red pig")
    assert found(other, "pig") == {theirs.pk}
    for text in (str(team.pk), f"team {team.pk}", f" {team.pk}", f'" {team.pk}"', "team", "-x"):
        assert found(other, text) <= {theirs.pk}
        assert not found(team, text) & {theirs.pk}


def test_only_what_is_in_the_gallery_is_found(team: Team) -> None:
    shown = make_generation(team, prompt="pig")
    for state in State.values:
        if state != State.SAVED:
            make_generation(team, prompt="pig", state=state)
    binned = make_generation(team, prompt="pig", deleted_at=timezone.now())
    assert found(team, "pig") == {shown.pk}
    Generation.objects.filter(pk=shown.pk).update(deleted_at=timezone.now())
    Generation.objects.filter(pk=binned.pk).update(deleted_at=None)
    assert found(team, "pig") == {binned.pk}
    binned.refresh_from_db()
    binned.body = {"positive_prompt": "goose"}
    binned.save()
    assert (found(team, "pig"), found(team, "goose")) == (set(), {binned.pk})
    binned.delete()
    assert found(team, "goose") == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_the_index_is_watched_again_after_a_migration_made_the_table_anew(team: Team) -> None:
    search_index.unwatch(connection)
    missed = make_generation(team, prompt="pig")
    assert found(team, "pig") == set()
    search_index.after_migrating(using="default")
    seen = make_generation(team, prompt="pig")
    assert found(team, "pig") == {seen.pk}
    search_index.make(connection)
    assert found(team, "pig") == {missed.pk, seen.pk}


TEXTS = st.text(max_size=60) | st.text(alphabet="\"'-*()^:{}+\\&|!<> aAéж0", max_size=60)


@given(text=TEXTS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_looked_for(team: Team, text: str) -> None:
    assert found(team, text) == set()


@given(text=TEXTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_picture_is_found_by_its_own_words(team: Team, text: str) -> None:
    terms = [each for each in read_terms(text) if not each.excluded]
    prompt = " ".join(" ".join(each.words) for each in terms)
    picture = make_generation(team, prompt=prompt)
    wanted = " ".join(f'"{" ".join(each.words)}"' for each in terms)
    assert not terms or picture.pk in found(team, wanted)


def test_so_many_words_are_read_and_no_more() -> None:
    assert len(read_terms("a " * 200)) == 16
    assert read_terms('"') == read_terms("-") == read_terms('* ! -""') == []
