import json

from django.db import migrations, models


def name_fields(apps, _schema_editor):
    """UID of a step → accounts becomes name of a field → its texts."""
    for choice in apps.get_model("playground", "PresetChoice").objects.iterator():
        accounts = json.loads(bytes(choice.fields))
        named = {f"steps-{step}-accounts": uids for step, uids in accounts.items()}
        choice.fields = json.dumps(named).encode()
        choice.save(update_fields=["fields"])


def name_steps(apps, _schema_editor):
    for choice in apps.get_model("playground", "PresetChoice").objects.iterator():
        fields = json.loads(bytes(choice.fields))
        choice.fields = json.dumps(
            {
                name.removeprefix("steps-").removesuffix("-accounts"): texts
                for name, texts in fields.items()
                if name.startswith("steps-") and name.endswith("-accounts")
            }
        ).encode()
        choice.save(update_fields=["fields"])


class Migration(migrations.Migration):
    dependencies = [("playground", "0025_launches_by_words")]

    operations = [
        migrations.RenameField("presetchoice", "accounts", "fields"),
        migrations.AlterField(
            "presetchoice",
            "fields",
            models.BinaryField(help_text="JSON: name of a field → its texts."),
        ),
        migrations.RunPython(name_fields, name_steps),
    ]
