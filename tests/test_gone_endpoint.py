"""An endpoint has left THE TABLE: what was asked of it is still to be seen on every page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Team
from playground import results
from playground.imagepig.endpoints import TABLE
from playground.models import Generation, State, Upstream
from tests import home
from tests.factories import make_generation
from tests.home import World
from tests.url_table import TABLE as ADDRESSES
from tests.url_table import WHO

OWNER = WHO.index("owner")
PAGES = [name for name, page in ADDRESSES.items() if page.get[OWNER] == 200]


house, world = home.house, home.world


@pytest.fixture
def gone(world: World) -> World:
    """Everything in it was asked of an endpoint that is gone, in every state."""
    for state in State.values:
        make_generation(
            world.team, author=world.person("owner"), state=state, upstream=Upstream.IMAGEPIG
        )
    Generation.objects.update(endpoint="ancient")
    assert "ancient" not in TABLE
    return world


def test_every_page_still_shows(gone: World) -> None:
    client = gone.clients["owner"]
    answers = {name: client.get(gone.address(name)) for name in PAGES}
    # A file that was read to its end is closed.
    assert all(answer.getvalue() for answer in answers.values())
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == dict.fromkeys(PAGES, 200)


def test_each_is_shown_whatever_became_of_it(gone: World) -> None:
    client = gone.clients["owner"]
    playground = client.get(reverse("playground")).content.decode()
    for generation in Generation.objects.filter(team=gone.team, deleted_at=None):
        page = client.get(reverse("picture", args=[generation.pk]))
        assert (generation.state, page.status_code) == (generation.state, 200)
        tiles = client.get(reverse("gallery"), {"state": generation.state}).content.decode()
        if generation.state != State.SAVED and generation.experiment_id is None:
            assert f'id="tile-{generation.pk}"' in tiles
            assert f'id="card-{generation.pk}"' in playground


def test_a_shape_that_is_gone_is_no_harm_either(team: Team) -> None:
    shapeless = make_generation(
        team, state=State.SENDING, endpoint="flux", body={"proportion": "round"}
    )
    width, height = shapeless.size
    assert width > 0
    assert height > 0


def test_a_progress_bar_runs_though_nobody_knows_the_usual_time(team: Team) -> None:
    sending = make_generation(team, state=State.SENDING, upstream=Upstream.IMAGEPIG)
    sending.endpoint = "ancient"
    assert results.typical_seconds(sending, {}) > 0
