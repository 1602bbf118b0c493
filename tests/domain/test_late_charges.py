"""What delay costs: a fine once, simple interest by the day, on the principal only."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import late_charges, settlement
from vigente.domain.explanation import evaluate
from vigente.domain.late_charges import LateDebt, LateTerms, Settled, charges
from vigente.domain.settlement import OpenReceivable

DUE = date(2026, 8, 10)  # a Monday
LAW = LateTerms(fine_e4=20_000, interest_e4=10_000)  # 2 % and 1 % a month


def debt(cents: int = 8990, *settled: Settled, terms: LateTerms = LAW, **more) -> LateDebt:
    told = {"due_on": DUE, "free_until": DUE, **more}
    return LateDebt(amount_cents=cents, terms=terms, settled=settled, **told)


@pytest.mark.parametrize(
    ("days", "fine", "interest"),
    [
        (0, 0, 0),
        (1, 180, 3),  # 89,90 × 2 % = 1,798; 89,90 × 1 % ÷ 30 = 0,02997
        (10, 180, 30),  # 0,2997
        (30, 180, 90),  # 0,899
        (365, 180, 1094),  # 10,9378
    ],
)
def test_a_fine_once_and_interest_by_the_day(days: int, fine: int, interest: int) -> None:
    late = charges(debt(), on=DUE + timedelta(days=days))

    assert (late.fine_cents, late.interest_cents, late.cents) == (fine, interest, fine + interest)


def test_what_is_due_without_banks_may_be_paid_on_the_next_day_with_them() -> None:
    saturday, monday = date(2026, 8, 8), date(2026, 8, 10)
    bill = debt(due_on=saturday, free_until=monday)

    assert charges(bill, on=monday).cents == 0
    late = charges(bill, on=date(2026, 8, 11))
    assert (late.days, late.interest_cents) == (3, 9)  # from the due date: 0,0899


def test_interest_is_counted_on_what_is_still_owed() -> None:
    """R$ 100,00: 40,00 principal after 10 days, so 100 × 10 days and 60 × 20 days."""
    paid = Settled(on=DUE + timedelta(days=10), principal_cents=4000, fine_cents=200)
    late = charges(debt(10_000, paid), on=DUE + timedelta(days=30))

    assert late.fine_cents == 0  # 2,00 − 2,00
    assert late.interest_cents == 73  # 0,3333 + 0,40
    assert late.interest_explanation == (
        "R$ 100,00 × 1% ÷ 30 × 10 dias + R$ 60,00 × 1% ÷ 30 × 20 dias = R$ 0,73"
    )


def test_what_was_paid_in_time_bears_no_fine() -> None:
    paid = Settled(on=DUE, principal_cents=4990)

    late = charges(debt(8990, paid), on=DUE + timedelta(days=10))

    assert (late.fine_cents, late.interest_cents) == (80, 13)  # of 40,00


def test_what_was_waived_is_not_asked_again_but_delay_goes_on() -> None:
    waived = Settled(on=DUE + timedelta(days=10), fine_cents=180, interest_cents=30)

    assert charges(debt(8990, waived), on=DUE + timedelta(days=10)).cents == 0
    late = charges(debt(8990, waived), on=DUE + timedelta(days=20))
    assert (late.fine_cents, late.interest_cents) == (0, 30)  # 0,60 − 0,30


def test_a_settled_debt_costs_nothing_more() -> None:
    paid = Settled(on=DUE + timedelta(days=3), principal_cents=8990, interest_cents=9)

    assert charges(debt(8990, paid), on=DUE + timedelta(days=90)).cents == 0


cents = st.integers(1, 10_000_000)
days = st.integers(0, 2_000)
terms = st.builds(LateTerms, fine_e4=st.integers(0, 20_000), interest_e4=st.integers(0, 10_000))


@given(cents, days, terms)
def test_sums_come_to_their_amounts_and_stay_within_the_law(
    principal: int, late_for: int, agreed: LateTerms
) -> None:
    late = charges(debt(principal, terms=agreed), on=DUE + timedelta(days=late_for))

    assert late.fine_cents == (evaluate(late.fine_explanation) if late.fine_explanation else 0)
    told = late.interest_explanation
    assert late.interest_cents == (evaluate(told) if told else 0)
    assert late.fine_cents * 100 <= principal * 2 + 50
    assert late.interest_cents * 3000 <= principal * late_for + 1500


@given(cents, days, days)
def test_delay_never_costs_less_the_longer_it_is(principal: int, first: int, more: int) -> None:
    bill = debt(principal)
    early = charges(bill, on=DUE + timedelta(days=first))
    later = charges(bill, on=DUE + timedelta(days=first + more))

    assert later.cents >= early.cents


@given(cents, st.lists(st.tuples(st.integers(1, 60), st.integers(1, 2_000_000)), max_size=6))
def test_payments_lose_no_centavo_and_settle_charges_first(
    principal: int, payments: list[tuple[int, int]]
) -> None:
    """Each payment is charges, principal and what is left over; the last settles everything."""
    settled: list[Settled] = []
    on, left = DUE, principal
    for after, paid in payments:
        on += timedelta(days=after)
        late = charges(debt(principal, *settled), on=on)
        bill = OpenReceivable(id=1, open_cents=left, due_on=DUE, charges=late)
        done = settlement.settle(bill, paid_cents=paid, on=on)
        assert done.settled_cents + done.credit_cents == paid
        assert done.allocated_cents == 0 or done.fine_cents + done.interest_cents == late.cents
        left -= done.allocated_cents
        settled.append(
            Settled(
                on=on,
                principal_cents=done.allocated_cents,
                fine_cents=done.fine_cents,
                interest_cents=done.interest_cents,
            )
        )
    late = charges(debt(principal, *settled), on=on)
    bill = OpenReceivable(id=1, open_cents=left, due_on=DUE, charges=late)
    whole = settlement.settle(bill, paid_cents=settlement.owed(bill, on=on), on=on)
    assert (whole.allocated_cents, whole.credit_cents) == (left, 0)
    fines = sum(one.fine_cents for one in settled) + whole.fine_cents
    assert fines <= late_charges.fine_of(principal, terms=LAW)


@pytest.mark.parametrize(
    ("paid", "allocated", "credit"),
    [
        (4120, 4000, 0),  # 40,00 + 0,80 + 0,40
        (4110, 4000, 0),  # the bank took 0,01 a day: 0,30
        (4104, 3984, 0),  # 16 centavos short: 15 are the most that rounding explains
        (4130, 4000, 10),
    ],
)
def test_a_bank_may_round_the_interest_of_each_day(paid: int, allocated: int, credit: int) -> None:
    on = DUE + timedelta(days=30)
    bill = OpenReceivable(id=1, open_cents=4000, due_on=DUE, charges=charges(debt(4000), on=on))

    done = settlement.settle_at_bank(bill, paid_cents=paid, on=on)

    assert (done.allocated_cents, done.credit_cents) == (allocated, credit)
    assert done.settled_cents + done.credit_cents == paid
