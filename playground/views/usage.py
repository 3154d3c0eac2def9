"""Who spends what: a team's month as charts, tables and a file; and its budgets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import happenings
from accounts.access import current_membership, owning_membership, person
from accounts.models import Happened, Team, User

from .. import services, spending
from ..exporting import cell
from ..models import Spending
from ..usage import charts, figures, pace
from ..usage.forms import BudgetForm

HEAD = ("day", "person", "endpoint", "where", "API key", "pictures", "calls")


@login_required
@never_cache
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """A month of the team: its bill, its people, what failed and how long things took."""
    membership = current_membership(request)
    month = month_asked_for(request)
    months = figures.months_of(membership.team)
    found = figures.usage_of(membership.team, month)
    place = months.index(month) if month in months else None
    now = month == months[0]
    this_week = pace.week_of(membership.team) if now else []
    last_week = pace.week_of(membership.team, weeks_ago=1) if now else []
    paces = pace.paces_of(this_week, last_week)
    context = {
        "usage": found,
        "by_person": figures.days_by_person(found),
        "columns": charts.columns_of(found.days),
        "budgets": found.budgets_of(membership) if now else [],
        "earlier": months[place + 1] if place is not None and place + 1 < len(months) else None,
        "later": months[place - 1] if place else None,
        "paces": paces,
        "spans": charts.rows_of(paces),
        "slow": pace.slow_now(pace.latest_of(membership.team)) if now else [],
    }
    return render(request, "playground/usage/usage.html", context)


@login_required
@never_cache
@require_safe
def usage_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same month for a spreadsheet: one line a day, person, endpoint and key."""
    team = current_membership(request).team
    month = month_asked_for(request)
    lines = csv_lines(team, month)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="usage-{month:%Y-%m}.csv"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest) -> HttpResponse:
    """What may be spent in a month, by all and by each; for owners."""
    membership = owning_membership(request)
    form = BudgetForm(request.POST if request.method == "POST" else None, team=membership.team)
    if form.is_valid():
        set_budgets(form, by=person(request))
        messages.success(request, "The budgets are saved.")
        return redirect("usage")
    context = {"form": form}
    return render(request, "playground/usage/budget.html", context)


@transaction.atomic
def set_budgets(form: BudgetForm, *, by: User) -> None:
    """Save what a valid form changes, write down each change, and warn whom it leaves little."""
    # What is clicked meanwhile is held against the old budgets or the new ones.
    services.lock(form.team)
    for holder, calls in form.changes():
        name = "the team" if isinstance(holder, Team) else str(holder.user)
        before, after = (
            "no bound" if number is None else f"{number} calls a month"
            for number in (holder.monthly_calls, calls)
        )
        holder.monthly_calls = calls
        holder.save(update_fields=["monthly_calls"])
        happenings.record(form.team, by, Happened.BUDGET_CHANGED, f"{name}: {before} → {after}")
        spending.warn_of_change(holder, team=form.team, by=by)


def month_asked_for(request: HttpRequest) -> date:
    """The month of `?month=2026-11`; the present one where there is none or no such one."""
    year, _, month = request.GET.get("month", "").partition("-")
    if year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12:
        try:
            return date(int(year), int(month), 1)
        except ValueError:
            pass
    return spending.month_of(spending.today())


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(team: Team, month: date) -> Iterator[str]:
    """The lines of a month's file, with a mark for spreadsheets that it is UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(HEAD)
    rows = Spending.objects.filter(
        team=team, day__gte=month, day__lt=spending.next_month(month)
    ).select_related("user", "api_key")
    for row in rows.order_by("day", "pk"):
        values = (
            row.day.isoformat(),
            str(row.user) if row.user else figures.GONE,
            figures.endpoint_name(row.endpoint),
            row.get_upstream_display(),
            f"{row.api_key.label} (…{row.api_key.last_four})" if row.api_key else "",
            row.pictures,
            row.calls,
        )
        yield writer.writerow([cell(value) for value in values])
