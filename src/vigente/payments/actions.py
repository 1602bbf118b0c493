"""Receipts: recorded, reversed, and given back as credit where what they settled is cancelled.

Conservation: what a receipt brought = what it settles + what it left to the customer's credit.
A journey owns the transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from vigente.billing.models import Receivable
from vigente.domain import settlement
from vigente.domain.codes import CreditKind, PaymentMeans, ReceiptChannel
from vigente.payments import allocating, credit, late
from vigente.payments.models import Allocation, CashDesk, CreditEntry, Receipt


class ReceiptAlreadyReversed(ValueError):
    """Este recebimento já foi estornado."""


class ReceiptKeyTaken(ValueError):
    """Outro recebimento já tem esta identificação."""


class CreditGoneBack(ValueError):
    """O crédito que este recebimento deixou já foi devolvido ao cliente."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A receipt, and whether it was recorded just now or by an earlier call with its key."""

    receipt: Receipt
    is_new: bool


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoing a receipt does: what is open again, the credit taken back, uses undone."""

    reopened: tuple[Allocation, ...]
    credit_cents: int
    undone: tuple[Allocation, ...]


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
    means: PaymentMeans | None = None,
    desk: CashDesk | None = None,
) -> Recorded:
    """Record a payment of a receivable; the same channel and key again record nothing.

    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    :raises ReceiptKeyTaken: if the key stands for another customer, amount or day.
    """
    credit.lock([receivable.customer_id])
    wanted = Receipt(
        customer_id=receivable.customer_id,
        branch_id=receivable.branch_id,
        channel=channel.value,
        key=key,
        received_on=on,
        amount_cents=amount_cents,
        created_at=at,
        by_user_id=by_user_id,
        note=note,
        means=means,
        desk=desk,
    )
    before = Receipt.objects.filter(channel=channel.value, key=key).first()
    if before is not None:
        return Recorded(_the_same(before, wanted), is_new=False)
    wanted.save(force_insert=True)
    receivable.refresh_from_db()
    done = settlement.settle(allocating.facts(receivable, on=on), paid_cents=amount_cents, on=on)
    if done.is_something:
        allocating.write([allocating.drafted(receivable, done, receipt=wanted, on=on)])
    _credit(wanted, CreditKind.OVERPAYMENT, done.credit_cents, on=on)
    return Recorded(wanted, is_new=True)


def is_recorded(channel: ReceiptChannel, key: str) -> bool:
    """Tell whether a payment came in by this channel with this key."""
    return Receipt.objects.filter(channel=channel.value, key=key).exists()


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
    wanted = Receivable.objects.filter(pk__in=list(days), cancelled_on=None)
    credit.lock(wanted.values_list("customer_id", flat=True))
    paid_on = {receivable: days[receivable.pk] for receivable in wanted.order_by("pk")}
    found = allocating.facts_of(paid_on)
    owed = {
        receivable: cents
        for receivable, on in paid_on.items()
        if receivable.open_cents and (cents := settlement.owed(found[receivable.pk], on=on))
    }
    receipts = Receipt.objects.bulk_create(
        [
            Receipt(
                customer_id=receivable.customer_id,
                branch_id=receivable.branch_id,
                channel=channel.value,
                key=f"{key_prefix}{receivable.pk}",
                received_on=days[receivable.pk],
                amount_cents=cents,
                created_at=at,
                by_user_id=by_user_id,
            )
            for receivable, cents in owed.items()
        ],
        batch_size=1000,
    )
    allocating.write(
        [
            allocating.drafted(
                receivable,
                settlement.settle(
                    found[receivable.pk],
                    paid_cents=receipt.amount_cents,
                    on=receipt.received_on,
                ),
                receipt=receipt,
                on=receipt.received_on,
            )
            for receivable, receipt in zip(owed, receipts, strict=True)
        ]
    )
    return receipts


def reverse(
    receipt: Receipt,
    *,
    on: date,
    at: datetime,
    by_user_id: int | None,
    reason: str,
    desk: CashDesk | None = None,
) -> None:
    """Undo a receipt: what it settled is open again, the credit it left is taken back.

    What came into a desk leaves `desk`, one that is open now.

    Where that credit was used meanwhile, the newest uses of the customer's credit are undone too.

    :raises ReceiptAlreadyReversed: if it was reversed before.
    :raises CreditGoneBack: see `reversal`.
    """
    credit.lock([receipt.customer_id])
    reversed_now = Receipt.objects.filter(pk=receipt.pk, reversed_at=None).update(
        reversed_at=at, reversed_by_user_id=by_user_id, reverse_reason=reason, reversal_desk=desk
    )
    if reversed_now != 1:
        raise ReceiptAlreadyReversed("Este recebimento já foi estornado. Atualize a página.")
    does = reversal(receipt)
    allocating.release([*does.reopened, *does.undone], on=on)
    late.take_back(receipt, on=on)
    _credit(receipt, CreditKind.REVERSAL, -does.credit_cents, on=on)


def reversal(receipt: Receipt) -> Reversal:
    """Return what reversing a receipt does, or would do now.

    :raises CreditGoneBack: where the credit that it left was given back to the customer.
    """
    standing = receipt.allocations.filter(released_on=None).select_related("receivable")
    left = CreditEntry.objects.filter(receipt=receipt).aggregate(cents=Sum("amount_cents"))["cents"]
    undone = credit.uses_to_undo(receipt.customer_id, at_least_cents=left) if left else []
    there = credit.balances([receipt.customer_id]).get(receipt.customer_id, 0)
    if there + sum(one.spent_cents for one in undone) < (left or 0):
        raise CreditGoneBack(
            "O crédito que este recebimento deixou já foi devolvido ao cliente: desfaça antes a "
            "devolução, na página do crédito do cliente."
        )
    return Reversal(tuple(standing.order_by("pk")), left or 0, tuple(undone))


def release(receivable_ids: Iterable[int], *, on: date) -> None:
    """Turn what was paid of cancelled receivables into the customers' credit.

    The journey has locked the customers before it cancelled (see `credit.lock`).
    """
    allocations = list(
        Allocation.objects.filter(receivable_id__in=list(receivable_ids), released_on=None)
        .select_related("receivable", "receipt")
        .order_by("pk")
    )
    allocating.release(allocations, on=on)
    for allocation in allocations:
        if allocation.receipt is not None:
            _credit(allocation.receipt, CreditKind.RELEASED, allocation.spent_cents, on=on)


def _the_same(before: Receipt, wanted: Receipt) -> Receipt:
    for name in ("customer_id", "amount_cents", "received_on"):
        if getattr(before, name) != getattr(wanted, name):
            raise ReceiptKeyTaken(
                "Outro recebimento já tem esta identificação. Atualize a página e confira."
            )
    return before


def _credit(receipt: Receipt, kind: CreditKind, amount_cents: int, *, on: date) -> None:
    """Write what a receipt leaves to its customer's credit, or takes back from it."""
    if amount_cents:
        CreditEntry.objects.create(
            customer_id=receipt.customer_id,
            kind=kind.value,
            amount_cents=amount_cents,
            on=on,
            receipt=receipt,
        )
