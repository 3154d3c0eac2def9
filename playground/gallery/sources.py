"""Along which index the pictures that a filter asks for are read, and what is left to look at.

Each source gives rows in their order, with no sorting: a page of it costs the same wherever it
begins and however many pictures there are. What the source does not see to is looked at row by row,
and only so many rows at a time: `pages.py` says when it has stopped looking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from accounts.models import Team, User

from ..models import Collected, Generation, GenerationQuerySet, Star, State, Tag, Tagged
from ..models.searching import MATCHES, ROWIDS, match, matching, read_terms, tsquery
from .filters import DECISIONS, Filter
from .sorts import Cursor, Sort, ordered

CARRIED: dict[str, str] = {
    "": "gallery",
    "text": "playground_search",
    "seed": "gallery_seed",
    "experiment": "gallery_experiment",
    "collection": "collected_newest",
    "tag": "tagged_newest",
    "starred": "stars_newest",
    "reruns": "gallery_reruns",
    "commented": "gallery_commented",
    "rating": "gallery_rated_{}",
    "author": "gallery_author",
    "pick": "gallery_pick",
    "endpoint": "gallery_endpoint",
    "proportion": "gallery_proportion",
    "format": "gallery_format",
    "upstream": "gallery_upstream",
    "state": "state_{}",
    "since": "gallery",
    "until": "gallery",
}
"""Filter → the index that carries it, newest and oldest first. Of several the first one here leads.

Days do with any of them, newest and oldest first: they are stretches of ids. Waiting states go by
the index `pending`.
"""
CARRIED_SORTS: dict[Sort, str] = {
    Sort.FASTEST: "gallery_seconds",
    Sort.SLOWEST: "gallery_seconds",
    Sort.BEST: "gallery_rating",
}
"""Sort → the index that carries it; filters are then looked at row by row."""

COLUMNS = ("seed", "experiment", "author", "endpoint", "upstream")
MARKS = ("collection", "tag", "starred")
ALL_MATCHES = (
    "SELECT id FROM playground_generation "  # noqa: S608 (constants)
    f"WHERE state = 'saved' AND deleted_at IS NULL AND {MATCHES}"
)
NEVER = 2**62
"""No picture has this id."""

Ids = Callable[[Cursor | None, bool, int], Any]
Stretch = tuple[int | None, int | None]
"""The lowest and highest id to be looked at."""


@dataclass(frozen=True)
class Source:
    """Rows in order. `rest` is what remains to be looked at in each."""

    sort: Sort
    index: str
    rows: GenerationQuerySet
    rest: Q
    ids: Ids | None = None
    """Where another table leads: place, backwards, size → the query for their ids."""
    first: Source | None = None
    """What to try before: PostgreSQL's index of words gives all that match before the first, which
    takes long for a word that many prompts have."""
    number: Callable[[int], int] | None = None
    """How many are asked for, up to a bound, where there is a faster way than looking at each."""
    nearly_whole: bool = False
    """Whether nearly every row of it is asked for, though each has to be looked at."""

    @property
    def whole(self) -> bool:
        """Whether every row of it is asked for."""
        return not self.rest

    def windows(
        self, place: Cursor | None, size: int, *, backwards: bool
    ) -> list[GenerationQuerySet]:
        """The next `size` rows after the place (or before it, nearest first).

        Where there are two, the second one goes on where the first has fewer.
        """
        if self.ids is None:
            stages = ordered(self.rows, self.sort, place, backwards=backwards)
            return [rows[:size] for rows in stages]
        chosen = Generation.objects.filter(pk__in=self.ids(place, backwards, size))
        return ordered(chosen, self.sort, None, backwards=backwards)


def source(asked: Filter, user: User, team: Team) -> Source:
    """The source of what is asked for, of the team's pictures that the person may see."""
    mine = Generation.objects.visible_to(user).filter(team=team)
    if asked.state:
        return _of_state(asked, mine, user, team)
    shown = mine.pictures()
    if not asked.sort.by_age:
        return Source(asked.sort, CARRIED_SORTS[asked.sort], shown, conditions(asked, user, team))
    low, high = bounds(asked, shown, team)
    shown = _between(shown, low, high)
    parts = _parts(asked, user, team)
    leading = next((name for name in CARRIED if name in parts), "")
    lead = parts.pop(leading, Q())
    rest = _all(parts)
    if leading == "text":
        return _of_words(asked, team, shown, rest, (low, high))
    if leading in MARKS:
        marked = Source(asked.sort, CARRIED[leading], shown, _in_gallery(team) & rest)
        marks = _leading_marks(leading, asked, user, team)
        return _of_marks(marked, marks, (low, high), alone=not rest)
    value = asked.rating if leading == "rating" else ""
    return Source(asked.sort, CARRIED[leading].format(value), shown.filter(lead), rest)


