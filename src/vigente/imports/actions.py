"""Importing a spreadsheet: good rows come in, bad ones are told with their reasons.

Rows are read and written in batches, each in its own transaction, so that memory stays bounded
and what came in stays in. Running a file again changes nothing.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import DatabaseError, transaction

from vigente.imports import reading, sheets
from vigente.imports.models import ImportedRow, ImportRun
from vigente.imports.reading import Row
from vigente.imports.sheets import Context, GoodRow, Mapped, Problem, Sheet

ROWS_PER_BATCH = 1_000
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
    for batch in iter(lambda: list(islice(rows, ROWS_PER_BATCH)), []):
        good = []
        for row in batch:
            parsed = sheets.parse(sheet, mapped, line=row.line, row=row.cells)
            if isinstance(parsed, GoodRow):
                good.append(parsed)
            else:
                _refuse(report, row.cells, parsed)
        report.rows += len(batch)
        _write(sheet, good, report=report, context=context)


def _write(
    sheet: Sheet,
    good: Sequence[GoodRow],
    *,
    report: Report,
    context: Context,
) -> None:
    fresh = _fresh(sheet, good, report=report)
    if not fresh:
        return
    try:
        with transaction.atomic():
            refused = _write_all(sheet, fresh, context=context)
    except DatabaseError:
        refused = [p for row in fresh for p in _write_alone(sheet, row, context=context)]
    by_line: dict[int, list[Problem]] = {}
    for problem in refused:
        by_line.setdefault(problem.line, []).append(problem)
    for row in fresh:
        if row.line in by_line:
            _refuse(report, row.cells, by_line[row.line])
    report.written += len(fresh) - len(by_line)


def _write_all(sheet: Sheet, rows: Sequence[GoodRow], *, context: Context) -> list[Problem]:
    refused = sheet.write(rows, context)
    lines = {problem.line for problem in refused}
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                sheet=sheet.name, key=sheet.key(row.values), digest=sheets.digest(sheet, row.values)
            )
            for row in rows
            if row.line not in lines
        ]
    )
    return refused


def _write_alone(sheet: Sheet, row: GoodRow, *, context: Context) -> list[Problem]:
    """Write one row by itself, so that one that the database refuses spoils no other."""
    try:
        with transaction.atomic():
            return _write_all(sheet, [row], context=context)
    except DatabaseError as fault:
        told = str(fault).splitlines()[0]
        return [Problem(row.line, "", "", f"o banco de dados recusou a linha: {told}")]


def _fresh(sheet: Sheet, good: Sequence[GoodRow], *, report: Report) -> list[GoodRow]:
    """Return the rows not seen before; equal ones are passed over, different ones told.

    What is there says the same, however it came there and whatever became of it since.
    """
    there = sheets.there(sheet, good)
    keys = {sheet.key(row.values) for row in good}
    before = dict(
        ImportedRow.objects.filter(sheet=sheet.name, key__in=keys).values_list("key", "digest")
    )
    fresh = []
    for row in good:
        key, digest = sheet.key(row.values), sheets.digest(sheet, row.values)
        if key in there and sheets.is_same(sheet, row.values, there[key]):
            report.unchanged += 1
        elif key not in before and key in there:
            reason = "já existe com outros dados; altere no sistema"
            _refuse(report, row.cells, [Problem(row.line, "", key, reason)])
        elif key not in before:
            fresh.append(row)
            before[key] = digest
        elif before[key] == digest:
            report.unchanged += 1
        else:
            reason = "já veio com outros dados, neste arquivo ou antes; altere no sistema"
            _refuse(report, row.cells, [Problem(row.line, "", key, reason)])
    return fresh


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
