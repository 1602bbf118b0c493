"""A list as a file that people take along, and that the importer reads where there is a sheet."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse

from vigente.domain import money
from vigente.imports import cells
from vigente.imports.cells import BadCell, Reader
from vigente.imports.sheets import Sheet

type Show = Callable[[Any], object]

TEXT: Reader[str] = str
CHANGE: Reader[int] = money.parse_brl  # an amount that may be below zero
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = re.compile(r"^'*[=+\-@\t]")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of text; `read` makes of each column's text what a spreadsheet counts."""

    name: str
    header: Sequence[str]
    read: Sequence[Reader[Any]]
    rows: Iterable[Sequence[str]]


def as_sheet(sheet: Sheet, found: Iterable[Any], *, name: str) -> Table:
    """Return rows as the importer reads them."""
    assert sheet.told is not None, sheet.name
    columns = sheet.columns
    told = (cells for row in found for cells in sheet.told.cells(row))
    return Table(
        name,
        [column.title for column in columns],
        [column.read for column in columns],
        ([cells[column.name] for column in columns] for cells in told),
    )


def as_shown(columns: Sequence[tuple[str, Show]], found: Iterable[Any], *, name: str) -> Table:
    """Return rows as a list shows them."""
    return Table(
        name,
        [title for title, _ in columns],
        [TEXT] * len(columns),
        ([_shown(show(row)) for _, show in columns] for row in found),
    )


def csv_file(table: Table) -> HttpResponse:
    """Return a table as the spreadsheets of Brazil open it: `;`, decimal comma, marked UTF-8."""
    answer = _file(table, "csv", "text/csv; charset=utf-8")
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(table.header)
    writer.writerows(
        [
            text if read is CHANGE else harmless(text)
            for read, text in zip(table.read, row, strict=True)
        ]
        for row in table.rows
    )
    return answer


def xlsx_file(table: Table) -> HttpResponse:
    """Return a table as XLSX, where amounts, numbers and days are counted with."""
    from openpyxl import Workbook  # noqa: PLC0415  takes a second, which only XLSX needs to spend

    book = Workbook(write_only=True)
    page = book.create_sheet(table.name[:31])
    page.freeze_panes = "A2"
    page.append(table.header)
    for row in table.rows:
        page.append(list(_counted(page, table.read, row)))
    kept = BytesIO()
    book.save(kept)
    answer = _file(table, "xlsx", XLSX)
    answer.write(kept.getvalue())
    return answer


def _counted(page: Any, readers: Sequence[Reader[Any]], row: Sequence[str]) -> Iterator[Any]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  as above

    for read, text in zip(readers, row, strict=True):
        value = _value(read, text)
        if read in (cells.cents, CHANGE) and isinstance(value, int):
            cell: Any = WriteOnlyCell(page)
            cell.value, cell.number_format = Decimal(value).scaleb(-2), "#,##0.00"
            yield cell
        elif isinstance(value, (int, Decimal, date)) and not isinstance(value, bool):
            yield value
        else:
            yield harmless(text) or None


def _value(read: Reader[Any], text: str) -> Any:
    """Return what a text counts as; what its reader refuses stays text."""
    try:
        return read(text) if text else None
    except BadCell:
        return text


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; the importer drops the apostrophe."""
    return f"'{text}" if _FORMULA.match(text) else text


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _file(table: Table, kind: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{table.name}.{kind}"'
    return answer