def conditions(asked: Filter, user: User, team: Team) -> Q:
    """All that is asked for of a picture, to look at it alone."""
    return _all({**_parts(asked, user, team), "days": _days(asked)})


def _all(parts: dict[str, Q]) -> Q:
    rest = Q()
    for each in parts.values():
        rest &= each
    return rest


def _in_gallery(team: Team) -> Q:
    return Q(team=team, state=State.SAVED, deleted_at=None)


def _parts(asked: Filter, user: User, team: Team) -> dict[str, Q]:
    """Each part of the filter by its name, but for the days."""
    parts = {
        name: Q(**{name: value})
        for name in COLUMNS
        if (value := getattr(asked, name)) or value == 0
    }
    for name, value in asked.chosen.items():
        # An index carries those that have a column; any other is looked for in the request.
        parts[name] = Q(**{name if name in CARRIED else f"body__{name}": value})
    if asked.text:
        parts["text"] = matching(read_terms(asked.text), team.pk)
    told = {
        "reruns": asked.reruns and Q(reruns__gt=0),
        "commented": asked.commented and Q(comments_count__gt=0),
        "pick": asked.pick and Q(pick=DECISIONS[asked.pick]),
        "rating": asked.rating and Q(rating__gte=asked.rating),
    }
    parts |= {name: part for name, part in told.items() if isinstance(part, Q)}
    for name in MARKS:
        if getattr(asked, name):
            marks = _marks(name, asked, user, team)
            parts[name] = Q(Exists(marks.filter(generation=OuterRef("pk"))))
    return parts


def _marks(name: str, asked: Filter, user: User, team: Team) -> Any:
    if name == "starred":
        return Star.objects.filter(user=user, team=team)
    if name == "tag":
        return Tagged.objects.filter(tag__team=team, tag__name=asked.tag)
    return Collected.objects.filter(collection=asked.collection, collection__team=team)


def _leading_marks(name: str, asked: Filter, user: User, team: Team) -> Any:
    """The same, so that nothing but the columns of the marks' own index is asked for."""
    if name == "tag":
        tag = Tag.objects.filter(team=team, name=asked.tag).values("pk")[:1]
        return Tagged.objects.filter(tag=Subquery(tag))
    if name == "collection":
        return Collected.objects.filter(collection=asked.collection)
    return _marks(name, asked, user, team)


def _of_marks(found: Source, marks: Any, stretch: Stretch, *, alone: bool) -> Source:
    """The pictures with a mark, along the marks' own index. `alone`: nothing else is asked for."""

    def within(low: int | None, high: int | None) -> Any:
        chosen = marks if low is None else marks.filter(generation__gte=low)
        return chosen if high is None else chosen.filter(generation__lte=high)

    def ids(place: Cursor | None, backwards: bool, size: int) -> Any:
        down = found.sort.descending != backwards
        chosen = within(*_narrowed(stretch, place, down=down))
        order = "-generation_id" if down else "generation_id"
        return chosen.order_by(order).values("generation_id")[:size]

    def number(bound: int) -> int:
        chosen = within(*stretch).values("generation_id")
        return found.rows.filter(pk__in=chosen).order_by()[:bound].count()

    # Of pictures with a mark hardly any are in the bin.
    counted = number if alone else None
    return replace(found, ids=ids, number=counted, nearly_whole=alone)


