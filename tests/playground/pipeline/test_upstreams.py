"""Where calls go."""

from __future__ import annotations

import pytest

from playground import pipeline
from playground.models import Upstream
from playground.pipeline import upstreams

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_upstreams_are_made_ready_before_the_first_picture() -> None:
    pipeline.prepare()
    assert upstreams.client_for(Upstream.SANDBOX) is upstreams.client_for(Upstream.SANDBOX)
