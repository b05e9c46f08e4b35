from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0007_candidates"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="launch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("job_uid", ""), _negated=True),
                fields=("upstream", "job_uid"),
                name="job_of_one_launch",
            ),
        ),
    ]
