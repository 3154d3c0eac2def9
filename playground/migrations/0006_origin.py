import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("playground", "0005_search_index")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="origin",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="offspring",
                to="playground.generation",
            ),
        ),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                F("origin"),
                F("id").desc(),
                condition=Q(origin__isnull=False),
                name="offspring_newest",
            ),
        ),
    ]
