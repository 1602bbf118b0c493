"""Allocations: written and released together with what they settle, many at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from vigente.billing import settling
from vigente.billing.models import Receivable
from vigente.domain.codes import CreditKind
from vigente.domain.settlement import OpenReceivable, Settlement
from vigente.payments import late
from vigente.payments.models import Allocation, CreditEntry, Receipt


class AllocationAlreadyReleased(ValueError):
    """Este pagamento já foi desfeito."""


def facts_of(days: Mapping[Receivable, date]) -> dict[int, OpenReceivable]:
    """Return what the rules need to know of receivables that are paid on these days, by id."""
    charged = late.charges_of(days)
    return {
        one.pk: OpenReceivable(
            id=one.pk,
            open_cents=one.open_cents,
            due_on=one.due_on,
            discount_until_due_cents=one.discount_until_due_cents - one.discounted_cents,
            charges=charged[one.pk],
        )
        for one in days
    }


def facts(receivable: Receivable, *, on: date) -> OpenReceivable:
    """Return what the rules need to know of a receivable that is paid on a day."""
    return facts_of({receivable: on})[receivable.pk]


def drafted(
    receivable: Receivable, done: Settlement, *, receipt: Receipt | None, on: date
) -> Allocation:
    """Return the allocation, not yet written, that carries a settlement out."""
    return Allocation(
        receivable=receivable,
        receipt=receipt,
        amount_cents=done.allocated_cents,
        discount_cents=done.discount_cents,
        fine_cents=done.fine_cents,
        interest_cents=done.interest_cents,
        on=on,
    )


def write(allocations: Sequence[Allocation]) -> None:
    """Write allocations, at most one a receivable; those without receipt spend credit.

    :raises settling.ReceivableNotOpen: if a receivable was cancelled meanwhile.
    """
    if not allocations:
        return
    settling.settle({a.receivable_id: (a.amount_cents, a.discount_cents) for a in allocations})
    Allocation.objects.bulk_create(allocations, batch_size=1000)
    _move_credit(allocations, CreditKind.USED, sign=-1)


def release(allocations: Collection[Allocation], *, on: date) -> None:
    """Undo allocations; credit that they had spent is back.

    :raises AllocationAlreadyReleased: if one of them was undone before.
    """
    if not allocations:
        return
    released = Allocation.objects.filter(
        pk__in=[a.pk for a in allocations], released_on=None
    ).update(released_on=on)
    if released != len(allocations):
        raise AllocationAlreadyReleased("Este pagamento já foi desfeito. Atualize a página.")
    amounts: dict[int, tuple[int, int]] = {}
    for one in allocations:
        received, discounted = amounts.get(one.receivable_id, (0, 0))
        amounts[one.receivable_id] = (
            received + one.amount_cents,
            discounted + one.discount_cents,
        )
    settling.take_back(amounts)
    _move_credit(allocations, CreditKind.RELEASED, sign=1, on=on)


def _move_credit(
    allocations: Iterable[Allocation], kind: CreditKind, *, sign: int, on: date | None = None
) -> None:
    CreditEntry.objects.bulk_create(
        [
            CreditEntry(
                customer_id=one.receivable.customer_id,
                kind=kind.value,
                amount_cents=sign * one.spent_cents,
                on=on or one.on,
                allocation=one,
            )
            for one in allocations
            if one.receipt_id is None and one.spent_cents
        ],
        batch_size=1000,
    )
