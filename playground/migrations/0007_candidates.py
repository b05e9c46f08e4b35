import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count

NOT_ITS_OWN = (
    "Its job was found by likeness, and belongs to launch {} by the upstream's own answer. Look "
    "for this launch once more."
)
OF_SEVERAL = (
    "Its job was found by likeness, and several launches were said to have made it. Look for this "
    "launch once more."
)


def part_shared_jobs(apps, _schema_editor):
    """A job that several launches took for theirs stays with the one that was answered with it."""
    launches = apps.get_model("playground", "Launch").objects
    shared = (
        launches.exclude(job_uid="")
        .values("upstream", "job_uid")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .order_by()
    )
    for one in list(shared):
        mine = launches.filter(upstream=one["upstream"], job_uid=one["job_uid"]).order_by("pk")
        by_likeness = mine.filter(sentence__startswith="Found in the upstream")
        answered = mine.exclude(pk__in=by_likeness.values("pk")).first()
        sentence = NOT_ITS_OWN.format(answered.pk) if answered else OF_SEVERAL
        others = mine.exclude(pk=answered.pk) if answered else mine
        pks = list(others.values_list("pk", flat=True))
        launches.filter(pk__in=pks).update(state="not-proved", job_uid="", sentence=sentence)


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0006_api_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="launch",
            name="candidates",
            field=models.BinaryField(
                default=b"[]",
                help_text="Jobs that may be its job, as the last search found them: JSON.",
            ),
        ),
        migrations.AddField(
            model_name="launch",
            name="decided_by",
            field=models.ForeignKey(
                help_text="Who said which job it is, or that it is none.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="launch",
            name="state",
            field=models.CharField(
                choices=[
                    ("sending", "Sending"),
                    ("launched", "Launched"),
                    ("rejected", "Rejected"),
                    ("unreachable", "Not sent"),
                    ("unknown", "Outcome unknown"),
                    ("not-proved", "Not proved"),
                    ("not-found", "Not found upstream"),
                ],
                db_index=True,
                max_length=12,
            ),
        ),
        migrations.RunPython(part_shared_jobs, migrations.RunPython.noop),
    ]
