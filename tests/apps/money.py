"""What customers owe and pay, for tests of money."""

from datetime import date

from django.db import transaction

from tests.provider import NOW
from vigente.billing import copying
from vigente.billing.models import Invoice, InvoiceLine, Receivable
from vigente.contracts.models import Contract
from vigente.domain.codes import PaymentMeans, ReceiptChannel
from vigente.payments import actions, credit
from vigente.payments.models import Receipt, Refund

DUE_ON = date(2026, 3, 10)


@transaction.atomic
def owe(
    contract: Contract,
    cents: int = 9000,
    *,
    due_on: date = DUE_ON,
    discount: int = 0,
    received_cents: int = 0,
) -> Receivable:
    """Make a receivable of one invoice."""
    [number] = copying.next_ids("billing_receivable", 1)
    [invoice_id] = copying.next_ids("billing_invoice", 1)
    InvoiceLine.objects.bulk_create(
        [
            InvoiceLine(
                invoice_id=invoice_id,
                number=1,
                kind="FEE",
                tax_class="NONE",
                description="Taxa",
                unit_cents=cents,
                amount_cents=cents,
                explanation="",
            )
        ]
    )
    Invoice.objects.create(
        pk=invoice_id,
        contract=contract,
        kind="SINGLE",
        origin="STAFF",
        issued_on=date(2026, 2, 1),
        nominal_due_on=due_on,
        due_on=due_on,
        total_cents=cents,
        discount_until_due_cents=discount,
        receivable_id=number,
    )
    return Receivable.objects.create(
        pk=number,
        customer_id=contract.customer_id,
        branch_id=contract.branch_id,
        wallet_id=contract.wallet_id,
        issued_on=date(2026, 2, 1),
        due_on=due_on,
        amount_cents=cents,
        discount_until_due_cents=discount,
        received_cents=received_cents,
    )


@transaction.atomic
def pay(receivable: Receivable, cents: int, *, key: str = "1", on: date = DUE_ON) -> Receipt:
    return actions.receive(
        receivable,
        amount_cents=cents,
        on=on,
        channel=ReceiptChannel.MANUAL,
        key=key,
        at=NOW,
        by_user_id=1,
    ).receipt


@transaction.atomic
def reverse(receipt: Receipt) -> None:
    actions.reverse(receipt, on=DUE_ON, at=NOW, by_user_id=1, reason="engano")


@transaction.atomic
def give_back(contract: Contract, cents: int = 1000) -> Refund:
    """Give back credit that the customer has, paid too much for that."""
    pay(owe(contract), 9000 + cents, key=f"a mais {contract.pk}")
    return credit.give_back(
        contract.customer,
        amount_cents=cents,
        means=PaymentMeans.PIX,
        on=DUE_ON,
        note="",
        at=NOW,
        by_user_id=1,
    )


def cancel(receivable: Receivable) -> None:
    Receivable.objects.filter(pk=receivable.pk).update(cancelled_on=DUE_ON)
    Invoice.objects.filter(receivable=receivable).update(cancelled_on=DUE_ON)
