from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Happened, Team, User
from playground import talking
from playground.emptying import empty_bin
from playground.imagepig.endpoints import TABLE
from playground.imagepig.samples import LANGUAGES
from playground.models import Generation, State, Upstream, Verdict
from tests.factories import make_generation

BIG_SEED = 2**64 - 1
TOKEN = "a-token-of-some-length"


def page(client: Client, generation: Generation, query: str = "") -> str:
    response = client.get(reverse("picture", args=[generation.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(
        team,
        author=alice,
        endpoint="xl",
        prompt="a pig on a hill",
        seed=BIG_SEED,
        body={"negative_prompt": "rain"},
    )


def test_all_that_is_known_of_a_picture_is_told(as_vera: Client, picture: Generation) -> None:
    html = page(as_vera, picture)
    said = text(html)
    assert f'src="/pictures/{picture.pk}/file/" width="1024" height="1024"' in html
    assert f'src="{picture.placeholder}"' in html
    assert "a pig on a hill" in said
    assert f"Seed seed {BIG_SEED}" in said
    assert f'data-copy-text="{BIG_SEED}"' in html
    assert "Avoid negative_prompt rain" in said
    assert "Format format JPEG" in said
    assert "1024 × 1024 px" in said
    assert "RealVisXL V5.0" in said
    assert TABLE["xl"].licence_url in html
    assert "by Alice" in said
    assert "Time: 1.40 s" in said


def test_when_exactly_is_told_to_the_millisecond(as_vera: Client, picture: Generation) -> None:
    asked_for = datetime(2026, 7, 1, 12, 30, 15, 123_456, tzinfo=UTC)
    Generation.objects.filter(pk=picture.pk).update(queued_at=asked_for)
    html = page(as_vera, picture)
    assert (
        f'Asked for</dt><dd><time datetime="{asked_for.isoformat()}" data-exact>'
        "1 July 2026, 12:30:15.123 UTC</time>" in html
    )


def test_a_sandbox_picture_says_that_no_model_made_it(as_vera: Client, picture: Generation) -> None:
    said = text(page(as_vera, picture))
    assert "The sandbox’s painter, in place of RealVisXL" in said
    assert "Cost Nothing" in said
    Generation.objects.update(upstream=Upstream.IMAGEPIG, calls=1)
    said = text(page(as_vera, picture))
    assert "painter" not in said
    assert "Cost 1 API call" in said


def test_a_parameter_the_table_no_longer_knows_is_still_shown(as_vera: Client, team: Team) -> None:
    picture = make_generation(team, body={"language": "cs"})
    assert "language language cs" in text(page(as_vera, picture))


def test_a_picture_of_an_endpoint_that_is_gone_keeps_its_page(
    as_vera: Client, picture: Generation
) -> None:
    Generation.objects.update(endpoint="ancient")
    html = page(as_vera, picture)
    assert "ancient" in html
    assert "The same request as code" not in html


def test_a_picture_without_seed_and_times_shows_dashes(as_vera: Client, team: Team) -> None:
    picture = make_generation(
        team, seed=42, started_at=None, completed_at=None, fault="no_seed", endpoint="default"
    )
    Generation.objects.update(seed="")
    said = text(page(as_vera, picture))
    assert "— none came with the picture; sent was 42" in said
    assert "In the making at the sandbox —" in said


@pytest.mark.parametrize(("days", "word"), [(3, "until"), (-3, "ended")])
def test_the_hosted_address_says_when_it_ends(
    as_vera: Client, picture: Generation, days: int, word: str
) -> None:
    Generation.objects.update(
        image_url="https://images.example/1.jpeg",
        image_url_ends_at=timezone.now() + timedelta(days=days),
    )
    html = page(as_vera, picture)
    assert 'href="https://images.example/1.jpeg"' in html
    assert f", {word}" in text(html)


def test_the_request_is_shown_as_code_in_every_language(
    as_vera: Client, picture: Generation
) -> None:
    html = page(as_vera, picture)
    for language in LANGUAGES:
        code = re.search(rf'id="code-{language}"[^>]*>(.*?)</pre>', html, re.DOTALL)
        assert code
        assert str(BIG_SEED) in code[1]
        assert "IMAGEPIG_API_KEY" in code[1]
        assert f"{settings.SITE_URL}/sandbox/xl" in code[1]
    Generation.objects.update(upstream=Upstream.IMAGEPIG)
    assert f"{settings.IMAGEPIG_API_URL}/xl" in page(as_vera, picture)


def test_a_prompt_cannot_break_out_of_the_page(as_vera: Client, team: Team) -> None:
    picture = make_generation(team, prompt='</pre></title>"><script>alert(1)</script>')
    html = page(as_vera, picture)
    assert "<script>alert" not in html
    assert "</pre></title>" not in html


def test_every_way_back_to_the_form_is_there_for_editors_only(
    as_bob: Client, as_vera: Client, picture: Generation
) -> None:
    edited, viewed = page(as_bob, picture), page(as_vera, picture)
    for what in ("all", "remix", "prompt", "seed"):
        link = f"/playground/?from={picture.pk}&amp;recall={what}"
        assert link in edited
        assert link not in viewed
    for action in ("rerun", "delete_picture"):
        address = f'action="{reverse(action, args=[picture.pk])}"'
        assert address in edited
        assert address not in viewed
    assert reverse("picture_download", args=[picture.pk]) in viewed


def test_neighbours_are_a_link_away(as_vera: Client, team: Team) -> None:
    first, second, third = (make_generation(team) for _ in range(3))
    html = page(as_vera, second)
    assert f'rel="prev" href="/pictures/{third.pk}/"' in html
    assert f'rel="next" href="/pictures/{first.pk}/"' in html
    assert 'rel="prev"' not in page(as_vera, third)
    assert 'rel="next"' not in page(as_vera, first)


def test_the_page_holds_its_number_of_queries(
    as_bob: Client,
    team: Team,
    picture: Generation,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    middle = make_generation(team, parent=picture, verdict=Verdict.IDENTICAL_BYTES)
    for _ in range(5):
        make_generation(team, parent=middle, verdict=Verdict.IDENTICAL_BYTES)
    remix = make_generation(team, origin=middle)
    talking.write(picture=middle, by=remix.author or User.objects.earliest("pk"), text="Hm")
    page(as_bob, middle)
    # And one more where the session is noted, once in a while.
    with django_assert_max_num_queries(11):
        page(as_bob, middle)


# Re-runs


VERDICTS = [
    (Verdict.IDENTICAL_BYTES, None, "The two files are the same to the last byte."),
    (Verdict.IDENTICAL_PIXELS, None, "every pixel is the same"),
    (Verdict.NEARLY_THE_SAME, 44.4, "PSNR 44.4 dB"),
    (Verdict.DIFFERENT, 12.3, "gave another picture (PSNR 12.3 dB"),
    (Verdict.DIFFERENT, None, "The same seed gave another picture."),
]


@pytest.mark.parametrize(("verdict", "psnr", "words"), VERDICTS)
def test_a_rerun_says_what_came_of_it_with_the_two_side_by_side(
    as_vera: Client,
    team: Team,
    picture: Generation,
    verdict: Verdict,
    psnr: float | None,
    words: str,
) -> None:
    again = make_generation(team, parent=picture, verdict=verdict, psnr=psnr)
    html = page(as_vera, again)
    assert verdict.label in html
    assert words in text(html)
    comparison = html[html.index("data-compare") :]
    assert f'src="/pictures/{picture.pk}/file/"' in comparison
    assert f'src="/pictures/{again.pk}/file/"' in comparison


def test_a_rerun_whose_original_is_in_the_bin_links_nowhere(
    as_vera: Client, team: Team, picture: Generation
) -> None:
    again = make_generation(team, parent=picture, verdict=Verdict.IDENTICAL_BYTES)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    html = page(as_vera, again)
    assert "The earlier picture is in the bin." in html
    assert f"/pictures/{picture.pk}/" not in html


def test_a_rerun_whose_original_is_gone_for_good_still_says_what_came_of_it(
    as_vera: Client, team: Team, picture: Generation
) -> None:
    again = make_generation(team, parent=picture, verdict=Verdict.NEARLY_THE_SAME, psnr=44.4)
    long_ago = timezone.now() - timedelta(days=31)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=long_ago)
    assert empty_bin() == 1
    html = page(as_vera, again)
    assert "Re-run: Nearly the same" in text(html)
    assert "The picture that it was compared with has been deleted for good." in html
    assert "#comparison" not in html


def test_a_picture_lists_its_reruns_page_by_page(
    as_vera: Client, team: Team, picture: Generation
) -> None:
    reruns = [
        make_generation(team, parent=picture, verdict=Verdict.IDENTICAL_PIXELS) for _ in range(14)
    ]
    html = page(as_vera, picture)
    assert "Re-runs of this picture" in html
    assert html.count('id="tile-') == 12
    assert "Identical pixels" in html
    rest = page(as_vera, picture, f"?reruns_before={reruns[2].pk}")
    assert f'id="tile-{reruns[0].pk}"' in rest
    assert rest.count('id="tile-') == 2


def test_a_rerun_sends_the_record_again_and_shows_its_card(
    as_bob: Client, bob: User, picture: Generation
) -> None:
    response = as_bob.post(reverse("rerun", args=[picture.pk]), {"token": TOKEN})
    again = Generation.objects.exclude(pk=picture.pk).get()
    assert response["Location"] == f"/playground/results/?submission={again.submission_id}"
    assert again.parent == picture
    assert again.body == picture.body
    assert again.upstream == picture.upstream
    assert again.author == bob


def test_a_double_click_reruns_once(as_bob: Client, picture: Generation) -> None:
    address = reverse("rerun", args=[picture.pk])
    first = as_bob.post(address, {"token": TOKEN})
    second = as_bob.post(address, {"token": TOKEN})
    assert first["Location"] == second["Location"]
    assert picture.children.count() == 1


def test_the_page_carries_a_token_that_is_good_for_one_rerun(
    as_bob: Client, picture: Generation
) -> None:
    tokens = [re.search(r'name="token" value="([^"]{16,43})"', page(as_bob, picture)) for _ in "ab"]
    assert tokens[0]
    assert tokens[1]
    assert tokens[0][1] != tokens[1][1]


def test_a_rerun_that_cannot_be_says_why(as_bob: Client, picture: Generation) -> None:
    Generation.objects.update(upstream=Upstream.IMAGEPIG)
    response = as_bob.post(reverse("rerun", args=[picture.pk]), {"token": TOKEN}, follow=True)
    assert "Your team has no API key" in response.content.decode()
    assert picture.children.count() == 0


# The bin


def test_deleting_moves_to_the_neighbour_and_offers_to_undo(as_bob: Client, team: Team) -> None:
    older, picture = make_generation(team), make_generation(team)
    response = as_bob.post(reverse("delete_picture", args=[picture.pk]), follow=True)
    assert response.redirect_chain == [(f"/pictures/{older.pk}/", 302)]
    assert f'action="/pictures/{picture.pk}/restore/"' in response.content.decode()
    assert as_bob.get(reverse("picture", args=[picture.pk])).status_code == 404
    told = team.events.get(kind=Happened.PICTURES_DELETED)
    assert (told.by_name, told.about) == ("Bob", f"picture {picture.pk}")


def test_deleting_the_last_picture_leads_to_the_gallery(as_bob: Client, team: Team) -> None:
    picture = make_generation(team)
    response = as_bob.post(reverse("delete_picture", args=[picture.pk]))
    assert response["Location"] == "/gallery/"


def test_a_deleted_picture_can_be_brought_back(as_bob: Client, picture: Generation) -> None:
    as_bob.post(reverse("delete_picture", args=[picture.pk]))
    response = as_bob.post(reverse("restore_picture", args=[picture.pk]), follow=True)
    assert response.redirect_chain == [(f"/pictures/{picture.pk}/", 302)]
    assert "The picture is back." in response.content.decode()
    assert Generation.objects.pictures().filter(pk=picture.pk).exists()


@pytest.mark.parametrize("action", ["rerun", "delete_picture"])
def test_what_is_in_the_bin_or_unfinished_cannot_be_acted_on(
    as_bob: Client, team: Team, picture: Generation, action: str
) -> None:
    waiting = make_generation(team, state=State.QUEUED)
    Generation.objects.filter(pk=picture.pk).update(deleted_at=timezone.now())
    for generation in (waiting, picture):
        response = as_bob.post(reverse(action, args=[generation.pk]), {"token": TOKEN})
        assert response.status_code == 404


# Access


WRITES = ("rerun", "delete_picture", "restore_picture")


@pytest.mark.parametrize("action", WRITES)
def test_a_viewer_may_not_change_and_an_outsider_finds_nothing(
    as_vera: Client, as_charlie: Client, client: Client, picture: Generation, action: str
) -> None:
    address = reverse(action, args=[picture.pk])
    assert as_vera.post(address, {"token": TOKEN}).status_code == 403
    assert as_charlie.post(address, {"token": TOKEN}).status_code == 404
    assert client.post(address)["Location"].startswith(reverse("account_login"))
    assert Generation.objects.get().deleted_at is None


@pytest.mark.parametrize("action", WRITES)
def test_nothing_is_changed_by_looking(as_alice: Client, picture: Generation, action: str) -> None:
    assert as_alice.get(reverse(action, args=[picture.pk])).status_code == 405


def test_an_outsider_does_not_find_the_page(
    as_charlie: Client, client: Client, picture: Generation
) -> None:
    address = reverse("picture", args=[picture.pk])
    assert as_charlie.get(address).status_code == 404
    assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_an_id_beyond_all_numbers_is_simply_not_found(as_alice: Client) -> None:
    assert as_alice.get(f"/pictures/{'9' * 40}/").status_code == 404


# What is no picture (yet)


@pytest.mark.parametrize("state", [each for each in State.values if each != State.SAVED])
def test_what_is_no_picture_shows_its_card_and_what_was_asked_for(
    as_bob: Client, team: Team, state: str
) -> None:
    generation = make_generation(team, state=state, prompt="a pig in the fog", seed=BIG_SEED)
    html = page(as_bob, generation)
    said = text(html)
    assert f'id="card-{generation.pk}"' in html
    assert "a pig in the fog" in said
    assert str(BIG_SEED) in said
    assert "The same request as code" not in said
    pending = state in (State.QUEUED, State.SENDING, State.RECEIVED)
    assert ('http-equiv="refresh"' in html) is pending
    assert ("/playground/wait/" in html) is pending


def test_a_failure_says_what_it_was_in_its_own_words(as_bob: Client, team: Team) -> None:
    generation = make_generation(
        team, state=State.UNKNOWN, upstream=Upstream.IMAGEPIG, fault="connection_broken"
    )
    said = text(page(as_bob, generation))
    assert "Image Pig may have counted it, so we did not send it again." in said
