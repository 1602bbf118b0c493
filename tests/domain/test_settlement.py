"""A payment settles the receivable first; the rest is the customer's credit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import settlement
from vigente.domain.settlement import OpenReceivable, Settlement

DUE_ON = date(2026, 8, 10)
cents = st.integers(0, 1_000_000)
days = st.integers(-40, 40).map(lambda n: DUE_ON + timedelta(days=n))
receivables = st.builds(
    OpenReceivable,
    id=st.just(1),
    open_cents=cents,
    due_on=st.just(DUE_ON),
    discount_until_due_cents=cents,
)


def bill(open_cents: int = 8990, discount: int = 1000) -> OpenReceivable:
    return OpenReceivable(
        id=1, open_cents=open_cents, due_on=DUE_ON, discount_until_due_cents=discount
    )


@given(receivables, cents, days)
def test_what_was_paid_is_allocated_or_credit(
    receivable: OpenReceivable, paid_cents: int, on: date
) -> None:
    done = settlement.settle(receivable, paid_cents=paid_cents, on=on)

    assert done.allocated_cents + done.credit_cents == paid_cents
    assert min(done.allocated_cents, done.discount_cents, done.credit_cents) >= 0
    assert done.allocated_cents + done.discount_cents <= receivable.open_cents


@given(receivables, cents, days)
def test_there_is_credit_or_a_discount_only_where_nothing_stays_open(
    receivable: OpenReceivable, paid_cents: int, on: date
) -> None:
    done = settlement.settle(receivable, paid_cents=paid_cents, on=on)

    if done.credit_cents or done.discount_cents:
        assert done.allocated_cents + done.discount_cents == receivable.open_cents


@given(receivables, days)
def test_what_is_owed_settles_whole_and_a_centavo_less_does_not(
    receivable: OpenReceivable, on: date
) -> None:
    owed = settlement.owed(receivable, on=on)

    assert is_settled(receivable, paid_cents=owed, on=on)
    if owed:
        assert not is_settled(receivable, paid_cents=owed - 1, on=on)


def is_settled(receivable: OpenReceivable, *, paid_cents: int, on: date) -> bool:
    done = settlement.settle(receivable, paid_cents=paid_cents, on=on)
    return done.allocated_cents + done.discount_cents == receivable.open_cents


@given(st.lists(cents, min_size=1), st.data())
def test_a_partial_payment_is_spread_over_the_invoices_and_none_gets_more_than_it_is(
    invoices: list[int], data: st.DataObject
) -> None:
    settled = data.draw(st.integers(0, sum(invoices)))

    parts = settlement.paid_of_each(tuple(invoices), settled_cents=settled)

    assert sum(parts) == settled
    assert all(0 <= part <= invoice for part, invoice in zip(parts, invoices, strict=True))


@pytest.mark.parametrize(
    ("paid_cents", "on", "allocated", "discount", "credit"),
    [
        (7990, DUE_ON, 7990, 1000, 0),  # 89,90 − 10,00, by the due date
        (7990, DUE_ON + timedelta(days=1), 7990, 0, 0),  # a day late: 10,00 stay open
        (7989, DUE_ON, 7989, 0, 0),  # a centavo short: no discount
        (4000, DUE_ON, 4000, 0, 0),  # partial
        (8990, DUE_ON, 7990, 1000, 1000),  # 89,90 − 79,90: the discount comes back as credit
        (10000, DUE_ON + timedelta(days=1), 8990, 0, 1010),  # 100,00 − 89,90
    ],
)
def test_cases(paid_cents: int, on: date, allocated: int, discount: int, credit: int) -> None:
    assert settlement.settle(bill(), paid_cents=paid_cents, on=on) == Settlement(
        allocated_cents=allocated, discount_cents=discount, credit_cents=credit
    )


def test_a_settled_receivable_takes_nothing_more() -> None:
    done = settlement.settle(bill(0), paid_cents=500, on=DUE_ON)

    assert done == Settlement(allocated_cents=0, discount_cents=0, credit_cents=500)
