"""Receiving: a payment is recorded or reversed, and the trail says by whom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import settling
from vigente.billing.models import Receivable
from vigente.domain import money, settlement
from vigente.domain.codes import PaymentMeans, ReceiptChannel
from vigente.domain.late_charges import NO_CHARGES
from vigente.domain.settlement import Settlement
from vigente.journeys import payment_messages
from vigente.payments import actions as payments
from vigente.payments import allocating, credit, desks, late
from vigente.payments.actions import Reversal
from vigente.payments.models import CashDesk, ChargeWaiver, Receipt


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
    waives_for: str = "",
) -> Receipt:
    """Record a payment taken by a person; more than is owed becomes the customer's credit.

    It falls into the person's open desk, if there is one. The same key again records nothing and
    returns the first receipt. With a reason in `waives_for` what delay costs is waived first.

    :raises ReceiptRefused: for an amount that is not above zero, or a day still to come.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    :raises payments.ReceiptKeyTaken: if the key stands for another payment.
    :raises desks.DeskMissing: where the branch wants an open desk.
    :raises desks.DeskClosed: if the desk was closed meanwhile.
    """
    _refuse_absurd(amount_cents, on=on, today=today)
    receivable = Receivable.objects.get(pk=receivable_id)
    desk = desks.desk_to_receive_in(branch_id=receivable.branch_id, operator_id=by.user_id)
    credit.lock([receivable.customer_id])
    is_new = not payments.is_recorded(ReceiptChannel.MANUAL, key)
    waived = None
    if waives_for and is_new:
        waived = _waive(receivable, on=on, reason=waives_for, by=by, now=now)
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
    if waived is not None:
        late.bind(waived, recorded.receipt)
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
        payment_messages.thank([recorded.receipt], now=now)
    return recorded.receipt


def foreseen(
    receivable: Receivable, *, amount_cents: int, on: date, today: date, waives: bool = False
) -> Settlement:
    """Return what receiving would do; nothing is written.

    :raises ReceiptRefused: see `receive`.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    _refuse_absurd(amount_cents, on=on, today=today)
    _refuse_cancelled(receivable)
    found = allocating.facts(receivable, on=on)
    if waives:
        found = replace(found, charges=NO_CHARGES)
    return settlement.settle(found, paid_cents=amount_cents, on=on)


@transaction.atomic
def waive(
    receivable_id: int, *, reason: str, by: Actor, now: datetime, today: date
) -> ChargeWaiver:
    """Waive what delay has cost until today; the principal stays owed.

    :raises ReceiptRefused: without a reason, or where delay cost nothing.
    :raises settling.ReceivableNotOpen: if the receivable was cancelled.
    """
    receivable = Receivable.objects.get(pk=receivable_id)
    credit.lock([receivable.customer_id])
    receivable.refresh_from_db()
    _refuse_cancelled(receivable)
    waived = _waive(receivable, on=today, reason=reason, by=by, now=now)
    if waived is None:
        raise ReceiptRefused("Não há multa nem juros a dispensar nesta conta.")
    return waived


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
    return settlement.settle(allocating.facts(receivable, on=today), paid_cents=there, on=today)


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


def _waive(
    receivable: Receivable, *, on: date, reason: str, by: Actor, now: datetime
) -> ChargeWaiver | None:
    """Waive what delay until a day costs; None where it costs nothing.

    :raises ReceiptRefused: without a reason.
    """
    if not reason.strip():
        raise ReceiptRefused("Informe por que a multa e os juros são dispensados.")
    charged = late.charges_of({receivable: on})[receivable.pk]
    if not charged.cents:
        return None
    waived = late.waive(receivable, charged, on=on, reason=reason.strip(), by=by, at=now)
    audit.record(
        "charges waived",
        object_kind="receivable",
        object_id=receivable.pk,
        by=by,
        at=now,
        branch_id=receivable.branch_id,
        detail={"amount": money.brl(charged.cents), "reason": reason.strip()},
    )
    return waived


def _refuse_absurd(amount_cents: int, *, on: date, today: date) -> None:
    if amount_cents <= 0:
        raise ReceiptRefused("O valor recebido deve ser maior que zero.")
    if on > today:
        raise ReceiptRefused("A data do recebimento não pode estar no futuro.")


def _refuse_cancelled(receivable: Receivable) -> None:
    if receivable.cancelled_on is not None:
        raise settling.ReceivableNotOpen("A conta a receber foi cancelada: escolha outra.")
