from django.db import migrations, models

from playground.models.launches import searched_text

_BATCH = 500


def fold_names(apps, _schema_editor):
    """Launches that were recorded before, some at a time, without their payloads."""
    launches = apps.get_model("playground", "Launch").objects
    last = 0
    while batch := list(
        launches.filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "job_name", "workflow_name")[:_BATCH]
    ):
        launches.bulk_update(
            [
                launches.model(pk=pk, searched=searched_text(str(job), str(workflow)))
                for pk, job, workflow in batch
            ],
            ["searched"],
        )
        last = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [("playground", "0009_changes_of_jobs")]

    operations = [
        migrations.AddField(
            model_name="launch",
            name="searched",
            field=models.TextField(
                default="",
                editable=False,
                help_text="Both names, folded: what a search looks through.",
            ),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
