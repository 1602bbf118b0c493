"""One rounding, and parts that add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import money

amounts = st.integers(-(10**12), 10**12)


@given(amounts, st.integers(1, 10**6))
def test_rounding_is_half_up_and_away_from_zero(numerator: int, denominator: int) -> None:
    rounded = money.round_half_up(numerator, denominator)

    exact = Fraction(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_spread_parts_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(money.spread(total, weights)) == total


@given(amounts, st.integers(1, 60))
def test_split_parts_add_up_and_differ_by_a_centavo_at_most(total: int, parts: int) -> None:
    split = money.split(total, parts=parts)

    assert sum(split) == total
    assert max(split) - min(split) <= 1


@given(amounts)
def test_what_is_printed_is_read_back(cents: int) -> None:
    assert money.parse_brl(money.brl(cents)) == cents


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("89,90", 8990),
        ("R$ 1.234,56", 123456),
        (" 1234,5 ", 123450),
        ("89.90", 8990),
        ("1.234", 123400),  # a point before three digits groups thousands
        ("−10,00", -1000),
        ("10,000", 1000),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int) -> None:
    assert money.parse_brl(typed) == cents


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3", "1.23.4", "10,005", "R$", "1e3", "--1"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(money.AmountNotUnderstood):
        money.parse_brl(typed)
