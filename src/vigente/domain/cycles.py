"""Cycles that do not drift: counted from the anchor, so 31 January, 28 February, 31 March."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from vigente.domain.periods import Period


class EmptyCycle(ValueError):
    """Um ciclo tem pelo menos um mês ou um dia."""


class PeriodUnit(StrEnum):
    """What a periodicity counts."""

    MONTH = "MONTH"
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class Periodicity:
    """How long a cycle is: a number of months, or of days."""

    unit: PeriodUnit
    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise EmptyCycle(str(self.count))

    @classmethod
    def months(cls, count: int) -> "Periodicity":
        """Return a cycle of `count` months."""
        return cls(PeriodUnit.MONTH, count)

    @classmethod
    def of_days(cls, count: int) -> "Periodicity":
        """Return a cycle of `count` days."""
        return cls(PeriodUnit.DAY, count)


def on_day(anchor_day: int, *, year: int, month: int) -> date:
    """Return `anchor_day` in that month, or the month's last day if it is shorter.

    >>> on_day(31, year=2026, month=2)
    datetime.date(2026, 2, 28)
    """
    return date(year, month, min(anchor_day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=4096)
def on_day_of_month_number(anchor_day: int, month_number: int) -> date:
    """Return `anchor_day` in the month counted as year × 12 + month − 1."""
    year, month = divmod(month_number, 12)
    return on_day(anchor_day, year=year, month=month + 1)


def month_number(day: date) -> int:
    """Return the month of `day` as a number that can be counted with."""
    return day.year * 12 + day.month - 1


def add_cycles(anchor: date, k: int, *, periodicity: Periodicity, anchor_day: int) -> date:
    """Return the day `k` cycles after (or before) the anchor.

    >>> [add_cycles(date(2026, 1, 31), k, periodicity=Periodicity.months(1), anchor_day=31).day
    ...  for k in (1, 2)]
    [28, 31]
    """
    if periodicity.unit is PeriodUnit.DAY:
        return anchor + timedelta(days=k * periodicity.count)
    return on_day_of_month_number(anchor_day, month_number(anchor) + k * periodicity.count)


def months_after(day: date, *, months: int) -> date:
    """Return the same day `months` later, or that month's last day.

    >>> months_after(date(2026, 1, 31), months=1)
    datetime.date(2026, 2, 28)
    """
    return on_day_of_month_number(day.day, month_number(day) + months)


def cycle_containing(
    day: date, *, anchor: date, periodicity: Periodicity, anchor_day: int
) -> Period:
    """Return the cycle on the anchor's grid that contains `day`."""
    if periodicity.unit is PeriodUnit.DAY:
        k = (day.toordinal() - anchor.toordinal()) // periodicity.count
        start = anchor + timedelta(days=k * periodicity.count)
        return Period(start, start + timedelta(days=periodicity.count))
    anchor_month, count = month_number(anchor), periodicity.count
    k = (month_number(day) - anchor_month) // count
    start = on_day_of_month_number(anchor_day, anchor_month + k * count)
    if start > day:
        k -= 1
        end, start = start, on_day_of_month_number(anchor_day, anchor_month + k * count)
    else:
        end = on_day_of_month_number(anchor_day, anchor_month + (k + 1) * count)
    return Period(start, end)
