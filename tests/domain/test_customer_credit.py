"""Credit given back is never more than there is, and balances follow from their movements."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import customer_credit
from vigente.domain.customer_credit import RefundRefused

TODAY = date(2026, 8, 3)
cents = st.integers(-1000, 1_000_000)


@given(cents, cents, st.integers(-40, 40))
def test_what_is_given_back_and_what_is_left_are_what_there_was(
    balance: int, amount: int, days: int
) -> None:
    on = TODAY + timedelta(days=days)

    try:
        left = customer_credit.after_refund(balance, amount_cents=amount, on=on, today=TODAY)
    except RefundRefused:
        assert balance <= 0 or amount <= 0 or amount > balance or on > TODAY
    else:
        assert left + amount == balance
        assert min(left, amount - 1) >= 0
        assert on <= TODAY


@given(st.lists(cents, max_size=20), st.integers(0, 1_000_000))
def test_balances_are_the_running_totals_of_the_movements(
    movements: list[int], before: int
) -> None:
    totals = list(accumulate(movements, initial=before))

    found = customer_credit.balances(movements[::-1], balance_cents=totals[-1])

    assert list(found) == totals[:0:-1]


@pytest.mark.parametrize(
    ("amount", "on", "sentence"),
    [
        (5001, TODAY, "no máximo isso"),
        (0, TODAY, "maior que zero"),
        (100, TODAY + timedelta(days=1), "futuro"),
    ],
)
def test_of_fifty_reais_no_more_than_that_goes_back(amount: int, on: date, sentence: str) -> None:
    with pytest.raises(RefundRefused, match=sentence):
        customer_credit.after_refund(5000, amount_cents=amount, on=on, today=TODAY)
