"""The API key that pays: proved, refused, unreadable, and quoted by the API."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.files.storage import storages
from django.db import connection

from accounts.models import ApiKey, KeyState, Team, User
from accounts.services import set_api_key
from playground.imagepig.errors import Fault
from playground.models import Generation, State
from tests.playground.conftest import API_KEY
from tests.playground.playing import play, submit, the_one
from tests.upstream import Upstream as FakeUpstream
from tests.upstream_behaviours import body
from tests.upstream_exchange import Behaviour, Exchange, error

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_success_proves_the_key(
    imagepig: FakeUpstream, api_key: ApiKey, team: Team, alice: User
) -> None:
    submit(team, alice)
    play()
    api_key.refresh_from_db()
    assert api_key.state == KeyState.WORKING
    assert api_key.proved_at is not None
    assert the_one().api_key == api_key


def test_a_refusal_of_a_key_that_was_replaced_meanwhile_pauses_nothing(
    imagepig: FakeUpstream, team: Team, alice: User, settings: LazySettings
) -> None:
    settings.TEAM_CALLS_AT_ONCE = 1

    def replace(exchange: Exchange) -> None:
        try:
            set_api_key(team=team, by=alice, label="New", secret="pig-another-canary-42")
        finally:
            connection.close()
        error(401, "Invalid API key").play(exchange)

    imagepig.behaviours.append(Behaviour(replace))
    submit(team, alice, count=2)
    play()
    assert list(Generation.objects.order_by("pk").values_list("state", flat=True)) == [
        State.REFUSED,
        State.SAVED,
    ]
    assert team.api_key is not None
    assert team.api_key.state == KeyState.WORKING


def test_a_key_that_cannot_be_read_costs_nothing(
    imagepig: FakeUpstream, api_key: ApiKey, team: Team, alice: User
) -> None:
    submit(team, alice)
    ApiKey.objects.filter(pk=api_key.pk).update(ciphertext=b"of another time")
    play()
    assert (the_one().state, the_one().fault) == (State.NOT_SENT, "key_unreadable")
    assert imagepig.billed == 0


def test_a_key_that_is_quoted_in_an_answer_cannot_be_downloaded_with_it(
    imagepig: FakeUpstream, team: Team, alice: User
) -> None:
    imagepig.behaviours.append(body(f'{{"note": "your key is {API_KEY}"}}'.encode()))
    submit(team, alice)
    play()
    generation = the_one()
    assert (generation.state, generation.fault) == (State.UNUSABLE, Fault.NO_IMAGE)
    with storages["pictures"].open(generation.kept_answer) as file:
        assert file.read() == '{"note": "your key is …"}'.encode()
