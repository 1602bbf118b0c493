"""Postponing: a receivable is to be paid later, on a business day and never past the ceiling.

Only its payable date moves: the nominal dates of its invoices and their service periods stay.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from vigente.domain import due_dates
from vigente.domain.close_plan import BranchRules

FURTHEST = timedelta(days=366)


class PostponementRefused(ValueError):
    """O vencimento não pode ser prorrogado assim."""


@dataclass(frozen=True, slots=True)
class ToDay:
    """All are to be paid on one day."""

    day: date


@dataclass(frozen=True, slots=True)
class ByDays:
    """Each is to be paid so many days after its present due date."""

    days: int


type Extension = ToDay | ByDays


def postponed(due_on: date, *, by: Extension, rules: BranchRules, today: date) -> date:
    """Return the payable date that a receivable due on `due_on` gets.

    :raises PostponementRefused: for a day that is no later, has passed, lies more than a year
        ahead or beyond the ceiling.
    """
    wanted = _wanted(due_on, by)
    _refuse_absurd(wanted, due_on=due_on, today=today)
    payable = rules.calendar.next_business_day(wanted) if rules.due_on_business_day else wanted
    ceiling = rules.last_due_on
    if ceiling is not None and payable > ceiling:
        raise PostponementRefused(
            f"O novo vencimento, {payable:%d/%m/%Y}, fica {due_dates.beyond(ceiling)}"
        )
    return payable


def _wanted(due_on: date, by: Extension) -> date:
    match by:
        case ToDay(day):
            return day
        case ByDays(days):
            return due_on + timedelta(days=days)
        case never:
            assert_never(never)


def _refuse_absurd(wanted: date, *, due_on: date, today: date) -> None:
    if wanted <= due_on:
        raise PostponementRefused(
            f"Já vence em {due_on:%d/%m/%Y}: escolha um dia depois desse para prorrogar."
        )
    if wanted < today:
        raise PostponementRefused(
            f"O novo vencimento, {wanted:%d/%m/%Y}, já passou: escolha hoje ou um dia que ainda "
            "vem."
        )
    if wanted > today + FURTHEST:
        raise PostponementRefused(
            f"O novo vencimento, {wanted:%d/%m/%Y}, fica a mais de um ano: escolha um dia mais "
            "próximo."
        )
