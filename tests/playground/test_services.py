"""What a person can do: submit, cancel, delete and take back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from accounts.models import ApiKey, Team, User
from accounts.services import remove_api_key
from playground import services
from playground.examples import EXAMPLES
from playground.forms import GenerationForm, blank
from playground.imagepig.endpoints import FORMAT, TABLE, InvalidRequest
from playground.models import Generation, State, Submission, Upstream, request_key
from tests.factories import make_generation, make_submission
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream as FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)


def of_sandbox(team: Team, by: User, *, token: str = "once", **changes: Any) -> Submission:
    drafts = services.drafts(
        **{
            "upstream": Upstream.SANDBOX,
            "endpoint": TABLE["default"],
            "values": {"positive_prompt": "adorable pig"},
            "count": 1,
            **changes,
        }
    )
    return services.submit(team=team, by=by, token=token, drafts=drafts)


# Submitting


def test_each_picture_of_a_click_gets_a_random_seed_of_its_own(team: Team, alice: User) -> None:
    seeds = {each.sent_seed for each in submit(team, alice, upstream=Upstream.SANDBOX, count=8)}
    assert len(seeds) == 8
    assert all(0 <= int(seed) < 2**64 for seed in seeds)


def test_a_fixed_seed_counts_up_and_every_digit_survives_the_database(
    team: Team, alice: User
) -> None:
    first = 9007199254740993
    made = submit(team, alice, upstream=Upstream.SANDBOX, count=3, seed=first)
    assert [each.body["seed"] for each in made] == [first, first + 1, first + 2]
    (largest,) = submit(team, alice, upstream=Upstream.SANDBOX, seed=2**64 - 1)
    assert Generation.objects.get(pk=largest.pk).body["seed"] == 2**64 - 1


@pytest.mark.parametrize("count", [2, 8])
def test_a_seed_that_would_count_beyond_the_largest_gets_its_message(
    team: Team, alice: User, count: int
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        submit(team, alice, upstream=Upstream.SANDBOX, count=count, seed=2**64 - 1)
    assert str(2**64 - count) in caught.value.problems["seed"]
    assert not Submission.objects.exists()


def test_an_endpoint_without_seeds_gets_none(team: Team, alice: User) -> None:
    default = TABLE["default"]
    seedless = replace(
        default, parameters=tuple(each for each in default.parameters if each.name != "seed")
    )
    made = of_sandbox(team, alice, endpoint=seedless, values={"positive_prompt": "a", "seed": 5})
    assert made.generations.get().sent_seed == ""


def test_a_wrong_attribute_is_refused_and_nothing_is_written(team: Team, alice: User) -> None:
    with pytest.raises(InvalidRequest) as caught:
        of_sandbox(team, alice, values={"positive_prompt": "pig" * 1000})
    assert "positive_prompt" in caught.value.problems
    assert not Submission.objects.exists()


def test_what_it_may_cost_is_written_down(team: Team, alice: User, api_key: ApiKey) -> None:
    assert submit(team, alice, endpoint="flux")[0].calls == 2
    assert submit(team, alice, endpoint="xl")[0].calls == 1
    assert submit(team, alice, endpoint="flux", upstream=Upstream.SANDBOX)[0].calls == 0


def test_the_same_request_has_the_same_key_wherever_it_comes_from(team: Team, alice: User) -> None:
    first, second = (submit(team, alice, upstream=Upstream.SANDBOX, seed=5)[0] for _ in range(2))
    other = submit(team, alice, upstream=Upstream.SANDBOX, seed=6)[0]
    assert first.request_key == second.request_key != other.request_key
    assert first.request_key == request_key("sandbox", "default", first.body)
    reversed_body = dict(reversed(first.body.items()))
    assert request_key("sandbox", "default", reversed_body) == first.request_key
    assert request_key("imagepig", "default", first.body) != first.request_key
    assert request_key("sandbox", "xl", first.body) != first.request_key


def test_the_same_token_gives_the_first_submission_and_buys_nothing(
    team: Team, alice: User
) -> None:
    first = of_sandbox(team, alice, count=2)
    assert of_sandbox(team, alice, count=5) == first
    assert Generation.objects.count() == 2


def test_a_double_click_buys_once(team: Team, alice: User) -> None:
    def click(_: int) -> int:
        try:
            return of_sandbox(team, alice, count=3).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(8)))) == 1
    assert Generation.objects.count() == 3


def test_the_same_token_of_another_team_is_another_one(
    team: Team, alice: User, charlie: User
) -> None:
    elsewhere = charlie.teams.get()
    assert of_sandbox(team, alice) != of_sandbox(elsewhere, charlie)


def test_only_so_many_may_wait(team: Team, alice: User, settings: LazySettings) -> None:
    settings.TEAM_CALLS_WAITING = 3
    of_sandbox(team, alice, count=2)
    with pytest.raises(services.TooManyWaiting, match="2 of your team’s pictures are waiting"):
        of_sandbox(team, alice, count=2, token="second")
    assert Submission.objects.count() == 1
    assert of_sandbox(team, alice, token="third").generations.count() == 1


def test_without_an_api_key_image_pig_is_not_asked(team: Team, alice: User) -> None:
    with pytest.raises(services.NoApiKey):
        submit(team, alice)
    assert not Submission.objects.exists()


def test_what_waits_when_the_key_is_removed_ends_unsent(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    submit(team, alice, count=2)
    remove_api_key(team=team, by=alice)
    play_to_the_end()
    ended = set(Generation.objects.values_list("state", "fault"))
    assert ended == {(State.NOT_SENT, "no_key")}
    assert imagepig.billed == 0


# Cancelling


def test_what_waits_can_be_cancelled_and_is_never_sent(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    first, second = submit(team, alice, count=2)
    assert services.cancel(generation=first, by=alice)
    assert not services.cancel(generation=first, by=alice)
    play_to_the_end()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CANCELLED, State.SAVED)
    assert imagepig.billed == 1
    assert not services.cancel(generation=second, by=alice)


def test_all_that_waits_of_a_click_can_be_cancelled(team: Team, alice: User) -> None:
    submission = of_sandbox(team, alice, count=4)
    other = of_sandbox(team, alice, token="other").generations.get()
    services.cancel(generation=submission.generations.earliest("pk"), by=alice)
    assert services.cancel_all(submission=submission, by=alice) == 3
    assert services.cancel_all(submission=submission, by=alice) == 0
    other.refresh_from_db()
    assert other.state == State.QUEUED


def test_cancelling_lets_the_next_ones_start(
    team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1
    first, second = submit(team, alice, upstream=Upstream.SANDBOX, count=2)
    assert settings.HUEY.pending_count() == 1
    services.cancel(generation=first, by=alice)
    assert play() == 2
    second.refresh_from_db()
    assert second.state == State.SAVED


def test_a_submission_without_generations_has_nothing_to_cancel(team: Team, alice: User) -> None:
    assert services.cancel_all(submission=make_submission(team), by=alice) == 0


# The bin


def test_a_deleted_picture_can_be_taken_back(team: Team, alice: User) -> None:
    saved = make_generation(team, author=alice)
    assert services.delete(picture=saved, by=alice)
    assert not services.delete(picture=saved, by=alice)
    assert not Generation.objects.pictures().exists()
    assert services.restore(picture=saved, by=alice)
    assert not services.restore(picture=saved, by=alice)
    assert Generation.objects.pictures().get() == saved


def test_what_is_no_picture_is_not_deleted(team: Team, alice: User) -> None:
    waiting = make_generation(team, author=alice, state=State.QUEUED)
    assert not services.delete(picture=waiting, by=alice)


# Examples


def test_a_dozen_examples_are_drawn_in_the_sandbox_once(team: Team, alice: User) -> None:
    submission = services.draw_examples(team=team, by=alice)
    assert services.draw_examples(team=team, by=alice) == submission
    generations = submission.generations
    assert generations.count() == 12
    assert set(generations.values_list("upstream", "calls")) == {(Upstream.SANDBOX, 0)}
    assert set(generations.values_list("endpoint", flat=True)) == set(TABLE)
    proportions = {each.body.get("proportion") for each in generations.all()}
    assert {"portrait", "square", "wide"} <= proportions


def test_an_example_is_recorded_as_the_form_would_ask_for_it(team: Team, alice: User) -> None:
    for example in services.draw_examples(team=team, by=alice).generations.all():
        typed = {**blank(has_key=False), **example.body, "endpoint": example.endpoint}
        form = GenerationForm({name: str(value) for name, value in typed.items()}, has_key=False)
        assert form.is_valid(), form.errors
        (again,) = services.drafts(
            upstream=example.upstream,
            endpoint=TABLE[example.endpoint],
            values=form.values,
            count=1,
        )
        assert again.request_key == example.request_key
        assert example.format == FORMAT.default


def test_examples_are_drawn_again_when_none_of_them_is_left(team: Team, alice: User) -> None:
    first = services.draw_examples(team=team, by=alice)
    services.cancel_all(submission=first, by=alice)
    second = services.draw_examples(team=team, by=alice)
    assert second != first
    assert second.generations.count() == len(EXAMPLES)


def test_every_example_is_a_request_that_its_endpoint_takes() -> None:
    for example in EXAMPLES:
        body = TABLE[example.endpoint].request(example.values)
        assert body == example.values, "nothing of an example is left out"
