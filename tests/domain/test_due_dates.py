"""Only the payable date moves: never too soon after the issue, and onto a business day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import days
from vigente.domain import due_dates
from vigente.domain.business_days import BusinessCalendar, brazilian_holidays

BANKS = BusinessCalendar(brazilian_holidays(None, years=range(2023, 2031)))


@given(days, st.integers(-60, 60), st.integers(0, 30), st.booleans())
def test_a_payable_date_is_the_first_that_is_neither_too_soon_nor_closed(
    nominal: date, issued_before: int, min_days: int, move: bool
) -> None:
    issued_on = nominal - timedelta(days=issued_before)

    payable = due_dates.payable_on(
        nominal,
        issued_on=issued_on,
        min_days=min_days,
        calendar=BANKS,
        move_to_business_day=move,
    )

    earliest = max(nominal, issued_on + timedelta(days=min_days))
    assert payable >= earliest
    if move:
        assert BANKS.is_business_day(payable)
        skipped = [earliest + timedelta(days=d) for d in range((payable - earliest).days)]
        assert not any(BANKS.is_business_day(day) for day in skipped)
    else:
        assert payable == earliest


@pytest.mark.parametrize(
    ("nominal", "issued_on", "move", "payable"),
    [
        # issued ten days before: payable on the nominal date, a Tuesday
        (date(2026, 11, 10), date(2026, 10, 31), True, date(2026, 11, 10)),
        # a first invoice issued on the day it would be due: 10 + 5 is a Sunday, so Monday
        (date(2026, 11, 10), date(2026, 11, 10), True, date(2026, 11, 16)),
        # a Saturday and a Sunday, then Monday
        (date(2026, 10, 10), date(2026, 10, 1), True, date(2026, 10, 13)),  # 12/10: holiday
        (date(2026, 10, 10), date(2026, 10, 1), False, date(2026, 10, 10)),
        # the last days of a year
        (date(2026, 12, 31), date(2026, 12, 20), True, date(2027, 1, 4)),
    ],
)
def test_due_dates_and_when_they_are_payable(
    nominal: date, issued_on: date, move: bool, payable: date
) -> None:
    found = due_dates.payable_on(
        nominal, issued_on=issued_on, min_days=5, calendar=BANKS, move_to_business_day=move
    )

    assert found == payable
