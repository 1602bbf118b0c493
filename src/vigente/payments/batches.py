"""Many payments recorded at once, as a bank tells them, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vigente.billing.models import Receivable
from vigente.domain import settlement
from vigente.domain.codes import CreditKind, ReceiptChannel
from vigente.payments import allocating, credit
from vigente.payments.models import CreditEntry, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A payment of a standing receivable; its key makes a repeat recognisable."""

    receivable_id: int
    amount_cents: int
    on: date
    key: str
    note: str


def receive_many(
    payments: Sequence[Incoming], *, channel: ReceiptChannel, at: datetime, by_user_id: int | None
) -> dict[str, Receipt]:
    """Record payments in their order, and return the receipts by key.

    The journey has locked the customers (see `credit.lock`), and passes no key that was received
    before and no cancelled receivable. Two payments of one receivable are settled one after the
    other: the second becomes credit.

    :raises settling.ReceivableNotOpen: if a receivable was cancelled.
    """
    receipts: dict[str, Receipt] = {}
    left = list(payments)
    while left:
        first_of_each = {one.receivable_id: one for one in reversed(left)}
        taken = {one.key for one in first_of_each.values()}
        now_ones = [one for one in left if one.key in taken]
        left = [one for one in left if one.key not in taken]
        receipts |= _receive(now_ones, channel=channel, at=at, by_user_id=by_user_id)
    return receipts


def credit_customer(
    customer_id: int,
    *,
    branch_id: int,
    amount_cents: int,
    on: date,
    channel: ReceiptChannel,
    key: str,
    at: datetime,
    by_user_id: int | None,
    note: str,
) -> Receipt:
    """Record a payment that settles nothing: all of it is the customer's credit."""
    credit.lock([customer_id])
    receipt = Receipt.objects.create(
        customer_id=customer_id,
        branch_id=branch_id,
        channel=channel.value,
        key=key,
        received_on=on,
        amount_cents=amount_cents,
        created_at=at,
        by_user_id=by_user_id,
        note=note,
    )
    CreditEntry.objects.bulk_create([_left_over(receipt, amount_cents)])
    return receipt


def _receive(
    payments: Sequence[Incoming], *, channel: ReceiptChannel, at: datetime, by_user_id: int | None
) -> dict[str, Receipt]:
    """Record payments of different receivables."""
    owed = Receivable.objects.in_bulk([one.receivable_id for one in payments])
    receipts = Receipt.objects.bulk_create(
        [
            Receipt(
                customer_id=owed[one.receivable_id].customer_id,
                branch_id=owed[one.receivable_id].branch_id,
                channel=channel.value,
                key=one.key,
                received_on=one.on,
                amount_cents=one.amount_cents,
                created_at=at,
                by_user_id=by_user_id,
                note=one.note,
            )
            for one in payments
        ],
        batch_size=1000,
    )
    found = allocating.facts_of({owed[one.receivable_id]: one.on for one in payments})
    settle = settlement.settle_at_bank if channel is ReceiptChannel.BANK else settlement.settle
    allocations, left_over = [], []
    for one, receipt in zip(payments, receipts, strict=True):
        receivable = owed[one.receivable_id]
        done = settle(found[receivable.pk], paid_cents=one.amount_cents, on=one.on)
        if done.is_something:
            allocations.append(allocating.drafted(receivable, done, receipt=receipt, on=one.on))
        if done.credit_cents:
            left_over.append(_left_over(receipt, done.credit_cents))
    allocating.write(allocations)
    CreditEntry.objects.bulk_create(left_over, batch_size=1000)
    return {receipt.key: receipt for receipt in receipts}


def _left_over(receipt: Receipt, cents: int) -> CreditEntry:
    return CreditEntry(
        customer_id=receipt.customer_id,
        kind=CreditKind.OVERPAYMENT.value,
        amount_cents=cents,
        on=receipt.received_on,
        receipt=receipt,
    )
