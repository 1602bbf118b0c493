"""Refunds: credit is given back to the customer, and a refund that never was is undone."""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.customers.models import Customer
from vigente.domain import customer_credit, money
from vigente.domain.codes import PaymentMeans
from vigente.domain.customer_credit import RefundRefused
from vigente.payments import credit
from vigente.payments.models import Refund


def foreseen(customer_id: int, *, amount_cents: int, on: date, today: date) -> int:
    """Return what would be left of the customer's credit; nothing is written.

    :raises RefundRefused: see `customer_credit.after_refund`.
    """
    there = credit.balances([customer_id]).get(customer_id, 0)
    return customer_credit.after_refund(there, amount_cents=amount_cents, on=on, today=today)


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

    :raises RefundRefused: see `customer_credit.after_refund`.
    """
    customer = Customer.objects.get(pk=customer_id)
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
def undo(refund_id: int, *, reason: str, by: Actor, now: datetime, today: date) -> None:
    """Undo a refund; its amount is the customer's credit again.

    :raises RefundRefused: without a reason.
    :raises credit.RefundAlreadyUndone: if it was undone before.
    """
    if not reason.strip():
        raise RefundRefused("Informe por que a devolução é desfeita.")
    done = Refund.objects.get(pk=refund_id)
    credit.lock([done.customer_id])
    credit.take_back(done, reason=reason, on=today, at=now, by_user_id=by.user_id)
    audit.record(
        "refund undone",
        object_kind="refund",
        object_id=done.pk,
        by=by,
        at=now,
        branch_id=done.branch_id,
        detail={"customer": done.customer_id, "reason": reason},
    )
