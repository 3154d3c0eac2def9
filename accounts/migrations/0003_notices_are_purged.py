from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_teams_and_what_happens"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(models.F("created_at"), name="notices_oldest"),
        ),
    ]
