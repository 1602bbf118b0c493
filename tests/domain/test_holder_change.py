"""A contract passes on: every invoice stays or is cancelled, and no centavo changes its owner."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigente.domain import holder_change
from vigente.domain.holder_change import Held, HolderChangeRefused, HolderPlan, IssuedTo, Party
from vigente.domain.lifecycle import ContractStatus
from vigente.domain.periods import Period

TODAY = date(2026, 2, 20)
MARINA = Party(customer_id=1, name="Marina Alves", is_active=True)
BENTO = Party(customer_id=2, name="Bento Lima", is_active=True)

periods = st.builds(
    lambda offset, days: Period(
        TODAY + timedelta(days=offset), TODAY + timedelta(days=offset + days)
    ),
    st.integers(-60, 60),
    st.integers(1, 31),
)


@st.composite
def an_invoice(draw: st.DrawFn) -> IssuedTo:
    total = draw(st.integers(1, 100_000))
    return IssuedTo(
        invoice_id=draw(st.integers(1, 10**9)),
        receivable_id=draw(st.integers(1, 5)),
        period=draw(st.none() | periods),
        due_on=draw(st.dates(date(2026, 1, 1), date(2026, 6, 1))),
        total_cents=total,
        open_cents=draw(st.integers(0, total)),
        receivable_paid_cents=0,
    )


several = st.lists(an_invoice(), max_size=8, unique_by=lambda one: one.invoice_id).map(tuple)


def held(invoices: tuple[IssuedTo, ...] = (), **changes) -> Held:
    made = Held(contract_id=7, status=ContractStatus.ACTIVE, holder=MARINA, invoices=invoices)
    return replace(made, **changes)


def plan(present: Held, *, to: Party = BENTO, cancels: bool = False) -> HolderPlan:
    return holder_change.plan_change(present, to=to, on=TODAY, cancels_not_begun=cancels)


@given(several, st.booleans())
def test_each_invoice_stays_or_is_cancelled(invoices: tuple[IssuedTo, ...], cancels: bool) -> None:
    planned = plan(held(invoices), cancels=cancels)

    assert sorted(planned.stays + planned.cancelled, key=invoices.index) == list(invoices)
    assert planned.owed_cents + sum(i.open_cents for i in planned.cancelled) == sum(
        i.open_cents for i in invoices
    )


@given(several)
def test_only_periods_that_have_not_begun_are_cancelled_and_only_if_asked(
    invoices: tuple[IssuedTo, ...],
) -> None:
    asked, unasked = plan(held(invoices), cancels=True), plan(held(invoices))

    assert unasked.cancelled == ()
    assert unasked.not_begun == asked.cancelled
    assert all(i.period is not None and i.period.start >= TODAY for i in asked.cancelled)
    assert asked.not_begun == ()


def issued(number: int, receivable_id: int, *, paid: int) -> IssuedTo:
    return IssuedTo(
        invoice_id=number,
        receivable_id=receivable_id,
        period=Period(date(2026, 3, 10), date(2026, 4, 10)),
        due_on=date(2026, 3, 10),
        total_cents=90_00,
        open_cents=0,
        receivable_paid_cents=paid,
    )


def test_what_was_paid_of_a_shared_receivable_counts_once() -> None:
    """Two invoices of one receivable of 180,00 and one of another: 180,00 + 90,00 = 270,00."""
    invoices = (issued(1, 1, paid=180_00), issued(2, 1, paid=180_00), issued(3, 2, paid=90_00))

    assert plan(held(invoices), cancels=True).credit_cents == 270_00


@pytest.mark.parametrize("status", [ContractStatus.ACTIVE, ContractStatus.PRE])
def test_a_contract_in_force_or_sold_passes_on(status: ContractStatus) -> None:
    assert plan(held(status=status)).to == BENTO


@pytest.mark.parametrize(
    ("present", "to", "why"),
    [
        (held(status=ContractStatus.INACTIVE), BENTO, "está inativo: só um contrato ativo"),
        (held(status=ContractStatus.LISTED), BENTO, "está negativado"),
        (held(status=ContractStatus.WITHDRAWN), BENTO, "está desistido"),
        (held(open_alteration=3), BENTO, "A alteração 3 deste contrato está aberta"),
        (held(awaits_signature=True), BENTO, "espera a assinatura do titular de agora"),
        (held(), MARINA, "Marina Alves já é o titular"),
        (held(), replace(BENTO, is_active=False), "O cliente Bento Lima está inativo"),
    ],
)
def test_what_cannot_pass_is_refused_in_a_sentence(present: Held, to: Party, why: str) -> None:
    with pytest.raises(HolderChangeRefused, match=why):
        plan(present, to=to)
