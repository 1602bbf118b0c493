"""A printed sum says what it comes to, and a text that does not is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import prices
from vigente.domain import explanation, money

amounts = st.integers(-5_000_000, 5_000_000)


@given(amounts)
def test_an_amount_alone_comes_to_itself(cents: int) -> None:
    assert explanation.evaluate(explanation.whole(cents)) == cents


@given(prices, st.integers(1, 400), st.integers(0, 400))
def test_days_of_a_cycle_come_to_their_share(price: int, divisor: int, days: int) -> None:
    cents = money.share(price, part=days, whole=divisor)

    text = explanation.days_of_cycle(price, divisor=divisor, days=days, cents=cents)

    assert explanation.evaluate(text) == cents


@given(prices, st.integers(1, 400), st.data())
def test_running_totals_come_to_their_difference(
    price: int, divisor: int, data: st.DataObject
) -> None:
    until = data.draw(st.integers(0, divisor))
    after = data.draw(st.integers(0, until))
    cents = money.share(price, part=until, whole=divisor) - money.share(
        price, part=after, whole=divisor
    )

    text = explanation.running_totals(price, divisor=divisor, until=until, after=after, cents=cents)

    assert explanation.evaluate(text) == cents


@given(prices, st.integers(1, 60))
def test_instalments_add_up_and_each_comes_to_its_sum(total: int, times: int) -> None:
    each = [explanation.instalments(total, times=times, after=n, until=n + 1) for n in range(times)]

    assert sum(cents for cents, _ in each) == total
    assert all(explanation.evaluate(text) == cents for cents, text in each)


@given(prices, st.integers(1, 60), st.data())
def test_the_rest_of_the_instalments_is_what_the_first_ones_left(
    total: int, times: int, data: st.DataObject
) -> None:
    paid = data.draw(st.integers(0, times - 1))

    first, _ = explanation.instalments(total, times=times, after=0, until=paid)
    rest, text = explanation.instalments(total, times=times, after=paid, until=times)

    assert first + rest == total
    assert explanation.evaluate(text) == rest


@given(prices, st.integers(1, 1_000_000))
def test_a_percentage_comes_to_its_part(base: int, percent_e4: int) -> None:
    text = explanation.percent(base, percent_e4=percent_e4)

    assert explanation.evaluate(text) == money.round_half_up(base * percent_e4, 1_000_000)


@given(amounts, amounts)
def test_a_difference_comes_to_what_changed(after: int, before: int) -> None:
    assert explanation.evaluate(explanation.difference(after, before)) == after - before


@given(amounts, amounts)
def test_a_difference_turned_round_comes_to_the_opposite(after: int, before: int) -> None:
    turned = explanation.turned(explanation.difference(after, before))

    assert explanation.evaluate(turned) == before - after
    assert explanation.turned(turned) == explanation.difference(after, before)


@pytest.mark.parametrize(
    "text", ["R$ 1,00", "R$ 1,00 + R$ 1,00 = R$ 2,00", "R$ 1,00 ÷ 2 = R$ 0,50"]
)
def test_what_is_no_difference_is_not_turned_round(text: str) -> None:
    with pytest.raises(explanation.SumNotUnderstood):
        explanation.turned(text)


@given(prices, st.integers(1, 400), st.integers(0, 400))
def test_what_a_sum_takes_off_is_its_opposite(price: int, divisor: int, days: int) -> None:
    cents = money.share(price, part=days, whole=divisor)
    text = explanation.days_of_cycle(price, divisor=divisor, days=days, cents=cents)

    assert explanation.evaluate(explanation.negative(text)) == -cents
    assert explanation.evaluate(explanation.negative(explanation.whole(price))) == -price


@given(prices, st.integers(1, 400), st.integers(0, 400), st.sampled_from([-100, -1, 1, 100]))
def test_a_result_that_is_a_centavo_off_is_refused(
    price: int, divisor: int, days: int, error: int
) -> None:
    cents = money.share(price, part=days, whole=divisor) + error
    text = explanation.days_of_cycle(price, divisor=divisor, days=days, cents=cents)

    with pytest.raises(explanation.SumNotUnderstood):
        explanation.evaluate(text)


def test_sums_are_printed_as_people_write_them() -> None:
    one = explanation.days_of_cycle(1000, divisor=31, days=1, cents=32)
    two = explanation.days_of_cycle(1000, divisor=31, days=2, cents=65)

    assert one == "R$ 10,00 ÷ 31 × 1 dia = R$ 0,32"
    assert two == "R$ 10,00 ÷ 31 × 2 dias = R$ 0,65"
    assert explanation.difference(610, 0) == "R$ 6,10 − R$ 0,00 = R$ 6,10"
    assert explanation.difference(0, -1) == "R$ 0,00 − (−R$ 0,01) = R$ 0,01"
    assert explanation.instalments(12000, times=4, after=1, until=3) == (
        6000,
        "R$ 120,00 ÷ 4 × 2 = R$ 60,00",
    )


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("R$ 49,90", 4990),
        ("−R$ 49,90", -4990),
        ("R$ 49,90 ÷ 31 × 3 dias = R$ 4,83", 483),  # 149,70 ÷ 31 = 4,829
        ("R$ 10,00 ÷ 31 × 1 dia = R$ 0,32", 32),
        # each bracket is rounded before the difference is taken: 0,65 − 0,32, not 0,645 − 0,323
        ("(R$ 10,00 ÷ 31 × 2 dias) − (R$ 10,00 ÷ 31 × 1 dia) = R$ 0,33", 33),
        ("R$ 4,83 + R$ 81,20 − R$ 49,90 = R$ 36,13", 3613),
        ("R$ 0,05 × 50% = R$ 0,03", 3),  # 2,5 centavos, half up
        ("−(R$ 0,05 × 50%) = −R$ 0,03", -3),
        ("R$ 89,90 × 12,5% = R$ 11,24", 1124),  # 11,2375
        ("R$ 89,90 × 3 meses = R$ 269,70", 26970),
        ("R$ 1.234,56 + R$ 0,44 = R$ 1.235,00", 123500),
        # 1,6096 × 28 = 45,0688, cut to the centavo; rounded it would be 45,07
        ("R$ 1,6096 × 28 dias = R$ 45,06 (truncado; diária R$ 49,90 ÷ 31 = R$ 1,6096)", 4506),
        ("R$ 1,6096 × 28 dias = R$ 45,07 (diária R$ 49,90 ÷ 31 = R$ 1,6096)", 4507),
    ],
)
def test_sums_are_read_as_they_are_printed(text: str, cents: int) -> None:
    assert explanation.evaluate(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        *("", "R$", "três reais", "R$ 1", "1,00", "R$ 1,005"),
        *("R$ 1,00 ÷", "R$ 1,00 ÷ 0", "× 3", "R$ 1,00 R$ 2,00", "R$ 1.23,00"),
        *("(R$ 1,00", "R$ 1,00)", "(R$ 1,00))", "()"),
        "R$ 1,6096 × 28 dias = R$ 45,07 (truncado; diária R$ 49,90 ÷ 31 = R$ 1,6096)",
        "R$ 1,6097 × 28 dias = R$ 45,07 (truncado; diária R$ 49,90 ÷ 31 = R$ 1,6097)",
        "R$ 1,6096 × 28 dias = R$ 45,06 (truncado; diária R$ 49,90 ÷ 0 = R$ 1,6096)",
        *("R$ 1,00 = R$ 2,00", "R$ 1,00 =", "= R$ 1,00", "R$ 1,00 = R$ 1,00 = R$ 1,00"),
    ],
)
def test_a_text_that_is_no_true_sum_is_refused(text: str) -> None:
    with pytest.raises(explanation.SumNotUnderstood):
        explanation.evaluate(text)
