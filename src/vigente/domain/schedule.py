"""Service periods and nominal due dates.

Everything follows from one question: which regular cycle contains the day on which the next
period starts? The period runs from that day to the cycle's end, so periods are contiguous by
construction; the due date and the price are the cycle's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import assert_never

from vigente.domain.cycles import (
    Periodicity,
    PeriodUnit,
    add_cycles,
    cycle_containing,
    month_number,
    on_day_of_month_number,
)
from vigente.domain.periods import Period

DAYS_OF_A_COMMERCIAL_MONTH = 30


class Timing(StrEnum):
    """PREPAID is due as a period starts, POSTPAID as it ends."""

    PREPAID = "PREPAID"
    POSTPAID = "POSTPAID"


class PeriodBase(StrEnum):
    """What cuts time into periods: the due dates, the activation day, or the calendar."""

    DUE_DATE = "DUE_DATE"
    ANNIVERSARY = "ANNIVERSARY"
    CALENDAR = "CALENDAR"


class FirstInvoice(StrEnum):
    """Which invoice carries the days before the first whole cycle: first, second, or no one."""

    FIRST = "FIRST"
    SECOND = "SECOND"
    NEVER = "NEVER"


class Divisor(StrEnum):
    """What the days of a first invoice are divided by: the cycle's days, or 30 a month."""

    ACTUAL = "ACTUAL"
    THIRTY = "THIRTY"


class DueRule(StrEnum):
    """How due days are chosen; CUSTOM is "Personalizado", a list of dates."""

    FIXED_DAY = "FIXED_DAY"
    INTERVAL = "INTERVAL"
    CUSTOM = "CUSTOM"


class ScheduleUsedUp(LookupError):
    """A lista de vencimentos personalizados terminou; acrescente datas à condição de pagamento."""


class ScheduleIncomplete(ValueError):
    """O tipo de cobrança e a condição de pagamento não determinam os períodos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """The days of one invoice, and the regular cycle that they are priced against.

    `divisor_days` is what the price is divided by; `in_full` means that the days, though fewer,
    cost a whole cycle. `regular` are the days that the period would have had without the changed
    due day that made it longer or shorter.
    """

    period: Period
    cycle: Period
    divisor_days: int
    in_full: bool
    nominal_due_on: date
    regular: Period | None = None

    @property
    def reference_month(self) -> date:
        """Return the first day of the month of the nominal due date: a label, never a key."""
        return self.nominal_due_on.replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What a changed due day makes of a schedule's first period: another end, another due date.

    `service` is the period as the former due day had it.
    """

    service: ServicePeriod
    ends_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How a contract is cut into periods.

    `starts_on` is the first day covered, `anchor_on` the activation day that anniversaries count
    from, `due_anchor_on` any nominal due date known to be on the grid (None: it follows from
    `starts_on`). After a changed due day, `stretch` tells the first period.
    """

    timing: Timing
    base: PeriodBase
    periodicity: Periodicity
    due_rule: DueRule
    due_day: int | None
    interval_days: int | None
    custom_dates: tuple[date, ...]
    first_invoice: FirstInvoice
    first_divisor: Divisor
    starts_on: date
    anchor_on: date
    due_anchor_on: date | None = None
    stretch: Stretch | None = None


@lru_cache(maxsize=16_384)
def service_period(schedule: Schedule, *, start: date) -> ServicePeriod:
    """Return the service period that begins on `start`, where the one before it ended.

    Remembered, since a provider's contracts share a few hundred schedules.

    :raises ScheduleUsedUp: where a list of custom dates has come to its end.
    :raises ScheduleIncomplete: where the due day is missing.
    """
    if schedule.stretch is not None and start == schedule.starts_on:
        return _stretched(schedule.stretch)
    if schedule.due_rule is DueRule.CUSTOM and schedule.base is PeriodBase.DUE_DATE:
        return _between_custom_dates(schedule, start=start)
    cycle = regular_cycle(schedule, day=start)
    due = _nominal_due_on(schedule, cycle=cycle)
    is_first = start == schedule.starts_on and start != cycle.start
    if is_first and schedule.first_invoice is FirstInvoice.SECOND:
        cycle = _cycle_from(start, periodicity=schedule.periodicity)
    period = Period(start, cycle.end)
    return ServicePeriod(
        period=period,
        cycle=cycle,
        divisor_days=_divisor_days(schedule, period=period, cycle=cycle),
        in_full=is_first and schedule.first_invoice is FirstInvoice.NEVER,
        nominal_due_on=due,
    )


def service_periods(schedule: Schedule, *, start: date) -> Iterator[ServicePeriod]:
    """Yield the service periods from `start` on, without end but for a used-up list."""
    while True:
        try:
            service = service_period(schedule, start=start)
        except ScheduleUsedUp:
            return
        yield service
        start = service.period.end


def regular_cycle(schedule: Schedule, *, day: date) -> Period:
    """Return the regular cycle of the schedule's base that contains `day`."""
    match schedule.base:
        case PeriodBase.DUE_DATE:
            anchor = _due_anchor(schedule)
            anchor_day = _grid_day(schedule, anchor=anchor)
        case PeriodBase.ANNIVERSARY:
            anchor, anchor_day = schedule.anchor_on, schedule.anchor_on.day
        case PeriodBase.CALENDAR:
            anchor, anchor_day = date(schedule.anchor_on.year, 1, 1), 1
        case _:
            assert_never(schedule.base)
    return cycle_containing(
        day, anchor=anchor, periodicity=schedule.periodicity, anchor_day=anchor_day
    )


