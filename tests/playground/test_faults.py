"""Words that are true of each fault."""

from __future__ import annotations

import pytest

from playground.faults import _BY_STATE, Action, Reason, wording
from playground.imagepig.errors import Fault
from playground.models import FAILED, State, Upstream

EVERY = [(state, fault) for state, words in _BY_STATE.items() for fault in words]


@pytest.mark.parametrize(("state", "fault"), EVERY)
def test_the_sandbox_has_no_costs_and_is_not_image_pig(state: str, fault: str) -> None:
    if fault in (Reason.KEY_PAUSED, Reason.NO_KEY, Reason.KEY_UNREADABLE):
        return  # The sandbox needs no key.
    words = wording(state, fault, Upstream.SANDBOX)
    assert words is not None
    everything = f"{words.title} {words.text} {words.again_label}"
    for word in ("Image Pig", "cost", "may have counted", "{"):
        assert word not in everything


@pytest.mark.parametrize(("state", "fault"), EVERY)
def test_each_letter_keeps_its_promise(state: str, fault: str) -> None:
    words = wording(state, fault, Upstream.IMAGEPIG)
    assert words is not None
    if words.letter == "A":
        assert "cost you nothing" in words.text
        assert words.again_label == "Try again"
    if words.letter in ("B", "D"):
        assert "may have counted" in words.text
        assert words.again_label == "Generate again (may cost another call)"
        twice = wording(state, fault, Upstream.IMAGEPIG, calls=2)
        assert twice is not None
        assert twice.again_label == "Generate again (may cost another 2 calls)"
        assert words.may_retry
    assert words.may_have_counted == (words.letter in ("B", "D"))
    if words.letter == "D" and fault != Fault.TOO_LARGE:
        assert "We kept the answer" in words.text
        assert Action.DOWNLOAD_ANSWER in words.actions
    if words.letter == "":
        assert not words.may_retry
    # What waits for somebody or something, and not for its time, promises no time.
    waits = fault in (Reason.KEY_PAUSED, Reason.PAUSED, Reason.QUEUE_AWAY)
    assert words.again == (words.letter == "" and not waits)
    assert "trying again" not in words.text, "the card says in how many seconds"


def test_every_fault_of_a_call_has_words_where_it_can_end() -> None:
    worded = {fault for _, fault in EVERY}
    assert worded >= set(Fault)
    assert worded >= set(Reason) - {Reason.NO_SEED}


@pytest.mark.parametrize("state", [*FAILED, State.QUEUED, State.RECEIVED])
def test_a_fault_that_is_not_known_has_words_all_the_same(state: State) -> None:
    words = wording(state, "of_a_later_version", Upstream.IMAGEPIG)
    assert words is not None
    assert words.text


@pytest.mark.parametrize(
    ("state", "fault"),
    [(State.QUEUED, ""), (State.SAVED, "no_seed"), (State.SENDING, ""), (State.CANCELLED, "")],
)
def test_where_all_is_well_there_is_nothing_to_say(state: State, fault: str) -> None:
    assert wording(state, fault, Upstream.IMAGEPIG) is None


def test_what_was_not_kept_is_not_offered() -> None:
    words = wording(State.UNUSABLE, Fault.NOT_JSON, Upstream.IMAGEPIG, kept=False)
    assert words is not None
    assert words.actions == (Action.GENERATE_AGAIN,)
