from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Membership, Team, User
from imagepig_site.logs import HideTokens
from playground import sharing
from playground.models import Collection, Generation, Share
from playground.remembering import with_memory
from tests.factories import make_experiment, make_generation
from tests.searching import dump

pytestmark = pytest.mark.django_db

PROMPT = "a secret pig & its <hat>"


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice, prompt=PROMPT, seed=4711)


def content_of(response: Any) -> bytes:
    parts: Iterable[bytes] = (
        response.streaming_content if response.streaming else [response.content]
    )
    return b"".join(parts)


def linked(client: Client, picture: Generation, **form: str) -> str:
    """The path of a new link to a picture, as its page shows it."""
    page = client.post(reverse("picture_share", args=[picture.pk]), form)
    found = re.search(
        rf'id="share-link">{re.escape(settings.SITE_URL)}(/s/[^<]+/)<', page.content.decode()
    )
    assert found
    return found[1]


def test_a_stranger_opens_a_link_and_sees_what_was_chosen(
    picture: Generation, as_bob: Client, client: Client
) -> None:
    path = linked(as_bob, picture, shows_prompt="on", shows_seed="on", days="7")
    page = client.get(path)
    html = page.content.decode()
    assert page.status_code == 200
    assert "a secret pig &amp; its &lt;hat&gt;" in html
    assert "4711" in html
    assert "noindex" in page["X-Robots-Tag"]
    assert 'content="noindex, nofollow"' in html
    assert page["Referrer-Policy"] == "no-referrer"
    assert f'og:image" content="{settings.SITE_URL}{path}card/"' in html
    assert "sessionid" not in page.cookies
    # By signing up one comes to the form with the prompt in it.
    assert "signup" in html
    assert "%3Ftext%3Da%2520secret" in html
    assert Share.objects.get().views == 1


def test_what_was_left_out_is_nowhere(picture: Generation, as_bob: Client, client: Client) -> None:
    path = linked(as_bob, picture, days="")
    for below in ("", f"{picture.pk}/"):
        html = client.get(path + below).content.decode()
        assert "secret" not in html
        assert "4711" not in html
        assert "Try this prompt" not in html
    assert Share.objects.get().expires_at is None


@pytest.mark.parametrize("shows_prompt", [True, False])
def test_an_experiment_is_called_by_its_prompt_only_where_that_is_shown(
    team: Team, bob: User, client: Client, shows_prompt: bool
) -> None:
    experiment = make_experiment(team, author=bob, name=f"Race: {PROMPT}")
    _, token = sharing.make(
        experiment, by=bob, shows_prompt=shows_prompt, shows_seed=True, days=None
    )
    path = reverse("shared", args=[token])
    first = experiment.generations.earliest("pk")
    for address in (path, reverse("shared_picture", args=[token, first.pk])):
        assert ("secret pig" in client.get(address).content.decode()) == shows_prompt


