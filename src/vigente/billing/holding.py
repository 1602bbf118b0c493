"""Invoices by who holds their contract: each stays with the customer whom it was issued to."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from vigente.billing.models import Invoice
from vigente.contracts import holders
from vigente.contracts.models import Contract
from vigente.domain.codes import InvoiceKind
from vigente.domain.holder_change import IssuedTo
from vigente.domain.periods import Period
from vigente.domain.termination import FormerHolding

OPEN_OR_NOT_BEGUN = """
SELECT i.id, r.id, i.period_start, i.period_end, r.due_on, i.total_cents,
  round((r.amount_cents - r.received_cents - r.discounted_cents)
        * i.total_cents::numeric / r.amount_cents)::bigint,
  r.received_cents
FROM billing_invoice i
JOIN billing_receivable r ON r.id = i.receivable_id
WHERE i.contract_id = %s AND r.customer_id = %s
  AND i.cancelled_on IS NULL AND r.cancelled_on IS NULL
  AND (r.amount_cents > r.received_cents + r.discounted_cents OR i.period_start >= %s)
ORDER BY r.due_on, i.id"""


def issued_to_holder(contract: Contract, *, on: date) -> tuple[IssuedTo, ...]:
    """Return the present holder's invoices that are open, or whose period has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_OR_NOT_BEGUN, [contract.pk, contract.customer_id, on])
        return tuple(_issued_to(row) for row in cursor.fetchall())


def of_former_holders(contract: Contract) -> dict[int, FormerHolding]:
    """Return the standing invoices of periods that were issued to former holders, by id."""
    since = holders.held_since(contract.pk)
    if since is None:
        return {}
    found = Invoice.objects.filter(
        contract=contract,
        kind=InvoiceKind.PERIOD.value,
        cancelled_on=None,
        receivable__isnull=False,
    ).exclude(receivable__customer=F("contract__customer"))
    rows = found.values_list("pk", "receivable__customer_id", "period_start")
    return {
        invoice_id: FormerHolding(
            customer_id=customer_id, in_their_time=start is not None and start < since
        )
        for invoice_id, customer_id, start in rows
    }


def payers(contract_ids: Sequence[int]) -> set[int]:
    """Return the customers who hold these contracts, or were issued invoices of them."""
    holders_now = Contract.objects.filter(pk__in=contract_ids).values_list("customer_id", flat=True)
    issued = Invoice.objects.filter(contract_id__in=contract_ids, receivable__isnull=False)
    return {*holders_now, *issued.values_list("receivable__customer_id", flat=True).distinct()}


def _issued_to(row: Sequence[Any]) -> IssuedTo:
    invoice_id, receivable_id, start, end, due_on, total_cents, open_cents, paid_cents = row
    return IssuedTo(
        invoice_id=invoice_id,
        receivable_id=receivable_id,
        period=Period(start, end) if start else None,
        due_on=due_on,
        total_cents=total_cents,
        open_cents=open_cents,
        receivable_paid_cents=paid_cents,
    )
