"""Rows read and written some at a time: what came in, what was there, what was refused and why.

Rows that name a branch, or what belongs to one, come in only where the importing person sees
that branch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import DatabaseError, transaction

from vigente.imports import sheets
from vigente.imports.models import ImportedRow
from vigente.imports.reading import Row
from vigente.imports.sheets import Context, GoodRow, Mapped, Problem, Sheet

ROWS_PER_BATCH = 1_000
ELSEWHERE = "já existe com outros dados; altere no sistema"
BEFORE = "já veio com outros dados, neste arquivo ou antes; altere no sistema"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that did not come in, as it was, and every reason."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch."""

    rows: int
    written: int
    unchanged: int
    refused: tuple[Refused, ...]


def batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Cut rows into batches."""
    return iter(lambda: list(islice(rows, ROWS_PER_BATCH)), [])


def write(sheet: Sheet, rows: Sequence[Row], mapped: Mapped, *, context: Context) -> Outcome:
    """Write the good rows that are new; one that the database refuses spoils no other."""
    good, refused = _parsed(sheet, rows, mapped)
    outside = sheets.outside(sheet, good, context=context)
    theirs = {problem.line for problem in outside}
    fresh, unchanged, different = _fresh(sheet, [row for row in good if row.line not in theirs])
    problems = [*outside, *different, *_written(sheet, fresh, context=context)]
    by_line: dict[int, list[Problem]] = {}
    for problem in problems:
        by_line.setdefault(problem.line, []).append(problem)
    refused += [
        Refused(row.line, row.cells, tuple(by_line[row.line]))
        for row in good
        if row.line in by_line
    ]
    return Outcome(
        rows=len(rows),
        written=sum(row.line not in by_line for row in fresh),
        unchanged=unchanged,
        refused=tuple(sorted(refused, key=lambda row: row.line)),
    )


def _parsed(
    sheet: Sheet, rows: Sequence[Row], mapped: Mapped
) -> tuple[list[GoodRow], list[Refused]]:
    good, refused = [], []
    for row in rows:
        parsed = sheets.parse(sheet, mapped, line=row.line, row=row.cells)
        if isinstance(parsed, GoodRow):
            good.append(parsed)
        else:
            refused.append(Refused(row.line, row.cells, tuple(parsed)))
    return good, refused


def _fresh(sheet: Sheet, good: Sequence[GoodRow]) -> tuple[list[GoodRow], int, list[Problem]]:
    """Return the rows not seen before, how many are there already, and those that say otherwise.

    What is there says the same, however it came there and whatever became of it since.
    """
    there = sheets.there(sheet, good)
    keys = {sheet.key(row.values) for row in good}
    before = dict(
        ImportedRow.objects.filter(sheet=sheet.name, key__in=keys).values_list("key", "digest")
    )
    fresh, unchanged, different = [], 0, []
    for row in good:
        key, digest = sheet.key(row.values), sheets.digest(sheet, row.values)
        if key in there and sheets.is_same(sheet, row.values, there[key]):
            unchanged += 1
        elif key not in before and key in there:
            different.append(Problem(row.line, "", key, ELSEWHERE))
        elif key not in before:
            fresh.append(row)
            before[key] = digest
        elif before[key] == digest:
            unchanged += 1
        else:
            different.append(Problem(row.line, "", key, BEFORE))
    return fresh, unchanged, different


def _written(sheet: Sheet, fresh: Sequence[GoodRow], *, context: Context) -> list[Problem]:
    """Write the rows, and return the problems of those that could not be."""
    if not fresh:
        return []
    try:
        with transaction.atomic():
            return _write_all(sheet, fresh, context=context)
    except DatabaseError:
        return [p for row in fresh for p in _write_alone(sheet, row, context=context)]


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
