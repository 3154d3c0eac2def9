"""The way to the ZIP: chosen pictures, the page that says how large, and the stream."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Happened, Team, User
from playground.exporting import PICTURES_MAXIMUM
from playground.models import Generation, State
from tests.factories import make_generation

EXPORT = "/gallery/export/"


def content(response: Any) -> bytes:
    """The whole of it; the client closes a response that was read to its end."""
    return b"".join(response)


def held(response: Any) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content(response))) as found:
        return {name for name in found.namelist() if name.startswith("pictures/")}


def name_of(picture: Generation) -> str:
    return f"pictures/image-pig-sandbox-{picture.pk}-{picture.seed}.jpeg"


def test_the_address_is_the_one_of_the_selection_bar() -> None:
    assert reverse("export") == EXPORT


def test_how_many_and_how_large_is_said_before_the_click(as_vera: Client, team: Team) -> None:
    ids = [make_generation(team).pk for _ in range(3)]
    response = as_vera.post(EXPORT, {"ids": ids[:2], "next": "/gallery/?tag=pink"})
    page = response.content.decode()
    assert "2 pictures," in page
    assert f'name="ids" value="{ids[0]},{ids[1]}"' in page
    assert 'href="/gallery/?tag=pink"' in page


def test_the_chosen_pictures_are_streamed_with_their_length_known(
    as_vera: Client, team: Team
) -> None:
    first, second, _ = (make_generation(team) for _ in range(3))
    ids = f"{first.pk},{second.pk}"
    response: Any = as_vera.post(EXPORT, {"ids": ids, "download": "1"})
    assert response.streaming
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="image-pig-pictures-')
    assert "private" in response["Cache-Control"]
    length = int(response["Content-Length"])
    body = content(response)
    assert len(body) == length
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert {name_of(first), name_of(second)} < set(found.namelist())


def test_an_export_is_written_down_and_the_question_how_large_it_is_is_not(
    as_vera: Client, vera: User, team: Team
) -> None:
    ids = [make_generation(team).pk for _ in range(2)]
    as_vera.post(EXPORT, {"ids": ids})
    assert not Event.objects.exists()
    content(as_vera.post(EXPORT, {"ids": ids, "download": "1"}))
    event = Event.objects.get()
    assert (event.kind, event.by, event.about) == (Happened.EXPORTED, vera, "2 pictures")


def test_all_that_a_filter_finds_is_exported(as_bob: Client, team: Team) -> None:
    pigs = [make_generation(team, endpoint="xl") for _ in range(2)]
    make_generation(team, endpoint="flux")
    response = as_bob.post(EXPORT, {"all": "1", "query": "endpoint=xl", "download": "1"})
    assert held(response) == {name_of(each) for each in pigs}


def test_another_teams_pictures_the_bin_and_what_is_no_picture_yet_stay_out(
    as_bob: Client, as_charlie: Client, team: Team
) -> None:
    mine, binned = make_generation(team), make_generation(team, deleted_at=timezone.now())
    waiting = make_generation(team, state=State.QUEUED)
    ids = [each.pk for each in (mine, binned, waiting)]
    assert held(as_bob.post(EXPORT, {"ids": ids, "download": "1"})) == {name_of(mine)}
    for asked in ({"ids": ids}, {"all": "1"}):
        for step in ({}, {"download": "1"}):
            assert as_charlie.post(EXPORT, {**asked, **step}).status_code == 302


def test_as_many_can_be_chosen_one_by_one_as_one_zip_takes(as_bob: Client, team: Team) -> None:
    mine = make_generation(team)
    ids = [mine.pk, *range(10**9, 10**9 + PICTURES_MAXIMUM - 1)]
    assert held(as_bob.post(EXPORT, {"ids": ids, "download": "1"})) == {name_of(mine)}


def test_nothing_chosen_leads_back_and_says_so(as_bob: Client, team: Team) -> None:
    response = as_bob.post(EXPORT, {"ids": "x,,9999", "next": "//evil.example"}, follow=True)
    assert response.redirect_chain == [("/gallery/", 302)]
    assert "Choose some pictures first." in response.content.decode()
