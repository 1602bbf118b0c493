"""The only writes to receipts, allocations and credit; a journey owns the transaction.

Conservation: what a receipt brought = what it settles + what it left to the customer's credit.
Every function that moves credit locks the customer's row first.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db import connection
from django.db.models import F, Sum

from vigente.billing import settling
from vigente.billing.models import Receivable
from vigente.domain import settlement
from vigente.domain.codes import CreditKind, ReceiptChannel
from vigente.domain.settlement import OpenReceivable
from vigente.payments.models import Allocation, CreditEntry, Receipt


class ReceiptAlreadyReversed(ValueError):
    """Este recebimento já foi estornado."""


def receive(
    receivable: Receivable,
    *,
    amount_cents: int,
    on: date,
    channel: ReceiptChannel,
    key: str,
    at: datetime,
    by_user_id: int | None,
    note: str = "",
) -> Receipt:
    """Record a payment of a receivable; the same channel and key again return the first receipt.

    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    _lock_customers([receivable.customer_id])
    before = Receipt.objects.filter(channel=channel.value, key=key).first()
    if before is not None:
        return before
    receivable.refresh_from_db()
    receipt = Receipt.objects.create(
        customer_id=receivable.customer_id,
        branch_id=receivable.branch_id,
        channel=channel.value,
        key=key,
        received_on=on,
        amount_cents=amount_cents,
        created_at=at,
        by_user_id=by_user_id,
        note=note,
    )
    done = settlement.settle(_open(receivable), paid_cents=amount_cents, on=on)
    if done.allocated_cents:
        _allocate(
            receivable.pk,
            receipt=receipt,
            amount_cents=done.allocated_cents,
            discount_cents=done.discount_cents,
            on=on,
        )
    if done.credit_cents:
        _credit(
            receipt.customer_id,
            CreditKind.OVERPAYMENT,
            done.credit_cents,
            on=on,
            receipt=receipt,
        )
    return receipt


def receive_in_full(
    days: Mapping[int, date],
    *,
    channel: ReceiptChannel,
    key_prefix: str,
    at: datetime,
    by_user_id: int | None,
) -> list[Receipt]:
    """Settle whole receivables on the given days, by receivable id; those not open are passed over.

    A constant number of queries whatever their number.
    """
    wanted = Receivable.objects.filter(pk__in=list(days))
    _lock_customers(wanted.values_list("customer_id", flat=True))
    receivables = [r for r in wanted.order_by("pk") if r.cancelled_on is None and _is_open(r)]
    done = [
        settlement.settle(_open(r), paid_cents=_owed(r, on=days[r.pk]), on=days[r.pk])
        for r in receivables
    ]
    receipts = Receipt.objects.bulk_create(
        [
            Receipt(
                customer_id=r.customer_id,
                branch_id=r.branch_id,
                channel=channel.value,
                key=f"{key_prefix}{r.pk}",
                received_on=days[r.pk],
                amount_cents=settled.allocated_cents,
                created_at=at,
                by_user_id=by_user_id,
            )
            for r, settled in zip(receivables, done, strict=True)
        ]
    )
    allocations = [
        Allocation(
            receivable_id=r.pk,
            receipt=receipt,
            amount_cents=settled.allocated_cents,
            discount_cents=settled.discount_cents,
            on=days[r.pk],
        )
        for r, receipt, settled in zip(receivables, receipts, done, strict=True)
    ]
    settling.settle_many({a.receivable_id: (a.amount_cents, a.discount_cents) for a in allocations})
    Allocation.objects.bulk_create(allocations)
    return receipts


def reverse(
    receipt: Receipt, *, on: date, at: datetime, by_user_id: int | None, reason: str
) -> None:
    """Undo a receipt: what it settled is open again, the credit it left is taken back.

    Where that credit was used meanwhile, its newest uses are undone as well.

    :raises ReceiptAlreadyReversed: if it was reversed before.
    """
    _lock_customers([receipt.customer_id])
    reversed_now = Receipt.objects.filter(pk=receipt.pk, reversed_at=None).update(
        reversed_at=at, reversed_by_user_id=by_user_id, reverse_reason=reason
    )
    if reversed_now != 1:
        raise ReceiptAlreadyReversed("Este recebimento já foi estornado. Atualize a página.")
    for allocation in receipt.allocations.filter(released_on=None):
        _release(allocation, on=on)
    left = (
        CreditEntry.objects.filter(receipt=receipt).aggregate(cents=Sum("amount_cents"))["cents"]
        or 0
    )
    if left:
        _free_credit(receipt.customer_id, at_least=left, on=on)
        _credit(receipt.customer_id, CreditKind.REVERSAL, -left, on=on, receipt=receipt)


