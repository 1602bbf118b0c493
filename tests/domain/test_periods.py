"""A period has its first day, and ends before the day that the next one begins with."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from tests.domain.strategies import days, periods
from vigente.domain.periods import EmptyPeriod, Period


@given(periods())
def test_a_period_has_as_many_days_as_it_contains(period: Period) -> None:
    around = [period.start + timedelta(days=d) for d in range(-3, period.days + 3)]

    assert period.days == sum(day in period for day in around)
    assert period.last_day in period
    assert period.end not in period


@given(periods(longest=40), periods(longest=40))
def test_the_overlap_is_the_days_in_both(one: Period, other: Period) -> None:
    both = one.overlap(other)

    assert both == other.overlap(one)
    shared = {d for d in _days_of(one) if d in other}
    assert shared == (set() if both is None else set(_days_of(both)))


@given(periods(longest=40), periods(longest=40))
def test_periods_that_only_touch_do_not_overlap(one: Period, other: Period) -> None:
    moved = Period(one.end, one.end + timedelta(days=other.days))

    assert one.overlap(moved) is None


@given(days)
def test_a_period_without_days_is_refused(day: date) -> None:
    with pytest.raises(EmptyPeriod):
        Period(day, day)
    with pytest.raises(EmptyPeriod, match=f"{day} a {day - timedelta(days=1)}"):
        Period(day, day - timedelta(days=1))


@given(periods(), periods())
def test_periods_are_ordered_by_their_first_day(one: Period, other: Period) -> None:
    first, second = sorted([one, other])

    assert first.start <= second.start


def test_a_period_is_written_with_its_last_day() -> None:
    period = Period(date(2025, 7, 10), date(2025, 8, 10))

    assert period.label() == "10/07/2025 a 09/08/2025"
    assert period.days == 31  # 22 of July and 9 of August


def _days_of(period: Period) -> list[date]:
    return [period.start + timedelta(days=d) for d in range(period.days)]
