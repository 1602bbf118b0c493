"""Whose an invoice was: the schedule that cut its period.

A contract has one schedule at a time. Those before it are kept, so that an old invoice is still
priced by the one that cut its period.
"""

from collections.abc import Sequence
from datetime import date

from vigente.domain import recurring, schedule
from vigente.domain.cycles import Periodicity
from vigente.domain.periods import Period
from vigente.domain.schedule import Schedule, ServicePeriod


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
