"""Any cut of a cycle adds up to its price, and every printed sum comes to its amount."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import periods, prices
from vigente.domain import explanation, proration
from vigente.domain.periods import Period

JULY = Period(date(2025, 7, 10), date(2025, 8, 10))  # 31 days, as in the manual


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Period, list[Period]]:
    """Draw a cycle and its parts, cut on any days."""
    cycle = draw(periods())
    edges = sorted(draw(st.sets(st.integers(1, cycle.days), max_size=6)) - {cycle.days})
    marks = [cycle.start + timedelta(days=d) for d in (0, *edges, cycle.days)]
    return cycle, [Period(a, b) for a, b in pairwise(marks)]


@given(prices, cuts())
def test_any_cut_of_a_cycle_adds_up_to_the_price(
    price: int, cut: tuple[Period, list[Period]]
) -> None:
    cycle, parts = cut

    costs = [proration.cost(price, cycle=cycle, used=part) for part in parts]

    assert sum(cost.cents for cost in costs) == price
    assert all(0 <= cost.cents <= price for cost in costs)


@given(prices, cuts(), st.integers(28, 180))
def test_a_commercial_month_never_costs_more_than_the_price(
    price: int, cut: tuple[Period, list[Period]], divisor: int
) -> None:
    cycle, parts = cut

    costs = [
        proration.cost(price, cycle=cycle, used=p, divisor_days=divisor, origin=cycle.start)
        for p in parts
    ]
    whole = proration.cost(price, cycle=cycle, used=cycle, divisor_days=divisor, origin=cycle.start)

    assert sum(cost.cents for cost in costs) == whole.cents <= price


@given(prices, cuts(), st.sampled_from([None, 30, 90]))
def test_every_printed_sum_comes_to_its_amount(
    price: int, cut: tuple[Period, list[Period]], divisor: int | None
) -> None:
    cycle, parts = cut

    for part in parts:
        cost = proration.cost(
            price, cycle=cycle, used=part, divisor_days=divisor, origin=cycle.start
        )
        assert explanation.evaluate(cost.explanation) == cost.cents


@given(prices, periods(longest=100), periods(longest=100))
def test_no_part_costs_more_than_the_whole_nor_less_than_nothing(
    price: int, cycle: Period, used: Period
) -> None:
    days = timedelta(days=cycle.start.toordinal() - used.start.toordinal() + cycle.days // 2)
    used = Period(used.start + days, used.end + days)  # it begins within the cycle

    assert 0 <= proration.cost(price, cycle=cycle, used=used).cents <= price


@given(prices, cuts())
def test_running_totals_stray_less_than_a_centavo_from_the_product(
    price: int, cut: tuple[Period, list[Period]]
) -> None:
    cycle, parts = cut

    for part in parts:
        cents = proration.cost(price, cycle=cycle, used=part).cents
        assert abs(cents - Fraction(price * part.days, cycle.days)) <= 1


@given(prices, periods())
def test_days_outside_the_cycle_accrue_nothing(price: int, cycle: Period) -> None:
    week = timedelta(days=7)

    assert proration.accrued(price, cycle=cycle, day=cycle.start - week) == 0
    assert proration.accrued(price, cycle=cycle, day=cycle.start) == 0
    assert proration.accrued(price, cycle=cycle, day=cycle.end) == price
    assert proration.accrued(price, cycle=cycle, day=cycle.end + week) == price


@given(prices, periods())
def test_a_lengthened_period_costs_its_cycle(price: int, cycle: Period) -> None:
    longer = Period(cycle.start - timedelta(days=3), cycle.end + timedelta(days=10))

    assert proration.cost(price, cycle=cycle, used=longer).cents == price


@given(prices, periods())
def test_a_full_cycle_is_never_prorated(price: int, cycle: Period) -> None:
    cost = proration.cost(price, cycle=cycle, used=cycle)

    assert cost == (price, explanation.whole(price))


@pytest.mark.parametrize(
    ("price", "start", "end", "cents", "printed"),
    [
        # the manual's upgrade: 49,90 ÷ 31 × 3 and 89,90 ÷ 31 × 28
        (4990, (7, 10), (7, 13), 483, "R$ 49,90 ÷ 31 × 3 dias = R$ 4,83"),
        (8990, (7, 13), (8, 10), 8120, "R$ 89,90 ÷ 31 × 28 dias = R$ 81,20"),
        # the manual's downgrade; the exact 28 days are 45,07 where the manual truncates
        (8990, (7, 10), (7, 13), 870, "R$ 89,90 ÷ 31 × 3 dias = R$ 8,70"),
        (4990, (7, 13), (8, 10), 4507, "R$ 49,90 ÷ 31 × 28 dias = R$ 45,07"),
        (4990, (8, 9), (8, 10), 161, "R$ 49,90 ÷ 31 × 1 dia = R$ 1,61"),
    ],
)
def test_the_manuals_sums(
    price: int, start: tuple[int, int], end: tuple[int, int], cents: int, printed: str
) -> None:
    used = Period(date(2025, *start), date(2025, *end))

    assert proration.cost(price, cycle=JULY, used=used) == (cents, printed)


def test_where_the_product_is_a_centavo_off_the_running_totals_are_printed() -> None:
    cycle = Period(date(2026, 3, 1), date(2026, 4, 1))
    used = Period(date(2026, 3, 2), date(2026, 3, 3))

    cost = proration.cost(1000, cycle=cycle, used=used)

    # 10,00 ÷ 31 × 2 = 0,65 (0,645) less 10,00 ÷ 31 × 1 = 0,32 (0,323); the product says 0,32
    assert cost.cents == 33
    assert cost.explanation == ("(R$ 10,00 ÷ 31 × 2 dias) − (R$ 10,00 ÷ 31 × 1 dia) = R$ 0,33")


def test_a_commercial_month_counts_from_the_first_day_used() -> None:
    cycle = Period(date(2026, 1, 10), date(2026, 2, 10))
    stub = Period(date(2026, 1, 20), date(2026, 2, 10))

    cost = proration.cost(9000, cycle=cycle, used=stub, divisor_days=30)

    assert cost == (6300, "R$ 90,00 ÷ 30 × 21 dias = R$ 63,00")


def test_the_31st_day_of_a_commercial_month_is_free() -> None:
    cycle = Period(date(2026, 1, 10), date(2026, 2, 10))  # 31 days
    last_day = Period(date(2026, 2, 9), date(2026, 2, 10))

    cost = proration.cost(9000, cycle=cycle, used=last_day, divisor_days=30, origin=cycle.start)

    # 90,00 ÷ 30 × 30 less 90,00 ÷ 30 × 30: thirty days have earned all of it
    assert cost.cents == 0
    assert cost.explanation == "(R$ 90,00 ÷ 30 × 30 dias) − (R$ 90,00 ÷ 30 × 30 dias) = R$ 0,00"
