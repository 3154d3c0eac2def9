from __future__ import annotations

import io
import re
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Team, User
from playground import gallery
from playground.gallery import Filter
from playground.management.commands import make_gallery
from playground.models import Generation


def test_a_gallery_of_any_size_is_made_with_common_and_rare_words(
    alice: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_gallery, "POOL", 40)
    call_command("make_gallery", pictures=100, team=alice.email)
    made = Generation.objects.pictures().filter(team=team).order_by("pk")
    assert len(made) == 100
    assert str(gallery.count(Filter(text=make_gallery.COMMON), alice, team)) == "10"
    assert str(gallery.count(Filter(text=make_gallery.RARE), alice, team)) == "3"
    times = [each.queued_at for each in made]
    assert times == sorted(times)
    assert times[-1] - times[0] > timedelta(days=700)
    assert gallery.browse(Filter(starred=True), alice, team).pictures


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("screen", [Terminal(), io.StringIO()], ids=["terminal", "file"])
def test_on_a_terminal_a_bar_grows_and_elsewhere_there_is_none(
    screen: io.StringIO, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_gallery, "POOL", 25)
    monkeypatch.setattr(sys, "stdout", screen)
    call_command("make_gallery", pictures=100, team=alice.email)
    steps = re.findall(r"\r(█*)(░*) ([\d,]+) of 100", screen.getvalue())
    if not screen.isatty():
        assert screen.getvalue().startswith("100 pictures in ")
        return
    assert [(len(full), len(left), done) for full, left, done in steps] == [
        (10, 30, "25"),
        (20, 20, "50"),
        (30, 10, "75"),
        (40, 0, "100"),
    ]
    # What comes next begins a line of its own.
    assert re.search(r"100 of 100\n100 pictures in ", screen.getvalue())


def test_no_pictures_are_no_gallery(alice: User) -> None:
    with pytest.raises(CommandError):
        call_command("make_gallery", pictures=0, team=alice.email)
