"""What a person can do: submit, re-run, try again, cancel, delete and take back."""

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
from playground.imagepig.endpoints import TABLE, InvalidRequest
from playground.models import FAILED, Generation, State, Submission, Upstream, Verdict, request_key
from tests.factories import make_generation, make_submission
from tests.playground.playing import play, play_to_the_end, submit
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import CLOSE_BEFORE_ANSWER, success
from tests.upstream_pictures import picture, plain_picture

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


# Running again


def rerun(original: Generation, by: User) -> Generation:
    services.rerun(picture=original, by=by, token=f"again-{original.children.count()}")
    play_to_the_end()
    return Generation.objects.latest("pk")


@pytest.fixture
def original(imagepig: FakeUpstream, team: Team, alice: User) -> Generation:
    submit(team, alice, seed=2**63 + 1, negative_prompt="mud", endpoint="xl")
    play_to_the_end()
    return Generation.objects.get()


def test_a_rerun_sends_the_recorded_request_to_where_it_was_made(
    original: Generation, imagepig: FakeUpstream, bob: User
) -> None:
    again = rerun(original, bob)
    first, second = imagepig.posts
    assert (first.path, first.body) == (second.path, second.body)
    assert (again.parent, again.author, again.upstream) == (original, bob, Upstream.IMAGEPIG)
    assert (again.verdict, again.psnr) == (Verdict.IDENTICAL_BYTES, None)


def test_a_rerun_uses_the_seed_that_the_api_said_it_used(
    original: Generation, imagepig: FakeUpstream, alice: User
) -> None:
    Generation.objects.update(seed="42")
    original.refresh_from_db()
    assert rerun(original, alice).body["seed"] == 42


def test_a_picture_counts_its_reruns_once_they_are_saved(
    original: Generation, imagepig: FakeUpstream, alice: User
) -> None:
    services.rerun(picture=original, by=alice, token="again")
    original.refresh_from_db()
    assert original.reruns == 0
    play_to_the_end()
    original.refresh_from_db()
    assert original.reruns == 1
    assert original.children.get().request_key == original.request_key


def test_a_picture_says_how_long_it_took(original: Generation) -> None:
    original.refresh_from_db()
    assert original.sent_at is not None
    assert original.received_at is not None
    assert original.seconds == (original.received_at - original.sent_at).total_seconds() > 0


def test_a_rerun_of_a_picture_whose_seed_the_api_did_not_tell_uses_the_seed_that_was_sent(
    original: Generation, imagepig: FakeUpstream, alice: User
) -> None:
    Generation.objects.update(seed="", fault="no_seed")
    original.refresh_from_db()
    assert rerun(original, alice).body["seed"] == 2**63 + 1


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (picture((1024, 1024), note="other metadata"), Verdict.IDENTICAL_PIXELS),
        (plain_picture((1024, 1024), "PNG"), Verdict.NEARLY_THE_SAME),
        (plain_picture((64, 64)), Verdict.DIFFERENT),
    ],
)
def test_a_rerun_says_what_came_of_it(
    original: Generation, imagepig: FakeUpstream, alice: User, content: bytes, verdict: Verdict
) -> None:
    imagepig.behaviours.append(success(image=content))
    again = rerun(original, alice)
    assert again.state == State.SAVED
    if verdict == Verdict.NEARLY_THE_SAME:
        assert again.psnr is not None
        assert (again.psnr >= 40) == (again.verdict == verdict)
    else:
        assert (again.verdict, again.psnr) == (verdict, None)


def test_a_rerun_of_a_picture_whose_file_is_gone_has_no_verdict(
    original: Generation, alice: User
) -> None:
    Generation.objects.update(file="not/there.jpeg")
    original.refresh_from_db()
    again = rerun(original, alice)
    assert (again.state, again.verdict) == (State.SAVED, "")


def test_a_rerun_of_a_kind_that_is_no_longer_offered_is_not_possible(
    original: Generation, alice: User
) -> None:
    original.endpoint = "retired"
    with pytest.raises(services.NotPossible, match="no longer offered"):
        services.rerun(picture=original, by=alice, token="again")


# Trying again


def test_trying_again_makes_a_new_one_with_the_same_request_beside_the_failed_one(
    imagepig: FakeUpstream, team: Team, alice: User, bob: User
) -> None:
    imagepig.behaviours.append(CLOSE_BEFORE_ANSWER)
    (failed,) = submit(team, alice, seed=7)
    play_to_the_end()
    failed.refresh_from_db()
    again = services.retry(generation=failed, by=bob)
    assert services.retry(generation=failed, by=alice) == again
    play_to_the_end()
    again.refresh_from_db()
    failed.refresh_from_db()
    assert (failed.state, again.state) == (State.UNKNOWN, State.SAVED)
    assert (again.body, again.submission, again.author) == (failed.body, failed.submission, bob)
    assert failed.retried_as == again
    assert imagepig.billed == 2


def test_all_failed_ones_are_tried_again_once(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.extend([CLOSE_BEFORE_ANSWER] * 2)
    submission = submit(team, alice, count=3)[0].submission
    assert submission is not None
    play_to_the_end()
    assert len(services.retry_failed(submission=submission, by=alice)) == 2
    assert services.retry_failed(submission=submission, by=alice) == []
    play_to_the_end()
    states = list(submission.generations.order_by("pk").values_list("state", flat=True))
    assert sorted(states) == sorted([State.UNKNOWN] * 2 + [State.SAVED] * 3)


def test_clicking_try_again_twice_at_once_buys_once(team: Team, alice: User) -> None:
    failed = make_generation(team, author=alice, state=State.UNKNOWN)

    def click(_: int) -> int:
        try:
            return services.retry(generation=failed, by=alice).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(click, range(6)))) == 1
    assert Generation.objects.count() == 2


@pytest.mark.parametrize("state", [state for state in State if state not in FAILED])
def test_what_has_not_failed_is_not_tried_again(team: Team, alice: User, state: State) -> None:
    generation = make_generation(team, author=alice, state=state)
    with pytest.raises(services.NotPossible):
        services.retry(generation=generation, by=alice)


def test_what_is_no_longer_offered_is_not_tried_again(team: Team, alice: User) -> None:
    failed = make_generation(team, author=alice, state=State.UNKNOWN, calls=0)
    Generation.objects.update(endpoint="retired")
    failed.refresh_from_db()
    with pytest.raises(services.NotPossible, match="no longer offered"):
        services.retry(generation=failed, by=alice)
    assert failed.submission is not None
    assert services.retry_failed(submission=failed.submission, by=alice) == []


def test_trying_again_holds_to_the_bound_too(
    team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_WAITING = 0
    failed = make_generation(team, author=alice, state=State.UNKNOWN)
    with pytest.raises(services.TooManyWaiting):
        services.retry(generation=failed, by=alice)


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


def test_a_submission_without_generations_has_nothing_to_cancel(team: Team, alice: User) -> None:
    assert services.cancel_all(submission=make_submission(team), by=alice) == 0
