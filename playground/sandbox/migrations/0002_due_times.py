"""Launches tell when they are due and how many rows they have, without their record being read."""

import json
from datetime import timedelta

from django.db import migrations, models


def fill_columns(apps, schema_editor):
    """Out of the records of launches that were made before."""
    launches = apps.get_model("sandbox", "SandboxLaunch").objects.using(
        schema_editor.connection.alias
    )
    for launch in launches.only("created_at", "record").iterator(chunk_size=500):
        record = json.loads(bytes(launch.record))
        plan = record["plan"]
        if plan["interval"] > 0:
            continue
        delay = timedelta(seconds=plan["delay"] / record["speed"])
        rows = max(1, plan["number_inputs"])
        launches.filter(pk=launch.pk).update(due_at=launch.created_at + delay, number_rows=rows)


class Migration(migrations.Migration):
    dependencies = [("sandbox", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="sandboxlaunch", name="sandbox_launch_by_workflow"),
        migrations.AddField(
            model_name="sandboxlaunch", name="due_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="sandboxlaunch", name="number_rows", field=models.IntegerField(default=0)
        ),
        migrations.AddIndex(
            model_name="sandboxlaunch",
            index=models.Index(fields=["workflow_uid", "due_at"], name="sandbox_launch_due"),
        ),
        migrations.AddIndex(
            model_name="sandboxlaunch",
            index=models.Index(fields=["created_at", "number_rows"], name="sandbox_launch_rows"),
        ),
        migrations.AddIndex(
            model_name="sandboxlaunch",
            index=models.Index(
                fields=["created_at"],
                condition=models.Q(due_at=None),
                name="sandbox_launch_repeating",
            ),
        ),
        migrations.RunPython(fill_columns, migrations.RunPython.noop, elidable=True),
    ]
