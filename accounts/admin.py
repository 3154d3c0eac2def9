"""What administrators see of people, teams and keys. No secret is among it."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest

from .models import ApiKey, Membership, Team, User

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# Administrators sign in as everybody does: with rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def never(*_: Any, **__: Any) -> bool:
    return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("-date_joined", "-id")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    # People sign up themselves, so that nobody else knows their password.
    has_add_permission = never

    def get_readonly_fields(self, request: HttpRequest, *_: object) -> tuple[str, ...]:
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser")


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    readonly_fields = ("joined_at",)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "created_at")
    search_fields = ("name", "memberships__user__email")
    ordering = ("-id",)
    fields = ("name", "created_at")
    readonly_fields = ("created_at",)
    inlines = (MembershipInline,)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at only: keys are set by their teams."""

    list_display = ("label", "last_four", "team", "state", "added_by", "added_at", "removed_at")
    list_filter = ("state",)
    list_select_related = ("team", "added_by")
    search_fields = ("label", "team__name")
    ordering = ("-added_at",)
    fields = (*list_display, "said", "proved_at")

    has_add_permission = never
    has_change_permission = never
    has_delete_permission = never
