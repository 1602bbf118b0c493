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
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import ParseError

SAMPLE = 64 * 1024
UNPACKED_AT_MOST = 2 * 1024**3
SHARED_TEXTS_AT_MOST = 128 * 1024**2  # the one part of an XLSX that is held in memory whole
LONGEST_CELL = 100_000  # longer than any text that a sheet takes, so that none is cut
DIGITS_OF_A_NUMBER = 15  # as many as spreadsheet programs keep and show
_KEPT_FROM_COUNTING = re.compile(r"^'+[=+\-@]")
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


def read(path: Path) -> Table:
    """Return the file's header and rows; blank lines are passed over.

    :raises NotASpreadsheet: for any other kind of file.
    :raises EmptySpreadsheet: for a file without a header, or with nothing below it.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample.strip():
        raise EmptySpreadsheet(f"O arquivo {path.name} está vazio. Escolha outro.")
    if sample.startswith(b"PK\x03\x04"):
        lines = _xlsx(path)
    elif sample.startswith(_FOREIGN) or (b"\x00" in sample and not sample.startswith(_UTF_16)):
        raise _not_a_spreadsheet(path)
    else:
        lines = _csv(path, sample)
    filled = (row for row in lines if any(row.cells))
    header = next(filled, None)
    if header is None:
        raise EmptySpreadsheet(f"O arquivo {path.name} está vazio. Escolha outro.")
    first = next(filled, None)
    if first is None:
        raise EmptySpreadsheet(
            f"O arquivo {path.name} só tem o cabeçalho, sem nenhuma linha. Escolha outro."
        )
    return Table(header.cells, chain([first], filled))


def _csv(path: Path, sample: bytes) -> Iterator[Row]:
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
                f"A linha {before + 1} de {path.name} não pôde ser lida: confira as aspas."
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


def _xlsx(path: Path) -> Iterator[Row]:
    import openpyxl  # noqa: PLC0415  takes a second, which only XLSX needs to spend

    _refuse_to_unpack_a_bomb(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (*_BROKEN_XLSX, IndexError, TypeError) as fault:
        raise _not_a_spreadsheet(path) from fault
    line = 0
    try:
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield Row(line, tuple(_text(cell) for cell in cells))
    except (*_BROKEN_XLSX, IndexError) as fault:
        if line == 0:
            raise _not_a_spreadsheet(path) from fault
        raise NotASpreadsheet(
            f"{path.name} está danificado depois da linha {line}. Salve-o de novo e importe."
        ) from fault
    finally:
        book.close()


_BROKEN_XLSX = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, OSError, ValueError)


def _refuse_to_unpack_a_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as fault:
        raise _not_a_spreadsheet(path) from fault
    texts = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_AT_MOST or texts > SHARED_TEXTS_AT_MOST:
        raise NotASpreadsheet(
            f"{path.name} é grande demais depois de aberto. Divida-o ou salve-o como CSV."
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


def _not_a_spreadsheet(path: Path) -> NotASpreadsheet:
    return NotASpreadsheet(
        f"{path.name} não é uma planilha. Envie um arquivo CSV ou XLSX; se o seu é XLS, salve-o "
        "como XLSX."
    )
