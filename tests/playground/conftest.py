"""The team's key to Image Pig, which most tests of pictures need, and a team to take them to."""

from __future__ import annotations

import pytest

from accounts import services as accounts_services
from accounts.models import ApiKey, Team, User
from tests.upstream import Upstream

API_KEY = "pig-canary-4711-abcdefgh"


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    """The team's key to Image Pig."""
    return accounts_services.set_api_key(team=team, by=alice, label="Ours", secret=API_KEY)


@pytest.fixture
def imagepig(api_key: ApiKey, imagepig: Upstream) -> Upstream:
    """The fake Image Pig, and a key to it."""
    return imagepig


@pytest.fixture
def barn(alice: User) -> Team:
    """Another team of Alice's."""
    return accounts_services.create_team(name="Barn", by=alice)
