from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0008_job_of_one_launch"),
    ]

    operations = [
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
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="change",
            name="uid",
            field=models.CharField(
                blank=True,
                db_index=True,
                help_text="The account, user, job or schedule; empty while a new one is not known.",
                max_length=200,
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    state="sending", kind__in=["retry-job", "cancel-job", "remove-schedule"]
                ),
                fields=("upstream", "kind", "uid"),
                name="one_change_at_a_time",
            ),
        ),
    ]
