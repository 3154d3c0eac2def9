"""Who you are, which team, and what you may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from .keys import ApiKey


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an email address."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=80, blank=True)
    is_staff = models.BooleanField("administrator", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    muted = models.JSONField(default=list, blank=True)
    """The kinds of notices that the person has switched off."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.get_short_name()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]


class Role(models.TextChoices):
    """What a member may do; each role may do what the ones after it may."""

    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> TeamQuerySet:
        return self.filter(memberships__user=user)


class Team(models.Model):
    """Shares a gallery and a bill. Signing up makes a personal team of one."""

    name = models.CharField(max_length=80)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    created_at = models.DateTimeField(default=timezone.now)
    monthly_calls = models.PositiveIntegerField("calls a month", null=True, blank=True)
    """The budget for all members together, by months in UTC; null: no bound."""
    deleted_at = models.DateTimeField(null=True, editable=False)
    """When its owner deleted it: nobody is a member any more, and it is removed 30 days later."""
    former_members = models.JSONField(default=dict, editable=False)
    """Of a deleted team: person's id → `role`, `joined_at`, `monthly_calls`, to bring it back."""

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def api_key(self) -> ApiKey | None:
        """The key in use; None while the team works in the sandbox."""
        return self.api_keys.filter(removed_at=None).first()


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    monthly_calls = models.PositiveIntegerField("calls a month", null=True, blank=True)
    """The budget for this member alone; null: only the team's."""

    has_key: bool
    """Whether the team has an API key; only those of `access.memberships` know."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_team"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.role}"

    @property
    def may_generate(self) -> bool:
        return self.role in (Role.OWNER, Role.EDITOR)

    @property
    def may_manage(self) -> bool:
        return self.role == Role.OWNER
