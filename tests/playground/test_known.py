"""The same request with the same seed: shown instead of made, unless somebody wants it made."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import ApiKey, Team, User
from playground import services
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Upstream, request_key
from tests.factories import make_generation

BODY = {"positive_prompt": "a pig"}
ONCE = "t"


def have(team: Team, seed: int, **fields: Any) -> Generation:
    """A saved picture of BODY with that seed."""
    key = request_key("sandbox", "default", {**BODY, "seed": seed})
    return make_generation(team, prompt="a pig", seed=seed, **{"request_key": key, **fields})


def ask(
    team: Team, by: User, *, token: str = ONCE, count: int = 1, **values: object
) -> services.Made:
    drafts = services.drafts(
        upstream=Upstream.SANDBOX,
        endpoint=TABLE["default"],
        values={**BODY, **values},
        count=count,
    )
    return services.submit_missing(team=team, by=by, token=token, drafts=drafts)


def test_a_picture_that_is_there_is_not_made_again(team: Team, alice: User, bob: User) -> None:
    picture = have(team, 7, author=bob)
    made = ask(team, alice, seed=7)
    assert made == services.Made(None, [picture])
    assert Generation.objects.count() == 1


def test_nothing_bought_leaves_the_token_good(team: Team, alice: User) -> None:
    have(team, 7)
    assert ask(team, alice, seed=7).submission is None
    submission = ask(team, alice, seed=8).submission
    assert submission is not None
    assert submission.token == "t"
    assert ask(team, alice, seed=9).submission == submission


def test_of_several_only_the_missing_ones_are_made(team: Team, alice: User) -> None:
    known = [have(team, 8), have(team, 10)]
    made = ask(team, alice, seed=7, count=4)
    assert made.submission is not None
    sent = made.submission.generations.order_by("pk")
    assert [each.sent_seed for each in sent] == ["7", "9"]
    assert made.known == known


def test_the_same_token_again_tells_the_same(team: Team, alice: User) -> None:
    known = have(team, 8)
    first = ask(team, alice, seed=7, count=2)
    have(team, 7)  # What the first one made has arrived.
    assert ask(team, alice, seed=7, count=2) == services.Made(first.submission, [known])
    assert Generation.objects.filter(state=State.QUEUED).count() == 1


def test_the_newest_of_several_is_shown(team: Team, alice: User) -> None:
    have(team, 7)
    newest = have(team, 7)
    assert ask(team, alice, seed=7).known == [newest]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.QUEUED},
        {"state": State.NOT_SENT},
        {"deleted_at": "2026-01-01T00:00Z"},
        {"request_key": request_key("imagepig", "default", {**BODY, "seed": 7})},
        {"request_key": request_key("sandbox", "xl", {**BODY, "seed": 7})},
    ],
)
def test_what_is_no_picture_of_the_same_request_is_not_known(
    team: Team, alice: User, fields: dict[str, object]
) -> None:
    have(team, 7, **fields)
    made = ask(team, alice, seed=7)
    assert made.submission
    assert not made.known


def test_another_teams_picture_is_nobodys_business(team: Team, alice: User, charlie: User) -> None:
    have(charlie.teams.get(), 7)
    assert not ask(team, alice, seed=7).known


def test_random_seeds_and_none_at_all_are_always_made(team: Team, alice: User) -> None:
    have(team, 7, request_key=request_key("sandbox", "default", BODY))
    seedless = Generation(
        upstream=Upstream.SANDBOX,
        endpoint="default",
        body=dict(BODY),
        calls=0,
        request_key=request_key("sandbox", "default", BODY),
    )
    made = services.submit_missing(team=team, by=alice, token="u", drafts=[seedless])
    assert made.submission
    assert not made.known
    assert ask(team, alice).submission


def test_run_anyway_is_a_rerun_of_each_and_buys_once(team: Team, alice: User) -> None:
    pictures = [have(team, 7), have(team, 8, template="{a|b} pig")]
    first = services.rerun_each(team=team, pictures=pictures, by=alice, token="t")
    assert services.rerun_each(team=team, pictures=pictures, by=alice, token="t") == first
    made = list(first.generations.order_by("pk"))
    assert [each.parent for each in made] == pictures
    assert [each.request_key for each in made] == [each.request_key for each in pictures]
    assert [each.template for each in made] == ["", "{a|b} pig"]


def test_looking_is_carried_by_an_index(
    team: Team, alice: User, api_key: ApiKey, django_assert_num_queries: object
) -> None:
    keys = [have(team, 7).request_key]
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert services.known_pictures(team, alice, keys)
    pictures = Generation.objects.filter(team=team, request_key__in=keys).pictures()
    plan = pictures.order_by().values("request_key").explain()
    assert "gallery_request_key" in plan or "Scan" in plan
