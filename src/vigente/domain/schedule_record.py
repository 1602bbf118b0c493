"""Schedules as plain JSON and back, for what is kept of an alteration; and whose an invoice was.

A contract has one schedule at a time. Those before it are kept with the alterations that replaced
them, so that an old invoice is still priced by the schedule that cut its period.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from vigente.domain import recurring, schedule
from vigente.domain.cycles import Periodicity, PeriodUnit
from vigente.domain.periods import Period
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


def told(of: Schedule) -> dict[str, Any]:
    """Return a schedule as plain JSON."""
    return {
        "timing": of.timing.value,
        "base": of.base.value,
        "period_unit": of.periodicity.unit.value,
        "period_count": of.periodicity.count,
        "due_rule": of.due_rule.value,
        "due_day": of.due_day,
        "interval_days": of.interval_days,
        "custom_dates": [day.isoformat() for day in of.custom_dates],
        "first_invoice": of.first_invoice.value,
        "first_divisor": of.first_divisor.value,
        "starts_on": of.starts_on.isoformat(),
        "anchor_on": of.anchor_on.isoformat(),
        "due_anchor_on": of.due_anchor_on.isoformat() if of.due_anchor_on else None,
        "stretch": told_stretch(of.stretch) if of.stretch else None,
    }


def told_stretch(of: Stretch) -> dict[str, Any]:
    """Return what a changed due day makes of a first period as plain JSON."""
    service = of.service
    return {
        "period": _told_period(service.period),
        "cycle": _told_period(service.cycle),
        "divisor_days": service.divisor_days,
        "in_full": service.in_full,
        "former_due_on": service.nominal_due_on.isoformat(),
        "ends_on": of.ends_on.isoformat(),
        "due_on": of.due_on.isoformat(),
    }


def read(row: Mapping[str, Any]) -> Schedule:
    """Return the schedule that `told` wrote."""
    return Schedule(
        timing=Timing(row["timing"]),
        base=PeriodBase(row["base"]),
        periodicity=Periodicity(PeriodUnit(row["period_unit"]), row["period_count"]),
        due_rule=DueRule(row["due_rule"]),
        due_day=row["due_day"],
        interval_days=row["interval_days"],
        custom_dates=tuple(date.fromisoformat(day) for day in row["custom_dates"]),
        first_invoice=FirstInvoice(row["first_invoice"]),
        first_divisor=Divisor(row["first_divisor"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        anchor_on=date.fromisoformat(row["anchor_on"]),
        due_anchor_on=date.fromisoformat(row["due_anchor_on"]) if row["due_anchor_on"] else None,
        stretch=read_stretch(row["stretch"]) if row["stretch"] else None,
    )


def read_stretch(row: Mapping[str, Any]) -> Stretch:
    """Return what `told_stretch` wrote."""
    return Stretch(
        service=ServicePeriod(
            period=_read_period(row["period"]),
            cycle=_read_period(row["cycle"]),
            divisor_days=row["divisor_days"],
            in_full=row["in_full"],
            nominal_due_on=date.fromisoformat(row["former_due_on"]),
        ),
        ends_on=date.fromisoformat(row["ends_on"]),
        due_on=date.fromisoformat(row["due_on"]),
    )


def as_issued(
    period: Period, *, nominal_due_on: date, schedules: Sequence[Schedule]
) -> tuple[ServicePeriod, Periodicity]:
    """Return how an invoice's period was priced, and by which periodicity.

    `schedules` are the contract's present one and those before it, oldest first. A period that
    none of them cut, such as an imported one, is its own cycle.
    """
    until_then = [of for of in schedules if of.starts_on <= period.start]
    if until_then:
        of = until_then[-1]
        service = schedule.service_period(of, start=period.start)
        if service.period.end >= period.end:
            return recurring.cut(service, period=period), of.periodicity
    own = ServicePeriod(
        period=period,
        cycle=period,
        divisor_days=period.days,
        in_full=False,
        nominal_due_on=nominal_due_on,
    )
    return own, (until_then or list(schedules))[-1].periodicity


def _told_period(period: Period) -> list[str]:
    return [period.start.isoformat(), period.end.isoformat()]


def _read_period(days: Sequence[str]) -> Period:
    start, end = (date.fromisoformat(day) for day in days)
    return Period(start, end)
