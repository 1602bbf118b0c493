"""The end of validity: contracts that renew go on, the others end on that day."""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import SYSTEM
from vigente.contracts import actions as contracts
from vigente.contracts.models import CancellationReason, Contract
from vigente.domain.cycles import months_after
from vigente.domain.lifecycle import ContractStatus
from vigente.journeys import termination

EXPIRED = "Fim da vigência"


def sweep(*, today: date, now: datetime) -> tuple[int, int]:
    """Renew or end the contracts whose validity is over; return how many of each.

    `valid_until` is the first day out of validity. Safe to repeat: what was moved is found no
    more.
    """
    renewed = ended = 0
    over = Contract.objects.filter(
        status=ContractStatus.ACTIVE.value, valid_until__lte=today
    ).order_by("pk")
    for contract_id in list(over.values_list("pk", flat=True)):
        if _renew(contract_id, today=today, now=now):
            renewed += 1
        else:
            ended += _expire(contract_id, today=today, now=now)
    return renewed, ended


@transaction.atomic
def _renew(contract_id: int, *, today: date, now: datetime) -> bool:
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    if not contract.renews or not contract.validity_months or contract.valid_until is None:
        return False
    until, periods = contract.valid_until, 0
    while until <= today:
        periods += 1
        until = months_after(contract.valid_until, months=periods * contract.validity_months)
    contracts.renew(contract, valid_until=until)
    audit.record(
        "contract renewed",
        object_kind="contract",
        object_id=contract.pk,
        by=SYSTEM,
        at=now,
        branch_id=contract.branch_id,
        detail={"valid_until": until.isoformat()},
    )
    return True


def _expire(contract_id: int, *, today: date, now: datetime) -> int:
    contract = Contract.objects.get(pk=contract_id)
    if contract.valid_until is None or contract.valid_until > today:
        return 0
    reason, _ = CancellationReason.objects.get_or_create(
        name__iexact=EXPIRED, defaults={"name": EXPIRED}
    )
    termination.terminate(
        contract_id,
        ends_on=contract.valid_until,
        today=today,
        reason_id=reason.pk,
        note="",
        by=SYSTEM,
        now=now,
    )
    return 1
