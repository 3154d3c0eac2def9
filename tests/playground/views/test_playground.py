from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from accounts.services import set_api_key
from playground import waiting
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Style, Submission, Upstream
from tests.factories import make_generation

HTMX = {"HX-Request": "true"}


@pytest.fixture
def url() -> str:
    return reverse("playground")


def typed(**changes: str) -> dict[str, str]:
    return {
        "endpoint": "default",
        "positive_prompt": "a pig in the snow",
        "count": "1",
        "token": "t" * 32,
        **changes,
    }


@pytest.mark.parametrize(
    ("text", "shown"), [("a <b> pig", "a &lt;b&gt; pig"), ("x" * 5000, "x" * 4000)]
)
def test_a_prompt_in_the_address_fills_the_form_in(as_alice: Client, text: str, shown: str) -> None:
    html = as_alice.get(reverse("playground"), {"text": text}).content.decode()
    prompt = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", html)
    assert prompt
    assert prompt[1] == shown


def test_a_click_makes_as_many_generations_as_the_button_says(
    as_alice: Client, alice: User, url: str
) -> None:
    answer = as_alice.post(url, typed(count="4", endpoint="xl"))
    made = list(Generation.objects.order_by("pk"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("results"))
    assert [each.endpoint for each in made] == ["xl"] * 4
    assert {each.author for each in made} == {alice}
    assert {each.upstream for each in made} == {Upstream.SANDBOX}
    assert len({each.sent_seed for each in made}) == 4


def test_a_fixed_seed_counts_up(as_alice: Client, url: str) -> None:
    as_alice.post(url, typed(count="3", seed="9007199254740993"))
    seeds = [each.sent_seed for each in Generation.objects.order_by("pk")]
    assert seeds == ["9007199254740993", "9007199254740994", "9007199254740995"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_same_token_buys_once(as_alice: Client, url: str, headers: dict[str, str]) -> None:
    first = as_alice.post(url, typed(), headers=headers)
    second = as_alice.post(url, typed(), headers=headers)
    assert Generation.objects.count() == 1
    assert first.status_code == second.status_code
    if not headers:
        assert first["Location"] == second["Location"]


def test_a_reload_by_htmx_shows_the_first_result_once(as_alice: Client, url: str) -> None:
    as_alice.post(url, typed(), headers=HTMX)
    again = as_alice.post(url, typed(), headers=HTMX).content.decode()
    run = Submission.objects.get()
    assert again.count(f'id="run-{run.pk}"') == 1
    assert 'hx-swap-oob="innerHTML:#results"' in again


def test_wrong_input_keeps_everything_typed(as_alice: Client, url: str) -> None:
    answer = as_alice.post(
        url, typed(seed="18446744073709551616", negative_prompt="rain", count="9")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a pig in the snow" in page
    assert "rain" in page
    assert 'value="18446744073709551616"' in page
    assert "from 0 to 18446744073709551615" in page
    assert "from 1 to 8" in page
    assert not Generation.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("token", [None, "short"])
def test_a_form_that_came_without_its_token_says_so_and_keeps_everything_typed(
    as_alice: Client, url: str, headers: dict[str, str], token: str | None
) -> None:
    data = typed(negative_prompt="rain", seed="7", count="3")
    data |= {"token": token} if token else {}
    if token is None:
        del data["token"]
    answer = as_alice.post(url, data, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == (200 if headers else 422)
    assert 'role="alert"><ul class="errorlist nonfield"><li>Nothing was generated' in page
    assert ">\na pig in the snow</textarea>" in page
    assert ">\nrain</textarea>" in page
    for name, value in (("seed", "7"), ("count", "3")):
        assert re.search(f'name="{name}" value="{value}"', page)
    assert not Generation.objects.exists()
    brought = re.search(r'name="token" value="([^"]*)"', page)
    assert brought
    as_alice.post(url, data | {"token": brought[1]}, headers=headers)
    assert Generation.objects.count() == 3


def test_a_race_that_cannot_be_keeps_the_number_that_was_typed(as_alice: Client, url: str) -> None:
    page = as_alice.post(reverse("race"), typed(seed="pig", count="5")).content.decode()
    assert 'name="count" value="5"' in page
    assert "from 0 to 18446744073709551615" in page


def test_the_number_of_pictures_says_that_a_fixed_seed_counts_up(
    as_alice: Client, url: str
) -> None:
    page = as_alice.get(url).content.decode()
    field = re.search(r'<input type="number" name="count"[^>]*>', page)
    assert field
    assert 'aria-describedby="id_count_helptext"' in field[0]
    assert '<p class="help" id="id_count_helptext">A fixed seed counts up: 7, 8, 9 …</p>' in page


def test_after_a_click_the_form_stands_as_typed_with_a_new_token(
    as_alice: Client, url: str
) -> None:
    page = as_alice.post(url, typed(negative_prompt="rain"), headers=HTMX).content.decode()
    assert "a pig in the snow" in page
    assert "rain" in page
    assert "t" * 32 not in page


def test_a_viewer_looks_and_does_not_generate(as_vera: Client, url: str) -> None:
    assert as_vera.get(url).status_code == 200
    assert as_vera.post(url, typed()).status_code == 403
    assert not Generation.objects.exists()


def test_what_a_form_must_not_say_changes_nothing(
    as_alice: Client, alice: User, team: Team, charlie: User, url: str
) -> None:
    elsewhere = charlie.teams.get()
    as_alice.post(
        url, typed(team=str(elsewhere.pk), author=str(charlie.pk), parent="1", state="saved")
    )
    made = Generation.objects.get()
    assert (made.team, made.author, made.parent, made.state) == (team, alice, None, State.QUEUED)


def test_the_first_form_after_an_api_key_was_added_is_for_image_pig(
    as_alice: Client, alice: User, team: Team
) -> None:
    def chosen() -> str:
        html = as_alice.get(reverse("playground")).content.decode()
        found = re.search(r'name="upstream" value="(\w+)"[^>]* checked', html)
        assert found
        return found[1]

    make_generation(team, author=alice, upstream=Upstream.SANDBOX)
    set_api_key(team=team, by=alice, label="Ours", secret="pig-canary-4711-abcdefgh")
    assert chosen() == Upstream.IMAGEPIG
    # Whoever chooses the sandbox all the same stays there.
    make_generation(team, author=alice, upstream=Upstream.SANDBOX)
    assert chosen() == Upstream.SANDBOX


def test_with_a_key_the_form_has_a_switch_and_says_the_bill(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    assert 'name="upstream"' not in as_alice.get(url).content.decode()
    set_api_key(team=team, by=alice, label="Ours", secret="pig-key-0123456789")
    page = as_alice.post(
        reverse("playground_fields"), typed(endpoint="flux", count="4", upstream="imagepig")
    ).content.decode()
    assert "Generate 4 images" in page
    assert "8 calls" in page
    assert "usually over 5 s" in page
    assert 'name="upstream"' in as_alice.get(url).content.decode()


def test_each_choice_says_in_a_line_what_it_does(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    set_api_key(team=team, by=alice, label="Ours", secret="pig-key-0123456789")
    Style.objects.create(team=team, name="Watercolour", positive_prompt="{prompt}, watercolour")
    page = as_alice.get(url).content.decode()
    lines = dict(re.findall(r'<p class="help" id="([^"]+)">([^<]+)</p>', page))
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split())
    assert described <= set(re.findall(r' id="([^"]+)"', page))
    endpoints = {f"id_endpoint_{place}_summary" for place in range(len(TABLE))}
    assert {"id_upstream_helptext", "id_style_helptext", *endpoints} <= described
    assert "the sandbox nothing" in lines["id_upstream_helptext"]


def test_the_fields_follow_the_endpoint_and_keep_what_was_typed(as_alice: Client, url: str) -> None:
    fields = reverse("playground_fields")
    flux = as_alice.post(fields, typed(endpoint="flux", negative_prompt="rain")).content.decode()
    shown, _, without_script = flux.partition("<noscript>")
    assert 'name="proportion"' in shown
    assert '<input type="hidden" name="negative_prompt" value="rain">' in shown
    assert "<textarea" not in shown
    assert 'name="negative_prompt"' in without_script
    back = as_alice.post(fields, typed(endpoint="xl", negative_prompt="rain")).content.decode()
    assert ">\nrain</textarea>" in back.partition("<noscript>")[0]


def test_without_javascript_all_fields_are_there_and_exceptions_are_said(
    as_alice: Client, url: str
) -> None:
    page = as_alice.get(url).content.decode()
    for name in {each.name for endpoint in TABLE.values() for each in endpoint.parameters}:
        assert f'name="{name}"' in page
    assert "Only for FLUX." in page
    assert "Only for Default and XL." in page


@pytest.mark.parametrize(
    ("recall", "there", "not_there"),
    [
        ("all", ["old fog", 'value="18446744073709551615"', "old prompt"], []),
        ("remix", ["old fog", "old prompt"], ["18446744073709551615"]),
        ("prompt", ["old fog", "old prompt"], ["18446744073709551615"]),
        ("seed", ['value="18446744073709551615"', "last prompt"], ["old prompt", "old fog"]),
    ],
)
def test_recall_is_split_and_strict(
    as_alice: Client,
    alice: User,
    team: Team,
    url: str,
    recall: str,
    there: list[str],
    not_there: list[str],
) -> None:
    old = make_generation(
        team,
        author=alice,
        endpoint="default",
        body={
            "positive_prompt": "old prompt",
            "negative_prompt": "old fog",
            "seed": 2**64 - 1,
            "format": "PNG",
        },
        seed=2**64 - 1,
    )
    make_generation(team, author=alice, endpoint="default", prompt="last prompt")
    page = as_alice.get(url, {"from": str(old.pk), "recall": recall}).content.decode()
    form = page[page.index('id="generate"') : page.index("</form>", page.index('id="generate"'))]
    for text in there:
        assert text in form
    for text in not_there:
        assert text not in form


def test_recalling_all_leaves_no_stale_avoid_behind(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    bare = make_generation(team, author=alice, prompt="bare")
    make_generation(
        team, author=alice, body={"positive_prompt": "x", "negative_prompt": "stale", "seed": 1}
    )
    page = as_alice.get(url, {"from": str(bare.pk), "recall": "all"}).content.decode()
    form = page[page.index('id="generate"') : page.index("</form>", page.index('id="generate"'))]
    assert "stale" not in form


@pytest.fixture
def refused(alice: User, team: Team) -> Generation:
    return make_generation(
        team,
        author=alice,
        state=State.REFUSED,
        upstream=Upstream.IMAGEPIG,
        seed=7,
        body={"positive_prompt": "a rude pig"},
        template="a {rude} pig",
        said="too rude; not <7>",
        field_messages={"positive_prompt": "too rude", "seed": "not <7>", "body": "all of it"},
    )


def test_a_refused_request_that_is_recalled_whole_says_at_each_field_what_the_api_said(
    as_alice: Client, url: str, refused: Generation
) -> None:
    page = as_alice.get(url, {"from": str(refused.pk), "recall": "all"}).content.decode()
    for name, words in (("positive_prompt", "too rude"), ("seed", "not &lt;7&gt;")):
        errors = f'<ul class="errors" id="id_{name}_error"><li>Image Pig said: {words}</li></ul>'
        assert errors in page
        assert f'aria-describedby="id_{name}_helptext id_{name}_error"' in page
    assert "<li>Image Pig said: all of it</li>" in page
    assert 'value="7"' in page
    for part in ("remix", "prompt", "seed"):
        page = as_alice.get(url, {"from": str(refused.pk), "recall": part}).content.decode()
        assert 'class="errors"' not in page


def test_a_card_names_the_fields_that_the_api_named_and_what_was_typed_in_them(
    as_alice: Client, url: str, refused: Generation
) -> None:
    page = as_alice.get(url).content.decode()
    assert 'data-said-of="positive_prompt" data-typed="a {rude} pig"' in page
    assert 'data-said-of="seed" data-typed="7" data-words="Image Pig said: not &lt;7&gt;"' in page
    assert "<strong>Seed</strong> <code>seed</code>: not &lt;7&gt;</p>" in page
    assert f'href="/playground/?from={refused.pk}&amp;recall=all#id_positive_prompt"' in page
    # Once is enough of what the fields say already.
    assert "<blockquote>" in page
    Generation.objects.update(said="too rude; not <7>; all of it")
    assert "<blockquote>" not in as_alice.get(url).content.decode()


def test_an_outsider_recalls_nothing(as_charlie: Client, alice: User, team: Team, url: str) -> None:
    theirs = make_generation(team, author=alice)
    answer = as_charlie.get(url, {"from": str(theirs.pk), "recall": "all"})
    assert answer.status_code == 404


def test_the_wait_answers_with_what_has_changed(as_alice: Client, alice: User, team: Team) -> None:
    done = make_generation(team, author=alice, revision=3)
    same = make_generation(team, author=alice, state="queued", revision=1)
    page = as_alice.get(reverse("wait"), {"seen": f"{done.pk}.1,{same.pk}.1"}).content.decode()
    assert f'id="card-{done.pk}"' in page
    assert f'id="card-{same.pk}"' not in page
    assert f"seen={same.pk}.1" in page


@pytest.mark.parametrize(("held", "trigger"), [(True, "load"), (False, "load delay:1s")])
def test_who_finds_no_place_to_wait_asks_again_in_a_second(
    as_alice: Client,
    alice: User,
    team: Team,
    monkeypatch: pytest.MonkeyPatch,
    held: bool,
    trigger: str,
) -> None:
    monkeypatch.setattr(waiting, "wait_for_change", lambda _seen: held)
    waits = make_generation(team, author=alice, state="queued", revision=1)
    for name, watch in (("wait", "watch"), ("arriving_pictures", "arriving-watch")):
        page = as_alice.get(reverse(name), {"seen": f"{waits.pk}.1"}).content.decode()
        asked = re.search(f'<div id="{watch}"[^>]*hx-trigger="([^"]*)"', page)
        assert asked
        assert asked[1] == trigger


def test_after_another_click_what_came_of_the_first_is_waited_for_as_the_page_shows_it(
    as_alice: Client, alice: User, team: Team, url: str
) -> None:
    first = make_generation(team, author=alice, revision=3)
    data = typed(seen=f"{first.pk}.1,nonsense")
    page = as_alice.post(url, data, headers={"HX-Request": "true"}).content.decode()
    second = Generation.objects.latest("pk")
    assert f"seen={second.pk}.0,{first.pk}.1" in page
    shown = as_alice.get(reverse("wait"), {"seen": f"{second.pk}.0,{first.pk}.1"}).content.decode()
    assert f'id="card-{first.pk}"' in shown


def test_the_wait_shows_nothing_to_an_outsider_and_holds_nothing_for_them(
    as_charlie: Client, alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[object] = []
    monkeypatch.setattr(waiting, "wait_for_change", held.append)
    theirs = make_generation(team, author=alice, revision=3)
    page = as_charlie.get(reverse("wait"), {"seen": f"{theirs.pk}.1,nonsense,7.x"}).content.decode()
    assert "card-" not in page
    assert held == []


def test_results_refresh_themselves_without_javascript_while_something_is_pending(
    as_alice: Client, url: str
) -> None:
    address = as_alice.post(url, typed())["Location"]
    assert '<noscript><meta http-equiv="refresh"' in as_alice.get(address).content.decode()
    Generation.objects.update(state=State.CANCELLED, ended_at="2026-01-01T00:00Z")
    assert "http-equiv" not in as_alice.get(address).content.decode()


def test_the_page_asks_the_database_a_bounded_number_of_times(
    as_alice: Client, alice: User, team: Team, url: str, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        make_generation(team, author=alice)
    as_alice.get(url)  # The first page of a session writes it down.
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        as_alice.get(url)