def uses_due_day(*, due_rule: DueRule, periodicity: Periodicity) -> bool:
    """Tell whether the due day decides anything: not with intervals, lists or cycles of days."""
    return due_rule is DueRule.FIXED_DAY and periodicity.unit is PeriodUnit.MONTH


def last_due_day(due_day: int, *, until: date) -> date:
    """Return the last date with that due day that is not after `until`.

    >>> last_due_day(10, until=date(2026, 3, 9))
    datetime.date(2026, 2, 10)
    """
    in_month = on_day_of_month_number(due_day, month_number(until))
    return on_day_of_month_number(due_day, month_number(until) - (in_month > until))


def _due_anchor(schedule: Schedule) -> date:
    """Return one date of the grid of nominal due dates: the known one, or D(0)."""
    if schedule.due_anchor_on is not None:
        return schedule.due_anchor_on
    starts_on, postpaid = schedule.starts_on, schedule.timing is Timing.POSTPAID
    if uses_due_day(due_rule=schedule.due_rule, periodicity=schedule.periodicity):
        due_day = _due_day(schedule)
        first = on_day_of_month_number(due_day, month_number(starts_on))
        if postpaid:
            later = first <= starts_on
            return on_day_of_month_number(due_day, month_number(starts_on) + later)
        return last_due_day(due_day, until=starts_on)
    if not postpaid:
        return starts_on
    if schedule.due_rule is DueRule.INTERVAL:
        return starts_on + timedelta(days=schedule.interval_days or 0)
    return _cycle_from(starts_on, periodicity=schedule.periodicity).end


def _grid_day(schedule: Schedule, *, anchor: date) -> int:
    if uses_due_day(due_rule=schedule.due_rule, periodicity=schedule.periodicity):
        return _due_day(schedule)
    return anchor.day


def _due_day(schedule: Schedule) -> int:
    if schedule.due_day is None:
        raise ScheduleIncomplete("falta o dia de vencimento")
    return schedule.due_day


def _cycle_from(start: date, *, periodicity: Periodicity) -> Period:
    return Period(start, add_cycles(start, 1, periodicity=periodicity, anchor_day=start.day))


