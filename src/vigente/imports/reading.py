"""Spreadsheets as rows of text, whatever program wrote them, in bounded memory.

CSV in UTF-8, UTF-16 or Windows' Latin-1, with `;`, `,` or tabs; XLSX. Cells come out as trimmed
text: a day as dd/mm/aaaa, a number with a decimal comma.
"""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

SAMPLE = 64 * 1024
UNPACKED_AT_MOST = 2 * 1024**3
SHARED_TEXTS_AT_MOST = 128 * 1024**2  # the one part of an XLSX that is held in memory whole
LONGEST_CELL = 100_000  # longer than any text that a sheet takes, so that none is cut
DIGITS_OF_A_NUMBER = 15  # as many as spreadsheet programs keep and show
_KEPT_FROM_COUNTING = re.compile(r"^'+[=+\-@]")
_PACKED = b"PK\x03\x04"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


class NotASpreadsheet(ValueError):
    """O arquivo não é uma planilha que se possa ler."""


class EmptySpreadsheet(ValueError):
    """A planilha não tem linhas."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, as a person counts lines, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; rows can be read once."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def read(path: Path, *, name: str = "", worksheet: int = 0) -> Table:
    """Return the file's header and rows; blank lines are passed over.

    `name` is what refusals call the file, where its path says nothing; a workbook is read from
    one of its sheets, the first by default.

    :raises NotASpreadsheet: for any other kind of file.
    :raises EmptySpreadsheet: for a file without a header, or with nothing below it.
    """
    name = name or path.name
    sample = _sample(path, name)
    is_packed = sample.startswith(_PACKED)
    lines = _xlsx(path, name, worksheet) if is_packed else _csv(path, name, sample)
    filled = (row for row in lines if any(row.cells))
    header = next(filled, None)
    if header is None:
        raise EmptySpreadsheet(f"O arquivo {name} está vazio. Escolha outro.")
    first = next(filled, None)
    if first is None:
        raise EmptySpreadsheet(
            f"O arquivo {name} só tem o cabeçalho, sem nenhuma linha. Escolha outro."
        )
    return Table(header.cells, chain([first], filled))


def worksheets(path: Path, *, name: str = "") -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none for a text.

    :raises NotASpreadsheet, EmptySpreadsheet: as `read`.
    """
    name = name or path.name
    if not _sample(path, name).startswith(_PACKED):
        return ()
    with _book(path, name) as book:
        return tuple(sheet.title for sheet in book.worksheets)


def expected_rows(path: Path, *, name: str = "", worksheet: int = 0) -> int | None:
    """Return about how many rows there are, without reading them; None where nothing tells.

    :raises NotASpreadsheet, EmptySpreadsheet: as `read`.
    """
    name = name or path.name
    if _sample(path, name).startswith(_PACKED):
        with _book(path, name) as book:
            last: int | None = _worksheet(book, name, worksheet).max_row
        return None if last is None else max(last - 1, 1)
    with path.open("rb") as file:
        ends = sum(block.count(b"\n") for block in iter(lambda: file.read(1024 * 1024), b""))
    return max(ends - 1, 1)


def _sample(path: Path, name: str) -> bytes:
    """Return the beginning of a file that may be a spreadsheet, by what it holds."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise EmptySpreadsheet(f"O arquivo {name} está vazio. Escolha outro.")
    is_text = b"\x00" not in sample or sample.startswith(_UTF_16)
    if sample.startswith(_PACKED) or (is_text and not sample.startswith(_FOREIGN)):
        return sample
    raise _not_a_spreadsheet(name)


def _csv(path: Path, name: str, sample: bytes) -> Iterator[Row]:
    encoding = _encoding(path, sample)
    delimiter = _delimiter(sample.decode(encoding, errors="replace"))
    with (
        path.open("rb") as raw,
        TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as file,
    ):
        reader = csv.reader(file, delimiter=delimiter)
        before = 0
        try:
            for cells in reader:
                line, before = before + 1, reader.line_num
                yield Row(line, tuple(_trimmed(cell) for cell in cells))
        except csv.Error as fault:
            raise NotASpreadsheet(
                f"A linha {before + 1} de {name} não pôde ser lida: confira as aspas."
            ) from fault


def _delimiter(text: str) -> str:
    """Return what parts the cells of the first line that says anything."""
    lines = (line for line in text.splitlines() if line.strip(" ;,\t\ufeff"))
    return max(";,\t", key=next(lines, "").count)


def _encoding(path: Path, sample: bytes) -> str:
    """Return UTF-8 where the whole file is UTF-8, Windows' Latin-1 otherwise."""
    if sample.startswith(_UTF_16):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(1024 * 1024):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _xlsx(path: Path, name: str, worksheet: int) -> Iterator[Row]:
    line = 0
    with _book(path, name) as book:
        sheet = _worksheet(book, name, worksheet)
        try:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield Row(line, tuple(_text(cell) for cell in cells))
        except (*_BROKEN_XLSX, IndexError) as fault:
            if line == 0:
                raise _not_a_spreadsheet(name) from fault
            raise NotASpreadsheet(
                f"{name} está danificado depois da linha {line}. Salve-o de novo e importe."
            ) from fault


_BROKEN_XLSX = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, OSError, ValueError)


@contextmanager
def _book(path: Path, name: str) -> Iterator[Any]:
    """Open a workbook, whatever its file is called."""
    import openpyxl  # noqa: PLC0415  takes a second, which only XLSX needs to spend

    _refuse_to_unpack_a_bomb(path, name)
    with path.open("rb") as file:
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (*_BROKEN_XLSX, IndexError, TypeError) as fault:
            raise _not_a_spreadsheet(name) from fault
        try:
            yield book
        finally:
            book.close()


def _worksheet(book: Any, name: str, worksheet: int) -> Any:
    if not 0 <= worksheet < len(book.worksheets):
        raise _not_a_spreadsheet(name)
    return book.worksheets[worksheet]


def _refuse_to_unpack_a_bomb(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as fault:
        raise _not_a_spreadsheet(name) from fault
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_AT_MOST or texts > SHARED_TEXTS_AT_MOST:
        raise NotASpreadsheet(
            f"{name} é grande demais depois de aberto. Divida-o ou salve-o como CSV."
        )


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "sim" if cell else "não"
        case datetime() | date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M}"
        case int():
            return str(cell)
        case float():
            shown = Decimal(f"{cell:.{DIGITS_OF_A_NUMBER}g}").normalize()
            return format(shown, "f").replace(".", ",")
        case _:
            return _trimmed(str(cell))


def _trimmed(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that keeps it from being a formula."""
    told = cell.replace("\x00", "").strip()[:LONGEST_CELL]
    return told[1:] if _KEPT_FROM_COUNTING.match(told) else told


def _not_a_spreadsheet(name: str) -> NotASpreadsheet:
    return NotASpreadsheet(
        f"{name} não é uma planilha. Envie um arquivo CSV ou XLSX; se o seu é XLS, salve-o "
        "como XLSX."
    )
