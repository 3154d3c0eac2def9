from __future__ import annotations

import pytest

from accounts import happenings
from accounts.models import Event, Happened, Team, User


def test_what_happened_keeps_the_names_of_then(team: Team, bob: User) -> None:
    happenings.record(team, bob, Happened.SHARE_MADE, "picture 12")
    bob.name = "Robert"
    bob.save()
    event = team.events.get()
    assert (event.by, event.by_name, event.about) == (bob, "Bob", "picture 12")
    assert str(event) == "Bob made a share link picture 12"


def test_what_somebody_did_outlasts_their_account(team: Team, bob: User) -> None:
    happenings.record(team, bob, Happened.LEFT)
    bob.delete()
    event = team.events.get()
    assert (event.by, event.by_name) == (None, "Bob")


def test_what_the_application_did_by_itself_says_so(team: Team) -> None:
    assert happenings.record(team, None, Happened.EXPORTED).by_name == "The application"


def test_a_long_word_on_what_it_was_about_is_shortened(team: Team, bob: User) -> None:
    about = happenings.record(team, bob, Happened.EXPORTED, "x" * 500).about
    assert (len(about), about[-2:]) == (200, "x…")


def test_what_happened_is_kept_as_long_as_its_team(team: Team, bob: User) -> None:
    event = happenings.record(team, bob, Happened.LEFT)
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        team.events.all().delete()
    assert team.events.get() == event
    team.delete()
    assert not Event.objects.exists()


def test_what_happened_is_never_changed(team: Team, bob: User) -> None:
    event = happenings.record(team, bob, Happened.LEFT)
    event.about = "something else"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        Event.objects.filter(pk=event.pk).update(about="something else")