def test_the_files_behind_a_link_are_those_of_its_pictures_only(
    picture: Generation, team: Team, alice: User, as_bob: Client, client: Client
) -> None:
    other = make_generation(team, author=alice)
    path = linked(as_bob, picture, shows_prompt="on", shows_seed="on", days="1")
    for name in ("thumbnail", "file"):
        shown = client.get(f"{path}{picture.pk}/{name}/")
        assert shown.status_code == 200
        assert "private" in shown["Cache-Control"]
        assert "no-store" in shown["Cache-Control"]
        with Image.open(io.BytesIO(content_of(shown))) as image:
            assert image.size
        assert client.get(f"{path}{other.pk}/{name}/").status_code == 404
    assert client.get(f"{path}{other.pk}/").status_code == 404
    card = client.get(f"{path}card/")
    assert card["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("left_out", [set(), {"shows_prompt"}, {"shows_seed"}])
def test_the_file_itself_tells_nothing_that_was_left_out(
    left_out: set[str], picture: Generation, as_bob: Client, client: Client
) -> None:
    store = storages["pictures"]
    with store.open(picture.file) as file:
        told = with_memory(file.read(), picture)
    store.delete(picture.file)
    picture.file = store.save(picture.file, ContentFile(told))
    picture.save(update_fields=["file"])
    chosen = dict.fromkeys({"shows_prompt", "shows_seed"} - left_out, "on")
    path = linked(as_bob, picture, **chosen, days="1")
    content = content_of(client.get(f"{path}{picture.pk}/file/"))
    assert (content == told) == (not left_out)
    assert (b"secret pig" in content) == (not left_out)
    with Image.open(io.BytesIO(content)) as shown, Image.open(io.BytesIO(told)) as kept:
        assert shown.tobytes() == kept.tobytes()


def test_after_it_is_taken_back_nothing_answers(
    picture: Generation, as_bob: Client, client: Client
) -> None:
    path = linked(as_bob, picture, shows_prompt="on", days="1")
    share = Share.objects.get()
    assert as_bob.post(reverse("revoke_share", args=[share.pk])).status_code == 302
    below = ("", "card/", f"{picture.pk}/", f"{picture.pk}/file/", f"{picture.pk}/thumbnail/")
    assert {client.get(path + each).status_code for each in below} == {404}


def test_an_opened_links_token_is_in_no_log_no_session_and_no_row(
    picture: Generation, as_bob: Client, as_vera: Client, client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(HideTokens())
    path = linked(as_bob, picture, shows_prompt="on", shows_seed="on", days="7")
    token = path.split("/")[2]
    for who in (client, as_bob, as_vera):
        assert who.get(path).status_code == 200
        for below in ("card/", f"{picture.pk}/", f"{picture.pk}/file/"):
            assert content_of(who.get(path + below))
        assert who.get(f"{path}999999/").status_code == 404
        assert who.post(path).status_code == 405
        who.post(reverse("theme"), {"theme": "dark", "next": path})
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("theme"), {"next": path}).status_code == 403
    kept = [str(row.get_decoded()) for row in Session.objects.all()]
    pages = [as_bob.get(reverse(name)).content.decode() for name in ("shares", "gallery")]
    pages.append(as_bob.get(reverse("picture_share", args=[picture.pk])).content.decode())
    assert Share.objects.get().views == 1
    # It did get as far as the log.
    assert "/s/…" in caplog.text
    assert kept
    assert not [text for text in (caplog.text, *kept, *pages) if token in text]
    assert token.encode() not in dump()


def test_a_link_outlasts_whoever_made_it_and_the_list_says_so(
    picture: Generation, team: Team, bob: User, as_bob: Client, as_alice: Client, client: Client
) -> None:
    path = linked(as_bob, picture, days="")
    Membership.objects.get(team=team, user=bob).delete()
    assert client.get(path).status_code == 200
    page = as_alice.get(reverse("shares")).content.decode()
    assert "it goes on when whoever made it has left" in page
    assert as_bob.post(reverse("revoke_share", args=[Share.objects.get().pk])).status_code == 404
    as_alice.post(reverse("revoke_share", args=[Share.objects.get().pk]))
    assert client.get(path).status_code == 404


def test_a_collection_is_paged_and_its_pictures_open_one_by_one(
    team: Team, alice: User, bob: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.views.shared.PAGE", 2)
    collection = Collection.objects.create(team=team, name="For the wall")
    pictures = [make_generation(team, author=alice) for _ in range(3)]
    collection.pictures.add(*pictures)
    _, token = sharing.make(collection, by=bob, shows_prompt=True, shows_seed=False, days=None)
    path = reverse("shared", args=[token])
    first = client.get(path).content.decode()
    assert "For the wall" in first
    assert f"before={pictures[1].pk}" in first
    second = client.get(path, {"before": pictures[1].pk}).content.decode()
    assert reverse("shared_picture", args=[token, pictures[0].pk]) in second
    assert client.get(reverse("shared_picture", args=[token, pictures[0].pk])).status_code == 200
    # Only opening the link itself counts.
    assert Share.objects.get().views == 1


def test_extra_fields_change_nothing(
    picture: Generation, charlie: User, as_bob: Client, bob: User
) -> None:
    linked(as_bob, picture, days="1", team=str(charlie.teams.get().pk), shared_by=str(charlie.pk))
    share = Share.objects.get()
    assert (share.team, share.shared_by) == (picture.team, bob)


def test_a_time_that_is_not_offered_is_refused(picture: Generation, as_bob: Client) -> None:
    page = as_bob.post(reverse("picture_share", args=[picture.pk]), {"days": "9999"})
    assert page.status_code == 422
    assert not Share.objects.exists()


def test_the_teams_links_are_listed_without_their_tokens(
    picture: Generation, as_bob: Client, as_vera: Client
) -> None:
    path = linked(as_bob, picture, days="30")
    page = as_vera.get(reverse("shares")).content.decode()
    assert f"Picture {picture.pk}" in page
    assert path not in page
    assert "Take back" not in page
    assert "Take back" in as_bob.get(reverse("shares")).content.decode()
