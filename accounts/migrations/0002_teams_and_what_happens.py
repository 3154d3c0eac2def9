import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="monthly_calls",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="calls a month"),
        ),
        migrations.AddField(
            model_name="team",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="team",
            name="former_members",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="team",
            name="monthly_calls",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="calls a month"),
        ),
        migrations.AddField(
            model_name="user",
            name="muted",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("team_created", "made the team"),
                            ("team_renamed", "renamed the team"),
                            ("team_deleted", "deleted the team"),
                            ("team_restored", "brought the team back"),
                            ("invited", "invited somebody"),
                            ("invitation_revoked", "took an invitation back"),
                            ("joined", "joined"),
                            ("left", "left"),
                            ("removed", "removed a member"),
                            ("role_changed", "changed a role"),
                            ("key_added", "added an API key"),
                            ("key_replaced", "replaced the API key"),
                            ("key_removed", "removed the API key"),
                            ("budget_changed", "changed a budget"),
                            ("share_made", "made a share link"),
                            ("share_revoked", "took a share link back"),
                            ("pictures_deleted", "deleted pictures"),
                            ("pictures_moved", "moved pictures"),
                            ("pictures_copied", "copied pictures"),
                            ("exported", "exported pictures"),
                        ],
                        max_length=20,
                    ),
                ),
                ("by_name", models.CharField(max_length=80)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("team"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="events_newest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")],
                        max_length=10,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("team"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="invitations_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["owner", "editor", "viewer"])),
                        name="invitation_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("revoked_at", None), _connector="OR"
                        ),
                        name="invitation_ends_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mentioned", "Somebody mentions me in a comment"),
                            ("experiment_done", "An experiment of mine is finished"),
                            ("key_attention", "A team’s API key needs attention"),
                            ("budget_near", "A budget of mine is used up to 80 %"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("address", models.CharField(max_length=200)),
                ("key", models.CharField(blank=True, max_length=100)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("user"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="notices_newest",
                    ),
                    models.Index(
                        models.F("user"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("read_at", None)),
                        name="notices_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("user", "key"),
                        name="told_once",
                    )
                ],
            },
        ),
    ]
