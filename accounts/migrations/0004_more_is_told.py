from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notices_are_purged"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
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
                    ("deleted", "deleted"),
                ],
                max_length=20,
            ),
        ),
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
