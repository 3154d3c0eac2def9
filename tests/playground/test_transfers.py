from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import Event, Happened, Team, User
from playground import talking, transfers
from playground.models import Generation, Pick, Tag
from tests.factories import make_generation

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(team: Team, bob: User) -> Generation:
    return make_generation(team, author=bob, prompt="a pig to go", seed=2**64 - 1)


def bytes_of(name: str) -> bytes:
    with storages["pictures"].open(name) as file:
        return bytes(file.read())


def test_a_copy_is_the_same_picture_with_files_of_its_own(
    picture: Generation, barn: Team, alice: User, bob: User
) -> None:
    (taken,) = transfers.copy(picture, to=barn, by=alice).copies
    taken.refresh_from_db()
    picture.refresh_from_db()
    assert (taken.team, taken.author) == (barn, bob)
    assert taken.pk != picture.pk
    assert (taken.seed, taken.body, taken.sha256) == (picture.seed, picture.body, picture.sha256)
    assert taken.positive_prompt == "a pig to go"
    assert taken.file.startswith(f"{barn.pk}/")
    assert taken.file != picture.file
    assert bytes_of(taken.file) == bytes_of(picture.file)
    assert bytes_of(taken.thumbnail) == bytes_of(picture.thumbnail)
    assert Generation.objects.search("pig", team=barn).get() == taken


def test_both_teams_know_of_a_copy(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    (taken,) = transfers.copy(picture, to=barn, by=alice).copies
    told = Event.objects.filter(kind=Happened.PICTURES_COPIED, by=alice)
    assert set(told.values_list("team", "about")) == {
        (team.pk, f"picture {picture.pk} to Barn"),
        (barn.pk, f"picture {taken.pk} from Sty"),
    }


def test_what_the_team_made_of_it_stays_with_the_team(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    Tag.objects.create(team=team, name="secret").tagged.create(generation=picture)
    talking.write(picture=picture, by=alice, text="Between us")
    talking.pick(Generation.objects.filter(pk=picture.pk), Pick.PICKED, by=alice)
    picture.refresh_from_db()
    (taken,) = transfers.copy(picture, to=barn, by=alice).copies
    taken.refresh_from_db()
    assert not taken.tags.exists()
    assert not taken.comments.exists()
    assert (taken.pick, taken.comments_count) == (Pick.UNDECIDED, 0)


def test_a_move_leaves_the_original_in_the_bin_and_both_teams_know(
    picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    now = timezone.now()
    (taken,) = transfers.move(picture, to=barn, by=alice, at=now).copies
    picture.refresh_from_db()
    assert picture.deleted_at == now
    told = Event.objects.filter(kind__in=(Happened.PICTURES_MOVED, Happened.PICTURES_COPIED))
    assert set(told.values_list("team", "about")) == {
        (team.pk, f"picture {picture.pk} to Barn"),
        (barn.pk, f"picture {taken.pk} from Sty"),
    }


@pytest.mark.parametrize("field", ["file", "thumbnail"])
def test_a_picture_whose_file_is_missing_stays_where_it_is_and_the_others_go(
    field: str, picture: Generation, team: Team, barn: Team, alice: User
) -> None:
    other = make_generation(team, author=alice, prompt="a pig that goes")
    storages["pictures"].delete(getattr(picture, field))
    earlier = stored(barn)
    taken = transfers.move(picture, other, to=barn, by=alice, at=timezone.now())
    assert [each.positive_prompt for each in taken.copies] == ["a pig that goes"]
    assert taken.missing == 1
    assert Generation.objects.binned().get() == other
    assert Generation.objects.filter(team=barn).get() == taken.copies[0]
    assert stored(barn) - earlier == {taken.copies[0].file, taken.copies[0].thumbnail}


def stored(team: Team) -> set[str]:
    """The names of a team's files."""
    folder = Path(storages["pictures"].path(""))
    return {str(each.relative_to(folder)) for each in folder.glob(f"{team.pk}/**/*.*")}


def test_of_many_the_histories_say_how_many(team: Team, barn: Team, alice: User) -> None:
    many = [make_generation(team, author=alice) for _ in range(3)]
    transfers.move(*many, to=barn, by=alice, at=timezone.now())
    told = Event.objects.filter(kind__in=(Happened.PICTURES_MOVED, Happened.PICTURES_COPIED))
    assert set(told.values_list("team", "kind", "about")) == {
        (team.pk, Happened.PICTURES_MOVED, "3 pictures to Barn"),
        (barn.pk, Happened.PICTURES_COPIED, "3 pictures from Sty"),
    }


def test_files_are_taken_back_if_the_pictures_cannot_be_written_down(
    picture: Generation, barn: Team
) -> None:
    earlier = stored(barn)
    nobody = User()
    with pytest.raises(ValueError, match="unsaved"):
        transfers.copy(picture, to=barn, by=nobody)
    assert stored(barn) == earlier
    assert not Generation.objects.filter(team=barn).exists()
