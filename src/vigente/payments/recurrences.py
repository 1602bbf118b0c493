"""The only writes to Pix recurrences: each ends and begins with an effect for the supplier."""

from collections.abc import Collection, Sequence
from datetime import datetime

from vigente.contracts.models import Contract
from vigente.domain.codes import RecurrenceStatus
from vigente.outbox import actions as outbox
from vigente.outbox.actions import NewEffect
from vigente.payments.models import STANDING_RECURRENCES, PixRecurrence

INVITE, CANCEL = "PIX_INVITE", "PIX_CANCEL"


class RecurrenceStands(ValueError):
    """Este contrato já tem uma recorrência do Pix; cancele-a antes."""


def standing_of(contract_ids: Collection[int]) -> set[int]:
    """Return which of these contracts have a standing recurrence."""
    standing = PixRecurrence.objects.filter(
        contract_id__in=contract_ids, status__in=STANDING_RECURRENCES
    )
    return set(standing.values_list("contract_id", flat=True))


def invite(contract: Contract, *, now: datetime) -> PixRecurrence:
    """Ask the payer to approve a recurrence on the contract's due day.

    :raises RecurrenceStands: where there is one.
    """
    if standing_of([contract.pk]):
        raise RecurrenceStands(str(RecurrenceStands.__doc__))
    recurrence = PixRecurrence.objects.create(
        contract=contract, due_day=contract.due_day, created_at=now
    )
    outbox.enqueue([_effect(INVITE, recurrence, contract=contract)], now=now)
    return recurrence


def cancel(contracts: Sequence[Contract], *, reason: str, now: datetime) -> list[PixRecurrence]:
    """End the standing recurrences of these contracts; return them."""
    of_contract = {contract.pk: contract for contract in contracts}
    standing = list(
        PixRecurrence.objects.select_for_update()
        .filter(contract__in=contracts, status__in=STANDING_RECURRENCES)
        .order_by("pk")
    )
    for recurrence in standing:
        recurrence.status = RecurrenceStatus.CANCELLED.value
        recurrence.ended_at, recurrence.end_reason = now, reason
    PixRecurrence.objects.bulk_update(standing, ["status", "ended_at", "end_reason"])
    effects = [_effect(CANCEL, one, contract=of_contract[one.contract_id]) for one in standing]
    outbox.enqueue(effects, now=now)
    return standing


def tell(recurrence_id: int, *, suppliers_id: str) -> None:
    """Keep what the supplier calls a recurrence."""
    PixRecurrence.objects.filter(pk=recurrence_id).update(recurrence_id=suppliers_id)


def _effect(kind: str, recurrence: PixRecurrence, *, contract: Contract) -> NewEffect:
    return NewEffect(
        key=f"{kind.lower()} {recurrence.pk}",
        kind=kind,
        payload={"recurrence": recurrence.pk},
        object_kind="contract",
        object_id=contract.pk,
        branch_id=contract.branch_id,
    )
