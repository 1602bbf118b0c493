"""The record of imports, and the key of every row that came in, so that none comes in twice."""

from django.db import models
from django.db.models import F, Q

from vigente.domain.codes import ImportStatus, values

WITH_A_FILE = (
    ImportStatus.UPLOADED,
    ImportStatus.CHECKING,
    ImportStatus.CHECKED,
    ImportStatus.RUNNING,
    ImportStatus.FAILED,
)


class ImportRun(models.Model):
    """One file that was imported: what it was and what became of its rows.

    `rows` counts those gone through so far, of about `expected_rows`; while a run is checked or
    written it goes on from there. `places` tells in which column of the file each column of the
    sheet is; `branch_ids` which branches rows may belong to, all of them if null.
    """

    sheet = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    by_user_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, default=ImportStatus.DONE.value)
    stored_as = models.CharField(max_length=32, blank=True)
    size = models.BigIntegerField(default=0)
    worksheet = models.PositiveSmallIntegerField(default=0)
    header = models.JSONField(default=list)
    places = models.JSONField(default=dict)
    branch_ids = models.JSONField(null=True)
    expected_rows = models.PositiveIntegerField(null=True)
    is_written = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=values(ImportStatus)), name="import_run_status"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[status.value for status in WITH_A_FILE])
                | ~Q(stored_as=""),
                name="import_run_keeps_its_file",
            ),
            models.CheckConstraint(
                condition=Q(rows=F("written") + F("unchanged") + F("bad"))
                | Q(status=ImportStatus.CHECKING.value),
                name="import_run_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["by_user_id", "id"], name="import_run_of_person"),
            models.Index(fields=["at"], condition=~Q(stored_as=""), name="import_run_with_a_file"),
        ]

    def __str__(self) -> str:
        return self.file_name


class BadRow(models.Model):
    """A row that did not come in, as it was, with its problems: column, value and reason."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="bad_rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    problems = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="bad_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.line}"


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
