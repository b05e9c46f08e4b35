import django.db.models.deletion
from django.db import migrations, models

# Words of whatever is not ASCII stay as they are, and so do both sides of a search.
_LITE = (
    """
    CREATE VIRTUAL TABLE playground_launchwords_index USING fts5(
        words, content='playground_launchwords', content_rowid='launch_id',
        tokenize='ascii', detail='none', columnsize=0
    )
    """,
    """
    CREATE TRIGGER playground_launchwords_added AFTER INSERT ON playground_launchwords BEGIN
        INSERT INTO playground_launchwords_index(rowid, words) VALUES (new.launch_id, new.words);
    END
    """,
    """
    CREATE TRIGGER playground_launchwords_removed AFTER DELETE ON playground_launchwords BEGIN
        INSERT INTO playground_launchwords_index(playground_launchwords_index, rowid, words)
        VALUES ('delete', old.launch_id, old.words);
    END
    """,
    """
    CREATE TRIGGER playground_launchwords_changed AFTER UPDATE ON playground_launchwords BEGIN
        INSERT INTO playground_launchwords_index(playground_launchwords_index, rowid, words)
        VALUES ('delete', old.launch_id, old.words);
        INSERT INTO playground_launchwords_index(rowid, words) VALUES (new.launch_id, new.words);
    END
    """,
)
_POSTGRES = (
    """
    CREATE INDEX playground_launchwords_index ON playground_launchwords
    USING gin (array_to_tsvector(string_to_array(words, ' ')))
    """,
)
_LITE_REMOVED = (
    "DROP TRIGGER IF EXISTS playground_launchwords_added",
    "DROP TRIGGER IF EXISTS playground_launchwords_removed",
    "DROP TRIGGER IF EXISTS playground_launchwords_changed",
    "DROP TABLE IF EXISTS playground_launchwords_index",
)


def add_index(_apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
            has_index = cursor.fetchone()[0]
        statements = _LITE if has_index else ()
    else:
        statements = _POSTGRES
    for statement in statements:
        schema_editor.execute(statement)


def remove_index(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in _LITE_REMOVED:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("playground", "0028_relaunch_groups")]

    operations = [
        migrations.CreateModel(
            name="LaunchWords",
            fields=[
                (
                    "launch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="payload_words",
                        serialize=False,
                        to="playground.launch",
                    ),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunPython(add_index, remove_index),
    ]
