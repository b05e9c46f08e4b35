"""Tables of many rows that are kept on the server, and stand for the inputs of a launch."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class RowSetState(models.TextChoices):
    """`services.row_sets` holds the transitions: reading → ready or failed, ready → reading."""

    READING = "reading", "Reading"
    READY = "ready", "Ready"
    FAILED = "failed", "Not read"


class RowSet(models.Model):
    """One table, which belongs to a person. What it says of its rows is kept up with them.

    `version` grows with every change of what would be sent. While it is read, `lease` names the
    worker that does it, and `seen_alive_at` is when that one last said so.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workflow_uid = models.TextField()
    workflow_name = models.TextField()
    name = models.TextField()
    state = models.CharField(max_length=8, choices=RowSetState.choices, db_index=True)
    sentence = models.TextField(blank=True, help_text="What a person is told about the reading.")
    facts = models.BinaryField(default=b"{}", help_text="JSON of `row_sets.facts.TableFacts`.")
    done = models.PositiveIntegerField(default=0, help_text="Rows that were read so far.")
    rows = models.PositiveIntegerField(default=0)
    attention = models.PositiveIntegerField(default=0)
    exact = models.PositiveIntegerField(default=0, help_text="Rows that repeat an earlier one.")
    similar = models.PositiveIntegerField(default=0, help_text="Rows that nearly repeat one.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes of the inputs as sent.")
    version = models.PositiveIntegerField(default=1)
    lease = models.UUIDField(null=True)
    seen_alive_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True, help_text="When somebody last came for it.")

    class Meta:
        ordering: ClassVar[list[str]] = ["-used_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-used_at"], name="row_sets_of_person")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reading(self) -> bool:
        return self.state == RowSetState.READING

    @property
    def is_ready(self) -> bool:
        return self.state == RowSetState.READY

    @property
    def ready(self) -> int:
        """Rows that need no attention."""
        return self.rows - self.attention

    @property
    def duplicates(self) -> int:
        return self.exact + self.similar


class RowSetSource(models.Model):
    """What a row set was read from, to be read again in another way, and the workflow it is for."""

    row_set = models.OneToOneField(
        RowSet, primary_key=True, on_delete=models.CASCADE, related_name="source"
    )
    data = models.BinaryField(help_text="The file or text, compressed.")
    html = models.BinaryField(default=b"", help_text="What was copied along as HTML, compressed.")
    workflow = models.BinaryField(help_text="The workflow that the rows were checked for.")

    def __str__(self) -> str:
        return f"source of {self.row_set_id}"


class RowChunk(models.Model):
    """About a thousand rows. `cells` is the table, the rest is made of it."""

    row_set = models.ForeignKey(RowSet, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    attention = models.PositiveIntegerField()
    cells = models.BinaryField(help_text="Compressed JSON: place and cells of each row.")
    inputs = models.BinaryField(help_text="Compressed JSON: objects with commas between them.")
    size = models.PositiveIntegerField(help_text="Bytes of the inputs, not compressed.")
    is_plain = models.BooleanField(help_text="All their values are texts: the bytes are canonical.")
    problems = models.BinaryField(help_text="Compressed JSON: row, key, code.")
    digests = models.BinaryField(help_text="What each row gives the workflow, hashed.")

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["row_set", "number"], name="chunk_once_a_row_set")
        ]

    def __str__(self) -> str:
        return f"chunk {self.number} of {self.row_set_id}"


class RowEdit(models.Model):
    """One repair, with what it takes to undo it: the cells of the chunks that it changed."""

    row_set = models.ForeignKey(RowSet, on_delete=models.CASCADE, related_name="edits")
    version = models.PositiveIntegerField(help_text="The row set's before the repair.")
    sentence = models.TextField()
    before = models.BinaryField(help_text="JSON: number of each changed chunk → its cells.")
    size = models.PositiveIntegerField(help_text="Bytes of `before`.")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return self.sentence


class RowMapping(models.Model):
    """Whose the columns of a table with these names were, last time, for this workflow."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workflow_uid = models.TextField()
    headers = models.CharField(max_length=64, help_text="SHA-256 of the names of the columns.")
    mapping = models.BinaryField(help_text="JSON: name of a column → what it is.")
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "workflow_uid", "headers"], name="mapping_once_a_header_set"
            )
        ]

    def __str__(self) -> str:
        return f"mapping for {self.workflow_uid}"
