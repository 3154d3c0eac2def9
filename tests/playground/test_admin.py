"""The administration: what is needed to look after an installation, no secret, no long look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import administration, encryption
from accounts.models import ApiKey, Event, Invitation, Membership, Role, Team, User
from accounts.services import set_api_key
from playground.models import Generation, Share, State
from tests.conftest import make_person, signed_in
from tests.factories import make_experiment, make_generation
from tests.playground.gallery.rows import rows

KEY = "pig-canary-4711-abcdefgh"
HASH = "5f" * 32
PROMPT = "canary-prompt-0815"
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def as_admin(db: None) -> Client:
    """The installation's administrator, who is in no team of the others."""
    ada = make_person("Ada", Team.objects.create(name="Ada’s"), Role.OWNER)
    ada.is_staff = ada.is_superuser = True
    ada.save()
    return signed_in(ada)


def address(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{model}_{page}", args=args)


def listed(client: Client, model: str, **query: str) -> str:
    response = client.get(address(model, "changelist"), query)
    assert response.status_code == 200
    return response.content.decode()


def numbers(client: Client, **query: str) -> list[int]:
    """The generations that are listed."""
    response = client.get(address("playground_generation", "changelist"), query)
    assert response.status_code == 200, response.headers
    return [each.pk for each in response.context["cl"].result_list]


@pytest.fixture
def everything(team: Team, alice: User, bob: User) -> dict[str, Any]:
    """A record of each kind, with a secret wherever there could be one."""
    set_api_key(team=team, by=alice, label="Ours", secret=KEY)
    TOTP.activate(alice, SEED)
    RecoveryCodes.activate(alice)
    signed_in(alice)
    now = timezone.now()
    common: dict[str, Any] = {"team": team, "token_hash": HASH, "expires_at": now}
    picture = make_generation(team, author=alice, prompt=PROMPT)
    for state in State:
        make_generation(team, author=bob, state=state, prompt=PROMPT, answer=f'"{PROMPT}"')
    return {
        "accounts_invitation": Invitation.objects.create(role="viewer", invited_by=alice, **common),
        "accounts_event": Event.objects.create(team=team, kind="left", by=bob, by_name="Bob"),
        "playground_share": Share.objects.create(shared_by=alice, generation=picture, **common),
        "playground_generation": picture,
        "accounts_apikey": ApiKey.objects.get(),
        "accounts_team": team,
        "accounts_user": alice,
        "mfa_authenticator": Authenticator.objects.filter(user=alice).earliest("pk"),
        "account_emailaddress": None,
        "auth_group": None,
    }


def test_every_model_that_is_registered_is_looked_at_here(everything: dict[str, Any]) -> None:
    registered = {
        f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry
    }
    assert registered == set(everything)
    assert not admin.site.is_registered(UserSession)


def secrets_of(alice: User) -> list[str]:
    ciphertexts = [
        text
        for factor in Authenticator.objects.filter(user=alice)
        for _, text in encryption.mfa_ciphertexts(factor)
    ]
    return [
        KEY,
        HASH,
        SEED,
        *ciphertexts,
        bytes(ApiKey.objects.get().ciphertext).decode(),
        alice.password,
        *Session.objects.values_list("session_key", flat=True),
        settings.SECRET_KEY,
    ]


def test_no_page_holds_a_secret(as_admin: Client, everything: dict[str, Any], alice: User) -> None:
    secrets = secrets_of(alice)
    assert len(secrets) >= 9
    pages = [reverse("admin:index")]
    for model, record in everything.items():
        pages.append(address(model, "changelist"))
        if record is not None:
            pages += [
                address(model, "change", record.pk),
                address(model, "history", record.pk),
            ]
    pages += [
        address("playground_generation", "change", pk)
        for pk in Generation.objects.values_list("pk", flat=True)
    ]
    for page in pages:
        response = as_admin.get(page)
        assert response.status_code == 200, page
        assert [each for each in secrets if each in response.content.decode()] == [], page


def test_a_prompt_is_on_the_page_of_its_generation_alone(
    as_admin: Client, everything: dict[str, Any]
) -> None:
    for model in everything:
        assert PROMPT not in listed(as_admin, model)
    picture = everything["playground_generation"]
    page = as_admin.get(address("playground_generation", "change", picture.pk)).content.decode()
    assert PROMPT in page
    assert picture.file not in page
    assert "/pictures/" not in page


@pytest.mark.parametrize(
    "model",
    [
        "accounts_apikey",
        "accounts_event",
        "accounts_invitation",
        "playground_generation",
        "playground_share",
    ],
)
def test_what_is_to_look_at_is_not_changed(
    model: str, as_admin: Client, everything: dict[str, Any]
) -> None:
    record = everything[model]
    for page in (
        address(model, "add"),
        address(model, "change", record.pk),
        address(model, "delete", record.pk),
    ):
        assert as_admin.post(page, {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": str(record.pk), "post": "yes"}
    as_admin.post(address(model, "changelist"), action)
    assert type(record).objects.filter(pk=record.pk).exists()


def test_generations_are_found_by_state_fault_upstream_endpoint_and_team(
    as_admin: Client, team: Team, charlie: User
) -> None:
    refused = make_generation(team, state=State.REFUSED, fault="invalid_key", endpoint="flux")
    saved = make_generation(team, upstream="imagepig")
    other = make_generation(charlie.teams.get())
    assert numbers(as_admin) == [other.pk, saved.pk, refused.pk]
    assert numbers(as_admin, state__exact="refused") == [refused.pk]
    assert numbers(as_admin, fault="invalid_key") == [refused.pk]
    assert numbers(as_admin, endpoint="flux") == [refused.pk]
    assert numbers(as_admin, upstream__exact="imagepig") == [saved.pk]
    assert numbers(as_admin, team__id__exact=str(team.pk)) == [saved.pk, refused.pk]
    assert (
        f"team__id__exact={team.pk}"
        in as_admin.get(address("accounts_team", "change", team.pk)).content.decode()
    )
    page = as_admin.get(address("playground_generation", "change", refused.pk)).content.decode()
    assert "API key not accepted" in page


def test_beyond_the_newest_any_is_found_by_its_number(
    as_admin: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "NEWEST", 2)
    old, *newest = (make_generation(team, state=State.REFUSED) for _ in range(3))
    assert numbers(as_admin) == [each.pk for each in reversed(newest)]
    assert numbers(as_admin, state__exact="refused") == [each.pk for each in reversed(newest)]
    assert numbers(as_admin, q=str(old.pk)) == [old.pk]
    for nonsense in ("pig", "9" * 40, "-1", "²"):
        assert old.pk not in numbers(as_admin, q=nonsense)


def counted(client: Client, model: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        client.get(address(model, "changelist"))
    return [each["sql"] for each in asked]


def test_lists_ask_as_much_of_many_rows_as_of_few(
    as_admin: Client, everything: dict[str, Any], team: Team, alice: User
) -> None:
    # The first page of all asks more.
    as_admin.get(reverse("admin:index"))
    few = {model: len(counted(as_admin, model)) for model in everything}
    rows(team, 60, author=alice)
    for number in range(60):
        person = make_person(f"p{number}", Team.objects.create(name=f"T{number}"), Role.OWNER)
        Event.objects.create(team=team, kind="left", by=person, by_name="P")
        expires_at = timezone.now() + timedelta(days=1)
        Invitation.objects.create(
            team=team,
            role="viewer",
            token_hash=f"{number:064}",
            invited_by=person,
            expires_at=expires_at,
        )
        experiment = make_experiment(team, prompts=("a pig",), seeds=(1,)) if not number else None
        if experiment is not None:
            for share in range(60):
                Share.objects.create(
                    team=team, shared_by=person, token_hash=f"{share:064}", experiment=experiment
                )
    many = {model: counted(as_admin, model) for model in everything}
    assert {model: len(asked) for model, asked in many.items()} == few
    assert max(few.values()) <= 12


@pytest.mark.parametrize("query", [{}, {"state__exact": "refused"}, {"fault": "deadline"}])
def test_no_list_of_generations_goes_through_them_all(
    as_admin: Client, team: Team, query: dict[str, str]
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL’s plans depend on how many rows there are.")
    make_generation(team)
    with CaptureQueriesContext(connection) as asked:
        as_admin.get(address("playground_generation", "changelist"), query)
    about = [each["sql"] for each in asked if 'FROM "playground_generation"' in each["sql"]]
    assert len(about) >= 3
    with connection.cursor() as cursor:
        for sql in about:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [step[3] for step in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN playground_gen")], (
                sql,
                plan,
            )


# Teams and people


def add_member(client: Client, team: Team, user: User, role: str) -> Any:
    present = team.memberships.count()
    prefix = "memberships-"
    return client.post(
        address("accounts_team", "change", team.pk),
        {
            f"{prefix}TOTAL_FORMS": str(present + 1),
            f"{prefix}INITIAL_FORMS": str(present),
            f"{prefix}{present}-team": str(team.pk),
            f"{prefix}{present}-user": str(user.pk),
            f"{prefix}{present}-role": role,
        },
    )


def test_a_team_that_has_lost_its_owner_is_given_one_and_its_owners_see_that(
    as_admin: Client, team: Team, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).delete()
    assert add_member(as_admin, team, bob, "owner").status_code == 302
    assert team.memberships.get(user=bob).role == Role.OWNER
    event = team.events.get()
    assert str(event) == "Bob joined as owner, added by the administrator Ada"


def test_members_are_neither_changed_nor_removed_here(
    as_admin: Client, team: Team, alice: User
) -> None:
    membership = team.memberships.get()
    prefix = "memberships-"
    as_admin.post(
        address("accounts_team", "change", team.pk),
        {
            f"{prefix}TOTAL_FORMS": "1",
            f"{prefix}INITIAL_FORMS": "1",
            f"{prefix}0-id": str(membership.pk),
            f"{prefix}0-team": str(team.pk),
            f"{prefix}0-user": str(alice.pk),
            f"{prefix}0-role": "viewer",
            f"{prefix}0-DELETE": "on",
            "name": "Another name",
        },
    )
    membership.refresh_from_db()
    team.refresh_from_db()
    assert (membership.role, team.name) == (Role.OWNER, "Sty")


def test_nobody_is_added_to_a_team_that_was_deleted(
    as_admin: Client, team: Team, bob: User
) -> None:
    Membership.objects.filter(team=team).delete()
    Team.objects.filter(pk=team.pk).update(deleted_at=timezone.now())
    add_member(as_admin, team, bob, "owner")
    assert not team.memberships.exists()


@pytest.mark.parametrize(
    ("model", "record"), [("accounts_user", "user"), ("accounts_team", "team")]
)
def test_people_and_teams_are_not_deleted_here(
    as_admin: Client, team: Team, alice: User, model: str, record: str
) -> None:
    one = {"user": alice, "team": team}[record]
    delete = address(model, "delete", one.pk)
    assert as_admin.post(delete, {"post": "yes"}).status_code == 403
    assert type(one)._default_manager.filter(pk=one.pk).exists()


def test_a_lost_second_factor_is_taken_away(
    as_admin: Client, alice: User, everything: dict[str, Any]
) -> None:
    factor = everything["mfa_authenticator"]
    page = as_admin.get(address("mfa_authenticator", "change", factor.pk)).content.decode()
    assert "gAAAA" not in page
    delete = address("mfa_authenticator", "delete", factor.pk)
    assert as_admin.post(delete, {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.filter(pk=factor.pk).exists()


def test_sessions_have_no_page() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("admin:usersessions_usersession_changelist")
