from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts import encryption, services
from accounts.models import ApiKey, KeyState, Role, Team, User
from accounts.signals import api_key_removed, api_key_usable

SECRET = "pig-secret-0123456789"

Heard = list[tuple[str, Team]]


@pytest.fixture
def heard() -> Any:
    """What the signals told, as it comes."""
    events: Heard = []

    def usable(sender: object, team: Team, **more: object) -> None:
        events.append(("usable", team))

    def removed(sender: object, team: Team, **more: object) -> None:
        events.append(("removed", team))

    api_key_usable.connect(usable)
    api_key_removed.connect(removed)
    yield events
    api_key_usable.disconnect(usable)
    api_key_removed.disconnect(removed)


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    return services.set_api_key(team=team, by=alice, label="Ours", secret=SECRET)


def test_a_key_can_be_used_and_only_its_last_four_are_plain(team: Team, api_key: ApiKey) -> None:
    kept = team.api_key
    assert kept == api_key
    assert kept is not None
    assert services.secret_of(kept) == SECRET
    assert kept.last_four == "6789"
    assert SECRET.encode() not in bytes(kept.ciphertext)
    assert str(kept) == "Ours (…6789)"


def test_a_new_key_takes_the_place_of_the_old_one_whose_secret_is_erased(
    team: Team, alice: User, bob: User, api_key: ApiKey
) -> None:
    newer = services.set_api_key(team=team, by=bob, label="Newer", secret="another-secret")
    assert team.api_key == newer
    assert newer.added_by == bob
    api_key.refresh_from_db()
    assert api_key.removed_at is not None
    assert bytes(api_key.ciphertext) == b""
    with pytest.raises(encryption.Unreadable):
        services.secret_of(api_key)


def test_a_replacement_that_fails_leaves_the_old_key_in_use(
    team: Team, alice: User, api_key: ApiKey, settings: Settings
) -> None:
    settings.API_KEY_ENCRYPTION_KEYS = ["no key"]
    with pytest.raises(encryption.EncryptionKeyProblem):
        services.set_api_key(team=team, by=alice, label="Newer", secret="another-secret")
    assert team.api_key == api_key


def test_a_removed_key_is_erased(
    team: Team,
    alice: User,
    api_key: ApiKey,
    heard: Heard,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert services.remove_api_key(team=team, by=alice)
    assert team.api_key is None
    assert not services.remove_api_key(team=team, by=alice)
    assert heard == [("removed", team)]


def test_a_team_cannot_have_two_keys_in_use(team: Team, api_key: ApiKey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(team=team, label="Second", ciphertext=b"x", last_four="1234")


def test_a_removed_key_cannot_keep_its_ciphertext(api_key: ApiKey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=api_key.pk).update(removed_at=api_key.added_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=api_key.pk).update(ciphertext=b"")


def test_a_first_success_proves_a_key_once(api_key: ApiKey) -> None:
    assert services.mark_key(api_key.pk, KeyState.WORKING)
    api_key.refresh_from_db()
    proved_at = api_key.proved_at
    assert (api_key.state, bool(proved_at)) == (KeyState.WORKING, True)
    assert not services.mark_key(api_key.pk, KeyState.WORKING)
    api_key.refresh_from_db()
    assert api_key.proved_at == proved_at


def test_a_success_that_arrives_after_a_refusal_does_not_hide_it(api_key: ApiKey) -> None:
    assert services.mark_key(api_key.pk, KeyState.REFUSED, "Invalid API key")
    assert not services.mark_key(api_key.pk, KeyState.WORKING)
    api_key.refresh_from_db()
    assert (api_key.state, api_key.said) == (KeyState.REFUSED, "Invalid API key")
    assert api_key.paused


def test_a_removed_key_cannot_be_marked(team: Team, alice: User, api_key: ApiKey) -> None:
    services.remove_api_key(team=team, by=alice)
    assert not services.mark_key(api_key.pk, KeyState.REFUSED, "Invalid API key")
    api_key.refresh_from_db()
    assert api_key.state == KeyState.UNPROVED


def test_a_paused_key_is_resumed_and_those_who_wait_hear_of_it(
    team: Team,
    alice: User,
    api_key: ApiKey,
    heard: Heard,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    assert not services.resume_api_key(team=team, by=alice)
    services.mark_key(api_key.pk, KeyState.NEEDS_CREDIT, "Payment required")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.resume_api_key(team=team, by=alice)
    api_key.refresh_from_db()
    assert (api_key.state, api_key.said) == (KeyState.UNPROVED, "")
    assert heard == [("usable", team)]


def test_those_who_wait_hear_of_a_new_key(
    team: Team,
    alice: User,
    heard: Heard,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.set_api_key(team=team, by=alice, label="Ours", secret=SECRET)
    assert heard == [("usable", team)]


def test_somebody_in_no_team_gets_a_personal_one_once(db: None) -> None:
    loner = User.objects.create_user("loner@example.com", name="Loner")
    services.ensure_team(user=loner)
    services.ensure_team(user=loner)
    membership = loner.memberships.get()
    assert membership.role == Role.OWNER
    assert membership.team.name == "Loner’s team"
