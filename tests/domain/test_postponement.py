"""A postponed due date is later, payable and below the ceiling, or it does not move."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import postponement
from vigente.domain.business_days import BusinessCalendar
from vigente.domain.close_plan import BranchRules
from vigente.domain.postponement import ByDays, Extension, PostponementRefused, ToDay

TODAY = date(2026, 8, 3)
days = st.integers(-400, 400).map(lambda number: TODAY + timedelta(days=number))
extensions = st.one_of(days.map(ToDay), st.integers(1, 400).map(ByDays))


def rules(*, ceiling: date | None = None, on_business_day: bool = True) -> BranchRules:
    return BranchRules(
        min_days_before_due=5,
        due_on_business_day=on_business_day,
        last_due_on=ceiling,
        calendar=BusinessCalendar(frozenset({date(2026, 9, 7)})),
    )


@given(days, extensions, st.none() | days, st.booleans())
def test_what_moves_is_later_payable_and_below_the_ceiling(
    due_on: date,
    by: Extension,
    ceiling: date | None,
    on_business_day: bool,
) -> None:
    told = rules(ceiling=ceiling, on_business_day=on_business_day)

    try:
        moved = postponement.postponed(due_on, by=by, rules=told, today=TODAY)
    except PostponementRefused:
        return

    wanted = by.day if isinstance(by, ToDay) else due_on + timedelta(days=by.days)
    assert moved > due_on
    assert moved >= TODAY
    assert ceiling is None or moved <= ceiling
    assert moved == (told.calendar.next_business_day(wanted) if on_business_day else wanted)


@pytest.mark.parametrize(
    ("by", "moved"),
    [
        (ToDay(date(2026, 8, 20)), date(2026, 8, 20)),
        (ToDay(date(2026, 8, 22)), date(2026, 8, 24)),  # a Saturday
        (ToDay(date(2026, 9, 7)), date(2026, 9, 8)),  # a holiday
        (ByDays(10), date(2026, 8, 20)),
    ],
)
def test_a_due_date_of_10_august_moves_to_a_business_day(by: Extension, moved: date) -> None:
    assert postponement.postponed(date(2026, 8, 10), by=by, rules=rules(), today=TODAY) == moved


@pytest.mark.parametrize(
    ("due_on", "by", "sentence"),
    [
        (date(2026, 8, 10), ToDay(date(2026, 8, 10)), "depois desse"),
        (date(2026, 8, 10), ToDay(date(2026, 8, 5)), "depois desse"),
        (date(2026, 7, 1), ByDays(10), "11/07/2026, já passou"),
        (date(2026, 8, 10), ToDay(date(2027, 1, 4)), "teto de vencimento de 31/12/2026"),
        (date(2026, 8, 10), ToDay(date(2028, 1, 4)), "mais de um ano"),
    ],
)
def test_what_may_not_move_says_the_way_out(due_on: date, by: Extension, sentence: str) -> None:
    told = rules(ceiling=date(2026, 12, 31))

    with pytest.raises(PostponementRefused, match=sentence):
        postponement.postponed(due_on, by=by, rules=told, today=TODAY)
