"""The bill as it is held against budgets: added to before a call can be made, given back after.

Every change stands in the transaction that moves the generation's state, and whoever adds holds
the team's lock, so that two clicks at once cannot both have the last call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Membership, NoticeKind, Role, Team, User

from .models import Generation, Spending, Upstream
from .models.spending import SpendingQuerySet

WARN_AT = 0.8
"""The share of a budget from which on pages and notices say how little is left."""
OWN_BUDGET, TEAM_BUDGET = "your budget", "the team’s budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls that may be used in a month, and those that are; months begin and end in UTC."""

    name: str
    """Whose budget it is, in words that can follow "Of" and begin no sentence."""
    limit: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def near(self) -> bool:
        return self.used >= WARN_AT * self.limit

    @property
    def percent(self) -> int:
        """Rounded down, and 100 only when nothing is left."""
        return min(100, 100 * self.used // self.limit) if self.limit else 100


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def used_calls(team: Team | int, month: date, *, user: User | int | None = None) -> int:
    """The calls of a month, of the whole team or of one person in it."""
    spending = Spending.objects.filter(team=team, day__gte=month, day__lt=next_month(month))
    if user is not None:
        spending = spending.filter(user=user)
    return spending.aggregate(calls=Sum("calls"))["calls"] or 0


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def budgets_of(membership: Membership) -> list[Budget]:
    """The budgets that bound what a member does: the member's own, then the team's."""
    month = month_of(today())
    team = membership.team
    found = []
    if membership.monthly_calls is not None:
        used = used_calls(team, month, user=membership.user_id)
        found.append(Budget(OWN_BUDGET, membership.monthly_calls, used))
    if team.monthly_calls is not None:
        found.append(Budget(TEAM_BUDGET, team.monthly_calls, used_calls(team, month)))
    return found


def budgets_for(drafts: Iterable[Generation], *, team: Team, user: User | None) -> list[Budget]:
    """The budgets that somebody's drafts are held against. The caller holds the team's lock."""
    if user is None or not any(draft.calls for draft in drafts):
        return []
    membership = Membership.objects.select_related("team").filter(team=team, user=user).first()
    return budgets_of(membership) if membership else []


def reserve(drafts: Iterable[Generation], *, team: Team) -> None:
    """Put generations that are queued now on the bill. The caller holds the team's lock."""
    calls: Counter[tuple[int | None, str, str, date]] = Counter()
    pictures: Counter[tuple[int | None, str, str, date]] = Counter()
    for draft in drafts:
        what = (draft.author_id, draft.upstream, draft.endpoint, _day(draft.queued_at))
        calls[what] += draft.calls
        pictures[what] += 1
    for what, number in pictures.items():
        user, upstream, endpoint, day = what
        api_key = team.api_key if upstream == Upstream.IMAGEPIG else None
        row = {"user": user, "upstream": upstream, "endpoint": endpoint, "day": day}
        if not _add(
            Spending.objects.filter(team=team, api_key=api_key, **row), number, calls[what]
        ):
            Spending.objects.create(
                team=team,
                api_key=api_key,
                user_id=user,
                upstream=upstream,
                endpoint=endpoint,
                day=day,
                pictures=number,
                calls=calls[what],
            )


def warn(budgets: Iterable[Budget], calls: int, *, team: Team, user: User) -> None:
    """Tell whom it concerns, once a month, when a budget is nearly used up by these calls."""
    for budget in budgets:
        used = replace(budget, used=budget.used + calls)
        if not used.near:
            continue
        own = budget.name == OWN_BUDGET
        who = (
            [user]
            if own
            else User.objects.filter(memberships__team=team, memberships__role=Role.OWNER)
        )
        whose = "Your budget" if own else "The budget"
        text = f"{whose} in {team}: {used.used} of {used.limit} calls of this month are used."
        month = f"{month_of(today()):%Y-%m}"
        # A budget of another size is another matter.
        key = f"budget {team.pk} {month} {used.limit}{' own' if own else ''}"
        notices.tell(who, team, NoticeKind.BUDGET_NEAR, text, reverse("usage"), key=key)


def warn_of_change(holder: Team | Membership, *, team: Team, by: User) -> None:
    """The same where a budget has been set below what is used, or little above it."""
    own = isinstance(holder, Membership)
    user = holder.user if isinstance(holder, Membership) else by
    used = used_calls(team, month_of(today()), user=user if own else None)
    if used and holder.monthly_calls is not None:
        budget = Budget(OWN_BUDGET if own else TEAM_BUDGET, holder.monthly_calls, used)
        warn([budget], 0, team=team, user=user)


def give_back(generation: Generation) -> None:
    """Take a generation off the bill that certainly did not count."""
    day = _day(generation.queued_at)
    billed = Spending.objects.filter(
        team=generation.team_id,
        user=generation.author_id,
        upstream=generation.upstream,
        endpoint=generation.endpoint,
        day=day,
        calls__gte=generation.calls,
        pictures__gte=1,
    )
    # Of one day and two keys, the later one: the other's calls are likelier to have been made.
    row = billed.order_by("-pk").values_list("pk", flat=True).first()
    if row is not None:
        _add(Spending.objects.filter(pk=row), -1, -generation.calls)


def _add(rows: SpendingQuerySet, pictures: int, calls: int) -> bool:
    return bool(
        rows.update(
            pictures=F("pictures") + pictures, calls=F("calls") + calls, updated_at=timezone.now()
        )
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
