import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from playground.models import search_index


def watch(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    # SQLite made the table anew, without its triggers.
    search_index.watch(editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_teams_and_what_happens"),
        ("playground", "0007_gallery_leads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(null=True)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("shows_prompt", models.BooleanField(default=True)),
                ("shows_seed", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("views", models.PositiveIntegerField(default=0)),
                ("viewed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Spending",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "upstream",
                    models.CharField(
                        choices=[("imagepig", "Image Pig"), ("sandbox", "Sandbox")], max_length=10
                    ),
                ),
                ("endpoint", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("pictures", models.IntegerField(default=0)),
                ("calls", models.IntegerField(default=0)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="generation",
            name="comments_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="generation",
            name="pick",
            field=models.CharField(
                blank=True,
                choices=[("", "Undecided"), ("picked", "Picked"), ("rejected", "Rejected")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="generation",
            name="picked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="generation",
            name="picked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                models.F("team"),
                models.F("pick"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None), ("state", "saved")),
                name="gallery_pick",
            ),
        ),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                models.F("team"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("deleted_at", None), ("state", "saved"), ("comments_count__gt", 0)
                ),
                name="gallery_commented",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="generation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="playground.generation",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="mentions",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="comment",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="collection",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="playground.collection",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="experiment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="playground.experiment",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="generation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="playground.generation",
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="shared_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="spending",
            name="api_key",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.apikey",
            ),
        ),
        migrations.AddField(
            model_name="spending",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spending",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="spending",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("generation"), models.F("id"), name="comments_oldest"),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(
                models.F("team"),
                models.OrderBy(models.F("id"), descending=True),
                name="shares_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("collection", None), ("experiment", None), ("generation__isnull", False)
                    ),
                    models.Q(
                        ("collection__isnull", False), ("experiment", None), ("generation", None)
                    ),
                    models.Q(
                        ("collection", None), ("experiment__isnull", False), ("generation", None)
                    ),
                    _connector="OR",
                ),
                name="a_share_shows_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="spending",
            index=models.Index(models.F("team"), models.F("day"), name="spending_days"),
        ),
        migrations.AddConstraint(
            model_name="spending",
            constraint=models.UniqueConstraint(
                fields=("team", "day", "user", "upstream", "endpoint", "api_key"),
                name="one_sum_a_day",
            ),
        ),
        migrations.RunPython(watch, migrations.RunPython.noop),
    ]
