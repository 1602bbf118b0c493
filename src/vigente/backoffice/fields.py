"""Fields of forms: what people type is read by the importer's readers, so one rule rules both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from vigente.domain import money
from vigente.imports import cells
from vigente.imports.cells import BadCell, Reader

type Find = Callable[[Sequence[int]], QuerySet[Any]]


class Cell(forms.CharField):
    """A field read by one of the importer's readers; empty is None."""

    def __init__(self, label: str, read: Reader[Any], *, required: bool = True, **kw: Any) -> None:
        super().__init__(label=label, required=required, max_length=4000, **kw)
        self.read = read

    def clean(self, value: Any) -> Any:
        """Return what the reader makes of the text.

        :raises forms.ValidationError: with the reader's reason.
        """
        if self.disabled:
            return value  # what the row says, not what was typed
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.read(typed)
        except BadCell as bad:
            reason = str(bad)
            raise forms.ValidationError(f"{reason[:1].upper()}{reason[1:]}.") from None

    def prepare_value(self, value: Any) -> Any:
        """Return a value as people write it."""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, (list, tuple)):
            return ", ".join(str(self.prepare_value(one)) for one in value)
        return value


class Cents(Cell):
    """An amount in reais, kept in centavos."""

    def __init__(self, label: str, *, required: bool = True, **kw: Any) -> None:
        super().__init__(label, cells.cents, required=required, **kw)
        self.widget.attrs.update({"inputmode": "decimal", "data-kind": "number"})

    def prepare_value(self, value: Any) -> Any:
        """Return centavos as 1.234,56; what was typed stays as it was typed."""
        return money.amount(value) if isinstance(value, int) else value


class Text(forms.CharField):
    """A line of text; what is left empty is an empty text."""

    def __init__(self, label: str, most: int, *, required: bool = True, **kw: Any) -> None:
        super().__init__(label=label, max_length=most, required=required, **kw)


class Whole(Cell):
    """A whole number within limits."""

    def __init__(
        self, label: str, least: int, most: int, *, required: bool = True, **kw: Any
    ) -> None:
        super().__init__(label, cells.whole(least, most), required=required, **kw)
        self.widget.attrs.update({"inputmode": "numeric", "data-kind": "number"})


class Number(Cell):
    """A number with a decimal comma, within limits; more decimals than kept are refused."""

    def __init__(
        self,
        label: str,
        least: str,
        most: str,
        *,
        places: int = 4,
        required: bool = True,
        **kw: Any,
    ) -> None:
        read = cells.decimal(least, most, places=places)
        super().__init__(label, read, required=required, **kw)
        self.widget.attrs.update({"inputmode": "decimal", "data-kind": "number"})


class Day(Cell):
    """A civil day, chosen or written."""

    def __init__(
        self, label: str, *, required: bool = True, read: Reader[Any] = cells.day, **kw: Any
    ) -> None:
        super().__init__(
            label, read, required=required, widget=forms.DateInput({"type": "date"}), **kw
        )

    def prepare_value(self, value: Any) -> Any:
        """Return a day as browsers take it."""
        return value.isoformat() if isinstance(value, date) else value


class Code(forms.TypedChoiceField):
    """One of the stored codes, chosen by its word; the value is the code's text.

    `to_choose` preselects none, where people must think before they choose.
    """

    def __init__(
        self, label: str, words: Mapping[Any, str], *, to_choose: bool = False, **kw: Any
    ) -> None:
        choices = [(code.value, word) for code, word in words.items()]
        if not kw.get("required", True):
            choices.insert(0, ("", "—"))
        elif to_choose:
            choices.insert(0, ("", "Escolha…"))
        super().__init__(label=label, choices=choices, coerce=str, **kw)


class Codes(forms.MultipleChoiceField):
    """Several of the stored codes, each a tick with its word; the value is a sorted tuple."""

    def __init__(self, label: str, words: Mapping[Any, str], **kw: Any) -> None:
        choices = [(code.value, word) for code, word in words.items()]
        super().__init__(
            label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **kw
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the codes that were ticked."""
        return tuple(sorted(set(super().clean(value))))

    def prepare_value(self, value: Any) -> Any:
        """Return the codes as a form sends them."""
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else value


class YesNo(forms.BooleanField):
    """A tick."""

    def __init__(self, label: str, **kw: Any) -> None:
        super().__init__(label=label, required=False, **kw)


class Row(forms.TypedChoiceField):
    """One row of a table, among those of the person's branches; the value is its id, or None.

    `empty` is what choosing none means.
    """

    def __init__(
        self, label: str, find: Find, *, required: bool = True, empty: str = "—", **kw: Any
    ) -> None:
        super().__init__(
            label=label, required=required, coerce=int, empty_value=None, choices=(), **kw
        )
        self.find = find
        self.empty = "Escolha…" if required else empty

    def offer(self, found: QuerySet[Model], *, present: int | None) -> None:
        """Offer the rows to choose from, and the present one even where it is inactive."""
        rows = list(found)
        if present is not None and all(row.pk != present for row in rows):
            rows += found.model._default_manager.filter(pk=present)  # noqa: SLF001
        self.choices = [("", self.empty)] + [(row.pk, str(row)) for row in rows]


class Rows(forms.MultipleChoiceField):
    """Several rows of a table, among those of the person's branches; the value is their ids."""

    def __init__(self, label: str, find: Find, **kw: Any) -> None:
        super().__init__(
            label=label, choices=(), required=False, widget=forms.CheckboxSelectMultiple, **kw
        )
        self.find = find

    def clean(self, value: Any) -> tuple[int, ...]:
        """Return the ids of the rows that were ticked."""
        return tuple(sorted({int(one) for one in super().clean(value)}))

    def prepare_value(self, value: Any) -> Any:
        """Return the ids as a form sends them."""
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else value

    def offer(self, found: QuerySet[Model], *, present: Sequence[int]) -> None:
        """Offer the rows to choose from, and the present ones even where they are inactive."""
        rows = list(found)
        others = set(present) - {row.pk for row in rows}
        if others:
            rows += found.model._default_manager.filter(pk__in=others)  # noqa: SLF001
        self.choices = [(str(row.pk), str(row)) for row in rows]


def prepare(*asked: forms.BaseForm, branch_ids: Sequence[int]) -> None:
    """Give forms their choices, each asked for once, and every field its looks and its words."""
    found = cache(lambda find: find(branch_ids))
    for form in asked:
        _prepare(form, found)


def _prepare(form: forms.BaseForm, found: Callable[[Find], QuerySet[Any]]) -> None:
    for name, field in form.fields.items():
        if isinstance(field, Row):
            present = form.get_initial_for_field(field, name)
            field.offer(found(field.find), present=present if isinstance(present, int) else None)
        elif isinstance(field, Rows):
            present = form.get_initial_for_field(field, name)
            field.offer(found(field.find), present=present or ())
        field.widget.attrs.setdefault("class", _look(field))
        field.error_messages.update(_words(field))


def _look(field: forms.Field) -> str:
    if isinstance(field, (forms.BooleanField, forms.MultipleChoiceField)):
        return "form-check-input"
    return "form-select" if isinstance(field, forms.ChoiceField) else "form-control"


def _words(field: forms.Field) -> dict[str, str]:
    label = field.label or ""
    words = {"required": f"Informe {label[:1].lower()}{label[1:]}."}
    if isinstance(field, forms.ChoiceField):
        words["invalid_choice"] = words["invalid_list"] = "Escolha uma das opções da lista."
    return words
