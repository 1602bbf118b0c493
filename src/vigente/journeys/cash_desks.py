"""Cash desks: opened, supplied and emptied, counted at the closing, and reopened by permission."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.domain import cash_desk, money
from vigente.domain.cash_desk import Count
from vigente.domain.codes import DeskMovement, PaymentMeans
from vigente.payments import desks
from vigente.payments.models import CashClosing, CashDesk
from vigente.staff.models import User


class DeskRefused(ValueError):
    """Isto não pode ser feito com o caixa."""


@transaction.atomic
def open_desk(branch_id: int, *, opening_cents: int, by: Actor, now: datetime) -> CashDesk:
    """Open the person's desk in a branch, with what is in the drawer.

    :raises DeskRefused: if the person has one open there, or for an amount below zero.
    """
    if by.user_id is None:
        raise DeskRefused("Só uma pessoa abre um caixa.")
    if opening_cents < 0:
        raise DeskRefused("O valor de abertura não pode ser negativo.")
    # one at a time: a second click, or another window, finds the desk of the first
    User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    there = desks.open_desk(branch_id=branch_id, operator_id=by.user_id)
    if there is not None:
        raise DeskRefused(f"O seu caixa {there.pk} já está aberto nesta filial: use-o ou feche-o.")
    desk = desks.open_one(
        branch_id=branch_id, operator_id=by.user_id, opening_cents=opening_cents, at=now
    )
    _record("desk opened", desk, by=by, now=now, amount=money.brl(opening_cents))
    return desk


def refuse_movement(desk: CashDesk, kind: DeskMovement, *, amount_cents: int) -> None:
    """Refuse cash that cannot be moved.

    :raises DeskRefused: for a closed desk, or an amount that is not above zero.
    :raises cash_desk.NotEnoughInTheDesk: for more than there is.
    """
    if desk.closed_at is not None:
        raise DeskRefused("Este caixa está fechado: abra outro, ou peça que o reabram.")
    if amount_cents <= 0:
        raise DeskRefused("O valor deve ser maior que zero.")
    if kind is DeskMovement.WITHDRAWAL:
        there = desks.balances(desk)[PaymentMeans.CASH]
        cash_desk.refuse_more_than(there, amount_cents=amount_cents)


@transaction.atomic
def move(
    desk_id: int,
    kind: DeskMovement,
    *,
    amount_cents: int,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Put cash into an open desk, or take it out.

    :raises DeskRefused: see `refuse_movement`; also without a reason.
    :raises cash_desk.NotEnoughInTheDesk: for more than there is.
    """
    if not reason.strip():
        raise DeskRefused("Informe o motivo.")
    desk = desks.locked(desk_id)
    refuse_movement(desk, kind, amount_cents=amount_cents)
    desks.move(
        desk,
        kind,
        amount_cents=amount_cents,
        reason=reason,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
    )
    action = "desk supplied" if kind is DeskMovement.SUPPLY else "desk withdrawn from"
    _record(action, desk, by=by, now=now, amount=money.brl(amount_cents), reason=reason)


def foreseen_counts(desk: CashDesk, *, counted: Mapping[PaymentMeans, int]) -> tuple[Count, ...]:
    """Return what should be in a desk and what was counted; nothing is written.

    :raises DeskRefused: for a closed desk, or a count below zero.
    """
    if desk.closed_at is not None:
        raise DeskRefused("Este caixa já está fechado.")
    if any(cents < 0 for cents in counted.values()):
        raise DeskRefused("O valor contado não pode ser negativo.")
    return cash_desk.counts(desks.balances(desk), counted=counted)


@transaction.atomic
def close(
    desk_id: int,
    *,
    counted: Mapping[PaymentMeans, int],
    note: str,
    by: Actor,
    now: datetime,
) -> CashClosing:
    """Close a desk with what was counted; the difference is recorded, and nothing changes after.

    :raises DeskRefused: see `foreseen_counts`; also for a difference without a note.
    """
    desk = desks.locked(desk_id)
    counts = foreseen_counts(desk, counted=counted)
    difference = sum(count.difference_cents for count in counts)
    if any(count.difference_cents for count in counts) and not note.strip():
        raise DeskRefused("Há diferença: escreva na observação o que se sabe dela.")
    closing = desks.close(desk, counts, note=note, at=now, by_user_id=by.user_id, by_name=by.name)
    _record("desk closed", desk, by=by, now=now, difference=money.brl(difference), note=note)
    return closing


@transaction.atomic
def reopen(desk_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Open a closed desk again, to be counted anew; its closing stays on record.

    :raises DeskRefused: without a reason, if it is open, or if its operator opened another since.
    """
    if not reason.strip():
        raise DeskRefused("Informe o motivo da reabertura.")
    desk = CashDesk.objects.get(pk=desk_id)
    User.objects.select_for_update(no_key=True).get(pk=desk.operator_id)
    desk = desks.locked(desk_id)
    refuse_reopening(desk)
    desks.reopen(desk, reason=reason, at=now, by_user_id=by.user_id, by_name=by.name)
    _record("desk reopened", desk, by=by, now=now, reason=reason)


def refuse_reopening(desk: CashDesk) -> None:
    """Refuse to open a desk again that cannot be.

    :raises DeskRefused: if it is open, or if its operator opened another since.
    """
    if desk.closed_at is None:
        raise DeskRefused("Este caixa já está aberto.")
    other = desks.open_desk(branch_id=desk.branch_id, operator_id=desk.operator_id)
    if other is not None:
        raise DeskRefused(
            f"O operador já tem o caixa {other.pk} aberto nesta filial: feche-o antes."
        )


def _record(action: str, desk: CashDesk, *, by: Actor, now: datetime, **detail: str) -> None:
    audit.record(
        action,
        object_kind="cash desk",
        object_id=desk.pk,
        by=by,
        at=now,
        branch_id=desk.branch_id,
        detail=detail,
    )
