"""Cycles are counted from their anchor, so that a 31st never turns into a 28th for good."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import days, periodicities
from vigente.domain import cycles
from vigente.domain.cycles import EmptyCycle, Periodicity, PeriodUnit

MONTHLY = Periodicity.months(1)


@given(days, st.integers(1, 31), periodicities, st.integers(-12, 12))
def test_a_cycle_starts_on_the_anchor_day_or_the_months_last(
    anchor: date, anchor_day: int, periodicity: Periodicity, k: int
) -> None:
    start = cycles.add_cycles(anchor, k, periodicity=periodicity, anchor_day=anchor_day)

    if periodicity.unit is PeriodUnit.MONTH:
        last_day = calendar.monthrange(start.year, start.month)[1]
        assert start.day == min(anchor_day, last_day)
        months = (start.year - anchor.year) * 12 + start.month - anchor.month
        assert months == k * periodicity.count
    else:
        assert (start - anchor).days == k * periodicity.count


@given(days, days, st.integers(1, 31), periodicities)
def test_each_day_lies_in_one_cycle_of_the_anchors_grid(
    day: date, anchor: date, anchor_day: int, periodicity: Periodicity
) -> None:
    cycle = cycles.cycle_containing(
        day, anchor=anchor, periodicity=periodicity, anchor_day=anchor_day
    )

    assert day in cycle
    length = 30 * periodicity.count if periodicity.unit is PeriodUnit.MONTH else periodicity.count
    near = round((cycle.start - anchor).days / length)
    grid = [
        cycles.add_cycles(anchor, k, periodicity=periodicity, anchor_day=anchor_day)
        for k in range(near - 4, near + 6)
    ]
    assert cycle.start in grid
    assert cycle.end == grid[grid.index(cycle.start) + 1]


@given(days, days, st.integers(1, 31), periodicities)
def test_the_next_cycle_starts_where_this_one_ends(
    day: date, anchor: date, anchor_day: int, periodicity: Periodicity
) -> None:
    grid = {"anchor": anchor, "periodicity": periodicity, "anchor_day": anchor_day}
    cycle = cycles.cycle_containing(day, **grid)

    assert cycles.cycle_containing(cycle.end, **grid).start == cycle.end
    assert cycles.cycle_containing(cycle.last_day, **grid) == cycle


def test_the_31st_is_clamped_and_comes_back() -> None:
    starts = [
        cycles.add_cycles(date(2026, 1, 31), k, periodicity=MONTHLY, anchor_day=31)
        for k in range(-2, 5)
    ]

    assert [f"{day:%d/%m}" for day in starts] == [
        *("30/11", "31/12", "31/01", "28/02", "31/03", "30/04", "31/05"),
    ]


@pytest.mark.parametrize(
    ("day", "anchor", "periodicity", "label"),
    [
        # the anchor's own day starts a cycle, and the day before it ends one
        (date(2026, 2, 10), date(2026, 1, 10), MONTHLY, "10/02/2026 a 09/03/2026"),
        (date(2026, 2, 9), date(2026, 1, 10), MONTHLY, "10/01/2026 a 09/02/2026"),
        # long before the anchor: quarters of 10/02 go back to 10/11
        (date(2026, 1, 20), date(2026, 2, 10), Periodicity.months(3), "10/11/2025 a 09/02/2026"),
        # a leap year's 29 February, yearly
        (date(2025, 3, 1), date(2024, 2, 29), Periodicity.months(12), "28/02/2025 a 27/02/2026"),
        (date(2028, 2, 29), date(2024, 2, 29), Periodicity.months(12), "29/02/2028 a 27/02/2029"),
        # thirty days are thirty days
        (date(2026, 3, 2), date(2026, 1, 31), Periodicity.of_days(30), "02/03/2026 a 31/03/2026"),
        (date(2026, 3, 1), date(2026, 1, 31), Periodicity.of_days(30), "31/01/2026 a 01/03/2026"),
    ],
)
def test_the_cycle_that_contains_a_day(
    day: date, anchor: date, periodicity: Periodicity, label: str
) -> None:
    cycle = cycles.cycle_containing(
        day, anchor=anchor, periodicity=periodicity, anchor_day=anchor.day
    )

    assert cycle.label() == label


@given(days, st.integers(0, 60))
def test_months_after_a_day_keep_its_day_where_the_month_has_it(day: date, months: int) -> None:
    later = cycles.months_after(day, months=months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize("count", [0, -1])
def test_a_cycle_of_nothing_is_refused(count: int) -> None:
    with pytest.raises(EmptyCycle):
        Periodicity.months(count)
    with pytest.raises(EmptyCycle):
        Periodicity.of_days(count)
