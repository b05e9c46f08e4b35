from django.db import migrations

# PostgreSQL takes its own functions for cheap, and would split the words of every launch rather
# than look into the index: this one says what that costs, and is not written out in a query.
_FORWARDS = (
    """
    CREATE FUNCTION playground_words(text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED COST 1000
    AS $$ BEGIN RETURN array_to_tsvector(string_to_array($1, ' ')); END $$
    """,
    "DROP INDEX playground_launchwords_index",
    """
    CREATE INDEX playground_launchwords_index ON playground_launchwords
    USING gin (playground_words(words))
    """,
)
_BACKWARDS = (
    "DROP INDEX playground_launchwords_index",
    """
    CREATE INDEX playground_launchwords_index ON playground_launchwords
    USING gin (array_to_tsvector(string_to_array(words, ' ')))
    """,
    "DROP FUNCTION playground_words(text)",
)


def forwards(_apps, schema_editor):
    _execute(schema_editor, _FORWARDS)


def backwards(_apps, schema_editor):
    _execute(schema_editor, _BACKWARDS)


def _execute(schema_editor, statements):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("playground", "0029_payload_words")]

    operations = [migrations.RunPython(forwards, backwards)]
