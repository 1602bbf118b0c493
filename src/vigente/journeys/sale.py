"""A sale: the chosen plan, adjusted, becomes a contract in status PRE."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.customers.models import Customer
from vigente.domain.sale import ContractDraft


class SaleRefused(ValueError):
    """A venda não pode ser feita assim."""


@transaction.atomic
def sell(draft: ContractDraft, *, by: Actor, now: datetime) -> Contract:
    """Write the drafted contract.

    :raises SaleRefused: for an inactive customer, or a contract without items.
    """
    customer = Customer.objects.select_for_update().get(pk=draft.customer_id)
    if not customer.is_active:
        raise SaleRefused(
            f"O cliente {customer.name} está inativo. Reative o cadastro antes de vender."
        )
    if not draft.items:
        raise SaleRefused("O contrato não tem nenhum produto. Inclua ao menos um.")
    [contract] = contracts.create([draft], now=now)
    audit.record(
        "contract sold",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        detail={"sale_plan": draft.sale_plan_id},
    )
    return contract
