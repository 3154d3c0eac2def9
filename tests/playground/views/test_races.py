"""Races over HTTP: from the playground's form and from a picture; what they keep and say."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import Team
from playground.models import Experiment, Style, Upstream
from tests.factories import make_generation
from tests.playground.playing import play_to_the_end
from tests.playground.views.test_experiments import words
from tests.playground.views.test_playground import typed


@pytest.mark.django_db(transaction=True)
def test_a_race_takes_the_playgrounds_values(as_bob: Client, team: Team) -> None:
    values = {
        "positive_prompt": "a pig",
        "negative_prompt": "fog",
        "endpoint": "flux",
        "count": "4",
        "token": "r" * 32,
    }
    response = as_bob.post(reverse("race"), values)
    experiment = Experiment.objects.get()
    assert response["Location"] == reverse("experiment", args=[experiment.pk])
    play_to_the_end()
    html = as_bob.get(response["Location"]).content.decode()
    assert html.count('class="lane"') == 3
    assert "FLUX ignores the negative prompt" in html
    assert "3 of 3 pictures" in words(html)
    assert as_bob.post(reverse("race"), {**values, "positive_prompt": ""}).status_code == 422


def test_a_pictures_race_has_its_prompt_and_seed(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, prompt="a fast pig", seed=2**64 - 1)
    page = as_bob.get(reverse("picture", args=[picture.pk])).content.decode()
    assert f'action="{reverse("race_picture", args=[picture.pk])}"' in page
    for _ in range(2):
        as_bob.post(reverse("race_picture", args=[picture.pk]), {"token": "r" * 32})
    experiment = Experiment.objects.get()
    cells = experiment.generations.all()
    assert {each.positive_prompt for each in cells} == {"a fast pig"}
    assert {each.sent_seed for each in cells} == {str(2**64 - 1)}
    assert {each.upstream for each in cells} == {Upstream.SANDBOX}


def test_a_race_tells_its_pictures_where_they_come_from(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, prompt="a fast pig", seed=7, template="a {fast|slow} pig")
    as_bob.post(reverse("race_picture", args=[picture.pk]), {"token": "r" * 32})
    values = typed(positive_prompt="another pig", **{"from": str(picture.pk)})
    as_bob.post(reverse("race"), values)
    first, second = Experiment.objects.order_by("pk")
    for experiment in (first, second):
        assert set(experiment.generations.values_list("origin", flat=True)) == {picture.pk}
    assert set(first.generations.values_list("template", flat=True)) == {"a {fast|slow} pig"}
    assert set(second.generations.values_list("template", flat=True)) == {""}


def test_nobody_elses_picture_is_an_origin(as_bob: Client, team: Team) -> None:
    foreign = make_generation(Team.objects.create(name="Elsewhere"))
    as_bob.post(reverse("race"), typed(**{"from": str(foreign.pk)}))
    race = Experiment.objects.get()
    assert set(race.generations.values_list("origin", flat=True)) == {None}


def test_a_style_goes_along_to_every_endpoint(as_bob: Client, team: Team) -> None:
    ink = Style.objects.create(
        team=team, name="Ink", positive_prompt="{prompt}, ink", negative_prompt="colour"
    )
    as_bob.post(reverse("race"), typed(style=str(ink.pk), endpoint="flux", negative_prompt="fog"))
    cells = {each.endpoint: each for each in Experiment.objects.get().generations.all()}
    assert {each.positive_prompt for each in cells.values()} == {"a pig in the snow, ink"}
    assert {each.template for each in cells.values()} == {"a pig in the snow"}
    # FLUX was chosen, and knows nothing to avoid; the other two do.
    assert cells["default"].body["negative_prompt"] == "fog, colour"
    assert cells["xl"].body["negative_prompt"] == "fog, colour"
    assert "negative_prompt" not in cells["flux"].body


def test_a_race_takes_one_prompt_and_says_so(as_bob: Client) -> None:
    response = as_bob.post(reverse("race"), typed(positive_prompt="{red|blue} pig", count="3"))
    assert response.status_code == 422
    html = response.content.decode()
    assert "A race runs one prompt, and this stands for 2." in html
    assert 'value="3"' in html
    assert not Experiment.objects.exists()


SANDBOX_TIMES = {
    True: "In the sandbox each endpoint takes about as long as Image Pig’s documentation says",
    False: "for every endpoint at about the same speed: its times say nothing of Image Pig’s",
}


@pytest.mark.parametrize("latency", [True, False])
def test_the_sandboxs_race_does_not_pretend(
    as_bob: Client, team: Team, latency: bool, settings: LazySettings
) -> None:
    settings.SANDBOX_LATENCY = latency
    as_bob.post(reverse("race"), typed())
    race = Experiment.objects.get()
    text = words(as_bob.get(reverse("experiment", args=[race.pk])).content.decode())
    assert "The sandbox’s painter, in place of Realistic Vision V5.1" in text
    assert SANDBOX_TIMES[latency] in text
    assert SANDBOX_TIMES[not latency] not in text
    Experiment.objects.update(upstream=Upstream.IMAGEPIG)
    text = words(as_bob.get(reverse("experiment", args=[race.pk])).content.decode())
    assert "painter" not in text
    assert "In the sandbox" not in text
