"""The calculator: what an alteration would come to, of values alone; nothing is read or written."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigente.backoffice import fields, scope
from vigente.backoffice.fields import Cents, Day, Whole
from vigente.backoffice.scope import needs
from vigente.domain import (
    alteration_difference,
    alteration_due_day,
    alteration_words,
    explanation,
)
from vigente.domain.alteration_difference import DayOutsideThePeriod
from vigente.domain.alteration_due_day import DueDayRefused
from vigente.domain.alteration_words import Sum
from vigente.domain.codes import DifferencePolicy
from vigente.domain.parameters import MIN_DAYS_BEFORE_DUE
from vigente.domain.periods import Period
from vigente.domain.permissions import Permission

DIFFERENCE, DUE_DAY = "plano", "vencimento"


class DifferenceForm(forms.Form):
    """A change of plan inside a period that was invoiced."""

    old = Cents("Valor anterior")
    new = Cents("Valor novo")
    first_day = Day("Primeiro dia do período")
    last_day = Day("Último dia do período")
    on = Day("Data da alteração")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        told = super().clean() or {}
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "O último dia vem antes do primeiro. Confira as duas datas.")
        return told


class DueDayForm(forms.Form):
    """A change of the due day, for a monthly contract that is paid afterwards."""

    value = Cents("Valor líquido do mês")
    last_end = Day("Último dia já faturado")
    due_day = Whole("Dia de vencimento de hoje", 1, 31)
    new_due_day = Whole("Dia de vencimento novo", 1, 31)
    on = Day("Data da alteração")
    notice = Whole("Antecedência mínima (dias)", 0, 90, initial=MIN_DAYS_BEFORE_DUE.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a changed due day comes to."""

    next_due: str
    period: str
    sum: Sum | None


@needs(Permission.SEE_CONTRACTS)
def calculator(request: HttpRequest) -> HttpResponse:
    """Calculate a change of plan under both policies, or a change of the due day."""
    which = request.GET.get("conta", "")
    difference = DifferenceForm(request.GET if which == DIFFERENCE else None)
    due_day = DueDayForm(request.GET if which == DUE_DAY else None, auto_id="dia_%s")
    for form in (difference, due_day):
        fields.prepare(form, branch_ids=scope.branch_ids(request))
    context = {
        "difference": difference,
        "due_day": due_day,
        "columns": _columns(difference) if difference.is_bound and difference.is_valid() else (),
        "moved": _moved(due_day) if due_day.is_bound and due_day.is_valid() else None,
    }
    is_wrong = bool(difference.errors or due_day.errors)
    return render(request, "alterations/calculator.html", context, status=422 if is_wrong else 200)


def _columns(form: DifferenceForm) -> tuple[alteration_words.Column, ...]:
    told = form.cleaned_data
    period = Period(told["first_day"], told["last_day"] + timedelta(days=1))
    columns = []
    for policy in DifferencePolicy:
        try:
            difference = alteration_difference.of_values(
                told["old"], told["new"], period=period, on=told["on"], policy=policy
            )
        except DayOutsideThePeriod as outside:
            form.add_error("on", str(outside))
            return ()
        columns.append(
            alteration_words.Column(
                words=alteration_words.POLICY_WORDS[policy],
                hint=alteration_words.POLICY_HINTS[policy],
                is_used=False,
                sums=alteration_words.sums(difference, period=period, on=told["on"]),
            )
        )
    return tuple(columns)


def _moved(form: DueDayForm) -> Moved | None:
    told = form.cleaned_data
    try:
        changed, shift = alteration_due_day.of_value(
            told["value"],
            last_end=told["last_end"] + timedelta(days=1),
            due_day=told["due_day"],
            new_due_day=told["new_due_day"],
            on=told["on"],
            min_notice_days=told["notice"],
        )
    except DueDayRefused as refused:
        form.add_error(None, str(refused))
        return None
    total = None
    if shift is not None:
        total = Sum(
            words=shift.words,
            calculation=explanation.calculation(shift.cost.explanation),
            cents=shift.signed_cents,
            role="res",
        )
    return Moved(
        next_due=f"{changed.next_due_on:%d/%m/%Y}",
        period=changed.service.period.label(),
        sum=total,
    )
