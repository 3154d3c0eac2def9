"""Times the gallery's pages in a database that is filled already. Run in a process of its own.

The count comes once a page is there, and so is timed by itself. With `--pictures` it only says
whether there are any.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imagepig_site.settings")
django.setup()

from accounts.models import Team, User  # noqa: E402 (models need the settings)
from playground import gallery  # noqa: E402
from playground.management.commands.make_gallery import COMMON, RARE  # noqa: E402
from playground.models import Generation  # noqa: E402

TIMES = 12
COUNTS = 3


def pages(team: Team) -> dict[str, str]:
    """What to ask for, by its name."""
    made = Generation.objects.filter(team=team)
    first, last = made.order_by("pk")[0].pk, made.order_by("-pk")[0].pk
    deep = f"after={(first + last) // 2}"
    half = made.order_by("-rating", "-pk")[made.count() // 2]
    tag = team.tags.order_by("pk")[0].name
    return {
        "gallery": "",
        "oldest first": "sort=oldest",
        "best first": "sort=best",
        "one endpoint": "endpoint=flux",
        "one tag": f"tag={tag}",
        "two filters": "endpoint=flux&upstream=imagepig",
        "deep": deep,
        "deep, best first": f"sort=best&after={half.rating!r}_{half.pk}",
        "deep, one endpoint": f"endpoint=flux&{deep}",
        "rare word": f"text={RARE}",
        "common word": f"text={COMMON}",
        "common beginning": f"text={COMMON[:4]}",
        "deep, common word": f"text={COMMON}&{deep}",
        "no such word": "text=zzyzx",
    }


def measure() -> dict[str, dict[str, list[float]]]:
    """What was asked for → milliseconds of page, search alone and count, each time; its queries."""
    settings.ALLOWED_HOSTS = ["testserver"]
    user = User.objects.get(email="gallery@example.com")
    team = Team.objects.get(memberships__user=user)
    client = Client()
    client.force_login(user)

    def page(query: str) -> None:
        assert client.get(f"/gallery/?{query}").status_code == 200

    def count(query: str) -> None:
        assert client.get(f"/gallery/count/?{query}").status_code == 200

    def alone(query: str) -> None:
        given = dict(part.split("=") for part in query.split("&") if part)
        gallery.browse(gallery.read(given, team), user, team, after=given.get("after"))

    found: dict[str, dict[str, list[float]]] = {}
    for name, query in pages(team).items():
        taken = timed(page, query)
        with CaptureQueriesContext(connection) as queries:
            page(query)
        # The next request forgets them.
        asked_for = len(queries)
        assert asked_for, "no query was seen"
        found[name] = {
            "page": taken,
            "search": timed(alone, query) if "text=" in query else [],
            "count": timed(count, query, COUNTS),
            "queries": [asked_for],
        }
    return found


def timed(ask: Callable[[str], None], query: str, times: int = TIMES) -> list[float]:
    """Milliseconds each time, after two to warm up."""
    taken = []
    for _ in range(times + 2):
        begun = time.perf_counter()
        ask(query)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken[2:]


if __name__ == "__main__":
    asked = "--pictures" in sys.argv
    json.dump(Generation.objects.exists() if asked else measure(), sys.stdout)
