"""The blind choice over HTTP: prompts hidden, viewers too, the ranking after it, and the poster."""

from __future__ import annotations

import io
import re

from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Team
from playground.models import Generation, State, Vote
from tests.factories import make_experiment


def pair(client: Client, pk: int) -> tuple[str, dict[str, str]]:
    html = client.get(reverse("experiment_choose", args=[pk])).content.decode()
    return html, dict(re.findall(r'name="(left|right)" value="(\d+)"', html))


def test_two_pictures_are_shown_and_their_prompts_are_not(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team, prompts=("a scarlet pig", "an azure pig"))
    html, sides = pair(as_vera, experiment.pk)
    assert len(set(sides.values())) == 2
    assert "scarlet" not in html
    assert "azure" not in html
    assert "of 6 possible pairs" in html


def test_a_viewers_choice_counts_and_brings_the_next_two(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team)
    address = reverse("experiment_choose", args=[experiment.pk])
    _, first = pair(as_vera, experiment.pk)
    response = as_vera.post(address, {**first, "choice": "right"})
    assert response["Location"] == address
    vote = Vote.objects.get()
    assert str(vote.better_id) == first["right"]
    _, second = pair(as_vera, experiment.pk)
    assert set(second.values()) != set(first.values())
    response = as_vera.post(
        address, {**second, "choice": "neither"}, headers={"HX-Request": "true"}
    )
    assert response.content.decode().lstrip().startswith('<div id="choose">')
    assert Vote.objects.latest("pk").tied


def test_when_all_pairs_are_seen_it_says_so(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team, prompts=("a pig",))
    _, sides = pair(as_vera, experiment.pk)
    as_vera.post(reverse("experiment_choose", args=[experiment.pk]), {**sides, "choice": "left"})
    html, sides = pair(as_vera, experiment.pk)
    assert sides == {}
    assert "You have compared them all" in html


def test_without_two_pictures_there_is_no_choice(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team, state=State.QUEUED)
    assert "Nothing to choose between yet" in pair(as_vera, experiment.pk)[0]


def test_nonsense_is_no_vote(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team)
    address = reverse("experiment_choose", args=[experiment.pk])
    for values in ({}, {"left": "x", "right": "y"}, {"left": "1", "right": "9" * 30}):
        assert as_vera.post(address, {**values, "choice": "left"}).status_code == 302
    assert not Vote.objects.exists()


def test_the_ranking_says_which_wording_wins_and_how_sure(
    as_vera: Client, as_bob: Client, team: Team
) -> None:
    experiment = make_experiment(team, prompts=("a red pig", "a blue pig"), seeds=(1, 2, 3))
    address = reverse("experiment_ranking", args=[experiment.pk])
    assert "Nobody has chosen yet" in as_vera.get(address).content.decode()
    red = set(experiment.generations.filter(cell__lt=3).values_list("pk", flat=True))
    for client in (as_vera, as_bob):
        while sides := pair(client, experiment.pk)[1]:
            liked = {side for side, pk in sides.items() if int(pk) in red}
            choice = liked.pop() if len(liked) == 1 else "neither"
            client.post(
                reverse("experiment_choose", args=[experiment.pk]), {**sides, "choice": choice}
            )
    html = as_vera.get(address).content.decode()
    assert "30 choices by 2 people." in html
    assert "“a red pig” is clearly ahead." in html
    assert "Too close to tell" in html or "It is too close to tell" in html


def test_the_poster_is_one_png_of_the_whole_grid(as_vera: Client, team: Team) -> None:
    experiment = make_experiment(team, name="Rain or snow?", prompts=("a", "b", "c"))
    Generation.objects.filter(experiment=experiment, cell=0).update(thumbnail="made/gone.webp")
    response = as_vera.get(reverse("experiment_poster", args=[experiment.pk]))
    assert response["Content-Type"] == "image/png"
    disposition = f'attachment; filename="rain-or-snow-{experiment.pk}.png"'
    assert response["Content-Disposition"] == disposition
    image = Image.open(io.BytesIO(response.content), formats=("PNG",))
    image.load()
    assert image.width > 2 * 320
    assert image.height > 3 * 320
    assert image.info["Software"] == "sandbox"
