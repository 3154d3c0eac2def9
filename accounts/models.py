"""Who you are, which team, what you may do, whose API key pays."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone


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


class KeyState(models.TextChoices):
    """What is known of a key. The API has no free check: its first call proves it."""

    UNPROVED = "unproved", "Not used yet"
    WORKING = "working", "Working"
    REFUSED = "refused", "Needs attention"
    NEEDS_CREDIT = "needs_credit", "Needs credit"


class ApiKey(models.Model):
    """A team's key to Image Pig, never shown again after it was saved.

    A removed key keeps its row, for the record of what it paid, but not its secret.
    """

    # Known before the row is saved, since the ciphertext names its row.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(max_length=80)
    ciphertext = models.BinaryField(editable=False)
    last_four = models.CharField(max_length=4)
    state = models.CharField(max_length=12, choices=KeyState.choices, default=KeyState.UNPROVED)
    said = models.CharField(max_length=1000, blank=True)
    """Image Pig's own words when it refused the key."""
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"
        constraints = (
            models.UniqueConstraint(
                fields=["team"], condition=Q(removed_at=None), name="one_api_key_in_use_a_team"
            ),
            models.CheckConstraint(
                condition=Q(state__in=KeyState.values), name="api_key_state_known"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) ^ Q(ciphertext=b""), name="removed_api_key_is_erased"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} (…{self.last_four})"

    @property
    def paused(self) -> bool:
        """Whether calls with it wait until somebody has looked after it."""
        return self.state in (KeyState.REFUSED, KeyState.NEEDS_CREDIT)
