"""Cash desks: opened, moved, counted and reopened; the figures of a closed one never change.

A journey owns the transaction, and locks a desk before it locks customers (see `credit.lock`).
"""

from collections.abc import Sequence
from datetime import datetime

from vigente.billing import copying
from vigente.domain import cash_desk
from vigente.domain.cash_desk import Count, Flow, FlowKind
from vigente.domain.codes import DeskMovement, PaymentMeans
from vigente.domain.parameters import CASH_DESK_REQUIRED
from vigente.parameters import queries as parameters
from vigente.payments.models import CashClosing, CashCount, CashDesk, CashMovement, Receipt, Refund


class DeskClosed(ValueError):
    """O caixa está fechado."""


class DeskAlreadyReopened(ValueError):
    """Este caixa já foi reaberto."""


class DeskMissing(ValueError):
    """Falta um caixa aberto."""


def open_desk(*, branch_id: int, operator_id: int | None) -> CashDesk | None:
    """Return the operator's open desk in a branch."""
    return CashDesk.objects.filter(
        branch_id=branch_id, operator_id=operator_id, closed_at=None
    ).first()


def desk_to_receive_in(*, branch_id: int, operator_id: int | None) -> CashDesk | None:
    """Return the desk that what the operator takes or gives falls into; None is outside any.

    :raises DeskMissing: where the branch wants one to be open.
    """
    desk = open_desk(branch_id=branch_id, operator_id=operator_id)
    if desk is None:
        told = parameters.branch_values((CASH_DESK_REQUIRED,), branch_id=branch_id)
        if told[CASH_DESK_REQUIRED.name]:
            raise DeskMissing(
                "Esta filial só recebe e devolve com caixa aberto: abra o seu em Financeiro > "
                "Caixas e registre de novo."
            )
    return desk


def desk_to_reverse_in(
    first: CashDesk | None, *, branch_id: int, operator_id: int | None, may_of_closed: bool
) -> CashDesk | None:
    """Return the desk that takes back what went through `first`: that one, if it is still open.

    :raises DeskClosed: if it is closed and the person may not touch closed ones.
    :raises DeskMissing: if it is closed and the operator has no open one.
    """
    if first is None or first.closed_at is None:
        return first
    if not may_of_closed:
        raise DeskClosed(
            f"Passou pelo caixa {first.pk}, já fechado: peça a quem pode reabrir caixas."
        )
    own = open_desk(branch_id=branch_id, operator_id=operator_id)
    if own is None:
        raise DeskMissing(
            f"Passou pelo caixa {first.pk}, já fechado: abra o seu caixa, e o valor passa por ele."
        )
    return own


def hold(desk: CashDesk | None) -> CashDesk | None:
    """Keep a desk open until this transaction ends.

    :raises DeskClosed: if it was closed meanwhile.
    """
    if desk is None:
        return None
    kept = locked(desk.pk)
    if kept.closed_at is not None:
        raise DeskClosed(f"O caixa {desk.pk} acabou de ser fechado. Atualize a página.")
    return kept


def locked(desk_id: int) -> CashDesk:
    """Return a desk that nobody else moves, closes or reopens before this transaction ends."""
    return CashDesk.objects.select_for_update(no_key=True).get(pk=desk_id)


def open_one(*, branch_id: int, operator_id: int, opening_cents: int, at: datetime) -> CashDesk:
    """Open a desk; the database keeps that an operator has one in a branch."""
    return CashDesk.objects.create(
        branch_id=branch_id, operator_id=operator_id, opening_cents=opening_cents, opened_at=at
    )


def move(
    desk: CashDesk,
    kind: DeskMovement,
    *,
    amount_cents: int,
    reason: str,
    at: datetime,
    by_user_id: int | None,
    by_name: str,
) -> CashMovement:
    """Put cash into a desk, or take it out."""
    return CashMovement.objects.create(
        desk=desk,
        kind=kind.value,
        amount_cents=amount_cents,
        reason=reason,
        at=at,
        by_user_id=by_user_id,
        by_name=by_name,
    )


def close(
    desk: CashDesk,
    counts: Sequence[Count],
    *,
    note: str,
    at: datetime,
    by_user_id: int | None,
    by_name: str,
) -> CashClosing:
    """Close a desk with what was counted; the counts are written before their closing.

    :raises DeskClosed: if it was closed before.
    """
    if CashDesk.objects.filter(pk=desk.pk, closed_at=None).update(closed_at=at) != 1:
        raise DeskClosed("Este caixa já foi fechado. Atualize a página.")
    [closing_id] = copying.next_ids("payments_cashclosing", 1)
    CashCount.objects.bulk_create(
        [
            CashCount(
                closing_id=closing_id,
                means=count.means.value,
                expected_cents=count.expected_cents,
                counted_cents=count.counted_cents,
            )
            for count in counts
        ]
    )
    return CashClosing.objects.create(
        pk=closing_id, desk=desk, closed_at=at, by_user_id=by_user_id, by_name=by_name, note=note
    )


def reopen(
    desk: CashDesk, *, reason: str, at: datetime, by_user_id: int | None, by_name: str
) -> None:
    """Open a closed desk again; its closing stays on record.

    :raises DeskAlreadyReopened: if it is open.
    """
    reopened = CashClosing.objects.filter(desk=desk, reopened_at=None).update(
        reopened_at=at,
        reopened_by_user_id=by_user_id,
        reopened_by_name=by_name,
        reopen_reason=reason,
    )
    if reopened != 1:
        raise DeskAlreadyReopened("Este caixa está aberto. Atualize a página.")
    CashDesk.objects.filter(pk=desk.pk).update(closed_at=None)


def flows(desk: CashDesk) -> list[Flow]:
    """Return all that went into a desk and out of it."""
    found = [Flow(FlowKind.OPENING, PaymentMeans.CASH, desk.opening_cents)]
    found += [
        Flow(FlowKind(kind), PaymentMeans.CASH, cents)
        for kind, cents in CashMovement.objects.filter(desk=desk).values_list(
            "kind", "amount_cents"
        )
    ]
    for kind, rows in (
        (FlowKind.RECEIPT, Receipt.objects.filter(desk=desk)),
        (FlowKind.REVERSAL, Receipt.objects.filter(reversal_desk=desk)),
        (FlowKind.REFUND, Refund.objects.filter(desk=desk)),
        (FlowKind.REFUND_UNDONE, Refund.objects.filter(undo_desk=desk)),
    ):
        found += [
            Flow(kind, PaymentMeans(str(means)), cents)
            for means, cents in rows.values_list("means", "amount_cents")
        ]
    return found


def balances(desk: CashDesk) -> dict[PaymentMeans, int]:
    """Return what should be in a desk of each means of payment."""
    return cash_desk.balances(flows(desk))
