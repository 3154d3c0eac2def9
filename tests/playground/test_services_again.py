"""What a person can do a second time: run a picture's request again, or a failed one's."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import LazySettings
from django.db import connection
from PIL import Image

from accounts.models import Team, User
from playground import services
from playground.models import FAILED, Generation, State, Upstream, Verdict
from tests.factories import make_generation
from tests.playground.playing import play_to_the_end, submit
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import CLOSE_BEFORE_ANSWER, success
from tests.upstream_pictures import picture, plain_picture

pytestmark = pytest.mark.django_db(transaction=True)


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


def shifted(levels: int) -> bytes:
    """The original's picture, each value of each pixel off by so many levels of 255."""
    image = Image.open(io.BytesIO(picture((1024, 1024))))
    out = io.BytesIO()
    image.point(lambda value: value - levels if value > 127 else value + levels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "verdict", "psnr"),
    [
        (lambda: picture((1024, 1024), note="other data"), Verdict.IDENTICAL_PIXELS, None),
        (lambda: shifted(1), Verdict.NEARLY_THE_SAME, 48.13),
        (lambda: shifted(2), Verdict.NEARLY_THE_SAME, 42.11),
        (lambda: shifted(3), Verdict.DIFFERENT, 38.59),
        (lambda: plain_picture((64, 64)), Verdict.DIFFERENT, None),
    ],
)
def test_a_rerun_says_what_came_of_it(
    original: Generation,
    imagepig: FakeUpstream,
    alice: User,
    content: Callable[[], bytes],
    verdict: Verdict,
    psnr: float | None,
) -> None:
    imagepig.behaviours.append(success(image=content()))
    again = rerun(original, alice)
    assert (again.state, again.verdict, again.psnr) == (State.SAVED, verdict, psnr)


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
