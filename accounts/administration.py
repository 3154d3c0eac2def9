"""What the administration has in common: most is to look at, and no list goes through all rows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest

NEWEST = 20_000
"""A list shows so many rows at most, whatever it is filtered by: no index carries every filter."""
MOST_DIGITS = 18


def never(*_: Any, **__: Any) -> bool:
    return False


class ToLookAt(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted here: who may do so does it on the site's own pages."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    has_add_permission = never
    has_change_permission = never
    has_delete_permission = never


class Newest(ToLookAt):
    """Of a table that only grows: the newest rows, and any other one by its number."""

    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("pk",)
    search_help_text = f"The newest {NEWEST:,} are listed. Any other is found by its number."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        number = search_term.strip()
        if number.isdecimal() and len(number) <= MOST_DIGITS:
            return queryset.filter(pk=int(number)), False
        newest = self.get_queryset(request).aggregate(newest=Max("pk"))["newest"] or 0
        return queryset.filter(pk__gt=newest - NEWEST), False
