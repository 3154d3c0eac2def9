"""The form filled in from a picture's file, and what becomes of files that say nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from playground.experiments.variations import variations
from playground.forms import GenerationForm
from playground.models import Generation, Style
from playground.remembering import with_memory
from tests.factories import make_generation, picture_bytes

TYPED = {
    "positive_prompt": "half a sentence",
    "negative_prompt": "fog",
    "endpoint": "xl",
    "format": "PNG",
    "proportion": "wide",
    "seed": "7",
    "count": "3",
    "storage_days": "5",
    "token": "t" * 43,
}


def a_file(content: bytes, name: str = "pig.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def remembering(team: Team, **fields: Any) -> bytes:
    made = make_generation(team, prompt="a pig", seed=2**64 - 1, endpoint="flux", **fields)
    return with_memory(picture_bytes(kind="PNG"), made)


def recall(client: Client, content: bytes | None, *, htmx: bool = False) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    data: dict[str, Any] = {**TYPED}
    if content is not None:
        data["remembering_file"] = a_file(content)
    return client.post(reverse("recall_file"), data, headers=headers)


def values(response: Any) -> dict[str, Any]:
    form: GenerationForm = response.context["form"]
    return {name: form[name].value() for name in TYPED}


def test_a_file_fills_in_what_it_says_and_leaves_the_rest_as_typed(
    as_bob: Client, team: Team
) -> None:
    content = remembering(team, body={"proportion": "portrait", "format": "JPEG"})
    response = recall(as_bob, content)
    assert response.status_code == 200
    found = values(response)
    assert found.pop("token") != TYPED["token"]
    assert found == {
        "positive_prompt": "a pig",
        "negative_prompt": "",
        "endpoint": "flux",
        "format": "JPEG",
        "proportion": "portrait",
        "seed": "18446744073709551615",
        "count": "3",
        "storage_days": "5",
    }
    page = response.content.decode()
    assert "Filled in from the file:" in page
    words = "Prompt, Endpoint FLUX, Format JPEG, Seed 18446744073709551615, Proportion Portrait."
    assert words in page


def test_htmx_gets_the_form_alone(as_bob: Client, team: Team) -> None:
    response = recall(as_bob, remembering(team), htmx=True)
    assert response.content.decode().lstrip().startswith("<form")


WRONG = {
    "no picture": (b"GIF89a" + bytes(100), "no picture that can be read"),
    "an empty one": (b"", "no picture that can be read"),
    "no memory": (picture_bytes(kind="PNG"), "carries no prompt"),
    "no file": (None, "Choose a file first."),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_file_that_says_nothing_gets_its_message_at_the_field_and_nothing_typed_is_lost(
    as_bob: Client, kind: str, htmx: bool
) -> None:
    content, words = WRONG[kind]
    response = recall(as_bob, content, htmx=htmx)
    assert response.status_code == (200 if htmx else 422)
    found = values(response)
    assert found | {"token": TYPED["token"]} == TYPED
    page = response.content.decode()
    assert words in page
    assert 'aria-describedby="id_remembering_file_error ' in page


def test_a_file_that_is_too_big_is_thrown_away_while_it_arrives(as_bob: Client) -> None:
    response = recall(as_bob, picture_bytes(kind="PNG") + bytes(33 * 1024 * 1024))
    assert response.status_code == 422
    assert "This file is too big. It may have 32.0\xa0MB at most." in response.content.decode()
    assert values(response)["positive_prompt"] == "half a sentence"
    assert not response.wsgi_request.FILES


def test_what_a_stranger_wrote_into_a_file_stays_words(as_bob: Client, team: Team) -> None:
    script = "<script>alert(1)</script>"
    made = make_generation(team, prompt=script, seed=1)
    made.body["negative_prompt"] = f'"><img src=x onerror={script}>'
    response = recall(as_bob, with_memory(picture_bytes(kind="JPEG"), made))
    page = response.content.decode()
    assert script not in page
    assert "&lt;script&gt;" in page


def test_a_file_is_kept_nowhere(as_bob: Client, team: Team, bob: User) -> None:
    content = remembering(team)
    before = list(Generation.objects.order_by("pk").values())
    recall(as_bob, content)
    assert list(Generation.objects.order_by("pk").values()) == before


def test_only_those_who_may_generate_have_a_form_to_fill_in(as_vera: Client, team: Team) -> None:
    assert recall(as_vera, remembering(team)).status_code == 403


def test_a_file_never_chooses_what_costs_money(as_bob: Client, team: Team) -> None:
    content = remembering(team, upstream="imagepig")
    response = recall(as_bob, content)
    assert response.context["form"].chosen_upstream == "sandbox"


@pytest.mark.parametrize(
    "prompt", ["a {red|blue} pig", "a __colour__ pig", "a \\pig", "{" * 2000, "[[a|b]]"]
)
def test_words_that_look_like_a_pattern_stand_for_themselves(
    as_bob: Client, team: Team, prompt: str
) -> None:
    made = make_generation(team, prompt=prompt, seed=1)
    response = recall(as_bob, with_memory(picture_bytes(kind="PNG"), made))
    typed = response.context["form"]["positive_prompt"].value()
    assert list(variations(typed, {}, 2)) == [prompt]


def test_what_a_file_fills_in_is_of_no_other_picture_and_in_no_style(
    as_bob: Client, team: Team
) -> None:
    style = Style.objects.create(team=team, name="Oil", positive_prompt="oil: {prompt}")
    data = {**TYPED, "from": "12", "style": style.pk}
    data["remembering_file"] = a_file(remembering(team))
    response = as_bob.post(reverse("recall_file"), data)
    form = response.context["form"]
    assert (form["from"].value(), form["style"].value()) == ("", "")
