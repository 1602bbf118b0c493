"""Withdrawal: a customer gives up before the contract comes into force."""

from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract


class WithdrawalRefused(ValueError):
    """A desistência precisa de um motivo."""


@transaction.atomic
def withdraw(contract_id: int, *, on: date, reason: str, by: Actor, now: datetime) -> None:
    """Record that the customer gave up.

    :raises WithdrawalRefused: without a reason.
    :raises contracts.MoveRefused: unless the contract is in status PRE.
    """
    if not reason.strip():
        raise WithdrawalRefused("Informe o motivo da desistência.")
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    contracts.withdraw(contract, on=on, at=now, by_user_id=by.user_id, reason=reason.strip())
    audit.record(
        "contract withdrawn",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"reason": reason.strip()},
    )
