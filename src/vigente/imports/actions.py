"""Importing a spreadsheet: good rows come in, bad ones are told with their reasons.

Rows are read and written in batches, each in its own transaction, so that memory stays bounded
and what came in stays in. Running a file again changes nothing.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from vigente.imports import batches, reading, sheets
from vigente.imports.models import ImportRun
from vigente.imports.reading import Row
from vigente.imports.sheets import Context, Mapped, Problem, Sheet

PROBLEMS_KEPT = 1_000
REASON_HEADER = "motivo"


@dataclass(slots=True)
class Report:
    """What became of a file; `problems` are its first ones, the file of bad rows has them all."""

    sheet: str
    file_name: str
    header: tuple[str, ...]
    unknown_columns: tuple[str, ...] = ()
    rows: int = 0
    written: int = 0
    unchanged: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    bad_rows: Path | None = None


def import_file(
    sheet: Sheet,
    path: Path,
    *,
    context: Context,
    given: Mapping[str, str] | None = None,
    dry_run: bool = False,
    bad_rows: Path | None = None,
) -> Report:
    """Import a file, or, with `dry_run`, tell what importing it would do and write nothing.

    Rows that do not come in go to the file `bad_rows`, as they were and with the reason, to be
    corrected and imported again.

    :raises reading.NotASpreadsheet, reading.EmptySpreadsheet: for a file that cannot be read.
    :raises sheets.ColumnsMissing, sheets.ColumnUnknown: for columns that cannot be found.
    """
    table = reading.read(path)
    mapped = sheets.guess(sheet, table.header, given=given or {})
    report = Report(sheet.name, path.name, table.header, mapped.unknown, bad_rows=bad_rows)
    if bad_rows is not None:
        bad_rows.unlink(missing_ok=True)
    if dry_run:
        with transaction.atomic():
            _import_rows(sheet, table.rows, mapped, report=report, context=context)
            transaction.set_rollback(True)
        return report
    _import_rows(sheet, table.rows, mapped, report=report, context=context)
    _record(report, path, context=context)
    return report


def _import_rows(
    sheet: Sheet, rows: Iterator[Row], mapped: Mapped, *, report: Report, context: Context
) -> None:
    for batch in batches.batches(rows):
        outcome = batches.write(sheet, batch, mapped, context=context)
        report.rows += outcome.rows
        report.written += outcome.written
        report.unchanged += outcome.unchanged
        for refused in outcome.refused:
            _refuse(report, refused.cells, refused.problems)


def _refuse(report: Report, row: tuple[str, ...], problems: Sequence[Problem]) -> None:
    report.bad += 1
    report.problems += problems[: max(PROBLEMS_KEPT - len(report.problems), 0)]
    if report.bad_rows is None:
        return
    is_first = not report.bad_rows.exists()
    with report.bad_rows.open("a", newline="", encoding="utf-8-sig" if is_first else "utf-8") as f:
        writer = csv.writer(f, delimiter=";")
        if is_first:
            writer.writerow([*report.header, REASON_HEADER])
        reason = "; ".join(f"{p.column}: {p.reason}" if p.column else p.reason for p in problems)
        padded = row + ("",) * (len(report.header) - len(row))
        writer.writerow([*padded[: len(report.header)], reason])


def _record(report: Report, path: Path, *, context: Context) -> None:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    ImportRun.objects.create(
        sheet=report.sheet,
        file_name=report.file_name[:200],
        sha256=sha256,
        by_user_id=context.by.user_id,
        by_name=context.by.name,
        at=context.now,
        rows=report.rows,
        written=report.written,
        unchanged=report.unchanged,
        bad=report.bad,
    )
