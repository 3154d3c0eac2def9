import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from playground.models import search_index


def watch(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    # SQLite made the table anew, without its triggers.
    search_index.watch(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("playground", "0006_origin")]

    operations = [
        migrations.RemoveIndex(model_name="generation", name="team_newest"),
        migrations.AlterField(
            model_name="generation",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="generations",
                to="accounts.team",
            ),
        ),
        migrations.RunPython(watch, migrations.RunPython.noop),
    ]
