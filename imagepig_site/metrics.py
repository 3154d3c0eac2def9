"""Numbers for Prometheus, in its text format, for those who have the token.

No number is worth a look through all generations: what is pending has an index, and what has ended
is counted as it comes (playground/keeping/tally.py).
"""

from __future__ import annotations

import platform
import secrets
import shutil
from collections.abc import Iterator, Mapping
from itertools import accumulate

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import ApiKey
from imagepig_site import health
from imagepig_site.version import version
from playground import pulse
from playground.keeping import tally, vitals

PREFIX = "playground_"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
SCHEME = "Bearer "


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers; 404 where no METRICS_TOKEN is set, 401 without it."""
    if not settings.METRICS_TOKEN:
        raise Http404("There is no METRICS_TOKEN.")
    given = request.headers.get("Authorization", "").removeprefix(SCHEME)
    if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(
            "Authorization: Bearer METRICS_TOKEN is needed.\n",
            status=401,
            content_type="text/plain",
            headers={"WWW-Authenticate": SCHEME.strip()},
        )
    return HttpResponse("\n".join(lines()) + "\n", content_type=TEXT)


def lines() -> Iterator[str]:
    yield from _family("build_info", "gauge", "What is running.")
    yield _sample("build_info", _build(), 1)
    yield from _work()
    yield from _ended()
    yield from _rest()


def _build() -> dict[str, str]:
    return {
        "version": version(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": connection.vendor,
    }


def _work() -> Iterator[str]:
    yield from _family(
        "generations_asked_total",
        "counter",
        "Generations ever asked for: the highest number there is. A number may be left out.",
    )
    yield _sample("generations_asked_total", {}, vitals.newest_id())
    yield from _family(
        "generations_pending",
        "gauge",
        "Generations that have not ended. State: queued (waiting), sending (in flight), received "
        "(being saved).",
    )
    for (state, upstream, endpoint), number in sorted(vitals.pending().items()):
        labels = {"state": state, "upstream": upstream, "endpoint": endpoint}
        yield _sample("generations_pending", labels, number)
    yield from _family(
        "queue_age_seconds", "gauge", "Since when the oldest generation in the queue is due."
    )
    yield _sample("queue_age_seconds", {}, vitals.queue_age().total_seconds())
    yield from _queue()


def _queue() -> Iterator[str]:
    yield from _family("queue_length", "gauge", "Tasks in the queue, due now or at a later time.")
    try:
        lengths = {
            "now": settings.HUEY.pending_count(),
            "later": settings.HUEY.scheduled_count(),
        }
    # No number is what tells that it is away.
    except settings.QUEUE_ERRORS:
        lengths = {}
    for due, length in lengths.items():
        yield _sample("queue_length", {"due": due}, length)
    yield from _family("worker_up", "gauge", "Whether a worker has left a sign of late.")
    yield _sample("worker_up", {}, int(not pulse.nobody_works()))


def _ended() -> Iterator[str]:
    counted = tally.count()
    yield from _family(
        "generations_ended_total",
        "counter",
        "Generations that have ended since counting began, as they first ended. It begins the "
        "first time it is asked for, and anew when the cache is emptied; at most 10,000 are "
        "counted each time.",
    )
    for (upstream, endpoint, state), number in sorted(counted.ended.items()):
        labels = {"upstream": upstream, "endpoint": endpoint, "state": state}
        yield _sample("generations_ended_total", labels, number)
    name = "generation_seconds"
    yield from _family(
        name,
        "histogram",
        "How long those took that were saved. Part: waiting (in the queue), calling (the API), "
        "saving. Counted as generations_ended_total is.",
    )
    for (upstream, endpoint, part), times in sorted(counted.times.items()):
        labels = {"upstream": upstream, "endpoint": endpoint, "part": part}
        bounds = [*map(str, tally.BOUNDS), "+Inf"]
        for bound, number in zip(bounds, accumulate(times.buckets), strict=True):
            yield _sample(f"{name}_bucket", labels | {"le": bound}, number)
        yield _sample(f"{name}_sum", labels, times.seconds)
        yield _sample(f"{name}_count", labels, sum(times.buckets))


def _rest() -> Iterator[str]:
    yield from _family("api_keys", "gauge", "API keys in use, by what is known of them.")
    in_use = ApiKey.objects.filter(removed_at=None).order_by()
    for each in in_use.values("state").annotate(number=Count("pk")):
        yield _sample("api_keys", {"state": each["state"]}, each["number"])
    yield from _family("free_bytes", "gauge", "Free space where pictures are kept.")
    yield _sample("free_bytes", {}, shutil.disk_usage(settings.DATA_DIR).free)
    yield from _family("ready", "gauge", "Whether a part is in order, as /readyz says.")
    for part, said in health.parts().items():
        yield _sample("ready", {"part": part}, int(said == health.OK))


def _family(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {meaning}"
    yield f"# TYPE {PREFIX}{name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    written = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{PREFIX}{name}{f'{{{written}}}' if written else ''} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
