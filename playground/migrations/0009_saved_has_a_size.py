from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from playground.models import search_index


def watch(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite made the table anew, without the triggers that keep the search index."""
    search_index.watch(editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notices_are_purged"),
        ("playground", "0008_teams_share_and_talk"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="generation",
            name="saved_has_a_picture",
        ),
        migrations.AddConstraint(
            model_name="generation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "saved"), _negated=True),
                    models.Q(
                        ("height__isnull", False),
                        ("saved_at__isnull", False),
                        ("width__isnull", False),
                        ("bytes__gt", 0),
                        ("bytes__isnull", False),
                        ("height__gt", 0),
                        ("width__gt", 0),
                        models.Q(("file", ""), _negated=True),
                        models.Q(("thumbnail", ""), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                        models.Q(("mime_type", ""), _negated=True),
                        models.Q(
                            models.Q(("seed", ""), _negated=True),
                            ("fault", "no_seed"),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="saved_has_a_picture",
            ),
        ),
        migrations.RunPython(watch, migrations.RunPython.noop),
    ]