def _nominal_due_on(schedule: Schedule, *, cycle: Period) -> date:
    if schedule.due_rule is DueRule.CUSTOM:
        return _custom_due_on(schedule, cycle=cycle)
    postpaid = schedule.timing is Timing.POSTPAID
    edge = cycle.end if postpaid else cycle.start
    if schedule.base is PeriodBase.DUE_DATE:
        return edge
    if schedule.due_rule is DueRule.INTERVAL:
        return edge + timedelta(days=schedule.interval_days or 0)
    if schedule.periodicity.unit is PeriodUnit.DAY:
        return edge
    due_day, month = _due_day(schedule), month_number(edge)
    in_this_month = on_day_of_month_number(due_day, month)
    if schedule.base is PeriodBase.CALENDAR:
        return in_this_month
    if postpaid:
        return on_day_of_month_number(due_day, month + (in_this_month < edge))
    return on_day_of_month_number(due_day, month - (in_this_month > edge))


def _divisor_days(schedule: Schedule, *, period: Period, cycle: Period) -> int:
    """Return the cycle's days, or 30 a month for the stub of a first or second invoice."""
    is_thirty = (
        schedule.first_divisor is Divisor.THIRTY
        and schedule.first_invoice is not FirstInvoice.NEVER
        and schedule.periodicity.unit is PeriodUnit.MONTH
        and period != cycle
        and cycle.start <= _stub_day(schedule) < cycle.end
    )
    if is_thirty:
        return DAYS_OF_A_COMMERCIAL_MONTH * schedule.periodicity.count
    return cycle.days


def _stub_day(schedule: Schedule) -> date:
    """Return a day of the cycle that the schedule's start leaves cut."""
    if schedule.first_invoice is FirstInvoice.SECOND:
        return _cycle_from(schedule.starts_on, periodicity=schedule.periodicity).end
    return schedule.starts_on


def _stretched(stretch: Stretch) -> ServicePeriod:
    regular = stretch.service.period
    return replace(
        stretch.service,
        period=Period(regular.start, stretch.ends_on),
        nominal_due_on=stretch.due_on,
        regular=None if stretch.ends_on == regular.end else regular,
    )


def _between_custom_dates(schedule: Schedule, *, start: date) -> ServicePeriod:
    """Return the period up to the next date of the list; each costs a whole cycle."""
    dates = _custom_dates(schedule)
    following = bisect_right(dates, start)
    if schedule.timing is Timing.POSTPAID:
        if following == len(dates):
            raise _used_up(schedule)
        end = due = dates[following]
    else:
        end = _end_of_custom_prepaid(schedule, start=start, following=following)
        due = dates[max(following - 1, 0)]
    period = Period(start, end)
    return ServicePeriod(
        period=period, cycle=period, divisor_days=period.days, in_full=False, nominal_due_on=due
    )


def _end_of_custom_prepaid(schedule: Schedule, *, start: date, following: int) -> date:
    dates = schedule.custom_dates
    if following < len(dates):
        return dates[following]
    end = _cycle_from(dates[-1], periodicity=schedule.periodicity).end
    if start >= end:
        raise _used_up(schedule)
    return end


def _custom_dates(schedule: Schedule) -> tuple[date, ...]:
    if not schedule.custom_dates:
        raise _used_up(schedule)
    return schedule.custom_dates


def _used_up(schedule: Schedule) -> ScheduleUsedUp:
    if not schedule.custom_dates:
        return ScheduleUsedUp("a condição de pagamento não tem datas de vencimento")
    return ScheduleUsedUp(
        f"a lista de vencimentos terminou em {schedule.custom_dates[-1]:%d/%m/%Y}; "
        "acrescente datas à condição de pagamento"
    )


def _custom_due_on(schedule: Schedule, *, cycle: Period) -> date:
    dates = _custom_dates(schedule)
    if schedule.timing is Timing.POSTPAID:
        first_after = bisect_left(dates, cycle.end)
        if first_after == len(dates):
            raise _used_up(schedule)
        return dates[first_after]
    if cycle.start >= _cycle_from(dates[-1], periodicity=schedule.periodicity).end:
        raise _used_up(schedule)
    return dates[max(bisect_right(dates, cycle.start) - 1, 0)]
