"""A deleted style or word list comes back as it was, for whoever deleted it and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from playground.library.deleting import KEPT
from playground.models import Style, WordList

UNTOLD = ("_state", "created_at")


@pytest.fixture
def ink(team: Team, alice: User) -> Style:
    return Style.objects.create(
        team=team,
        author=alice,
        name="Ink",
        positive_prompt="{prompt}, ink",
        negative_prompt="colour",
    )


@pytest.fixture
def weather(team: Team, alice: User) -> WordList:
    words = "\n".join(f"{number} {'rain ' * 30}" for number in range(60))
    return WordList.objects.create(team=team, author=alice, name="weather", words=words)


def held(row: Style | WordList) -> dict[str, Any]:
    return {
        name: value for name, value in vars(row).items() if name not in ("_state", "created_at")
    }


def test_the_message_brings_a_style_back_as_it_was(as_bob: Client, ink: Style) -> None:
    before = held(ink)
    page = as_bob.post(reverse("style_delete", args=[ink.pk]), follow=True).content.decode()
    undo = reverse("style_restore", args=[ink.pk])
    assert f'action="{undo}"' in page
    assert not Style.objects.exists()
    page = as_bob.post(undo, follow=True).content.decode()
    assert "The style “Ink” is back." in page
    assert held(Style.objects.get()) == before


def test_the_message_brings_a_long_word_list_back_as_it_was(
    as_bob: Client, weather: WordList
) -> None:
    before = held(weather)
    as_bob.post(reverse("word_list_delete", args=[weather.pk]))
    page = as_bob.post(reverse("word_list_restore", args=[weather.pk]), follow=True)
    assert "The word list “weather” is back." in page.content.decode()
    assert held(WordList.objects.get()) == before


def test_it_is_brought_back_once(as_bob: Client, ink: Style) -> None:
    undo = reverse("style_restore", args=[ink.pk])
    as_bob.post(reverse("style_delete", args=[ink.pk]))
    assert as_bob.post(undo).status_code == 302
    assert as_bob.post(undo).status_code == 404
    assert Style.objects.count() == 1


def test_nobody_else_can_bring_it_back(
    as_bob: Client, as_alice: Client, as_charlie: Client, ink: Style
) -> None:
    as_bob.post(reverse("style_delete", args=[ink.pk]))
    undo = reverse("style_restore", args=[ink.pk])
    assert as_alice.post(undo).status_code == 404
    assert as_charlie.post(undo).status_code == 404
    assert not Style.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_whoever_may_no_longer_change_things_cannot_bring_it_back(
    as_bob: Client, bob: User, ink: Style, role: str | None
) -> None:
    as_bob.post(reverse("style_delete", args=[ink.pk]))
    mine = Membership.objects.filter(user=bob, team=ink.team)
    if role:
        mine.update(role=role)
    else:
        mine.delete()
    assert as_bob.post(reverse("style_restore", args=[ink.pk])).status_code == 404
    assert not Style.objects.exists()


def test_a_name_that_is_taken_by_now_is_said(as_bob: Client, ink: Style) -> None:
    as_bob.post(reverse("style_delete", args=[ink.pk]))
    undo = reverse("style_restore", args=[ink.pk])
    other = Style.objects.create(team=ink.team, name="Ink", positive_prompt="{prompt}, pen")
    page = as_bob.post(undo, follow=True).content.decode()
    assert "There is another one called “Ink” by now." in page
    assert Style.objects.get() == other
    # Renamed, it makes room; nothing is lost until then.
    Style.objects.update(name="Pen")
    assert as_bob.post(undo).status_code == 302
    assert set(Style.objects.values_list("name", flat=True)) == {"Ink", "Pen"}


def test_the_last_ones_are_kept_however_many_are_deleted(as_bob: Client, team: Team) -> None:
    made = [
        Style.objects.create(team=team, name=f"Style {number}", positive_prompt="{prompt}")
        for number in range(KEPT + 1)
    ]
    for each in made:
        as_bob.post(reverse("style_delete", args=[each.pk]))
    assert as_bob.post(reverse("style_restore", args=[made[0].pk])).status_code == 404
    for each in made[1:]:
        assert as_bob.post(reverse("style_restore", args=[each.pk])).status_code == 302
    assert Style.objects.count() == KEPT
