"""One rounding, and parts that add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import money

amounts = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("cents", "printed"),
    [(0, "R$ 0,00"), (5, "R$ 0,05"), (-5, "−R$ 0,05"), (123456789, "R$ 1.234.567,89")],
)
def test_reais_are_printed_as_people_write_them(cents: int, printed: str) -> None:
    assert money.brl(cents) == printed
    assert money.amount(cents) == printed.replace("R$ ", "")


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


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_no_part_strays_a_centavo_from_its_exact_share(total: int, weights: list[int]) -> None:
    parts = money.spread(total, weights)

    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) <= 1


@given(st.integers(0, 5))
def test_a_weight_of_zero_gets_nothing(position: int) -> None:
    weights = [4990] * 5
    weights.insert(position, 0)

    assert money.spread(10001, weights)[position] == 0


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_money_is_never_spread_over_nothing(weights: list[int]) -> None:
    assert sum(money.spread(0, weights)) == 0
    with pytest.raises(money.NothingToSpreadOver):
        money.spread(1, weights)


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
        ("5.5", 550),
        ("1.234", 123400),  # a point before three digits groups thousands
        ("−10,00", -1000),
        ("10,000", 1000),
        ("R$ -10,00", -1000),
        ("R$\xa01.234,56", 123456),  # the space that spreadsheets write
        ("0,05", 5),
        ("999.999.999.999.999,99", 99_999_999_999_999_999),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int) -> None:
    assert money.parse_brl(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        *("", "abc", "R$", "--1", "-R$ -1", "1e3", "10,00-", "(10,00)"),
        *("1,2,3", "1.23.4", "1,234.56", "10,", ",50", "1 234,56"),
        *("10,005", "1.2345"),  # parts of a centavo
        *("0.123", "012.345"),  # neither thousands nor centavos
        *("9" * 16, "9" * 5000),  # beyond what a bigint of centavos holds
        "１２,00",  # digits of another script
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(money.AmountNotUnderstood):
        money.parse_brl(typed)
