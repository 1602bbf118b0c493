"""The end of validity: contracts that renew go on, the others end on that day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, OperationalError, transaction

from vigente.audit import actions as audit
from vigente.audit.actor import SYSTEM
from vigente.contracts import actions as contracts
from vigente.contracts.models import CancellationReason, Contract
from vigente.domain.cycles import months_after
from vigente.domain.lifecycle import ContractStatus
from vigente.journeys import termination

EXPIRED = "Fim da vigência"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many contracts were renewed and ended, and those that could not be, with the reason."""

    renewed: int
    ended: int
    failed: tuple[tuple[int, str], ...] = ()


def sweep(branch_id: int, *, today: date, now: datetime) -> Swept:
    """Renew or end the branch's contracts whose validity is over.

    `valid_until` is the first day out of validity. Safe to repeat: what was moved is found no
    more. A contract that fails stops no other.
    """
    renewed = ended = 0
    failed = []
    over = Contract.objects.filter(
        branch_id=branch_id, status=ContractStatus.ACTIVE.value, valid_until__lte=today
    ).order_by("pk")
    for contract_id in list(over.values_list("pk", flat=True)):
        try:
            if _renew(contract_id, today=today, now=now):
                renewed += 1
            else:
                ended += _expire(contract_id, today=today, now=now)
        except OperationalError:
            raise
        except (DatabaseError, ArithmeticError, LookupError, ValueError) as fault:
            failed.append((contract_id, str(fault).split("\n", 1)[0] or type(fault).__name__))
    return Swept(renewed=renewed, ended=ended, failed=tuple(failed))


@transaction.atomic
def _renew(contract_id: int, *, today: date, now: datetime) -> bool:
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    if not contract.renews or not contract.validity_months or contract.valid_until is None:
        return False
    if contract.valid_until > today:
        return False  # another worker was first
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
