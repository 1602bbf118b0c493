"""Days on which a bank takes a payment, by branch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter

FRIDAY, SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Weekends and the given holidays are no business days."""

    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Tell whether banks work on `day`."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_business_day(self, day: date) -> date:
        """Return `day`, or the first business day after it."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day


def brazilian_holidays(uf: str | None, *, years: Iterable[int]) -> frozenset[date]:
    """Return national and state holidays and the days without banking of those years.

    National and state days come from the `holidays` library. Banks are also closed on Carnival
    Monday and Tuesday and on Corpus Christi (Resolução CMN 4.880/2020), and to the public on 31
    December or, where that is at a weekend, on the Friday before it (Febraban's calendar, as in
    2022 and 2023). Municipal holidays are the branch's own.
    """
    return frozenset().union(*(_holidays_of(uf, year) for year in years))


@lru_cache(maxsize=512)
def _holidays_of(uf: str | None, year: int) -> frozenset[date]:
    official = holidays.country_holidays("BR", subdiv=uf, years=year)
    sunday, last_day = easter(year), date(year, 12, 31)
    closed = (
        sunday - timedelta(days=48),
        sunday - timedelta(days=47),
        sunday + timedelta(days=60),
        last_day,
        last_day - timedelta(days=max(last_day.weekday() - FRIDAY, 0)),
    )
    return frozenset(official) | frozenset(closed)
