"""The form of a register as it was opened or sent: fields, lines, and what the person had seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.db import IntegrityError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from vigente.backoffice import fields
from vigente.backoffice.registers.page import Frozen, Lines, RegisterPage
from vigente.journeys.registers import ChangedMeanwhile, Told, told

type LineForms = BaseFormSet[Any]

SALT = "vigente.register.seen"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed: its label, what was seen and what is there now."""

    label: str
    seen: str
    now: str


@dataclass(slots=True)
class Asked:
    """A form with its lines; `seen` is signed, so that it comes back as it went out."""

    page: RegisterPage
    form: forms.Form
    lines: dict[str, LineForms]
    seen: str
    differences: Sequence[Difference] = ()
    frozen: Frozen | None = None

    def is_valid(self) -> bool:
        """Tell whether all can be written; every field that cannot says why."""
        return all([self.form.is_valid(), *(one.is_valid() for one in self.lines.values())])

    def facts(self) -> Any:
        """Return the facts that were typed."""
        told_lines = {
            lines.name: tuple(
                lines.facts(**_without(line.cleaned_data, "DELETE"))
                for line in self.lines[lines.name].forms
                if line.has_changed() and not line.cleaned_data.get("DELETE")
            )
            for lines in self.page.lines
        }
        return self.page.facts(**self.form.cleaned_data, **told_lines)

    def seen_facts(self) -> Told | None:
        """Return what the person saw; None if that was forged or lost: then nothing is compared."""
        try:
            seen: Told = json.loads(signing.loads(self.seen, salt=SALT))
        except signing.BadSignature:
            return {}
        return seen

    def freeze(self, frozen: Frozen | None) -> None:
        """Show the frozen fields as they are; one that was sent all the same is left to refuse."""
        self.frozen = frozen
        for name in frozen.names if frozen else ():
            self.form.fields[name].disabled = name not in self.form.data

    def refuse(self, refused: Exception) -> None:
        """Show a refusal, or each of its `problems`, beside its field or above the form."""
        only = ((getattr(refused, "field", ""), str(refused)),)
        for name, sentence in getattr(refused, "problems", only):
            self.form.add_error(name if name in self.form.fields else None, sentence)

    def refuse_promise(self, broken: IntegrityError) -> None:
        """Show which promise of the table would break.

        :raises IntegrityError: for one that the page does not name: a fault of ours.
        """
        diagnosed = getattr(broken.__cause__, "diag", None)
        constraint = str(getattr(diagnosed, "constraint_name", ""))
        if constraint not in self.page.promises:
            raise broken
        name, sentence = self.page.promises[constraint]
        self.form.add_error(name or None, sentence)

    def show_changes(self, changed: ChangedMeanwhile, *, now: Told) -> None:
        """Show what somebody else changed; sent again, the form overwrites it knowingly."""
        self.form.add_error(None, str(changed))
        self.seen = sign(now)
        self.differences = [
            Difference(self._label(name), self._shown(name, seen), self._shown(name, there))
            for name, (seen, there) in changed.differences.items()
        ]

    def _label(self, name: str) -> str:
        if name in self.form.fields:
            return str(self.form.fields[name].label)
        return next((lines.title for lines in self.page.lines if lines.name == name), name)

    def _shown(self, name: str, value: str | None) -> str:
        field = self.form.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            words = {str(code): str(word) for code, word in choices if code != ""}
            if isinstance(field, forms.MultipleChoiceField):
                return (
                    ", ".join(words.get(str(c), str(c)) for c in json.loads(value or "[]")) or "—"
                )
            return words.get(value or "", value or "—")
        if isinstance(field, fields.Cents) and value:
            return str(field.prepare_value(int(value)))
        if isinstance(field, fields.Number) and value:
            return str(field.prepare_value(Decimal(json.loads(value))))
        return {"true": "sim", "false": "não", None: "—", "": "—"}.get(value, value or "—")


def opened(
    page: RegisterPage, row: Any | None, *, branch_ids: Sequence[int], begun: str = ""
) -> Asked:
    """Return the form as it opens: with what the row says, or as a new one may begin."""
    facts = None if row is None else page.register.facts(row)
    beginnings = {one.code: one.filled for one in page.beginnings}
    initial: dict[str, Any] = dict(beginnings[begun]()) if begun in beginnings else {}
    if facts is not None:
        initial = asdict(facts)
    return _asked(
        page, None, initial=initial, seen=sign(told(facts) if facts else {}), branch_ids=branch_ids
    )


def sent(
    page: RegisterPage, data: QueryDict, row: Any | None, *, branch_ids: Sequence[int]
) -> Asked:
    """Return the form as it was sent."""
    initial = {} if row is None else asdict(page.register.facts(row))
    return _asked(page, data, initial=initial, seen=data.get("visto", ""), branch_ids=branch_ids)


def sign(facts: Told) -> str:
    """Return facts as the form carries them."""
    return signing.dumps(json.dumps(dict(facts), sort_keys=True), salt=SALT)


def _asked(
    page: RegisterPage,
    data: QueryDict | None,
    *,
    initial: Mapping[str, Any],
    seen: str,
    branch_ids: Sequence[int],
) -> Asked:
    form = page.form(data, initial={n: v for n, v in initial.items() if n in page.form.base_fields})
    fields.prepare(form, branch_ids=branch_ids)
    lines = {
        one.name: formset(one, data, initial.get(one.name, ()), branch_ids=branch_ids)
        for one in page.lines
    }
    return Asked(page, form, lines, seen)


def formset(
    lines: Lines,
    data: QueryDict | None,
    initial: Sequence[Mapping[str, Any]],
    *,
    branch_ids: Sequence[int],
    opens_empty: bool = False,
) -> LineForms:
    """Return the lines of a list inside a form, as they open or as they were sent.

    A list without any opens with one still to be filled, unless it `opens_empty`.
    """
    make = formset_factory(
        lines.form,
        extra=0 if initial or opens_empty else 1,
        can_delete=True,
        max_num=lines.most,
        absolute_max=200,
    )
    found: LineForms = make(
        data, initial=[dict(one) for one in initial] if data is None else None, prefix=lines.name
    )
    fields.prepare(*found.forms, branch_ids=branch_ids)
    return found


def empty_line(lines: LineForms, *, branch_ids: Sequence[int]) -> forms.Form:
    """Return a line still to be filled, as the page copies it."""
    line: forms.Form = lines.empty_form
    fields.prepare(line, branch_ids=branch_ids)
    return line


def _without(cleaned: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in cleaned.items() if key != name}
