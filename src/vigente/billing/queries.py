"""Reads of invoices and receivables for screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from vigente.billing.models import CloseHold, CloseRun, Invoice, InvoiceLine, Receivable
from vigente.contracts.finding import Condition

OPEN = """
SELECT i.contract_id,
  sum(round((r.amount_cents - r.received_cents - r.discounted_cents)
            * i.total_cents::numeric / r.amount_cents))::bigint,
  min(r.due_on)
FROM billing_invoice i
JOIN contracts_contract c ON c.id = i.contract_id
JOIN billing_receivable r ON r.id = i.receivable_id AND r.customer_id = c.customer_id
WHERE i.contract_id = ANY(%s) AND i.cancelled_on IS NULL AND r.cancelled_on IS NULL
  AND r.amount_cents > r.received_cents + r.discounted_cents
GROUP BY i.contract_id"""

BILLED = """
SELECT contract_id, max(period_end) FROM billing_invoice
WHERE contract_id = ANY(%s) AND covers AND kind = 'PERIOD' GROUP BY contract_id"""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a contract has open, in centavos, and the oldest due date of it."""

    cents: int
    oldest_due_on: date


def owed(contract_ids: Sequence[int]) -> dict[int, Owed]:
    """Return what each contract's holder owes of it; a group's debt falls on its invoices.

    It falls in proportion to them. What former holders left open is theirs alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [list(contract_ids)])
        return {row[0]: Owed(row[1], row[2]) for row in cursor.fetchall()}


def billed_until(contract_ids: Sequence[int]) -> dict[int, date]:
    """Return the end of the last invoiced period of each contract that has one."""
    with connection.cursor() as cursor:
        cursor.execute(BILLED, [list(contract_ids)])
        return dict(cursor.fetchall())


def overdue(*, today: date) -> Condition:
    """Return the condition that a contract has a standing invoice that is past due and open.

    Each contract is looked into by itself, a probe of the few open receivables of its customer.
    """
    late = Receivable.objects.filter(
        due_on__lt=today,
        cancelled_on=None,
        amount_cents__gt=F("received_cents") + F("discounted_cents"),
    )
    of_contract = late.filter(
        customer=OuterRef("customer_id"),
        invoices__contract=OuterRef("pk"),
        invoices__cancelled_on=None,
    )
    return Condition(
        IsNull(Subquery(of_contract.values("pk")[:1]), rhs=False),
        Exists(late.filter(customer=OuterRef("pk"))),
    )


def invoices(contract_id: int) -> QuerySet[Invoice]:
    """Return a contract's invoices, newest first, with their lines and receivable."""
    lines = Prefetch("lines", queryset=InvoiceLine.objects.order_by("number"))
    return (
        Invoice.objects.filter(contract_id=contract_id)
        .select_related("receivable__customer", "contract")
        .prefetch_related(lines)
        .order_by("-nominal_due_on", "-pk")
    )


def visible_runs(branch_ids: Sequence[int], *, all_branches: bool) -> QuerySet[CloseRun]:
    """Return the runs that a person may see: those of their branches, or of all."""
    where = Q(branch_id__in=branch_ids)
    if all_branches:
        where |= Q(branch=None)
    return CloseRun.objects.filter(where).select_related("branch").order_by("-pk")


def holds(run: CloseRun, *, reason: str | None = None) -> QuerySet[CloseHold]:
    """Return the contracts that the run left for later."""
    found = run.holds.select_related("contract__customer").order_by("pk")
    return found.filter(reason=reason) if reason else found
