"""Cancelling an invoice: what it charged once is given back, what was paid becomes credit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import actions as billing
from vigente.billing.models import Invoice
from vigente.contracts import holders
from vigente.contracts.models import Contract
from vigente.payments import actions as payments
from vigente.payments import credit


class CancellationRefused(ValueError):
    """A fatura não pode ser cancelada assim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """What a cancellation does with the money: credit from what was paid, the rest of a group."""

    bill_again: bool
    paid_cents: int
    issued_again_cents: int


def foreseen(invoice: Invoice, *, bill_again: bool) -> Cancellation:
    """Return what cancelling would do; nothing is written.

    :raises CancellationRefused: to bill again what no close would bill.
    :raises billing.InvoiceAlreadyCancelled: if it was cancelled before.
    """
    if invoice.cancelled_on is not None:
        raise billing.InvoiceAlreadyCancelled("Esta fatura já foi cancelada.")
    if bill_again:
        _refuse_to_bill_again(invoice, invoice.contract)
    receivable = invoice.receivable
    if receivable is None:
        return Cancellation(bill_again=bill_again, paid_cents=0, issued_again_cents=0)
    return Cancellation(
        bill_again=bill_again,
        paid_cents=receivable.received_cents,
        issued_again_cents=receivable.amount_cents - invoice.total_cents,
    )


@transaction.atomic
def cancel_invoice(
    invoice_id: int, *, reason: str, bill_again: bool, by: Actor, now: datetime, today: date
) -> None:
    """Cancel an invoice; with `bill_again` the next close bills its period once more.

    Without it the period counts as billed and waived. What was paid of its receivable becomes
    the customer's credit, which settles the re-issued rest of a group first.

    :raises CancellationRefused: without a reason, or to bill again what no close would bill.
    :raises billing.InvoiceAlreadyCancelled: if it was cancelled before.
    """
    if not reason.strip():
        raise CancellationRefused("Informe o motivo do cancelamento.")
    invoice = Invoice.objects.select_related("receivable__customer").get(pk=invoice_id)
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=invoice.contract_id)
    if bill_again:
        _refuse_to_bill_again(invoice, contract)
    credit.lock([invoice.customer.pk])
    receivable_ids = billing.cancel([invoice], on=today, reason=reason, release=bill_again)
    payments.release(receivable_ids, on=today)
    credit.use([invoice.customer.pk], on=today)
    audit.record(
        "invoice cancelled",
        object_kind="invoice",
        object_id=invoice.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"contract": contract.pk, "reason": reason, "bill_again": bill_again},
    )


def _refuse_to_bill_again(invoice: Invoice, contract: Contract) -> None:
    starts_on, held_since = contract.billing_starts_on, holders.held_since(contract.pk)
    start = invoice.period_start
    if start and starts_on and start < starts_on:
        raise CancellationRefused(
            f"O contrato é faturado desde {starts_on:%d/%m/%Y}, e este período é de antes: nenhum "
            "fechamento o refaturaria. Cancele sem refaturar."
        )
    is_formers = invoice.customer.pk != contract.customer_id
    if start and held_since and is_formers and start < held_since:
        raise CancellationRefused(
            f"O contrato passou a outro titular em {held_since:%d/%m/%Y}, e este período é de "
            "antes: seria cobrado de quem não o usou. Cancele sem refaturar."
        )
