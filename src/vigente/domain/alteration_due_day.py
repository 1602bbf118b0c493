"""A changed due day: the next due date, and the one period that it makes longer or shorter.

Let D be the nominal due date of the first period that no kept invoice covers, and N the date with
the new due day nearest to D. The period grows or shrinks by the days between them, so that
coverage stays contiguous; those days cost the net value of the cycle ÷ its days. By anniversary
or by calendar the period does not depend on the due day, and only the due date moves.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from vigente.domain import cycles, items, recurring, schedule
from vigente.domain.cycles import Periodicity
from vigente.domain.recurring import Shift
from vigente.domain.schedule import (
    Divisor,
    DueRule,
    FirstInvoice,
    PeriodBase,
    Schedule,
    ServicePeriod,
    Stretch,
    Timing,
)

MONTHS_TO_LOOK_AT = 3


class DueDayRefused(ValueError):
    """O dia de vencimento não pode ser alterado assim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDayChange:
    """What changing the due day does: `schedule` takes over where the last kept period ended."""

    former_due_on: date
    next_due_on: date
    schedule: Schedule
    service: ServicePeriod

    @property
    def shift_days(self) -> int:
        """Return the days that the next period gains, or loses where below zero."""
        regular = recurring.as_regular(self.service).period
        return (self.service.period.end - regular.end).days


def change(
    former: Schedule,
    *,
    start: date,
    due_day: int,
    on: date,
    min_notice_days: int,
    last_kept_due_on: date | None,
) -> DueDayChange:
    """Return what a new due day does from `start` on, where the last kept period ended.

    `on` is the day of the alteration, after which the branch wants some days of notice.

    :raises DueDayRefused: where the due day decides nothing, is no day, or stays the same; also
        after the whole period, which is to be invoiced first.
    """
    _refuse(former, due_day=due_day)
    service = schedule.service_period(former, start=start)
    if on >= service.period.end:
        raise DueDayRefused(
            f"A data da alteração, {on:%d/%m/%Y}, vem depois do período de "
            f"{service.period.label()}; fature-o antes, ou informe um dia até o fim dele."
        )
    earliest = on + timedelta(days=min_notice_days)
    if last_kept_due_on is not None:
        earliest = max(earliest, last_kept_due_on + timedelta(days=1))
    changed = replace(former, due_day=due_day, starts_on=start, stretch=None)
    if former.base is PeriodBase.DUE_DATE:
        next_due_on = _nearest(changed, service=service, earliest=earliest)
        ends_on = _end(changed, due_on=next_due_on)
    else:
        own = schedule.service_period(changed, start=start).nominal_due_on
        next_due_on = _first(due_day, earliest=max(own, earliest))
        ends_on = service.period.end
    regular = recurring.as_regular(service)
    stretched = replace(
        changed,
        due_anchor_on=next_due_on,
        stretch=Stretch(service=regular, ends_on=ends_on, due_on=next_due_on),
    )
    return DueDayChange(
        former_due_on=service.nominal_due_on,
        next_due_on=next_due_on,
        schedule=stretched,
        service=schedule.service_period(stretched, start=start),
    )


def of_value(
    cents: int, *, last_end: date, due_day: int, new_due_day: int, on: date, min_notice_days: int
) -> tuple[DueDayChange, Shift | None]:
    """Return the change of a monthly, postpaid contract of that value, without a contract.

    `last_end` is the first day after the last kept period.

    :raises DueDayRefused: see `change`.
    """
    former = Schedule(
        timing=Timing.POSTPAID,
        base=PeriodBase.DUE_DATE,
        periodicity=Periodicity.months(1),
        due_rule=DueRule.FIXED_DAY,
        due_day=due_day,
        interval_days=None,
        custom_dates=(),
        first_invoice=FirstInvoice.FIRST,
        first_divisor=Divisor.ACTUAL,
        starts_on=last_end,
        anchor_on=last_end,
    )
    changed = change(
        former,
        start=last_end,
        due_day=new_due_day,
        on=on,
        min_notice_days=min_notice_days,
        last_kept_due_on=last_end,
    )
    item = items.of_value(cents, starts_on=last_end)
    periodicity = former.periodicity
    return changed, recurring.shift([item], service=changed.service, periodicity=periodicity)


def _refuse(former: Schedule, *, due_day: int) -> None:
    if not schedule.uses_due_day(due_rule=former.due_rule, periodicity=former.periodicity):
        raise DueDayRefused(
            "Dia de vencimento: este tipo de cobrança conta dias ou segue datas próprias, e o dia "
            "não é usado. Deixe-o vazio ou escolha outro tipo de cobrança."
        )
    if not 1 <= due_day <= 31:
        raise DueDayRefused("Dia de vencimento: informe um dia de 1 a 31.")
    if due_day == former.due_day:
        raise DueDayRefused(f"Dia de vencimento: já é o dia {due_day}; escolha outro.")


def _nearest(changed: Schedule, *, service: ServicePeriod, earliest: date) -> date:
    """Return the lawful date with the new due day that is nearest to D; ties go later."""
    former_due_on, start = service.nominal_due_on, service.period.start
    due_day = changed.due_day or 1
    first = cycles.month_number(former_due_on) - MONTHS_TO_LOOK_AT
    last = cycles.month_number(max(former_due_on, earliest, start)) + MONTHS_TO_LOOK_AT
    days = (cycles.on_day_of_month_number(due_day, month) for month in range(first, last))
    lawful = [day for day in days if day >= earliest and _end(changed, due_on=day) > start]
    return min(lawful, key=lambda day: (abs(day - former_due_on), former_due_on - day))


def _end(changed: Schedule, *, due_on: date) -> date:
    """Return the end of the period due on that day: the day itself, or for PREPAID the next."""
    if changed.timing is Timing.POSTPAID:
        return due_on
    return cycles.add_cycles(
        due_on, 1, periodicity=changed.periodicity, anchor_day=changed.due_day or 1
    )


def _first(due_day: int, *, earliest: date) -> date:
    in_month = cycles.on_day_of_month_number(due_day, cycles.month_number(earliest))
    if in_month >= earliest:
        return in_month
    return cycles.on_day_of_month_number(due_day, cycles.month_number(earliest) + 1)
