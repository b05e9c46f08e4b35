"""How many bytes each launch takes, without its body being read."""

from django.db import migrations, models
from django.db.models.functions import Length


def fill_sizes(apps, schema_editor):
    """Of launches that were made before. Bodies of retries count from now on."""
    launches = apps.get_model("sandbox", "SandboxLaunch").objects.using(
        schema_editor.connection.alias
    )
    size = Length("record", output_field=models.BigIntegerField()) + Length(
        "body", output_field=models.BigIntegerField()
    )
    launches.update(size=size)


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0002_due_times")]

    operations = [
        migrations.AddField(
            model_name="sandboxlaunch", name="size", field=models.BigIntegerField(default=0)
        ),
        migrations.AddIndex(
            model_name="sandboxlaunch",
            index=models.Index(
                fields=["is_settled", "created_at", "workflow_uid", "size"],
                name="sandbox_launch_sizes",
            ),
        ),
        migrations.RunPython(fill_sizes, migrations.RunPython.noop, elidable=True),
    ]