def _of_words(
    asked: Filter,
    team: Team,
    shown: GenerationQuerySet,
    rest: Q,
    stretch: Stretch,
) -> Source:
    """What has the words: as the index of words gives it, newest or oldest first."""
    terms = read_terms(asked.text)
    postgresql = connection.vendor == "postgresql"
    parameters: list[Any] = [*(tsquery(terms, team.pk) if postgresql else [match(terms, team.pk)])]
    name = "id" if postgresql else "rowid"

    def ids(place: Cursor | None, backwards: bool, size: int) -> Any:
        down = asked.sort.descending != backwards
        low, high = _narrowed(stretch, place, down=down)
        sql, all_parameters = (ALL_MATCHES if postgresql else ROWIDS), [*parameters]
        for sign, bound in ((">=", low), ("<=", high)):
            if bound is not None:
                sql += f" AND {name} {sign} %s"
                all_parameters.append(bound)
        # On PostgreSQL a sum, lest it walk along the pictures in that order, however rare the word.
        order = f"{name}{' + 0' if postgresql else ''} {'DESC' if down else 'ASC'}"
        sql += f" ORDER BY {order} LIMIT %s"
        return RawSQL(sql, [*all_parameters, size])  # noqa: S611 (all that is asked is parameters)

    def number(bound: int) -> int:
        low, high = stretch
        if postgresql or (low, high) != (None, None):
            having = shown.filter(matching(terms, team.pk))
            return having.order_by()[:bound].count()
        # The index of words does not know who may see the team's pictures.
        return _counted(f"{ROWIDS} LIMIT %s", [*parameters, bound]) if shown.exists() else 0

    counted = None if rest else number
    found = Source(asked.sort, CARRIED["text"], shown, rest, ids=ids, number=counted)
    if not postgresql:
        return found
    # A word that many prompts have is soon come by.
    walk = Source(asked.sort, CARRIED[""], shown, matching(terms, team.pk) & rest)
    return replace(found, first=walk)


def _counted(sql: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS counted", parameters)  # noqa: S608
        return int(cursor.fetchone()[0])


def _narrowed(stretch: Stretch, place: Cursor | None, *, down: bool) -> Stretch:
    """The lowest and highest id of a stretch beyond a place."""
    low, high = stretch
    if place is not None and down:
        high = place.pk - 1 if high is None else min(high, place.pk - 1)
    elif place is not None:
        low = place.pk + 1 if low is None else max(low, place.pk + 1)
    return low, high


def _of_state(asked: Filter, mine: GenerationQuerySet, user: User, team: Team) -> Source:
    """What is no picture in the gallery: still on its way, or failed."""
    state = State(asked.state)
    rest = conditions(asked, user, team)
    if state.pending:
        return Source(asked.sort, "pending", mine.pending().filter(state=state), rest)
    return Source(asked.sort, CARRIED["state"].format(state), mine.filter(state=state), rest)


# Days


def moment(day: date) -> datetime:
    """When a day begins where we are."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()).astimezone(UTC)


def _days(asked: Filter) -> Q:
    asked_for = Q(queued_at__gte=moment(asked.since)) if asked.since else Q()
    if asked.until:
        asked_for &= Q(queued_at__lt=moment(asked.until + timedelta(days=1)))
    return asked_for


def bounds(asked: Filter, shown: GenerationQuerySet, team: Team) -> Stretch:
    """The lowest and highest id of the days asked for: ids go up with time.

    So days narrow down whatever index leads. Where there is nothing in them, no id lies between.
    """
    ends: dict[str, GenerationQuerySet] = {}
    if asked.since:
        after = shown.filter(queued_at__gte=moment(asked.since))
        ends["low"] = after.order_by("queued_at", "pk")
    if asked.until:
        before = shown.filter(queued_at__lt=moment(asked.until + timedelta(days=1)))
        ends["high"] = before.order_by("-queued_at", "-pk")
    if not ends:
        return None, None
    ids = {name: Subquery(rows.values("pk")[:1]) for name, rows in ends.items()}
    found: Any = Team.objects.values(**ids).get(pk=team.pk)
    low = (found["low"] or NEVER) if "low" in found else None
    high = (found["high"] or 0) if "high" in found else None
    return low, high


def _between(rows: GenerationQuerySet, low: int | None, high: int | None) -> GenerationQuerySet:
    rows = rows if low is None else rows.filter(pk__gte=low)
    return rows if high is None else rows.filter(pk__lte=high)
