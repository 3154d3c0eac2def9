"""Image Pig's stand-in on a raw socket, and a key to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from accounts import services as accounts_services
from accounts.models import ApiKey, Team, User
from playground.pipeline import upstreams
from tests.upstream import Upstream

API_KEY = "pig-canary-4711-abcdefgh"


@pytest.fixture
def api_key(team: Team, alice: User) -> ApiKey:
    """The team's key to Image Pig."""
    return accounts_services.set_api_key(team=team, by=alice, label="Ours", secret=API_KEY)


@pytest.fixture
def imagepig(api_key: ApiKey, settings: LazySettings) -> Iterator[Upstream]:
    """A fake Image Pig that this process's pipeline calls; it answers as documented."""
    with Upstream() as upstream:
        settings.IMAGEPIG_API_URL = upstream.url
        # A client keeps the settings that it was made with.
        upstreams._imagepig.cache_clear()
        yield upstream
    upstreams._imagepig.cache_clear()