def release(receivable_ids: Iterable[int], *, on: date) -> None:
    """Turn what was paid of cancelled receivables into the customers' credit."""
    allocations = list(
        Allocation.objects.filter(receivable_id__in=list(receivable_ids), released_on=None)
        .select_related("receivable")
        .order_by("pk")
    )
    _lock_customers({allocation.receivable.customer_id for allocation in allocations})
    for allocation in allocations:
        _release(allocation, on=on)
        if allocation.receipt_id is not None:
            _credit(
                allocation.receivable.customer_id,
                CreditKind.RELEASED,
                allocation.amount_cents,
                on=on,
                receipt=allocation.receipt,
            )


def grant(customer_id: int, *, amount_cents: int, on: date, invoice_id: int) -> None:
    """Give the customer the rest of a final invoice that came out below zero."""
    _lock_customers([customer_id])
    CreditEntry.objects.create(
        customer_id=customer_id,
        kind=CreditKind.FINAL_INVOICE.value,
        amount_cents=amount_cents,
        on=on,
        invoice_id=invoice_id,
    )


def use_credit(customer_ids: Collection[int], *, on: date) -> None:
    """Spend the customers' credit on their open receivables, the oldest due first.

    One query where nobody has credit, whatever their number.
    """
    with_credit = _balances(customer_ids)
    if not with_credit:
        return
    _lock_customers(with_credit)
    with_credit = _balances(with_credit)
    open_ones = (
        Receivable.objects.filter(
            customer_id__in=list(with_credit),
            cancelled_on=None,
            amount_cents__gt=F("received_cents") + F("discounted_cents"),
        )
        .order_by("due_on", "pk")
        .select_for_update()
    )
    for receivable in open_ones:
        left = with_credit[receivable.customer_id]
        if left <= 0:
            continue
        done = settlement.settle(_open(receivable), paid_cents=left, on=on)
        allocation = _allocate(
            receivable.pk,
            receipt=None,
            amount_cents=done.allocated_cents,
            discount_cents=done.discount_cents,
            on=on,
        )
        _credit(
            receivable.customer_id,
            CreditKind.USED,
            -done.allocated_cents,
            on=on,
            allocation=allocation,
        )
        with_credit[receivable.customer_id] = left - done.allocated_cents


def _open(receivable: Receivable) -> OpenReceivable:
    settled = receivable.received_cents + receivable.discounted_cents
    return OpenReceivable(
        id=receivable.pk,
        open_cents=receivable.amount_cents - settled,
        due_on=receivable.due_on,
        discount_until_due_cents=receivable.discount_until_due_cents - receivable.discounted_cents,
    )


def _is_open(receivable: Receivable) -> bool:
    return _open(receivable).open_cents > 0


def _owed(receivable: Receivable, *, on: date) -> int:
    """Return what settles the receivable on that day."""
    facts = _open(receivable)
    discount = facts.discount_until_due_cents if on <= facts.due_on else 0
    return facts.open_cents - min(discount, facts.open_cents)


def _balances(customer_ids: Collection[int]) -> dict[int, int]:
    """Return the credit of those who have some."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, sum(amount_cents)::bigint FROM payments_creditentry"
            " WHERE customer_id = ANY(%s) GROUP BY customer_id HAVING sum(amount_cents) > 0",
            [list(customer_ids)],
        )
        return dict(cursor.fetchall())


def _allocate(
    receivable_id: int,
    *,
    receipt: Receipt | None,
    amount_cents: int,
    discount_cents: int,
    on: date,
) -> Allocation:
    settling.settle(receivable_id, received_cents=amount_cents, discounted_cents=discount_cents)
    return Allocation.objects.create(
        receivable_id=receivable_id,
        receipt=receipt,
        amount_cents=amount_cents,
        discount_cents=discount_cents,
        on=on,
    )


def _release(allocation: Allocation, *, on: date) -> None:
    """Undo an allocation; where it spent credit, the credit is back."""
    Allocation.objects.filter(pk=allocation.pk, released_on=None).update(released_on=on)
    settling.take_back(
        allocation.receivable_id,
        received_cents=allocation.amount_cents,
        discounted_cents=allocation.discount_cents,
    )
    if allocation.receipt_id is None:
        _credit(
            allocation.receivable.customer_id,
            CreditKind.RELEASED,
            allocation.amount_cents,
            on=on,
            allocation=allocation,
        )


def _free_credit(customer_id: int, *, at_least: int, on: date) -> None:
    """Undo the newest uses of the customer's credit until there is `at_least` so much."""
    uses = Allocation.objects.filter(
        receivable__customer_id=customer_id, receipt=None, released_on=None
    ).order_by("-pk")
    for allocation in uses.select_related("receivable"):
        if _balances([customer_id]).get(customer_id, 0) >= at_least:
            return
        _release(allocation, on=on)


def _credit(
    customer_id: int,
    kind: CreditKind,
    amount_cents: int,
    *,
    on: date,
    receipt: Receipt | None = None,
    allocation: Allocation | None = None,
) -> None:
    CreditEntry.objects.create(
        customer_id=customer_id,
        kind=kind.value,
        amount_cents=amount_cents,
        on=on,
        receipt=receipt,
        allocation=allocation,
    )


def _lock_customers(customer_ids: Iterable[int]) -> None:
    ids = sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [ids],
        )
