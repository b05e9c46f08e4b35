from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0014_appointments"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="change",
            name="one_change_at_a_time",
        ),
        migrations.AddField(
            model_name="change",
            name="ended",
            field=models.TextField(
                blank=True, help_text="UIDs of the accounts that end with a user, one a line."
            ),
        ),
        migrations.AlterField(
            model_name="change",
            name="kind",
            field=models.CharField(
                choices=[
                    ("add-account", "Added"),
                    ("update-account", "Updated"),
                    ("answer-challenge", "Login challenge answered"),
                    ("add-user", "Added"),
                    ("update-user", "Updated"),
                    ("retry-job", "Run again"),
                    ("cancel-job", "Stopped"),
                    ("remove-schedule", "Schedule removed"),
                    ("remove-account", "Removed"),
                    ("remove-user", "Removed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    state="sending",
                    kind__in=[
                        "retry-job",
                        "cancel-job",
                        "remove-schedule",
                        "remove-account",
                        "remove-user",
                    ],
                ),
                fields=("upstream", "kind", "uid"),
                name="one_change_at_a_time",
            ),
        ),
    ]
