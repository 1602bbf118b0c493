"""What a sheet is: its columns, its key and how its good rows are written."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from vigente.audit.actor import Actor
from vigente.imports import cells
from vigente.imports.cells import BadCell, Reader

type Values = Mapping[str, Any]
type Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the name given in a mapping, its title, and other headers people use.

    A column that came `later` counts only where it is filled: a file from before it comes in
    again as the same.
    """

    name: str
    title: str
    read: Reader[Any]
    required: bool = False
    also: tuple[str, ...] = ()
    later: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row did not come in: line, column, the value and the reason, in words."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row whose cells could all be read; `typed` is what people wrote, by column."""

    line: int
    values: Values
    typed: Mapping[str, str]
    cells: tuple[str, ...]

    def problem(self, column: Column | str, reason: str) -> Problem:
        """Return why this row cannot come in after all."""
        name = column if isinstance(column, str) else column.name
        return Problem(self.line, name, self.typed.get(name, ""), reason)


@dataclass(frozen=True, slots=True)
class Context:
    """Who imports, when, and into which branches; None is all of them."""

    by: Actor
    now: datetime
    today: date
    branch_ids: frozenset[int] | None = None


type Belongs = Callable[[Sequence[str]], Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Telling:
    """How rows of a table are told as rows of a sheet.

    `named` returns the rows of the table that the words of a `column`, in small letters, name;
    `cells` returns what each is in the sheet.
    """

    column: str
    named: Callable[[Collection[str]], Iterable[Any]]
    cells: Callable[[Any], Iterable[Cells]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of spreadsheet. `write` writes good rows and returns what it had to refuse.

    `belongs` tells, for a column, to which branch each thing that it names belongs: None where to
    all of them. What is not there is left to `write`.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: Callable[[Values], str]
    write: Callable[[Sequence[GoodRow], Context], list[Problem]]
    told: Telling | None = None
    belongs: Mapping[str, Belongs] = field(default_factory=dict)


class ColumnsMissing(ValueError):
    """Faltam colunas obrigatórias."""


class ColumnUnknown(ValueError):
    """O mapeamento cita um campo ou uma coluna que não existe."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which cell holds which column, and the headers that mean nothing here."""

    places: Mapping[str, int]
    unknown: tuple[str, ...] = field(default=())


def guess(sheet: Sheet, header: Sequence[str], *, given: Mapping[str, str]) -> Mapped:
    """Return where each column is, by what people call it, or as `given` (header to name).

    :raises ColumnUnknown: where `given` names what is not there.
    :raises ColumnsMissing: naming every required column without a place.
    """
    by_header = {cells.plain(title): place for place, title in reversed(list(enumerate(header)))}
    given_places: dict[str, int] = {}
    names = {column.name for column in sheet.columns}
    for title, name in given.items():
        if cells.plain(title) not in by_header or name not in names:
            raise ColumnUnknown(
                f"O mapeamento «{title}={name}» não serve: a coluna ou o campo não existe. "
                f"Campos: {', '.join(sorted(names))}."
            )
        given_places[name] = by_header[cells.plain(title)]
    found = places(sheet, header, given=given_places)
    missing = [c.title for c in sheet.columns if c.required and c.name not in found]
    if missing:
        raise ColumnsMissing(
            f"Faltam colunas em «{sheet.title}»: {', '.join(missing)}. "
            "Renomeie as colunas ou informe o mapeamento."
        )
    taken = set(found.values())
    unknown = tuple(h for place, h in enumerate(header) if h and place not in taken)
    return Mapped(found, unknown)


def places(
    sheet: Sheet, header: Sequence[str], *, given: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return the place of each column that can be told by its header, or that is given."""
    by_header = {cells.plain(title): place for place, title in reversed(list(enumerate(header)))}
    found = dict(given or {})
    taken = set(found.values())
    for column in sheet.columns:
        for called in (column.title, column.name, *column.also):
            place = by_header.get(cells.plain(called))
            if column.name not in found and place is not None and place not in taken:
                found[column.name] = place
                taken.add(place)
    return found


def chosen(sheet: Sheet, header: Sequence[str], *, places: Mapping[str, int]) -> Mapped:
    """Return the columns where a person said that they are.

    :raises ColumnUnknown: for a place outside the header, or a column that the sheet has not.
    :raises ColumnsMissing: naming every required column without a place.
    """
    names = {column.name for column in sheet.columns}
    if not all(name in names and 0 <= place < len(header) for name, place in places.items()):
        raise ColumnUnknown("A planilha mudou desde que as colunas foram escolhidas.")
    missing = [c.title for c in sheet.columns if c.required and c.name not in places]
    if missing:
        raise ColumnsMissing(f"Diga em que coluna está: {', '.join(missing)}.")
    taken = set(places.values())
    return Mapped(places, tuple(h for place, h in enumerate(header) if h and place not in taken))


def outside(sheet: Sheet, rows: Sequence[GoodRow], *, context: Context) -> list[Problem]:
    """Return the problems of rows that name what belongs to a branch that is not the person's."""
    if context.branch_ids is None:
        return []
    problems = []
    for column, belongs in sheet.belongs.items():
        branch_of = belongs([row.values[column] for row in rows if row.values[column]])
        for row in rows:
            branch_id = branch_of.get(row.values[column])
            if branch_id is not None and branch_id not in context.branch_ids:
                problems.append(row.problem(column, "não é de uma filial sua"))
    return problems


def parse(
    sheet: Sheet, mapped: Mapped, *, line: int, row: tuple[str, ...]
) -> GoodRow | list[Problem]:
    """Return the row's values, or every problem that its cells have."""
    values: dict[str, Any] = {}
    typed: dict[str, str] = {}
    problems = []
    for column in sheet.columns:
        place = mapped.places.get(column.name)
        cell = row[place] if place is not None and place < len(row) else ""
        typed[column.name] = cell
        if not cell:
            values[column.name] = None
            if column.required:
                problems.append(Problem(line, column.title, "", "não pode ficar vazio"))
            continue
        try:
            values[column.name] = column.read(cell)
        except BadCell as bad:
            problems.append(Problem(line, column.title, cell, str(bad)))
    return problems or GoodRow(line, values, typed, row)


def there(sheet: Sheet, rows: Sequence[GoodRow]) -> dict[str, Values]:
    """Return what the system has of these rows already, by their keys."""
    if sheet.told is None:
        return {}
    named = {str(row.values[sheet.told.column]).lower() for row in rows}
    told = (cells for row in sheet.told.named(named) for cells in sheet.told.cells(row))
    return {sheet.key(values): values for values in (_values(sheet, cells) for cells in told)}


def _values(sheet: Sheet, told: Cells) -> Values:
    """Return what the sheet's readers make of told cells; what they refuse stays as it is."""
    values: dict[str, Any] = {}
    for column in sheet.columns:
        cell = told[column.name].strip()
        try:
            values[column.name] = column.read(cell) if cell else None
        except BadCell:
            values[column.name] = cell
    return values


def is_same(sheet: Sheet, row: Values, there: Values) -> bool:
    """Tell whether a row says what is there; a later column that is empty says nothing."""
    return all(
        row[column.name] == there[column.name]
        for column in sheet.columns
        if not (column.later and row[column.name] is None)
    )


def digest(sheet: Sheet, values: Values) -> str:
    """Return what tells whether a row says the same as before."""
    silent = {c.name for c in sheet.columns if c.later and values[c.name] is None}
    told = "\x1f".join(f"{name}={values[name]!s}" for name in sorted(values.keys() - silent))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
