"""What is there already, what has failed and what was deleted, on the pages of experiments."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, Team
from playground import emptying
from playground.models import Experiment, Generation, State, WordList, request_key
from tests.factories import make_experiment, make_generation
from tests.playground.views.test_experiments import NEW, PREVIEW, asked, begun, words


def make_known(team: Team, colour: str, seed: int, upstream: str = "sandbox") -> Generation:
    """A picture of one of the requests that `asked` asks for."""
    body = {"positive_prompt": f"a {colour} pig", "seed": seed, "format": "JPEG"}
    key = request_key(upstream, "default", body)
    return make_generation(team, seed=seed, body=body, upstream=upstream, request_key=key)


# What is there already


def test_the_preview_says_what_is_there_and_counts_no_calls_for_it(
    as_bob: Client, team: Team, api_key: ApiKey
) -> None:
    known = [make_known(team, "red", seed, "imagepig") for seed in (7, 8)]
    values = asked(upstream="imagepig")
    html = as_bob.post(PREVIEW, values).content.decode()
    assert "4 pictures , 4 calls. 2 more are there already" in words(html)
    assert "4 pictures to make · 4 calls" in words(html)
    assert "Make 4 pictures" in words(html)
    assert 'name="agreed" value="4"' in html
    assert "Run anyway: make the 2 that are there once more · 2 calls" in words(html)
    for picture in known:
        assert reverse("picture_thumbnail", args=[picture.pk]) in html
    assert html.count("there already</span>") == 2

    html = as_bob.post(PREVIEW, values | {"anew": "on"}).content.decode()
    assert "6 pictures , 6 calls. 2 of them are there already, and are made once more." in words(
        html
    )
    assert 'name="agreed" value="6"' in html
    assert "there already</span>" not in html


def test_the_click_makes_what_is_missing_for_as_many_calls_as_were_named(
    as_bob: Client, team: Team, api_key: ApiKey
) -> None:
    picture = make_known(team, "red", 7, "imagepig")
    experiment = begun(as_bob, upstream="imagepig", agreed="5")
    assert experiment.generations.count() == 5
    html = as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode()
    assert reverse("picture", args=[picture.pk]) in html
    assert "There already: 0 calls" in words(html)
    assert "1 of 6 pictures" in words(html)
    assert "In the gallery" in words(html)
    # To make it anyway counts one call more than that.
    values = asked(upstream="imagepig", agreed="5", anew="on", token="n" * 32)
    assert "This counts as 6 calls" in words(as_bob.post(NEW, values).content.decode())


def test_where_all_are_there_the_button_shows_them(as_bob: Client, team: Team) -> None:
    for colour in ("red", "blue"):
        for seed in (7, 8, 9):
            make_known(team, colour, seed)
    html = as_bob.post(PREVIEW, asked()).content.decode()
    assert "Show 6 pictures" in words(html)
    assert "Nothing to make · 0 calls" in words(html)
    experiment = begun(as_bob)
    assert Generation.objects.count() == 6
    text = words(as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode())
    assert "6 of 6 pictures" in text
    # There, it would show none.
    assert "In the gallery" not in text
    poster = as_bob.get(reverse("experiment_poster", args=[experiment.pk]))
    assert poster["Content-Type"] == "image/png"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_cell_is_run_anyway(as_bob: Client, team: Team, headers: dict[str, str]) -> None:
    picture = make_known(team, "red", 8)
    experiment = begun(as_bob)
    address = reverse("run_cells_anyway", args=[experiment.pk])
    assert (
        f'action="{address}"'
        in as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode()
    )
    for _ in range(2):
        response = as_bob.post(address, {"cell": "1"}, headers=headers)
        assert response.status_code == (200 if headers else 302)
    again = Generation.objects.get(parent=picture)
    assert (again.cell, again.experiment, again.state) == (1, experiment, State.QUEUED)
    for nonsense in ({}, {"cell": "x"}, {"cell": "5"}):
        as_bob.post(address, nonsense)
    assert experiment.generations.count() == 6


def test_a_viewer_sees_what_is_there_and_runs_nothing(
    as_bob: Client, as_vera: Client, team: Team
) -> None:
    make_known(team, "red", 7)
    experiment = begun(as_bob)
    html = as_vera.get(reverse("experiment", args=[experiment.pk])).content.decode()
    assert "There already: 0 calls" in words(html)
    assert "Run anyway" not in html
    address = reverse("run_cells_anyway", args=[experiment.pk])
    assert as_vera.post(address, {"cell": "0"}).status_code == 403


# What was before


def test_what_is_begun_from_a_picture_knows_it(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, prompt="a pig by the sea", seed=5)
    html = as_bob.get(f"{NEW}?from={picture.pk}&recall=all").content.decode()
    assert re.search(rf'name="from" value="{picture.pk}"', html)
    experiment = begun(as_bob, **{"from": str(picture.pk)})
    assert set(experiment.generations.values_list("origin", flat=True)) == {picture.pk}
    foreign = make_generation(Team.objects.create(name="Elsewhere"))
    other = begun(as_bob, **{"from": str(foreign.pk)}, token="o" * 32, seeds="20-22")
    assert set(other.generations.values_list("origin", flat=True)) == {None}


def test_the_playground_hands_its_picture_on_to_the_experiment(as_bob: Client, team: Team) -> None:
    picture = make_generation(team)
    html = as_bob.get(f"{NEW}?text=a+pig&from={picture.pk}").content.decode()
    assert f'name="from" value="{picture.pk}"' in html
    assert 'name="from"' not in as_bob.get(f"{NEW}?text=a+pig").content.decode()


def test_an_experiment_is_changed_and_run_again(as_bob: Client, team: Team) -> None:
    WordList.objects.create(team=team, name="animals", words="pig\ncow")
    text = "a red __animals__\na {b} horse"
    earlier = begun(
        as_bob,
        positive_prompt=text,
        prompt_mode="lines",
        seed_mode="random",
        seed_count="3",
        endpoint=["default", "flux"],
        negative_prompt="fog",
    )
    assert (
        f"?like={earlier.pk}"
        in as_bob.get(reverse("experiment", args=[earlier.pk])).content.decode()
    )
    html = as_bob.get(f"{NEW}?like={earlier.pk}").content.decode()
    assert f">\n{text}</textarea>" in html
    assert ">\nfog</textarea>" in html
    seeds = list(dict.fromkeys(each.sent_seed for each in earlier.generations.order_by("cell")))
    assert f'value="{", ".join(seeds)}"' in html
    for key in ("default", "flux"):
        assert re.search(rf'name="endpoint" value="{key}"[^>]* checked', html)
    assert not re.search(r'name="endpoint" value="xl"[^>]* checked', html)
    assert "18 pictures" in words(html)


def test_a_race_is_changed_and_run_again_as_a_grid(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, prompt="a {very} fast pig", seed=2**64 - 1)
    as_bob.post(reverse("race_picture", args=[picture.pk]), {"token": "r" * 32})
    race = Experiment.objects.get()
    html = as_bob.get(f"{NEW}?like={race.pk}").content.decode()
    assert ">\na {very} fast pig</textarea>" in html
    assert f'value="{2**64 - 1}"' in html
    assert "3 pictures" in words(html)


def test_nobody_runs_what_they_cannot_see(as_charlie: Client, team: Team) -> None:
    assert as_charlie.get(f"{NEW}?like={make_experiment(team).pk}").status_code == 404


def test_without_javascript_a_button_shows_what_this_makes(as_bob: Client, api_key: ApiKey) -> None:
    values = asked(upstream="imagepig", preview="1", negative_prompt="fog")
    response = as_bob.post(NEW, values)
    assert response.status_code == 200
    html = response.content.decode()
    assert "6 pictures , 6 calls" in words(html)
    assert 'name="agreed" value="6"' in html
    assert ">\nfog</textarea>" in html
    assert not Experiment.objects.exists()
    assert "At most 100 seeds" in as_bob.post(NEW, values | {"seeds": "1-300"}).content.decode()


# What has failed


def test_trying_many_again_names_the_calls_and_asks_where_they_are_many(
    as_bob: Client, team: Team, settings: LazySettings, api_key: ApiKey
) -> None:
    experiment = make_experiment(team, state=State.UNKNOWN, upstream="imagepig")
    experiment.generations.update(upstream="imagepig", endpoint="flux", calls=2)
    page, retry = (reverse(name, args=[experiment.pk]) for name in ("experiment", "retry_cells"))
    html = as_bob.get(page).content.decode()
    assert "Try 4 failed again · 8 calls (may cost them again)" in words(html)
    assert 'name="confirmed"' not in html
    # A page that is older than the last failure has named less.
    response = as_bob.post(retry, {"agreed": "6"}, follow=True)
    assert "Trying them again counts as 8 calls." in words(response.content.decode())
    settings.ASK_ABOVE_CALLS = 7
    assert "Yes, spend 8 calls" in words(as_bob.get(page).content.decode())
    response = as_bob.post(retry, {"agreed": "8"}, follow=True)
    assert "tick the box" in words(response.content.decode())
    assert Generation.objects.count() == 4
    as_bob.post(retry, {"agreed": "8", "confirmed": "on"})
    assert Generation.objects.count() == 8


def test_a_failed_cell_offers_what_its_fault_asks_for(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team, state=State.UNUSABLE)
    experiment.generations.filter(cell=0).update(kept_answer="answers/kept.json")
    experiment.generations.filter(cell=1).update(state=State.REFUSED, fault="invalid_key")
    html = as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode()
    kept = experiment.generations.get(cell=0)
    assert html.count("Download the answer") == 1
    assert reverse("answer", args=[kept.pk]) in html
    assert html.count("Check the key") == 1


def test_a_busy_cell_says_when_it_is_tried_again(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team, state=State.QUEUED)
    later = timezone.now() + timedelta(seconds=9)
    experiment.generations.filter(cell=0).update(fault="busy", not_before=later, attempts=1)
    html = as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode()
    assert html.count("Trying again in") == 1
    assert 'role="timer" data-until=' in html


# What was deleted


def test_a_deleted_experiment_is_listed_and_brought_back_from_there(
    as_bob: Client, as_vera: Client, team: Team
) -> None:
    experiment = make_experiment(team, name="Rain or snow")
    as_bob.post(reverse("delete_experiment", args=[experiment.pk]))
    as_bob.get("/experiments/")
    # The message is gone by now.
    html = as_bob.get("/experiments/").content.decode()
    undo = reverse("restore_experiment", args=[experiment.pk])
    assert f'action="{undo}"' in html
    assert "Bring back Rain or snow" in words(html)
    assert undo not in as_vera.get("/experiments/").content.decode()
    as_bob.post(undo)
    assert "Deleted experiments" not in as_bob.get("/experiments/").content.decode()


def test_after_thirty_days_it_is_gone_and_its_pictures_are_not(team: Team) -> None:
    now = timezone.now()
    old = make_experiment(team, deleted_at=now - emptying.KEPT - timedelta(minutes=1))
    young = make_experiment(team, deleted_at=now - emptying.KEPT + timedelta(minutes=5))
    kept = make_experiment(team)
    emptying.empty_bin()
    assert set(Experiment.objects.all()) == {young, kept}
    assert Generation.objects.pictures().count() == 12
    assert not Generation.objects.filter(experiment=old.pk).exists()
