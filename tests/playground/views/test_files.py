from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team
from playground.models import Generation, State, Upstream
from playground.remembering import read_memory
from tests.factories import make_generation

FILES = ("picture_file", "picture_thumbnail", "picture_download")
SERVED = (*FILES, "picture_with_memory")


@pytest.fixture
def picture(team: Team) -> Generation:
    return make_generation(team, seed=2**64 - 1)


def get(client: Client, name: str, picture: Generation, etag: str = "") -> tuple[Any, bytes]:
    """The response and its body; a file that is not read to its end would stay open."""
    headers = {"If-None-Match": etag} if etag else {}
    response = client.get(reverse(name, args=[picture.pk]), headers=headers)
    body = b"".join(response) if response.streaming else response.content
    return response, body


def stored(name: str) -> bytes:
    with storages["pictures"].open(name) as file:
        return bytes(file.read())


def test_the_original_comes_byte_for_byte(as_vera: Client, picture: Generation) -> None:
    response, body = get(as_vera, "picture_file", picture)
    assert body == stored(picture.file)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(picture.bytes)


def test_the_thumbnail_is_a_webp(as_vera: Client, picture: Generation) -> None:
    response, body = get(as_vera, "picture_thumbnail", picture)
    assert body == stored(picture.thumbnail)
    assert response["Content-Type"] == "image/webp"


def test_a_download_gets_a_name_of_our_making(as_vera: Client, picture: Generation) -> None:
    response, body = get(as_vera, "picture_download", picture)
    assert body == stored(picture.file)
    assert response["Content-Disposition"] == (
        f'attachment; filename="image-pig-sandbox-{picture.pk}-18446744073709551615.jpeg"'
    )


def test_a_download_with_its_prompt_remembers_and_leaves_the_original_as_it_is(
    as_vera: Client, picture: Generation
) -> None:
    before = stored(picture.file)
    response, body = get(as_vera, "picture_with_memory", picture)
    memory = read_memory(io.BytesIO(body))
    assert memory is not None
    assert memory.values["positive_prompt"] == picture.positive_prompt
    assert memory.values["seed"] == "18446744073709551615"
    assert stored(picture.file) == before
    assert len(body) == int(response["Content-Length"]) > len(before)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].endswith('18446744073709551615-with-prompt.jpeg"')


def test_image_pigs_own_pictures_are_not_called_sandbox(as_vera: Client, team: Team) -> None:
    picture = make_generation(team, upstream=Upstream.IMAGEPIG, seed=7)
    response, _ = get(as_vera, "picture_download", picture)
    assert f'"image-pig-{picture.pk}-7.jpeg"' in response["Content-Disposition"]


@pytest.mark.parametrize("name", SERVED)
def test_every_file_is_private_and_runs_nothing(
    as_vera: Client, picture: Generation, name: str
) -> None:
    response, _ = get(as_vera, name, picture)
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("name", FILES)
def test_the_same_bytes_are_not_sent_twice(as_vera: Client, picture: Generation, name: str) -> None:
    response, whole = get(as_vera, name, picture)
    etag = response["ETag"]
    assert not etag.startswith("W/")
    again, nothing = get(as_vera, name, picture, etag)
    assert again.status_code == 304
    assert nothing == b""
    assert again["ETag"] == etag
    assert "private" in again["Cache-Control"]
    assert get(as_vera, name, picture, '"other"')[1] == whole


def test_a_thumbnail_has_another_etag_than_its_original(
    as_vera: Client, picture: Generation
) -> None:
    etags = {get(as_vera, name, picture)[0]["ETag"] for name in FILES[:2]}
    assert len(etags) == 2


@pytest.mark.parametrize("name", SERVED)
def test_an_outsider_gets_nothing_even_with_the_right_etag(
    as_charlie: Client, client: Client, picture: Generation, name: str
) -> None:
    address = reverse(name, args=[picture.pk])
    etag = f'"{picture.sha256}"'
    assert as_charlie.get(address, headers={"If-None-Match": etag}).status_code == 404
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 302


@pytest.mark.parametrize("name", SERVED)
def test_what_is_in_the_bin_is_not_served(as_alice: Client, picture: Generation, name: str) -> None:
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    assert as_alice.get(reverse(name, args=[picture.pk])).status_code == 404


@pytest.mark.parametrize("name", SERVED)
def test_what_is_not_saved_yet_is_not_served(as_alice: Client, team: Team, name: str) -> None:
    waiting = make_generation(team, state=State.QUEUED)
    assert as_alice.get(reverse(name, args=[waiting.pk])).status_code == 404


def test_a_file_that_is_gone_is_not_found(as_alice: Client, picture: Generation) -> None:
    storages["pictures"].delete(picture.file)
    assert as_alice.get(reverse("picture_file", args=[picture.pk])).status_code == 404


@pytest.mark.parametrize("name", SERVED)
def test_files_are_only_read(as_alice: Client, picture: Generation, name: str) -> None:
    assert as_alice.post(reverse(name, args=[picture.pk])).status_code == 405


@pytest.fixture
def unusable(team: Team) -> Generation:
    name = storages["pictures"].save("made/answer", ContentFile(b"<html>no picture</html>"))
    return make_generation(team, state=State.UNUSABLE, kept_answer=name)


def test_a_kept_answer_is_downloaded_and_never_shown(as_bob: Client, unusable: Generation) -> None:
    response, body = get(as_bob, "answer", unusable)
    assert body == b"<html>no picture</html>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "private" in response["Cache-Control"]


def test_a_kept_answer_is_for_editors(
    as_vera: Client, as_charlie: Client, unusable: Generation
) -> None:
    address = reverse("answer", args=[unusable.pk])
    assert as_vera.get(address).status_code == 403
    assert as_charlie.get(address).status_code == 404


def test_where_no_answer_was_kept_there_is_none(as_bob: Client, team: Team) -> None:
    without = make_generation(team, state=State.UNUSABLE)
    saved = make_generation(team)
    assert as_bob.get(reverse("answer", args=[without.pk])).status_code == 404
    assert as_bob.get(reverse("answer", args=[saved.pk])).status_code == 404


def test_what_is_in_the_bin_shows_its_thumbnail_to_its_team_and_nothing_more(
    as_vera: Client, as_charlie: Client, picture: Generation
) -> None:
    assert get(as_vera, "binned_thumbnail", picture)[0].status_code == 404
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    response, body = get(as_vera, "binned_thumbnail", picture)
    assert body == stored(picture.thumbnail)
    # A browser asks each time, so that nothing of it is left where it has left the bin for good.
    assert response["Cache-Control"] == "private, no-cache"
    assert get(as_charlie, "binned_thumbnail", picture)[0].status_code == 404
    for name in SERVED:
        assert get(as_vera, name, picture)[0].status_code == 404
