"""Which column of the file is which of the sheet: the form, and the first rows as they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from vigente.backoffice import fields
from vigente.domain import money
from vigente.imports import cells
from vigente.imports.cells import BadCell
from vigente.imports.reading import Row
from vigente.imports.sheets import Column, Sheet

ROWS_PREVIEWED = 5
LONGEST_SHOWN = 60
NOT_THERE = "Não há no arquivo"


class ColumnsForm(forms.Form):
    """One choice for each column of the sheet, among those of the file."""

    def __init__(
        self, data: Any, *, sheet: Sheet, header: Sequence[str], places: Mapping[str, int]
    ) -> None:
        super().__init__(data, initial={name: str(place) for name, place in places.items()})
        offered = [(str(place), _titled(place, title)) for place, title in enumerate(header)]
        for column in sheet.columns:
            self.fields[column.name] = forms.ChoiceField(
                label=f"{column.title} *" if column.required else column.title,
                choices=[("", "Escolha…" if column.required else NOT_THERE), *offered],
                required=column.required,
            )
        fields.prepare(self, branch_ids=())
        for column in sheet.columns:
            self.fields[column.name].error_messages["required"] = (
                f"Diga em que coluna está «{column.title}»."
            )

    def places(self) -> dict[str, int]:
        """Return where each column is, as far as that is told."""
        self.is_valid()
        return {name: int(place) for name, place in self.cleaned_data.items() if place}


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the preview: what it is read as, or why it cannot be read."""

    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows under the columns that are there."""

    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Shown, ...]], ...]
    unused: tuple[str, ...]


def preview(
    sheet: Sheet, header: Sequence[str], rows: Sequence[Row], *, places: Mapping[str, int]
) -> Preview:
    """Return the first rows as they would be read with these columns."""
    there = [column for column in sheet.columns if column.name in places]
    taken = set(places.values())
    return Preview(
        tuple(column.title for column in there),
        tuple(
            (row.line, tuple(_shown(column, row.cells, places[column.name]) for column in there))
            for row in rows
        ),
        tuple(title for place, title in enumerate(header) if title and place not in taken),
    )


def _titled(place: int, title: str) -> str:
    return title[:LONGEST_SHOWN] or f"{place + 1}ª coluna, sem título"


def _shown(column: Column, row: Sequence[str], place: int) -> Shown:
    typed = row[place] if place < len(row) else ""
    if not typed:
        return Shown("", "não pode ficar vazio" if column.required else "")
    try:
        value = column.read(typed)
    except BadCell as bad:
        return Shown(typed[:LONGEST_SHOWN], str(bad))
    return Shown(_written(column, value, typed)[:LONGEST_SHOWN])


def _written(column: Column, value: object, typed: str) -> str:
    """Return what was read, as people write it."""
    if column.read is cells.cents and isinstance(value, int):
        return money.brl(value)
    match value:
        case bool():
            return "sim" if value else "não"
        case date():
            return f"{value:%d/%m/%Y}"
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",")
        case list():
            return ", ".join(_written(column, one, typed) for one in value)
        case int():
            return str(value)
        case str() if type(value) is str:
            return value
    return typed
