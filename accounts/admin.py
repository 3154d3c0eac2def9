"""What administrators see of people, teams and keys. No secret is among it."""

from __future__ import annotations

from typing import Any

# Registered before what is done to it below.
import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.forms import BaseModelForm, BaseModelFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from .administration import Newest, ToLookAt, never
from .happenings import record
from .models import ApiKey, Event, Happened, Invitation, Membership, Team, User

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# Administrators sign in as everybody does: with rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Their pages would show what lets somebody in: the cookies of sessions, encrypted secrets, links.
for model in (Authenticator, UserSession, EmailConfirmation):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("email", "name")
    ordering = ("-date_joined", "-id")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")

    # People sign up themselves, so that nobody else knows their password; and they delete their
    # account themselves, which sees to their teams. Whoever is to stay away is made inactive.
    has_add_permission = never
    has_delete_permission = never

    def get_readonly_fields(self, request: HttpRequest, *_: object) -> tuple[str, ...]:
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser")


@admin.register(Authenticator)
class SecondFactorAdmin(ToLookAt):
    """To take away from somebody who has lost theirs."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-pk",)

    has_delete_permission = admin.ModelAdmin.has_delete_permission


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Members are only added: owners change roles and remove people, so that one is always left."""

    model = Membership
    extra = 0
    fields = ("user", "role", "joined_at")
    autocomplete_fields = ("user",)
    readonly_fields = ("joined_at",)
    verbose_name_plural = "members (one is added to help a team that has lost its owner)"

    has_change_permission = never
    has_delete_permission = never

    def has_add_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        gone = obj is not None and obj.deleted_at is not None
        return not gone and super().has_add_permission(request, obj)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "created_at", "monthly_calls", "deleted_at")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "memberships__user__email")
    ordering = ("-id",)
    fields = readonly_fields = (*list_display, "shown_elsewhere")
    inlines = (MembershipInline,)

    has_add_permission = never
    has_delete_permission = never

    @admin.display(description="elsewhere")
    def shown_elsewhere(self, team: Team) -> str:
        addresses = {
            "its generations": "admin:playground_generation_changelist",
            "what happened": "admin:accounts_event_changelist",
        }
        links = [
            format_html('<a href="{}?team__id__exact={}">{}</a>', reverse(name), team.pk, words)
            for words, name in addresses.items()
        ]
        return format_html("{} · {}", *links)

    @transaction.atomic
    def save_formset(
        self,
        request: HttpRequest,
        form: BaseModelForm[Any],
        formset: BaseModelFormSet[Any, Any],
        change: bool,
    ) -> None:
        """Write down for the team's owners who was put in by whom."""
        super().save_formset(request, form, formset, change)
        for membership in formset.new_objects:
            role = membership.get_role_display().lower()
            about = f"as {role}, added by the administrator {request.user}"
            record(membership.team, membership.user, Happened.JOINED, about)


@admin.register(ApiKey)
class ApiKeyAdmin(ToLookAt):
    """To look at only: keys are set by their teams."""

    list_display = ("label", "last_four", "team", "state", "added_by", "added_at", "removed_at")
    list_filter = ("state",)
    list_select_related = ("team", "added_by")
    search_fields = ("label", "team__name")
    ordering = ("-added_at",)
    fields = (*list_display, "said", "proved_at")


@admin.register(Invitation)
class InvitationAdmin(Newest):
    """Without what its link holds: that is in no row."""

    list_display = ("id", "team", "role", "email", "invited_by", "created_at", "expires_at")
    list_select_related = ("team", "invited_by")
    fields = (*list_display, "accepted_at", "accepted_by", "revoked_at")


@admin.register(Event)
class EventAdmin(Newest):
    """What happened. It is never changed."""

    list_display = ("id", "happened_at", "team", "by_name", "kind", "about")
    list_filter = ("kind",)
    list_select_related = ("team",)
    fields = (*list_display, "by")
