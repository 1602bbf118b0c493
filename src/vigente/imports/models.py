"""The record of imports, and the key of every row that came in, so that none comes in twice."""

from django.db import models


class ImportRun(models.Model):
    """One file that was imported: what it was and what became of its rows."""

    sheet = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    written = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    bad = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """The key of a row that came in, and the digest of what it said."""

    sheet = models.CharField(max_length=20)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "key"], name="row_imported_once"),
        ]

    def __str__(self) -> str:
        return self.key
