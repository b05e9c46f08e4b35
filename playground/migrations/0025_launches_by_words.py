from django.db import migrations

# All that a search by words looks at, newest first, without the payloads between. PostgreSQL keeps
# those elsewhere, and no text of any length in an index.
_INDEX = """
CREATE INDEX launch_by_words ON playground_launch
(created_at DESC, id DESC, searched, upstream, user_id, workflow_uid)
"""


def add_index(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(_INDEX)


def remove_index(_apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS launch_by_words")


class Migration(migrations.Migration):
    dependencies = [("playground", "0024_job_looks")]

    operations = [migrations.RunPython(add_index, remove_index)]
