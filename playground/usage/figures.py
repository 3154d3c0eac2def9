"""A month's bill by day, endpoint, person and key, and what became of the calls.

All of it from sums by day and from indexes of failures, so that a million pictures cost no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import Membership, Team

from ..imagepig.endpoints import TABLE
from ..models import FAILED, Generation, GenerationQuerySet, Spending, State, Upstream
from ..spending import OWN_BUDGET, TEAM_BUDGET, Budget, month_of, next_month, today

Row = dict[str, Any]
"""A day's sum, by the names of its columns."""

MAY_HAVE_COUNTED = (State.REFUSED, State.UNUSABLE, State.UNKNOWN)
"""Ends of which nobody can say for certain that they cost nothing."""
GIVEN_BACK = (State.NOT_SENT, State.REFUSED)
GONE = "Somebody who has left"
PEOPLE_BESIDE = 8
"""People with a column of their own in the table of days; the file has everybody."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one endpoint, person or key stands for in a month."""

    name: str
    calls: int
    pictures: int
    budget: Budget | None = None
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    calls: dict[str, int]
    """Endpoint key → calls."""
    people: dict[int | None, int] = field(default_factory=dict)
    """Id of a person → calls; None stands for all who have left."""

    @property
    def total(self) -> int:
        return sum(self.calls.values())


@dataclass(frozen=True, slots=True)
class DaysByPerson:
    """Calls a day, one column a person, those who made the most first."""

    names: list[str]
    days: list[tuple[Day, list[int]]]
    """The days on which there were any, and the calls of each column."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many calls to Image Pig ended otherwise than with a picture."""

    state: State
    number: int

    @property
    def may_have_counted(self) -> bool:
        return self.state in MAY_HAVE_COUNTED


@dataclass(frozen=True, slots=True)
class Usage:
    """A team's month. `pictures` are those that count or may; what goes on is among them."""

    month: date
    calls: int
    pictures: int
    sandbox_pictures: int
    days: list[Day]
    endpoints: list[Part]
    people: list[Part]
    """Everybody who spent anything, and every member with a budget."""
    keys: list[Part]
    outcomes: list[Outcome] = field(default_factory=list)
    waiting: int = 0
    """Pictures of the month that are on their way still."""

    def budgets_of(self, membership: Membership) -> list[Budget]:
        """The budgets that bind a member this month, as `spending.budgets_of` gives them."""
        own = next((part.budget for part in self.people if part.user == membership.user_id), None)
        limit = membership.team.monthly_calls
        found = [replace(own, name=OWN_BUDGET)] if own else []
        return [*found, Budget(TEAM_BUDGET, limit, self.calls)] if limit is not None else found

    @property
    def faults(self) -> int:
        return sum(each.number for each in self.outcomes)

    @property
    def saved(self) -> int:
        """The pictures that came of it."""
        billed_in_vain = sum(each.number for each in self.outcomes if each.state not in GIVEN_BACK)
        return max(0, self.pictures - billed_in_vain - self.waiting)

    @property
    def success_percent(self) -> float | None:
        """Of what has ended, what made a picture; None where nothing has."""
        ended = self.saved + self.faults
        return 100 * self.saved / ended if ended else None

    @property
    def fault_percent(self) -> float:
        """Of what has ended, what made none."""
        return 100 - (self.success_percent or 0.0)


def usage_of(team: Team, month: date) -> Usage:
    """All of a month, which begins on its first day in UTC."""
    of_month = Spending.objects.filter(team=team, day__gte=month, day__lt=next_month(month))
    rows: list[Row] = [
        dict(row)
        for row in of_month.values(
            "user", "upstream", "endpoint", "day", "pictures", "calls", "user__name",
            "user__email", "api_key__label", "api_key__last_four",
        )
    ]  # fmt: skip
    real = [row for row in rows if row["upstream"] == Upstream.IMAGEPIG]
    unsaved = unsaved_of(team, month)
    return Usage(
        month=month,
        calls=sum(row["calls"] for row in real),
        pictures=sum(row["pictures"] for row in real),
        sandbox_pictures=sum(row["pictures"] for row in rows) - sum(r["pictures"] for r in real),
        days=_days(real, month),
        endpoints=_parts(real, lambda row: endpoint_name(row["endpoint"])),
        people=_people(real, team),
        keys=_parts(real, _key),
        outcomes=[Outcome(state, unsaved[state]) for state in FAILED if state in unsaved],
        waiting=sum(number for state, number in unsaved.items() if state.pending),
    )


