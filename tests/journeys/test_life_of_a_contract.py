"""From the sale to the end: what each step charges, gives back and leaves alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.journeys.scenario import close, close_february, close_march, told
from tests.provider import ATTENDANT, NOW, Provider, provider
from vigente.billing import settling
from vigente.billing.models import CloseHold, Invoice, InvoiceLine, Receivable
from vigente.catalog.models import SalePlanItem
from vigente.contracts import actions as contracts
from vigente.contracts.models import CancellationReason, Contract, ContractItem
from vigente.customers.models import Customer
from vigente.domain.codes import Charge, ItemKind, PaymentMeans
from vigente.domain.sale import ItemDraft
from vigente.domain.schedule import Timing
from vigente.journeys import (
    activation,
    invoice_cancellation,
    items,
    receiving,
    sale,
    termination,
    validity,
)
from vigente.journeys.validity import Swept
from vigente.payments import actions as payments
from vigente.payments.models import Allocation, CreditEntry, Receipt

pytestmark = pytest.mark.django_db


def credit(customer_id: int) -> int:
    return sum(e.amount_cents for e in CreditEntry.objects.filter(customer_id=customer_id))


def reason(**more) -> CancellationReason:
    return CancellationReason.objects.create(name="Mudança", **more)


def pay(
    receivable: Receivable, cents: int, *, key: str = "1", on: date = date(2026, 2, 9)
) -> Receipt:
    return receiving.receive(
        receivable.pk,
        amount_cents=cents,
        on=on,
        key=key,
        note="",
        means=PaymentMeans.CASH,
        by=ATTENDANT,
        now=NOW,
        today=date(2026, 3, 1),
    )


def test_choosing_a_plan_fills_the_contract_and_changing_it_later_changes_nothing(
    isp: Provider,
) -> None:
    plan = isp.plan(price_cents=9000, loyalty_months=12, activation_fee_cents=3000)
    contract = isp.activate(plan)

    SalePlanItem.objects.update(price_cents=1)

    item = contract.items.get(kind="PLAN")
    assert (item.price_cents, contract.loyalty_months) == (9000, 12)
    assert contract.loyalty_starts_on == date(2026, 1, 20)
    assert contract.activation_fee_cents == 3000


def test_nothing_is_sold_to_an_inactive_customer_nor_without_products(isp: Provider) -> None:
    draft = isp.draft()
    Customer.objects.filter(pk=draft.customer_id).update(is_active=False)

    with pytest.raises(sale.SaleRefused, match="está inativo"):
        sale.sell(draft, by=ATTENDANT, now=NOW)
    with pytest.raises(sale.SaleRefused, match="nenhum produto"):
        sale.sell(replace(isp.draft(), items=()), by=ATTENDANT, now=NOW)


def test_a_contract_is_activated_once(isp: Provider) -> None:
    contract = isp.activate()

    with pytest.raises(contracts.MoveRefused, match="está ativo e não pode ficar ativo"):
        activation.activate(contract.pk, on=date(2026, 2, 1), by=ATTENDANT, now=NOW)


def test_an_activation_fee_comes_with_the_next_invoices_in_parts_that_add_up(
    isp: Provider,
) -> None:
    plan = isp.plan(activation_fee_cents=10000, activation_instalments=3)
    contract = isp.activate(plan)
    for month in (2, 3, 4, 5):
        close(issued_on=date(2026, month, 1), due_until=date(2026, month, 28))

    fees = InvoiceLine.objects.filter(invoice__contract=contract, kind="FEE").order_by("invoice")
    assert [f.amount_cents for f in fees] == [3333, 3334, 3333]
    assert fees[1].description == "Taxa de ativação (2 de 3)"


def test_an_activation_fee_may_have_due_dates_of_its_own(isp: Provider) -> None:
    plan = isp.plan(activation_fee_cents=10000, activation_instalments=2)
    contract = isp.activate(plan, activation_due_on=date(2026, 2, 10))

    assert told(contract) == [("avulsa", "10/02/2026", 5000), ("avulsa", "10/03/2026", 5000)]


def test_a_fee_above_the_ceiling_stops_the_activation_whole(isp: Provider) -> None:
    plan = isp.plan(activation_fee_cents=10000, activation_instalments=3)
    contract = isp.sell(plan, activation_due_on=date(2026, 12, 10))

    with pytest.raises(activation.ActivationRefused, match="depois do teto de 31/12/2026"):
        activation.activate(contract.pk, on=date(2026, 11, 20), by=ATTENDANT, now=NOW)

    contract.refresh_from_db()
    assert contract.status == "PRE"


def mesh(isp: Provider, *, starts_on: date, **more) -> ItemDraft:
    return ItemDraft(
        kind=more.pop("kind", ItemKind.ADDITIONAL),
        product_id=isp.internet.pk,
        description="Ponto mesh",
        starts_on=starts_on,
        price_cents=more.pop("price_cents", 3100),
        **more,
    )


def test_a_service_added_inside_an_issued_period_is_adjusted_on_the_next_invoice(
    isp: Provider,
) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()  # 10/01–09/02

    added = items.add(
        contract.pk,
        mesh(isp, starts_on=date(2026, 1, 31)),
        by=ATTENDANT,
        now=NOW,
        today=date(2026, 1, 31),
    )
    close_march()

    assert added.adjustment is not None
    assert added.adjustment.cents == 1000  # 31,00 ÷ 31 × 10 dias
    assert told(contract)[1] == ("10/02–09/03", "10/03/2026", 13100)  # 90 + 31 + 10
    line = InvoiceLine.objects.get(kind="ADJUSTMENT")
    assert line.explanation == "R$ 100,00 − R$ 90,00 = R$ 10,00"


def test_without_proportional_charging_nothing_is_adjusted(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()

    added = items.add(
        contract.pk,
        mesh(isp, starts_on=date(2026, 1, 31), prorate=False),
        by=ATTENDANT,
        now=NOW,
        today=date(2026, 1, 31),
    )

    assert added.adjustment is None


def test_an_item_ended_inside_an_issued_period_is_given_back(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    day = date(2026, 1, 10)
    added = items.add(contract.pk, mesh(isp, starts_on=day), by=ATTENDANT, now=NOW, today=day)
    close_february()

    cost = items.end(
        added.item.pk, on=date(2026, 1, 31), by=ATTENDANT, now=NOW, today=date(2026, 1, 31)
    )
    close_march()

    assert cost is not None
    assert cost.cents == -1000  # 31,00 ÷ 31 × 10 dias not used
    assert told(contract)[1][2] == 8000  # 90 − 10


def test_plan_products_change_by_the_assistant_only(isp: Provider) -> None:
    contract = isp.activate()

    with pytest.raises(items.ItemRefused, match="assistente de alteração"):
        items.end(
            contract.items.get().pk,
            on=date(2026, 2, 1),
            by=ATTENDANT,
            now=NOW,
            today=date(2026, 2, 1),
        )


def test_a_percent_discount_for_a_range_of_days(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    day = date(2026, 1, 10)
    draft = mesh(
        isp,
        starts_on=day,
        kind=ItemKind.DISCOUNT,
        price_cents=0,
        percent=Decimal(10),
        ends_on=date(2026, 2, 10),
    )
    items.add(contract.pk, draft, by=ATTENDANT, now=NOW, today=day)

    close_february()
    close_march()

    assert [cents for *_, cents in told(contract)] == [8100, 9000]  # 90 − 9; 90


def test_a_cancelled_invoice_is_billed_again_with_what_it_had_charged_once(
    isp: Provider,
) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    once = mesh(isp, starts_on=date(2026, 1, 10), charge=Charge.TIMES, times=1)
    items.add(contract.pk, once, by=ATTENDANT, now=NOW, today=date(2026, 1, 10))
    close_february()
    first = Invoice.objects.get()

    cancel(first, bill_again=True)
    close_february()

    assert told(contract) == [("10/01–09/02", "10/02/2026", 12100)]
    assert Invoice.objects.count() == 2


def cancel(invoice: Invoice, *, bill_again: bool) -> None:
    invoice_cancellation.cancel_invoice(
        invoice.pk,
        reason="valor errado",
        bill_again=bill_again,
        by=ATTENDANT,
        now=NOW,
        today=date(2026, 2, 1),
    )


def test_a_cancelled_invoice_in_the_middle_is_billed_again_before_later_ones(
    isp: Provider,
) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()
    close_march()

    cancel(Invoice.objects.order_by("pk")[0], bill_again=True)
    close(issued_on=date(2026, 3, 1), due_until=date(2026, 4, 30))

    assert sorted(period for period, *_ in told(contract)) == [
        "10/01–09/02",
        "10/02–09/03",
        "10/03–09/04",
    ]


def test_a_waived_invoice_is_not_billed_again(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()

    cancel(Invoice.objects.get(), bill_again=False)
    close_february()

    assert told(contract) == []


def test_cancelling_one_of_a_group_issues_the_rest_again_and_keeps_what_was_paid(
    isp: Provider,
) -> None:
    customer = isp.customer()
    cheap = isp.activate(isp.plan(price_cents=3100), customer=customer, on=date(2026, 1, 10))
    dear = isp.activate(isp.plan(price_cents=9000), customer=customer, on=date(2026, 1, 10))
    close_february()
    pay(Receivable.objects.get(), 5000)

    cancel(Invoice.objects.get(contract=dear), bill_again=False)

    standing = Receivable.objects.get(cancelled_on=None)
    assert (standing.amount_cents, standing.received_cents) == (3100, 3100)
    assert credit(customer.pk) == 1900  # 50,00 − 31,00
    assert Invoice.objects.get(contract=cheap).receivable_id == standing.pk


def test_an_invoice_is_cancelled_once_and_with_a_reason(isp: Provider) -> None:
    isp.activate()
    close_february()
    invoice = Invoice.objects.get()
    cancel(invoice, bill_again=True)

    with pytest.raises(ValueError, match="já foi cancelada"):
        cancel(invoice, bill_again=True)
    with pytest.raises(invoice_cancellation.CancellationRefused, match="motivo"):
        invoice_cancellation.cancel_invoice(
            invoice.pk, reason=" ", bill_again=True, by=ATTENDANT, now=NOW, today=date(2026, 2, 1)
        )


def test_a_termination_cancels_what_is_not_yet_due_and_bills_the_last_days(
    isp: Provider,
) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()  # 10/01–09/02, due 10/02

    terminate(contract, ends_on=date(2026, 1, 31), today=date(2026, 1, 31))

    # 90,00 ÷ 31 × 21 dias; five days after 31/01 is Thursday 05/02
    assert told(contract) == [("10/01–30/01", "05/02/2026", 6097)]
    contract.refresh_from_db()
    assert contract.status == "INACTIVE"


def terminate(
    contract: Contract, *, ends_on: date, today: date, why: CancellationReason | None = None
) -> None:
    termination.terminate(
        contract.pk,
        ends_on=ends_on,
        today=today,
        reason_id=(why or reason()).pk,
        note="",
        by=ATTENDANT,
        now=NOW,
    )


def test_a_paid_invoice_not_yet_due_becomes_credit_that_pays_the_last_days(
    isp: Provider,
) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()
    pay(Receivable.objects.get(), 9000, on=date(2026, 1, 30))

    terminate(contract, ends_on=date(2026, 1, 31), today=date(2026, 1, 31))

    final = Receivable.objects.get(cancelled_on=None)
    assert (final.amount_cents, final.received_cents) == (6097, 6097)
    assert credit(contract.customer_id) == 2903  # 90,00 − 60,97


def test_days_paid_in_advance_and_not_served_are_given_back(isp: Provider) -> None:
    kind = isp.billing_type(timing=Timing.PREPAID)
    contract = isp.activate(isp.plan(billing_type=kind), on=date(2026, 1, 10))
    close(issued_on=date(2026, 1, 5), due_until=date(2026, 1, 31))

    terminate(contract, ends_on=date(2026, 1, 31), today=date(2026, 1, 31))

    # 90,00 − 90,00 ÷ 31 × 21 (60,97) = 29,03, which pays part of what is open
    assert Receivable.objects.get().received_cents == 2903
    assert told(contract)[-1] == ("avulsa", "05/02/2026", 0)


def test_a_reason_may_waive_the_last_days(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()

    terminate(
        contract,
        ends_on=date(2026, 1, 31),
        today=date(2026, 1, 31),
        why=reason(waives_last_period=True),
    )

    assert told(contract) == []


def test_a_contract_ends_once_and_not_before_it_began(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    with pytest.raises(termination.TerminationRefused, match="fica entre"):
        terminate(contract, ends_on=date(2026, 1, 10), today=date(2026, 1, 31))
    CancellationReason.objects.all().delete()
    terminate(contract, ends_on=date(2026, 1, 31), today=date(2026, 1, 31))

    with pytest.raises(termination.TerminationRefused, match="Só um contrato ativo"):
        terminate(
            Contract.objects.get(),
            ends_on=date(2026, 1, 31),
            today=date(2026, 1, 31),
            why=CancellationReason.objects.get(),
        )


def test_validity_renews_or_ends_by_itself_and_only_once(isp: Provider) -> None:
    renewing = isp.activate(isp.plan(validity_months=6))
    ending = isp.activate(isp.plan(validity_months=6, renews=False))

    first, second = (
        validity.sweep(isp.branch.pk, today=date(2026, 7, 20), now=NOW) for _ in range(2)
    )
    assert first == Swept(renewed=1, ended=1)
    assert second == Swept(renewed=0, ended=0)

    renewing.refresh_from_db()
    ending.refresh_from_db()
    assert renewing.valid_until == date(2027, 1, 20)
    assert (ending.status, ending.ends_on) == ("INACTIVE", date(2026, 7, 20))


def test_a_payment_is_partial_whole_or_more_and_may_be_reversed(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()
    receivable = Receivable.objects.get()

    pay(receivable, 4000, key="1")
    second = pay(receivable, 6000, key="2")

    receivable.refresh_from_db()
    assert (receivable.received_cents, credit(contract.customer_id)) == (9000, 1000)
    assert pay(receivable, 6000, key="2").pk == second.pk  # the same key is the same receipt

    reverse(second)
    receivable.refresh_from_db()
    assert (receivable.received_cents, credit(contract.customer_id)) == (4000, 0)
    with pytest.raises(payments.ReceiptAlreadyReversed):
        reverse(second)


def reverse(receipt: Receipt) -> None:
    receiving.reverse(receipt.pk, reason="engano", by=ATTENDANT, now=NOW, today=date(2026, 3, 1))


def test_reversing_takes_back_credit_that_was_used_meanwhile(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    close_february()
    receipt = pay(Receivable.objects.get(), 10000)
    close_march()
    march = Receivable.objects.order_by("-pk")[0]
    assert march.received_cents == 1000

    reverse(receipt)

    march.refresh_from_db()
    assert (march.received_cents, credit(contract.customer_id)) == (0, 0)


def test_the_discount_until_due_is_granted_only_in_time(isp: Provider) -> None:
    contract = isp.activate(on=date(2026, 1, 10))
    draft = mesh(
        isp,
        starts_on=date(2026, 1, 10),
        kind=ItemKind.DISCOUNT,
        price_cents=500,
        only_if_paid_by_due=True,
    )
    items.add(contract.pk, draft, by=ATTENDANT, now=NOW, today=date(2026, 1, 10))
    close_february()
    close_march()
    in_time, late = Receivable.objects.order_by("pk")

    pay(in_time, 8500, key="1", on=date(2026, 2, 10))
    pay(late, 8500, key="2", on=date(2026, 3, 1))
    receiving.receive_in_full({late.pk: date(2026, 3, 11)}, key_prefix="x", by=ATTENDANT, now=NOW)

    in_time.refresh_from_db()
    late.refresh_from_db()
    assert (in_time.received_cents, in_time.discounted_cents) == (8500, 500)
    assert late.received_cents + late.discounted_cents == 9000


@pytest.mark.parametrize(
    ("cents", "on", "sentence"),
    [
        (0, date(2026, 2, 9), "maior que zero"),
        (-5, date(2026, 2, 9), "maior que zero"),
        (5, date(2026, 3, 2), "futuro"),
    ],
)
def test_absurd_payments_are_refused(isp: Provider, cents: int, on: date, sentence: str) -> None:
    isp.activate(on=date(2026, 1, 10))
    close_february()

    with pytest.raises(receiving.ReceiptRefused, match=sentence):
        pay(Receivable.objects.get(), cents, on=on)
    assert Receipt.objects.count() == 0


def test_nothing_is_received_for_a_cancelled_receivable(isp: Provider) -> None:
    isp.activate(on=date(2026, 1, 10))
    close_february()
    receivable = Receivable.objects.get()
    cancel(Invoice.objects.get(), bill_again=True)

    with pytest.raises(settling.ReceivableNotOpen):
        pay(receivable, 9000)
    assert Receipt.objects.count() == 0


class Conservation(TestCase):
    """What came in = what it settled + what customers have to their credit."""

    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("prcm"), st.integers(1, 20_000)), max_size=10))
    def test_no_centavo_is_lost_whatever_happens(self, steps: list[tuple[str, int]]) -> None:
        isp = provider()
        contract = isp.activate(on=date(2026, 1, 10))
        for number, (step, cents) in enumerate(steps):
            self.take(step, cents, number)

        received = sum(r.amount_cents for r in Receipt.objects.filter(reversed_at=None))
        settled = sum(a.amount_cents for a in Allocation.objects.filter(released_on=None))
        on_receivables = sum(r.received_cents for r in Receivable.objects.all())
        assert received == settled + credit(contract.customer_id)
        assert settled == on_receivables
        assert credit(contract.customer_id) >= 0

    def take(self, step: str, cents: int, number: int) -> None:
        """Pay, reverse, cancel, or close another month."""
        open_ones = Receivable.objects.filter(cancelled_on=None).order_by("pk")
        if step == "p" and open_ones:
            pay(open_ones[cents % len(open_ones)], cents, key=str(number))
        elif step == "r":
            for receipt in Receipt.objects.filter(reversed_at=None)[:1]:
                reverse(receipt)
        elif step == "c":
            for invoice in Invoice.objects.filter(cancelled_on=None)[:1]:
                cancel(invoice, bill_again=bool(cents % 2))
        else:
            close(
                issued_on=date(2026, 2 + number, 1),
                due_until=date(2026, 2 + number, 28),
                approved=True,
            )


def test_holds_are_kept_with_the_run(isp: Provider) -> None:
    isp.activate()
    ContractItem.objects.update(ends_on=date(2026, 1, 10))

    run = close_february()

    assert CloseHold.objects.get().run_id == run.pk
