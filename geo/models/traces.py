"""What one import run did to each row, for its undo. Written by the database's triggers and by geo.traces alone."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from geo.models.imports import ImportRun


class MultiRangeField(models.Field):
    """A set of row ids as PostgreSQL's int8multirange: a quarter of a million ids in a row are one range."""

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "int8multirange"


class ImportTrace(models.Model):
    """Rows that a run added, or (not `added`) that it confirmed: they were `was_run_id`'s and are now the run's."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    table_name = models.CharField(max_length=63)
    added = models.BooleanField()
    was_run_id = models.BigIntegerField(null=True)
    ids = MultiRangeField()

    def __str__(self) -> str:
        return f"{self.table_name} of run {self.run_id}"


class ImportBefore(models.Model):
    """One row that a run changed, or removed (`gone`): `was` holds the changed columns as text, exactly."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    was = models.JSONField()
    gone = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "table_name", "row_id"], name="geo_one_before_per_row"),
        ]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} before run {self.run_id}"


class ImportMark(models.Model):
    """What the rows of one table looked like when the run ended: a hash for each id, over `columns`."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    table_name = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    ids = ArrayField(models.BigIntegerField())
    marks = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.table_name} after run {self.run_id}"
