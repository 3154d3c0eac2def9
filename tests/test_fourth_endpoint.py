"""The test of the design: one entry in the table, and everything follows."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from accounts.services import set_api_key
from playground import details, pipeline
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State
from tests.factories import make_generation
from tests.playground.fourth import FOURTH_ENDPOINT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_fourth_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "sketch", FOURTH_ENDPOINT)


def fields(client: Client, **typed: str) -> str:
    return client.post(
        reverse("playground_fields"), {"endpoint": "sketch", **typed}
    ).content.decode()


def test_the_form_shows_it_with_its_parameters_and_their_help(as_alice: Client) -> None:
    page = as_alice.get(reverse("playground")).content.decode()
    assert 'value="sketch"' in page
    shown = fields(as_alice).partition("<noscript>")[0]
    assert 'name="language"' in shown
    assert "The language of the prompt." in shown
    assert 'name="hardness"' in shown
    assert 'name="negative_prompt"' not in shown


def test_the_form_says_in_a_line_what_it_is_for(as_alice: Client) -> None:
    page = as_alice.get(reverse("playground")).content.decode()
    [button] = re.findall(r'<input type="radio" name="endpoint" value="sketch"[^>]*>', page)
    [described_by] = re.findall(r'aria-describedby="([^"]+)"', button)
    assert f'id="{described_by}">{FOURTH_ENDPOINT.summary}.</p>' in page


def test_its_calls_and_its_usual_time_are_told_before_the_click(
    as_alice: Client, alice: User, team: Team
) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret="pig-key-0123456789")
    page = fields(as_alice, count="4", upstream="imagepig")
    assert "12 calls" in page
    assert "usually 0.2–0.3 s" in page


def test_its_parameters_are_checked_by_the_table(as_alice: Client) -> None:
    page = as_alice.post(
        reverse("playground"),
        {
            "endpoint": "sketch",
            "positive_prompt": "a pig",
            "hardness": "12",
            "language": "pig latin",
            "count": "1",
            "token": "t" * 32,
        },
    ).content.decode()
    assert "Enter a whole number from 0 to 9." in page
    assert "Choose one of: cs, en." in page


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_draws_it_and_the_picture_says_what_was_asked(
    as_alice: Client, alice: User
) -> None:
    as_alice.post(
        reverse("playground"),
        {
            "endpoint": "sketch",
            "positive_prompt": "a pig",
            "hardness": "7",
            "language": "cs",
            "count": "1",
            "token": "t" * 32,
        },
    )
    drawn = Generation.objects.get()
    assert drawn.body == {**drawn.body, "hardness": 7, "language": "cs"}
    list(pipeline.run(drawn.pk))
    drawn.refresh_from_db()
    assert drawn.state == State.SAVED, drawn.fault
    assert (drawn.width, drawn.height) == (96, 64)
    page = as_alice.get(reverse("picture", args=[drawn.pk])).content.decode()
    assert "Czech" in page
    assert "Hardness" in page
    assert "Graphite" in page


def test_the_samples_send_it(team: Team, alice: User) -> None:
    asked = make_generation(
        team, author=alice, endpoint="sketch", body={"hardness": 7, "language": "cs"}
    )
    for code in details.codes(asked):
        assert "/sketch" in code.text
        assert "hardness" in code.text


def test_the_gallery_filters_by_it_and_by_its_parameter(
    as_alice: Client, team: Team, alice: User
) -> None:
    czech = make_generation(team, author=alice, endpoint="sketch", body={"language": "cs"})
    english = make_generation(team, author=alice, endpoint="sketch", body={"language": "en"})
    other = make_generation(team, author=alice, endpoint="xl")
    page = as_alice.get(reverse("gallery")).content.decode()
    assert 'value="sketch"' in page
    assert 'name="language"' in page
    assert "Czech" in page

    def shown(**query: str) -> set[int]:
        found = as_alice.get(reverse("gallery"), query).content.decode()
        return {each.pk for each in (czech, english, other) if f'id="tile-{each.pk}"' in found}

    assert shown(endpoint="sketch") == {czech.pk, english.pk}
    assert shown(language="cs") == {czech.pk}
