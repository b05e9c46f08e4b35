from django.db import migrations


class Migration(migrations.Migration):
    """What was called a try is called an API call. Its table keeps its name: no row is touched."""

    dependencies = [
        ("playground", "0005_unended_schedules"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Try", "ApiCall"),
                migrations.AlterModelTable("ApiCall", "playground_try"),
                migrations.AlterModelOptions(
                    "ApiCall",
                    options={"ordering": ["-created_at", "-pk"], "verbose_name": "API call"},
                ),
            ],
        ),
    ]
