"""Receiving: a payment is recorded or reversed, and the trail says by whom."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import settling
from vigente.billing.models import Receivable
from vigente.domain import money, settlement
from vigente.domain.codes import PaymentMeans, ReceiptChannel
from vigente.domain.settlement import Settlement
from vigente.payments import actions as payments
from vigente.payments import allocating, credit, desks
from vigente.payments.actions import Reversal
from vigente.payments.models import CashDesk, Receipt


class ReceiptRefused(ValueError):
    """O recebimento não pode ser registrado assim."""


@transaction.atomic
def receive(
    receivable_id: int,
    *,
    amount_cents: int,
    on: date,
    key: str,
    note: str,
    means: PaymentMeans,
    by: Actor,
    now: datetime,
    today: date,
) -> Receipt:
    """Record a payment taken by a person; more than is owed becomes the customer's credit.

    It falls into the person's open desk, if there is one. The same key again records nothing and
    returns the first receipt.

    :raises ReceiptRefused: for an amount that is not above zero, or a day still to come.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    :raises payments.ReceiptKeyTaken: if the key stands for another payment.
    :raises desks.DeskMissing: where the branch wants an open desk.
    :raises desks.DeskClosed: if the desk was closed meanwhile.
    """
    _refuse_absurd(amount_cents, on=on, today=today)
    receivable = Receivable.objects.get(pk=receivable_id)
    desk = desks.desk_to_receive_in(branch_id=receivable.branch_id, operator_id=by.user_id)
    recorded = payments.receive(
        receivable,
        amount_cents=amount_cents,
        on=on,
        channel=ReceiptChannel.MANUAL,
        key=key,
        at=now,
        by_user_id=by.user_id,
        note=note,
        means=means,
        desk=desks.hold(desk),
    )
    if recorded.is_new:
        audit.record(
            "receipt recorded",
            object_kind="receipt",
            object_id=recorded.receipt.pk,
            by=by,
            at=now,
            branch_id=receivable.branch_id,
            detail={"receivable": receivable.pk, "amount": money.brl(amount_cents)},
        )
    return recorded.receipt


def foreseen(receivable: Receivable, *, amount_cents: int, on: date, today: date) -> Settlement:
    """Return what receiving would do; nothing is written.

    :raises ReceiptRefused: see `receive`.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    _refuse_absurd(amount_cents, on=on, today=today)
    _refuse_cancelled(receivable)
    return settlement.settle(allocating.facts(receivable), paid_cents=amount_cents, on=on)


@transaction.atomic
def use_credit(receivable_id: int, *, by: Actor, now: datetime, today: date) -> Settlement:
    """Spend the customer's credit on a receivable, as much as both allow.

    :raises ReceiptRefused: where there is no credit, or nothing to be paid.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    receivable = Receivable.objects.get(pk=receivable_id)
    credit.lock([receivable.customer_id])
    receivable.refresh_from_db()
    foreseen_credit(receivable, today=today)
    done = credit.use_on(receivable, on=today)
    audit.record(
        "credit used",
        object_kind="receivable",
        object_id=receivable.pk,
        by=by,
        at=now,
        branch_id=receivable.branch_id,
        detail={"amount": money.brl(done.allocated_cents)},
    )
    return done


def foreseen_credit(receivable: Receivable, *, today: date) -> Settlement:
    """Return what using the customer's credit would do; its credit is what would be left.

    :raises ReceiptRefused: see `use_credit`.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    _refuse_cancelled(receivable)
    if receivable.is_settled:
        raise ReceiptRefused("Esta conta já está quitada: não há o que pagar com crédito.")
    there = credit.balances([receivable.customer_id]).get(receivable.customer_id, 0)
    if not there:
        raise ReceiptRefused("O cliente não tem crédito. Registre um recebimento.")
    return settlement.settle(allocating.facts(receivable), paid_cents=there, on=today)


def foreseen_reversal(
    receipt: Receipt, *, by: Actor, may_of_closed: bool
) -> tuple[Reversal, CashDesk | None]:
    """Return what reversing a receipt would do, and the desk it would leave; nothing is written.

    :raises payments.ReceiptAlreadyReversed: if it was reversed before.
    :raises desks.DeskClosed: see `desks.desk_to_reverse_in`.
    :raises desks.DeskMissing: see `desks.desk_to_reverse_in`.
    """
    if receipt.reversed_at is not None:
        raise payments.ReceiptAlreadyReversed("Este recebimento já foi estornado.")
    desk = desks.desk_to_reverse_in(
        receipt.desk,
        branch_id=receipt.branch_id,
        operator_id=by.user_id,
        may_of_closed=may_of_closed,
    )
    return payments.reversal(receipt), desk


@transaction.atomic
def receive_in_full(days: Mapping[int, date], *, key_prefix: str, by: Actor, now: datetime) -> int:
    """Record that whole receivables were paid on the given days, by id; return how many were."""
    receipts = payments.receive_in_full(
        days,
        channel=ReceiptChannel.MANUAL,
        key_prefix=key_prefix,
        at=now,
        by_user_id=by.user_id,
    )
    audit.record_many(
        "receipt recorded",
        object_kind="receipt",
        object_ids=[receipt.pk for receipt in receipts],
        by=by,
        at=now,
    )
    return len(receipts)


@transaction.atomic
def reverse(
    receipt_id: int,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
    may_of_closed: bool = False,
) -> None:
    """Undo a receipt; what came into a desk leaves it, or, if that is closed, the person's own.

    `may_of_closed` says that the person may reverse what a closed desk took in.

    :raises ReceiptRefused: without a reason.
    :raises payments.ReceiptAlreadyReversed: if it was reversed before.
    :raises desks.DeskClosed: see `desks.desk_to_reverse_in`.
    :raises desks.DeskMissing: see `desks.desk_to_reverse_in`.
    """
    if not reason.strip():
        raise ReceiptRefused("Informe o motivo do estorno.")
    receipt = Receipt.objects.select_related("desk").get(pk=receipt_id)
    desk = desks.desk_to_reverse_in(
        receipt.desk,
        branch_id=receipt.branch_id,
        operator_id=by.user_id,
        may_of_closed=may_of_closed,
    )
    payments.reverse(
        receipt,
        on=today,
        at=now,
        by_user_id=by.user_id,
        reason=reason,
        desk=desks.hold(desk),
    )
    audit.record(
        "receipt reversed",
        object_kind="receipt",
        object_id=receipt.pk,
        by=by,
        at=now,
        branch_id=receipt.branch_id,
        detail={"reason": reason},
    )


def _refuse_absurd(amount_cents: int, *, on: date, today: date) -> None:
    if amount_cents <= 0:
        raise ReceiptRefused("O valor recebido deve ser maior que zero.")
    if on > today:
        raise ReceiptRefused("A data do recebimento não pode estar no futuro.")


def _refuse_cancelled(receivable: Receivable) -> None:
    if receivable.cancelled_on is not None:
        raise settling.ReceivableNotOpen("A conta a receber foi cancelada: escolha outra.")
