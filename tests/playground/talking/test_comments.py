from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Notice, NoticeKind, Team, User
from playground import talking
from playground.models import Generation, Pick
from playground.talking.comments import mentioned_in
from tests.factories import make_generation

NAMES = {name: [User(pk=pk, name=name)] for pk, name in enumerate(("anna", "anna maria", "bob"), 1)}


def mentioned(text: str) -> set[str]:
    return {user.name for user in mentioned_in(text, NAMES)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@anna look", {"anna"}),
        ("@Anna Maria, look", {"anna maria"}),
        ("ask @BOB and @anna.", {"bob", "anna"}),
        ("anna", set()),
        ("@annabel", set()),
        ("mail bob@bob.example", set()),
        ("@nobody @@bob", {"bob"}),
        ("(@bob)", {"bob"}),
    ],
)
def test_an_at_sign_and_a_name_mention_a_member(text: str, names: set[str]) -> None:
    assert mentioned(text) == names


def test_each_is_offered_by_a_name_that_is_nobody_elses() -> None:
    called = ("Bob Bee", "Anna Berg", "Anna Koch", "Anna", "Zoe", "Zoe", "Me Myself")
    people = [User(pk=pk, name=name) for pk, name in enumerate(called, 1)]
    names = talking.names_of(Membership(user=user) for user in people)
    offered = talking.calls_of(names, but=people[-1])
    assert offered == ["anna", "anna berg", "anna koch", "bob", "zoe"]


@given(text=st.text(max_size=60) | st.sampled_from(["@bob @anna maria!", "@bob@bob"]))
def test_the_parts_of_a_text_are_all_of_it(text: str) -> None:
    parts = talking.parts_of(text, NAMES)
    assert "".join(part.text for part in parts) == text
    assert all(part.text.startswith("@") for part in parts if part.mentions)


def test_without_a_member_nobody_is_mentioned() -> None:
    assert talking.parts_of("@bob", {}) == [talking.Part("@bob")]


@pytest.fixture
def picture(team: Team, alice: User) -> Generation:
    return make_generation(team, author=alice)


@pytest.mark.django_db
def test_whoever_is_mentioned_is_told_once_and_nobody_else(
    picture: Generation, alice: User, bob: User, vera: User, charlie: User
) -> None:
    comment = talking.write(picture=picture, by=alice, text="@Bob @bob @alice @charlie: this one?")
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind) == (bob, NoticeKind.MENTIONED)
    assert notice.address == f"/pictures/{picture.pk}/#comment-{comment.pk}"
    assert list(comment.mentions.all()) == [bob]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("called", "text", "told"),
    [
        # Both are called so; who means one of them, writes more of the name.
        (("Anna Berg", "Anna Koch"), "@anna", {"bob", "vera"}),
        (("Anna Berg", "Anna Koch"), "@Anna Koch", {"vera"}),
        (("Anna", "Anna"), "@Anna", {"bob", "vera"}),
        # Whose whole name it is, is meant; and no earlier member stands before her.
        (("Anna Maria", "Anna"), "@anna", {"vera"}),
        (("Anna Maria", "Anna"), "@anna maria", {"bob"}),
    ],
)
def test_of_several_with_one_name_everybody_is_told(
    picture: Generation, alice: User, bob: User, vera: User,
    called: tuple[str, str], text: str, told: set[str],
) -> None:  # fmt: skip
    for user, name in zip((bob, vera), called, strict=True):
        User.objects.filter(pk=user.pk).update(name=name)
    comment = talking.write(picture=picture, by=alice, text=text)
    addresses = {f"{name}@example.com" for name in told}
    assert set(Notice.objects.values_list("user__email", flat=True)) == addresses
    assert set(comment.mentions.values_list("email", flat=True)) == addresses


@pytest.mark.django_db
def test_who_has_switched_it_off_is_not_told(picture: Generation, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(muted=[NoticeKind.MENTIONED])
    talking.write(picture=picture, by=alice, text="@bob")
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_picture_knows_how_many_comments_it_has(picture: Generation, alice: User) -> None:
    comment = talking.write(picture=picture, by=alice, text="one")
    talking.write(picture=picture, by=alice, text="two")
    assert talking.delete(comment)
    assert not talking.delete(comment)
    picture.refresh_from_db()
    assert picture.comments_count == 1
    assert [each.text for each in talking.comments_on(picture)] == ["two"]
    assert talking.restore(comment)
    assert not talking.restore(comment)
    picture.refresh_from_db()
    assert picture.comments_count == 2
    assert [each.text for each in talking.comments_on(picture)] == ["one", "two"]


@pytest.mark.django_db
def test_a_decision_says_who_and_when_and_the_same_again_changes_nothing(
    picture: Generation, alice: User, bob: User
) -> None:
    these = Generation.objects.filter(pk=picture.pk)
    assert talking.pick(these, Pick.PICKED, by=alice) == 1
    assert talking.pick(these, Pick.PICKED, by=bob) == 0
    picture.refresh_from_db()
    assert (picture.pick, picture.picked_by) == (Pick.PICKED, alice)
    assert picture.picked_at
    assert talking.pick(these, Pick.UNDECIDED, by=bob) == 1
    picture.refresh_from_db()
    assert (picture.pick, picture.picked_by) == (Pick.UNDECIDED, bob)
