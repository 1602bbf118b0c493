"""Any cut of a cycle adds up to its price, and every printed sum comes to its amount."""

from datetime import date, timedelta
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


@pytest.mark.parametrize("text", ["", "R$ 1,00 = R$ 2,00", "R$ 1,00 ÷", "três reais", "(R$ 1,00"])
def test_a_text_that_is_no_true_sum_is_refused(text: str) -> None:
    with pytest.raises(explanation.SumNotUnderstood):
        explanation.evaluate(text)
