"""Change of address: a contract is served somewhere else, at an address of its customer."""

from datetime import datetime

from django.db import transaction

from vigente.audit import actions as audit
from vigente.audit.actor import Actor
from vigente.contracts import actions as contracts
from vigente.contracts.models import Contract
from vigente.customers import actions as customers
from vigente.customers.actions import NewAddress
from vigente.customers.models import Address
from vigente.domain.lifecycle import STATUS_WORDS, ContractStatus

MAY_MOVE = (ContractStatus.PRE, ContractStatus.ACTIVE, ContractStatus.LISTED)


class AddressRefused(ValueError):
    """O endereço do contrato não pode mudar assim; `field` é o campo a corrigir."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def refuse(contract: Contract) -> None:
    """Refuse a contract that is served nowhere any more.

    :raises AddressRefused: saying how it stands.
    """
    status = ContractStatus(contract.status)
    if status not in MAY_MOVE:
        raise AddressRefused(
            f"O contrato está {STATUS_WORDS[status]}: o endereço dele não muda mais."
        )


def preview(contract: Contract, wanted: int | NewAddress) -> Address:
    """Return the address that the contract would get, saved or not; nothing is written.

    :raises AddressRefused: for a contract that ended, an address of somebody else, or the one
        that it has.
    """
    refuse(contract)
    if isinstance(wanted, NewAddress):
        found = customers.address_like(contract.customer_id, wanted)
        found = found or customers.address(contract.customer_id, wanted, is_main=False)
    else:
        own = Address.objects.filter(pk=wanted, customer_id=contract.customer_id).first()
        if own is None:
            raise AddressRefused("Escolha um endereço deste cliente.", field="address_id")
        found = own
    if found.pk is not None and found.pk == contract.address_id:
        raise AddressRefused(
            "O contrato já tem este endereço. Escolha outro, ou escreva um novo.",
            field="address_id",
        )
    return found


@transaction.atomic
def change(
    contract_id: int, wanted: int | NewAddress, *, reason: str, by: Actor, now: datetime
) -> None:
    """Move a contract to an address of its customer, written into their register if it is new.

    :raises AddressRefused: see `preview`; also without a reason.
    """
    contract = Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)
    if not reason.strip():
        raise AddressRefused("Informe o motivo da mudança.", field="reason")
    before, after = contract.address, preview(contract, wanted)
    if isinstance(wanted, NewAddress):
        after = customers.with_address(contract.customer_id, wanted)
    contracts.install_at(contract, after)
    audit.record(
        "contract address changed",
        object_kind="contract",
        object_id=contract.pk,
        by=by,
        at=now,
        branch_id=contract.branch_id,
        values={"address": (before.told() if before else None, after.told())},
        detail={"reason": reason},
    )