def endpoint_name(key: str) -> str:
    """What people call an endpoint, also one that is no longer in the table."""
    return TABLE[key].label if key in TABLE else key


def unsaved_of(team: Team, month: date) -> dict[State, int]:
    """What is no picture (yet): how many by state. One question, each state by its own index."""
    waiting, *failed = (
        _of_month(rows, team, month).order_by().values("state").annotate(number=Count("pk"))
        for rows in (
            Generation.objects.pending(),
            *(Generation.objects.filter(state=state) for state in FAILED),
        )
    )
    return {State(row["state"]): row["number"] for row in waiting.union(*failed, all=True)}


def _of_month(rows: GenerationQuerySet, team: Team, month: date) -> GenerationQuerySet:
    """Those of the team that are, or were to be, made by Image Pig in a month."""
    begins, ends = (
        datetime(day.year, day.month, 1, tzinfo=UTC) for day in (month, next_month(month))
    )
    return rows.filter(
        team=team, upstream=Upstream.IMAGEPIG, queued_at__gte=begins, queued_at__lt=ends
    )


def months_of(team: Team) -> list[date]:
    """The months in which the team asked for anything, newest first, and the present one."""
    first = Spending.objects.filter(team=team).order_by("day").values_list("day", flat=True).first()
    month, months = month_of(today()), []
    while month >= month_of(first or today()):
        months.append(month)
        month = month_of(month - timedelta(days=1))
    return months


def days_by_person(usage: Usage) -> DaysByPerson:
    """A month's calls by day and person; the last column is for all who have none of their own."""
    spent = [part for part in usage.people if part.calls]
    shown, others = spent[:PEOPLE_BESIDE], spent[PEOPLE_BESIDE:]
    rows = []
    for day in usage.days:
        if day.total:
            calls = [day.people.get(part.user, 0) for part in shown]
            rest = [sum(day.people.get(part.user, 0) for part in others)] if others else []
            rows.append((day, calls + rest))
    rest_name = [f"{len(others)} more"] if others else []
    return DaysByPerson([part.name for part in shown] + rest_name, rows)


def _days(rows: Iterable[Row], month: date) -> list[Day]:
    calls: dict[date, Counter[str]] = defaultdict(Counter)
    people: dict[date, Counter[int | None]] = defaultdict(Counter)
    for row in rows:
        calls[row["day"]][row["endpoint"]] += row["calls"]
        people[row["day"]][row["user"]] += row["calls"]
    number = (next_month(month) - month).days
    days = (month + timedelta(days=place) for place in range(number))
    return [Day(day, dict(calls[day]), dict(people[day])) for day in days]


def _parts(rows: Iterable[Row], name_of: Callable[[Row], str]) -> list[Part]:
    calls: Counter[str] = Counter()
    pictures: Counter[str] = Counter()
    for row in rows:
        calls[name_of(row)] += row["calls"]
        pictures[name_of(row)] += row["pictures"]
    return [Part(name, number, pictures[name]) for name, number in calls.most_common()]


def _key(row: Row) -> str:
    label = row["api_key__label"]
    return f"{label} (…{row['api_key__last_four']})" if label else "No key"


def _people(rows: list[Row], team: Team) -> list[Part]:
    calls: Counter[int | None] = Counter()
    pictures: Counter[int | None] = Counter()
    names: dict[int | None, str] = {None: GONE}
    for row in rows:
        calls[row["user"]] += row["calls"]
        pictures[row["user"]] += row["pictures"]
        if row["user"] is not None:
            names[row["user"]] = row["user__name"] or row["user__email"].partition("@")[0]
    budgets: dict[int | None, int] = {}
    for member in Membership.objects.filter(team=team).select_related("user"):
        if member.monthly_calls is not None:
            budgets[member.user_id] = member.monthly_calls
            names[member.user_id] = str(member.user)
            calls[member.user_id] += 0
    return [
        Part(
            names[user],
            number,
            pictures[user],
            Budget(names[user], budgets[user], number) if user in budgets else None,
            user,
        )
        for user, number in calls.most_common()
    ]
