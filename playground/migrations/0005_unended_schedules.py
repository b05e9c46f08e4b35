from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0004_changes")]

    operations = [
        migrations.AddIndex(
            model_name="launch",
            index=models.Index(
                condition=models.Q(("is_repeating", True), ("schedule_ended_at", None)),
                fields=["-created_at", "-id"],
                name="launch_unended",
            ),
        ),
    ]
