"""Reactivation: a contract that ended comes into force again, with the terms it had."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.billing import facts
from vigente.billing import queries as billing
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain.close_plan import ContractFacts
from vigente.domain.schedule import PeriodBase
from vigente.journeys import access


class ReactivationRefused(ValueError):
    """O contrato não pode ser reativado assim."""


def earliest(contract: Contract) -> date | None:
    """Return the first day on which the contract may come into force again.

    Days that an invoice covers were settled by the termination: they are never billed again.
    """
    covered = billing.billed_until([contract.pk]).get(contract.pk)
    days = [day for day in (contract.ends_on, covered) if day is not None]
    return max(days, default=None)


def as_reactivated(contract: Contract, *, on: date) -> ContractFacts:
    """Return the contract as the close would see it, in force again from `on`."""
    [now] = facts.contract_facts([contract.pk], on=on)
    anchor_on = on if now.schedule.base is PeriodBase.DUE_DATE else now.schedule.anchor_on
    schedule = replace(now.schedule, starts_on=on, anchor_on=anchor_on, due_anchor_on=None)
    return replace(now, schedule=schedule, billed_until=on, gaps=(), ends_on=None)


@transaction.atomic
def reactivate(contract_id: int, *, on: date, today: date, by: Actor, now: datetime) -> None:
    """Put an ended contract in force again, served and billed from `on`.

    The days between the end and `on` are not billed. Items that had not ended go on.

    :raises ReactivationRefused: for an inactive customer, a day that is billed already, or one
        still to come.
    :raises contracts.MoveRefused: unless the contract is inactive.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    customer = Customer.objects.select_for_update(no_key=True).get(pk=contract.customer_id)
    if not customer.is_active:
        raise ReactivationRefused(
            f"O cliente {customer.name} está inativo. Reative o cadastro antes do contrato."
        )
    first = earliest(contract)
    if first is not None and on < first:
        raise ReactivationRefused(f"Reative a partir de {first:%d/%m/%Y}: antes já foi faturado.")
    if on > today:
        raise ReactivationRefused("A reativação não pode ser em dia futuro.")
    contracts.reactivate(contract, on=on, at=now, by_user_id=by.user_id)
    access.derive([contract.pk], today=today, now=now)
    audit.record(
        "contract reactivated",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"on": on.isoformat()},
    )
