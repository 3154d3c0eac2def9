from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notices_are_purged"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mentioned", "Somebody mentions me in a comment"),
                    ("experiment_done", "An experiment of mine is finished"),
                    ("key_attention", "A team’s API key needs attention"),
                    ("budget_near", "A budget of mine is used up to 80 %"),
                    ("site_fault", "This site itself needs its administrator"),
                ],
                max_length=20,
            ),
        ),
    ]
