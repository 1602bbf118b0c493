"""Refunds: credit is given back to the customer, and a refund that never was is undone."""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.customers.models import Customer
from vigente.domain import cash_desk, customer_credit, money
from vigente.domain.codes import PaymentMeans
from vigente.domain.customer_credit import RefundRefused
from vigente.payments import credit, desks
from vigente.payments.models import CashDesk, Refund


def foreseen(customer_id: int, *, amount_cents: int, on: date, today: date) -> int:
    """Return what would be left of the customer's credit; nothing is written.

    :raises RefundRefused: see `customer_credit.after_refund`.
    """
    there = credit.balances([customer_id]).get(customer_id, 0)
    return customer_credit.after_refund(there, amount_cents=amount_cents, on=on, today=today)


def desk_of(
    customer: Customer, *, amount_cents: int, means: PaymentMeans, by: Actor
) -> CashDesk | None:
    """Return the desk that a refund would leave; None is outside any.

    :raises cash_desk.NotEnoughInTheDesk: for more cash than the desk has.
    :raises desks.DeskMissing: where the branch wants an open desk.
    """
    desk = desks.desk_to_receive_in(branch_id=customer.branch_id, operator_id=by.user_id)
    _refuse_cash_that_is_not_there(desk, amount_cents=amount_cents, means=means)
    return desk


def _refuse_cash_that_is_not_there(
    desk: CashDesk | None, *, amount_cents: int, means: PaymentMeans
) -> None:
    if desk is not None and means is PaymentMeans.CASH:
        there = desks.balances(desk)[PaymentMeans.CASH]
        cash_desk.refuse_more_than(there, amount_cents=amount_cents)


@transaction.atomic
def refund(
    customer_id: int,
    *,
    amount_cents: int,
    means: PaymentMeans,
    on: date,
    note: str,
    by: Actor,
    now: datetime,
    today: date,
) -> Refund:
    """Give a part of a customer's credit back, at most what there is.

    It leaves the person's open desk, if there is one.

    :raises RefundRefused: see `customer_credit.after_refund`.
    :raises cash_desk.NotEnoughInTheDesk: for more cash than the desk has.
    :raises desks.DeskMissing: where the branch wants an open desk.
    :raises desks.DeskClosed: if the desk was closed meanwhile.
    """
    customer = Customer.objects.get(pk=customer_id)
    desk = desks.desk_to_receive_in(branch_id=customer.branch_id, operator_id=by.user_id)
    desk = desks.hold(desk)
    _refuse_cash_that_is_not_there(desk, amount_cents=amount_cents, means=means)
    credit.lock([customer_id])
    foreseen(customer_id, amount_cents=amount_cents, on=on, today=today)
    done = credit.give_back(
        customer,
        amount_cents=amount_cents,
        means=means,
        on=on,
        note=note,
        at=now,
        by_user_id=by.user_id,
        desk=desk,
    )
    audit.record(
        "credit refunded",
        object_kind="refund",
        object_id=done.pk,
        by=by,
        at=now,
        branch_id=done.branch_id,
        detail={"customer": customer_id, "amount": money.brl(amount_cents), "note": note},
    )
    return done


@transaction.atomic
def undo(
    refund_id: int,
    *,
    reason: str,
    by: Actor,
    now: datetime,
    today: date,
    may_of_closed: bool = False,
) -> None:
    """Undo a refund; its amount is the customer's credit again.

    What left a desk comes into it again, or, if that is closed, into the person's own.

    :raises desks.DeskClosed: see `desks.desk_to_reverse_in`.
    :raises desks.DeskMissing: see `desks.desk_to_reverse_in`.
    :raises RefundRefused: without a reason.
    :raises credit.RefundAlreadyUndone: if it was undone before.
    """
    if not reason.strip():
        raise RefundRefused("Informe por que a devolução é desfeita.")
    done = Refund.objects.select_related("desk").get(pk=refund_id)
    desk = desks.desk_to_reverse_in(
        done.desk, branch_id=done.branch_id, operator_id=by.user_id, may_of_closed=may_of_closed
    )
    desk = desks.hold(desk)
    credit.lock([done.customer_id])
    credit.take_back(done, reason=reason, on=today, at=now, by_user_id=by.user_id, desk=desk)
    audit.record(
        "refund undone",
        object_kind="refund",
        object_id=done.pk,
        by=by,
        at=now,
        branch_id=done.branch_id,
        detail={"customer": done.customer_id, "reason": reason},
    )
