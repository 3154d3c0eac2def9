"""The form and its preview, the grid's page, and what can be done on it, over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Team, User
from playground import waiting
from playground.experiments import running
from playground.models import Experiment, Generation, State, WordList
from tests.factories import make_experiment, make_generation

NEW = "/experiments/new/"
PREVIEW = "/experiments/preview/"


def asked(**changes: Any) -> dict[str, Any]:
    return {
        "positive_prompt": "a {red|blue} pig",
        "prompt_mode": "text",
        "endpoint": ["default"],
        "proportion": ["landscape"],
        "format": ["JPEG"],
        "seed_mode": "list",
        "seeds": "7-9",
        "upstream": "sandbox",
        "agreed": "0",
        "token": "t" * 32,
        **changes,
    }


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def begun(client: Client, **changes: Any) -> Experiment:
    response = client.post(NEW, asked(**changes))
    assert response.status_code == 302, words(response.content.decode())
    return Experiment.objects.latest("pk")


def test_the_preview_shows_cells_and_calls_and_what_is_ignored(
    as_bob: Client, api_key: ApiKey
) -> None:
    values = asked(endpoint=["xl", "flux"], negative_prompt="fog", upstream="imagepig")
    html = as_bob.post(PREVIEW, values).content.decode()
    assert "12 pictures , 18 calls" in words(html)
    assert "FLUX ignores the negative prompt" in html
    assert html.count("<td>") == 12
    assert html.count('<th scope="row">') == 4
    assert 'name="agreed" value="18"' in html
    assert not Experiment.objects.exists()


def test_the_form_begins_with_a_pictures_record(as_bob: Client, team: Team) -> None:
    picture = make_generation(team, prompt="a pig by the sea", seed=2**64 - 1, endpoint="xl")
    html = as_bob.get(f"{NEW}?from={picture.pk}&recall=all").content.decode()
    assert "a pig by the sea</textarea>" in html
    assert f'value="{2**64 - 1}"' in html
    assert re.search(r'value="xl"[^>]*checked', html)
    assert "1 picture" in words(html)


def test_a_grid_is_begun_and_keeps_prompt_and_template(as_bob: Client, team: Team) -> None:
    experiment = begun(as_bob)
    cells = experiment.generations.order_by("cell")
    assert [(each.positive_prompt, each.sent_seed) for each in cells] == [
        (f"a {colour} pig", seed) for colour in ("red", "blue") for seed in ("7", "8", "9")
    ]
    assert {each.template for each in cells} == {"a {red|blue} pig"}
    assert experiment.name == "a {red|blue} pig"
    assert as_bob.post(NEW, asked()).status_code == 302
    assert Experiment.objects.count() == 1


def test_the_same_random_seed_serves_all_and_random_ones_differ(as_bob: Client) -> None:
    same = begun(as_bob, seed_mode="same", token="a" * 32)
    assert len(set(same.generations.values_list("body__seed", flat=True))) == 1
    drawn = begun(as_bob, seed_mode="random", seed_count="4", token="b" * 32)
    assert len(set(drawn.generations.values_list("body__seed", flat=True))) == 4
    assert drawn.generations.count() == 8


def test_each_line_can_be_a_prompt_and_word_lists_are_the_teams(
    as_bob: Client, as_charlie: Client, team: Team
) -> None:
    WordList.objects.create(team=team, name="animals", words="pig\ncow")
    text = "a red __animals__\r\na horse"
    experiment = begun(as_bob, positive_prompt=text, prompt_mode="lines", seeds="1")
    prompts = experiment.generations.order_by("cell").values_list("positive_prompt", flat=True)
    assert list(prompts) == ["a red pig", "a red cow", "a horse"]
    response = as_charlie.post(NEW, asked(positive_prompt=text))
    assert response.status_code == 422
    assert "no word list called “animals”" in response.content.decode()


def test_many_prompts_together_may_be_longer_than_one(as_bob: Client) -> None:
    lines = "\n".join(f"{number} {'x' * 200}" for number in range(30))
    experiment = begun(as_bob, positive_prompt=lines, prompt_mode="lines", seeds="1")
    assert experiment.generations.count() == 30


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"positive_prompt": ""}, "Say what you want to see."),
        ({"endpoint": []}, "Choose at least one."),
        ({"endpoint": ["nothing"]}, "Select a valid choice"),
        ({"seeds": "x"}, "Enter seeds like 7, 42 or 100-107."),
        ({"seeds": "1-300"}, "At most 100 seeds fit"),
        ({"seed_mode": "random", "seed_count": ""}, "Enter a whole number from 1 to 20."),
        ({"positive_prompt": "{a|b}" * 90}, "more than a million prompts"),
        ({"positive_prompt": "{a|b|c}", "seeds": "1-100"}, "makes 300 cells"),
        ({"negative_prompt": "x" * 2001}, "at most 2,000 fit"),
        ({"positive_prompt": "x" * 2001}, "at most 2,000 fit"),
        ({"positive_prompt": "x" * 8001}, "at most 8,000 fit"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_begun(
    changes: dict[str, Any], said: str, as_bob: Client
) -> None:
    response = as_bob.post(NEW, asked(**changes))
    assert response.status_code == 422
    assert said in words(response.content.decode())
    assert said in words(as_bob.post(PREVIEW, asked(**changes)).content.decode())
    assert not Experiment.objects.exists()


def test_calls_that_were_not_named_before_the_click_are_not_made(
    as_bob: Client, api_key: ApiKey
) -> None:
    response = as_bob.post(NEW, asked(upstream="imagepig", agreed="5"))
    assert response.status_code == 422
    assert "This counts as 6 calls" in words(response.content.decode())
    assert not Generation.objects.exists()
    assert begun(as_bob, upstream="imagepig", agreed="6").generations.count() == 6


def test_many_calls_ask_once_more(as_bob: Client, api_key: ApiKey, settings: LazySettings) -> None:
    settings.ASK_ABOVE_CALLS = 5
    values = asked(upstream="imagepig", agreed="6")
    response = as_bob.post(NEW, values)
    assert response.status_code == 422
    assert "Yes, spend 6 calls" in words(response.content.decode())
    assert not Generation.objects.exists()
    assert begun(as_bob, **{**values, "confirmed": "on"}).generations.count() == 6
    settings.ASK_ABOVE_CALLS = 6
    assert "Yes, spend" not in as_bob.post(PREVIEW, values).content.decode()


def test_more_than_may_wait_is_refused_in_words(as_bob: Client, settings: LazySettings) -> None:
    settings.TEAM_CALLS_WAITING = 5
    response = as_bob.post(NEW, asked())
    assert "at most 5 can wait" in words(response.content.decode())
    assert not Experiment.objects.exists()


def test_the_grid_is_a_table_whose_cells_lead_to_their_pictures(
    as_vera: Client, team: Team
) -> None:
    experiment = make_experiment(team)
    html = as_vera.get(reverse("experiment", args=[experiment.pk])).content.decode()
    assert html.count('scope="col"') == html.count('scope="row"') == 2
    for picture in experiment.generations.all():
        assert reverse("picture", args=[picture.pk]) in html
    assert "4 of 4 pictures" in words(html)
    assert "Pause" not in html
    assert "Delete the experiment" not in html


def test_what_changes_is_put_in_its_place(
    as_vera: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "HOLD_SECONDS", 0.01)
    experiment = make_experiment(team)
    first, second = experiment.generations.order_by("pk")[:2]
    Generation.objects.filter(pk=first.pk).update(revision=4)
    seen = f"{first.pk}.2,{second.pk}.{second.revision},999999.1"
    address = reverse("experiment_wait", args=[experiment.pk])
    html = as_vera.get(f"{address}?seen={seen}").content.decode()
    assert 'id="cell-0"' in html
    assert 'id="cell-1"' not in html
    assert "4 of 4" in words(html)
    # Nothing is pending any more, so the page asks no more.
    assert "hx-get" not in html


def test_a_cell_that_somebody_else_has_tried_again_appears(
    as_vera: Client, as_bob: Client, team: Team
) -> None:
    experiment = make_experiment(team, state=State.NOT_SENT)
    response = as_bob.post(
        reverse("retry_cells", args=[experiment.pk]),
        {"cell": "1"},
        headers={"HX-Request": "true"},
    )
    html = response.content.decode()
    assert 'hx-swap-oob="outerHTML:#watch"' in html
    assert 'id="cell-1"' in html
    done = make_generation(team, experiment=experiment, cell=0, revision=3)
    address = reverse("experiment_wait", args=[experiment.pk])
    html = as_vera.get(f"{address}?seen={done.pk}.1").content.decode()
    assert 'id="cell-1"' in html
    assert f"{Generation.objects.get(cell=1, state=State.QUEUED).pk}.0" in html


def test_what_is_done_by_the_time_the_answer_comes_is_shown_as_well(
    as_bob: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = make_experiment(team, state=State.NOT_SENT)
    ended = make_generation(team, experiment=experiment, cell=0, revision=3)
    shown = make_generation(team, experiment=experiment, cell=2)

    def quickly(**given: Any) -> list[Generation]:
        (again,) = retry(**given)
        make_generation(team, experiment=experiment, cell=1, pk=again.pk + 100)
        return list(Generation.objects.filter(pk=again.pk + 100))

    retry = running.retry
    monkeypatch.setattr(running, "retry", quickly)
    # The page still waits for the first cell.
    data = {"cell": "1", "seen": f"{ended.pk}.1"}
    address = reverse("retry_cells", args=[experiment.pk])
    html = as_bob.post(address, data, headers={"HX-Request": "true"}).content.decode()
    assert 'id="cell-1"' in html
    assert "4 of 4" not in words(html)
    assert f"seen={ended.pk}.1" in html, "it is waited for as the page shows it, and shown at once"
    assert f"/pictures/{shown.pk}/" not in html, "what the page shows already stays as it is"


def test_pause_go_on_and_cancel(as_bob: Client) -> None:
    experiment = begun(as_bob)
    address = reverse("experiment", args=[experiment.pk])
    as_bob.post(reverse("pause_experiment", args=[experiment.pk]))
    html = as_bob.get(address).content.decode()
    assert "6 paused" in words(html)
    assert "Go on" in html
    response = as_bob.post(
        reverse("resume_experiment", args=[experiment.pk]), headers={"HX-Request": "true"}
    )
    assert response.status_code == 204
    assert "6 waiting" in words(as_bob.get(address).content.decode())
    as_bob.post(reverse("cancel_experiment", args=[experiment.pk]))
    assert "6 cancelled" in words(as_bob.get(address).content.decode())


def test_a_failed_cell_says_why_and_is_tried_again_alone(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team, state=State.NOT_SENT)
    html = as_bob.get(reverse("experiment", args=[experiment.pk])).content.decode()
    assert "Nothing was drawn." in html
    assert "Try 4 failed again" in words(html)
    as_bob.post(reverse("retry_cells", args=[experiment.pk]), {"cell": "2"})
    again = Generation.objects.latest("pk")
    assert (again.cell, again.experiment, again.state) == (2, experiment, State.QUEUED)
    assert Generation.objects.count() == 5
    as_bob.post(reverse("retry_cells", args=[experiment.pk]), {"cell": "nonsense"})
    assert Generation.objects.count() == 5
    as_bob.post(reverse("retry_cells", args=[experiment.pk]))
    assert Generation.objects.count() == 8


def test_a_cell_that_is_tried_again_elsewhere_keeps_its_place(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team, state=State.NOT_SENT)
    failed = experiment.generations.get(cell=3)
    response = as_bob.post(reverse("retry", args=[failed.pk]))
    assert response["Location"] == reverse("experiment", args=[experiment.pk])
    assert Generation.objects.latest("pk").cell == 3


def test_an_experiment_gets_another_name(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team)
    address = reverse("rename_experiment", args=[experiment.pk])
    as_bob.post(address, {"name": "  Rain <b>or</b>\n snow "})
    experiment.refresh_from_db()
    assert experiment.name == "Rain <b>or</b> snow"
    as_bob.post(address, {"name": "\x00 "})
    as_bob.post(address, {"name": "x" * 500})
    experiment.refresh_from_db()
    assert experiment.name == "x" * running.NAME_LENGTH


def test_delete_can_be_undone_and_keeps_the_pictures(as_bob: Client, team: Team) -> None:
    experiment = make_experiment(team)
    html = as_bob.post(
        reverse("delete_experiment", args=[experiment.pk]), follow=True
    ).content.decode()
    undo = reverse("restore_experiment", args=[experiment.pk])
    assert f'action="{undo}"' in html
    assert Generation.objects.pictures().count() == 4
    assert as_bob.get(reverse("experiment", args=[experiment.pk])).status_code == 404
    assert as_bob.post(undo, follow=True).status_code == 200


def test_the_list_shows_what_each_is_and_how_far(as_vera: Client, team: Team) -> None:
    make_experiment(team, name="Rain or snow")
    make_experiment(team, name="Running", state=State.QUEUED)
    make_experiment(team, name="Broken", state=State.UNKNOWN)
    text = words(as_vera.get("/experiments/").content.decode())
    assert text.index("Broken") < text.index("Running") < text.index("Rain or snow")
    assert "2 prompts × 2 seeds · 4 of 4 pictures" in text
    assert "4 failed" in text
    assert "Nothing older" in as_vera.get("/experiments/?before=1").content.decode()


def test_a_pictures_page_leads_to_its_experiment_and_shows_its_template(
    as_vera: Client, team: Team
) -> None:
    experiment = make_experiment(team, name="Rain or snow")
    picture = experiment.generations.latest("pk")
    Generation.objects.filter(pk=picture.pk).update(template="a {cow|<b>pig</b>}")
    html = as_vera.get(reverse("picture", args=[picture.pk])).content.decode()
    assert "Written as <code>a {cow|&lt;b&gt;pig&lt;/b&gt;}</code>" in html
    assert f'href="{reverse("experiment", args=[experiment.pk])}"' in html
    Experiment.objects.filter(pk=experiment.pk).update(deleted_at=experiment.created_at)
    html = as_vera.get(reverse("picture", args=[picture.pk])).content.decode()
    assert f'href="{reverse("experiment", args=[experiment.pk])}"' not in html


def test_the_list_and_the_grid_are_carried_by_their_indexes(team: Team, bob: User) -> None:
    for _ in range(20):
        make_experiment(team, prompts=("a pig",), seeds=(1,))
    # A team with a large share of all rows may as well be found by walking along them.
    crowd = Team.objects.create(name="Crowd")
    Experiment.objects.bulk_create(
        Experiment(team=crowd, name="Theirs", token=str(n), upstream="sandbox", spec={})
        for n in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # So few rows would be read whole, whatever indexes there are.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    mine = Experiment.objects.filter(team=team, deleted_at=None, pk__lt=10**9).order_by("-pk")
    assert "experiments_newest" in mine[:25].explain()
    cells = Generation.objects.filter(experiment=mine[0]).order_by("cell", "pk")
    assert "experiment_cells" in cells.explain()


def test_pages_ask_the_database_a_bounded_number_of_times(
    as_bob: Client, team: Team, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        experiment = make_experiment(team, prompts=("a", "b", "c"), seeds=(1, 2, 3))
    # The first page of a session writes down where somebody works.
    as_bob.get("/experiments/")
    with django_assert_max_num_queries(12):
        as_bob.get("/experiments/")
    for name in ("experiment", "experiment_choose", "experiment_ranking"):
        with django_assert_max_num_queries(12):
            as_bob.get(reverse(name, args=[experiment.pk]))


def test_names_and_prompts_are_text_whatever_they_hold(as_bob: Client, team: Team) -> None:
    evil = '"><script>alert(1)</script>'
    experiment = make_experiment(team, name=evil, prompts=(evil, "b"))
    for address in (
        "/experiments/",
        reverse("experiment", args=[experiment.pk]),
        reverse("experiment_ranking", args=[experiment.pk]),
        reverse("experiment_choose", args=[experiment.pk]),
    ):
        assert "<script>alert" not in as_bob.get(address).content.decode()


def test_nobody_of_another_team_appears_in_an_authors_place(
    as_bob: Client, bob: User, charlie: User
) -> None:
    response = as_bob.post(NEW, asked(team=charlie.teams.get().pk, author=charlie.pk))
    assert response.status_code == 302
    experiment = Experiment.objects.get()
    assert (experiment.author, experiment.team) == (bob, bob.teams.get())
