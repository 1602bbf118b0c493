"""What the page of parameters shows: each value, its origin, its last change and its form."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms

from vigente.audit import queries as audit
from vigente.audit.models import AuditEntry
from vigente.backoffice import fields
from vigente.backoffice.parameters.places import Place
from vigente.domain import parameters as rules
from vigente.domain.parameters import (
    BLOCK_AUTOMATICALLY,
    CASH_DESK_REQUIRED,
    CLOSE_AUTOMATICALLY,
    CLOSE_HOUR,
    CLOSE_LEAD_DAYS,
    CUT_UNSIGNED,
    DIFFERENCE_POLICY,
    DISCOUNT_LIMITS,
    DUE_ON_BUSINESS_DAY,
    GROUP_INVOICES,
    LAST_DUE_ON,
    MAX_DUE_DAY_CHANGES,
    MAX_OVERDUE_RECEIVABLES,
    MIN_DAYS_BEFORE_DUE,
    PARAMETERS,
    PRORATE_CHANGES,
    REMIND_DAYS_BEFORE,
    REMIND_HOUR,
    REMIND_ON_DUE,
    SIGNATURE_BEFORE_BILLING,
    SIGNATURE_DAYS,
    SIGNATURE_PROVIDER,
    THANK_FOR_RECEIPTS,
    Parameter,
    Resolved,
    Scope,
    Value,
    ValueKind,
)
from vigente.domain.permissions import Permission
from vigente.imports import cells
from vigente.imports.cells import BadCell
from vigente.parameters import queries

VALUE = "valor"
GROUPS: tuple[tuple[str, tuple[Parameter, ...]], ...] = (
    ("Vencimento", (LAST_DUE_ON, MIN_DAYS_BEFORE_DUE, DUE_ON_BUSINESS_DAY)),
    ("Recebimento", (CASH_DESK_REQUIRED,)),
    (
        "Mensagens de cobrança",
        (REMIND_DAYS_BEFORE, REMIND_ON_DUE, REMIND_HOUR, THANK_FOR_RECEIPTS),
    ),
    ("Fechamento do mês", (CLOSE_AUTOMATICALLY, CLOSE_LEAD_DAYS, CLOSE_HOUR)),
    (
        "Faturamento",
        (GROUP_INVOICES, PRORATE_CHANGES, SIGNATURE_BEFORE_BILLING, MAX_OVERDUE_RECEIVABLES),
    ),
    ("Atraso", (BLOCK_AUTOMATICALLY,)),
    ("Alterações de contrato", (DIFFERENCE_POLICY, MAX_DUE_DAY_CHANGES)),
    ("Documentos", (SIGNATURE_DAYS, CUT_UNSIGNED, SIGNATURE_PROVIDER)),
    ("Limites de desconto", tuple(DISCOUNT_LIMITS.values())),
)
NAMED = frozenset(parameter.name for _, group in GROUPS for parameter in group)
OTHERS = ("Outros", tuple(p for p in PARAMETERS.values() if p.name not in NAMED))


@dataclass(frozen=True, slots=True)
class Shown:
    """One parameter as its row shows it; `default` is empty where it is the value in force."""

    parameter: Parameter
    form: forms.Form
    own: bool
    words: str
    came_from: str
    default: str
    change: AuditEntry | None
    may_change: bool
    seen: str
    key: str


def needed(parameter: Parameter) -> Permission:
    """Return the permission that changing a parameter takes."""
    return Permission.LIFT_CEILING if parameter is LAST_DUE_ON else Permission.CHANGE_PARAMETERS


def rows(
    place: Place, *, allowed: Collection[Permission], sent: Mapping[str, forms.Form], key: str
) -> list[tuple[str, list[Shown]]]:
    """Return the parameters of a place in their groups.

    `sent` holds the form that was refused, and `key` its key; every other form has its own.
    """
    here = [p for p in PARAMETERS.values() if place.scope in p.scopes]
    resolved = queries.resolved(here, scopes=place.ids)
    changes = {
        scope: audit.last_changes(object_kind=f"parameter {scope.value.lower()}", object_id=pk)
        for scope, pk in place.ids.items()
    }
    groups = []
    for title, group in (*GROUPS, OTHERS):
        shown = [
            _shown(
                place, p, resolved[p.name], changes, allowed=allowed, form=sent.get(p.name), key=key
            )
            for p in group
            if p.name in resolved
        ]
        if shown:
            groups.append((title, shown))
    return groups


def value_form(
    parameter: Parameter, data: Mapping[str, Any] | None = None, *, value: Value = None
) -> forms.Form:
    """Return the form of one parameter, opened with its value or as it was sent."""
    form = forms.Form(
        data, initial={VALUE: _typed(parameter, value)}, auto_id=f"{parameter.name}_%s"
    )
    field = fields.Cell(
        parameter.title,
        partial(_read, parameter),
        required=not parameter.may_be_empty,
        widget=_widget(parameter),
    )
    form.fields[VALUE] = field
    fields.prepare(form, branch_ids=())
    field.error_messages["required"] = rules.sentence(parameter)
    if isinstance(field.widget, forms.Select):
        field.widget.attrs["class"] = "form-select"
    return form


def origin(place: Place, parameter: Parameter, resolved: Resolved) -> str:
    """Return in words where a value comes from; nothing where nobody has chosen one."""
    if resolved.scope is not None:
        return f"herdado {place.words[resolved.scope]}"
    return "" if rules.is_to_be_chosen(parameter) else "padrão do Vigente"


def read_seen(parameter: Parameter, text: str) -> Value:
    """Return the value that a form carried as seen.

    :raises BadCell: where that was forged.
    """
    return _read(parameter, text) if text else None


def _shown(
    place: Place,
    parameter: Parameter,
    resolved: Resolved,
    changes: Mapping[Scope, Mapping[str, AuditEntry]],
    *,
    allowed: Collection[Permission],
    form: forms.Form | None,
    key: str,
) -> Shown:
    default = ""
    if resolved.scope is not None and not rules.is_to_be_chosen(parameter):
        default = rules.words(parameter, parameter.default)
    return Shown(
        parameter,
        form or value_form(parameter, value=resolved.value),
        own=resolved.scope is place.scope,
        words=rules.words(parameter, resolved.value),
        came_from=origin(place, parameter, resolved),
        default=default,
        change=changes[resolved.scope or place.scope].get(parameter.name),
        may_change=needed(parameter) in allowed,
        seen=_typed(parameter, resolved.value) if resolved.scope is place.scope else "",
        key=key if form is not None else str(uuid4()),
    )


def _widget(parameter: Parameter) -> forms.Widget:
    match parameter.kind:
        case ValueKind.YES_NO:
            return forms.Select(choices=[("sim", "Sim"), ("nao", "Não")])
        case ValueKind.CHOICE:
            return forms.Select(choices=[("", "Escolha…"), *parameter.choices])
        case ValueKind.DAY:
            return forms.DateInput({"type": "date"})
        case ValueKind.NUMBER:
            return forms.TextInput({"inputmode": "numeric", "data-kind": "number"})


def _typed(parameter: Parameter, value: Value) -> str:
    """Return a value as its form sends it."""
    if parameter.kind is ValueKind.YES_NO:
        return "sim" if value else "nao"
    return "" if value is None else str(value)


def _read(parameter: Parameter, text: str) -> Value:
    """Read what was typed.

    :raises BadCell: with the parameter's sentence.
    """
    value: Value = text
    if parameter.kind is ValueKind.YES_NO:
        value = {"sim": True, "nao": False}.get(text, text)
    elif parameter.kind is ValueKind.NUMBER and re.fullmatch(r"[0-9]{1,9}", text):
        value = int(text)
    elif parameter.kind is ValueKind.DAY:
        value = cells.day(text).isoformat()
    try:
        return rules.checked(parameter, value)
    except rules.ValueRefused as refused:
        raise BadCell(str(refused).rstrip(".")) from None
