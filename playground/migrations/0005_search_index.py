from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from playground.models import search_index


def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    search_index.make(editor.connection)


def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    search_index.drop(editor.connection)


OUTCOMES = ("cancelled", "not_sent", "refused", "unusable", "unknown")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("playground", "0004_bin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                models.F("team"),
                models.F("experiment"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("deleted_at", None), ("experiment__isnull", False), ("state", "saved")
                ),
                name="gallery_experiment",
            ),
        ),
        migrations.RemoveIndex(model_name="generation", name="team_state"),
        *(
            migrations.AddIndex(
                model_name="generation",
                index=models.Index(
                    models.F("team"),
                    models.OrderBy(models.F("id"), descending=True),
                    condition=models.Q(("state", state)),
                    name=f"state_{state}",
                ),
            )
            for state in OUTCOMES
        ),
        migrations.RunPython(make, drop),
    ]
