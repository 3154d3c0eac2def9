from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0001_squashed_0009_saved_has_a_size"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="comment",
            name="edited_at",
        ),
    ]
