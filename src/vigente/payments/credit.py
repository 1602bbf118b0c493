"""Customers' credit: given, spent and taken back under a lock on the customer's row."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import F

from vigente.billing.models import Receivable
from vigente.customers.models import Customer
from vigente.domain import settlement
from vigente.domain.codes import CreditKind, PaymentMeans
from vigente.domain.settlement import Settlement
from vigente.payments import allocating
from vigente.payments.models import Allocation, CashDesk, CreditEntry, Refund


class RefundAlreadyUndone(ValueError):
    """Esta devolução já foi desfeita."""


def lock(customer_ids: Iterable[int]) -> None:
    """Let no other transaction move these customers' money before this one ends.

    Taken before any lock on their receivables, so that two transactions never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(set(customer_ids))],
        )


def balances(customer_ids: Collection[int]) -> dict[int, int]:
    """Return the credit of those who have some, in centavos."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, sum(amount_cents)::bigint FROM payments_creditentry"
            " WHERE customer_id = ANY(%s) GROUP BY customer_id HAVING sum(amount_cents) > 0",
            [list(customer_ids)],
        )
        return dict(cursor.fetchall())


def grant(customer_id: int, *, amount_cents: int, on: date, invoice_id: int) -> None:
    """Give the customer the rest of a final invoice that came out below zero."""
    CreditEntry.objects.create(
        customer_id=customer_id,
        kind=CreditKind.FINAL_INVOICE.value,
        amount_cents=amount_cents,
        on=on,
        invoice_id=invoice_id,
    )


def give_back(
    customer: Customer,
    *,
    amount_cents: int,
    means: PaymentMeans,
    on: date,
    note: str,
    at: datetime,
    by_user_id: int | None,
    desk: CashDesk | None = None,
) -> Refund:
    """Give a part of the credit back to the customer, who was locked before."""
    refund = Refund.objects.create(
        customer=customer,
        branch_id=customer.branch_id,
        amount_cents=amount_cents,
        means=means.value,
        refunded_on=on,
        created_at=at,
        by_user_id=by_user_id,
        note=note,
        desk=desk,
    )
    _move(refund, CreditKind.REFUND, -amount_cents, on=on)
    return refund


def take_back(
    refund: Refund,
    *,
    reason: str,
    on: date,
    at: datetime,
    by_user_id: int | None,
    desk: CashDesk | None = None,
) -> None:
    """Undo a refund: its amount is the customer's credit again.

    What left a desk comes into `desk`, one that is open now.

    :raises RefundAlreadyUndone: if it was undone before.
    """
    undone_now = Refund.objects.filter(pk=refund.pk, undone_at=None).update(
        undone_at=at, undone_by_user_id=by_user_id, undo_reason=reason, undo_desk=desk
    )
    if undone_now != 1:
        raise RefundAlreadyUndone("Esta devolução já foi desfeita. Atualize a página.")
    _move(refund, CreditKind.REFUND_UNDONE, refund.amount_cents, on=on)


def _move(refund: Refund, kind: CreditKind, amount_cents: int, *, on: date) -> None:
    CreditEntry.objects.create(
        customer_id=refund.customer_id,
        kind=kind.value,
        amount_cents=amount_cents,
        on=on,
        refund=refund,
    )


def use(customer_ids: Collection[int], *, on: date) -> None:
    """Spend the customers' credit on their open receivables, the oldest due first.

    A constant number of queries whatever their number, and one where nobody has credit.
    """
    with_credit = balances(customer_ids)
    if not with_credit:
        return
    lock(with_credit)
    left = balances(with_credit)
    allocations = []
    found = allocating.facts_of(dict.fromkeys(receivables := _open_receivables(left), on))
    for receivable in receivables:
        paid = left[receivable.customer_id]
        if paid:
            done = settlement.settle(found[receivable.pk], paid_cents=paid, on=on)
            allocations.append(allocating.drafted(receivable, done, receipt=None, on=on))
            left[receivable.customer_id] = done.credit_cents
    allocating.write(allocations)


def use_on(receivable: Receivable, *, on: date) -> Settlement:
    """Spend the customer's credit on this receivable; the customer was locked before.

    The answer's credit is what is left of it.
    """
    receivable.refresh_from_db()
    there = balances([receivable.customer_id]).get(receivable.customer_id, 0)
    done = settlement.settle(allocating.facts(receivable, on=on), paid_cents=there, on=on)
    if there and done.is_something:
        allocating.write([allocating.drafted(receivable, done, receipt=None, on=on)])
    return done


def uses_to_undo(customer_id: int, *, at_least_cents: int) -> list[Allocation]:
    """Return the newest uses of credit without which there is so much of it again."""
    there = balances([customer_id]).get(customer_id, 0)
    uses = Allocation.objects.filter(
        receivable__customer_id=customer_id, receipt=None, released_on=None
    )
    undone = []
    for use_of_credit in uses.select_related("receivable").order_by("-pk"):
        if there >= at_least_cents:
            break
        there += use_of_credit.spent_cents
        undone.append(use_of_credit)
    return undone


def _open_receivables(customer_ids: Iterable[int]) -> list[Receivable]:
    return list(
        Receivable.objects.filter(
            customer_id__in=list(customer_ids),
            cancelled_on=None,
            amount_cents__gt=F("received_cents") + F("discounted_cents"),
        )
        .order_by("due_on", "pk")
        .select_for_update()
    )
