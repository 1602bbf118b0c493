"""The terms of a contract that people change by hand; what is priced changes by alteration.

The holder and the address of installation change by journeys of their own.

Before the activation nothing was billed, so the billing terms may still change as well.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from vigente.contracts.models import Contract
from vigente.domain.lifecycle import ContractStatus


class TermsRefused(ValueError):
    """Estas condições não podem ser alteradas assim; `field` é o campo."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What may change at any time; none of it changes what a period costs."""

    seller_id: int | None
    template_id: int | None
    wallet_id: int
    signed_on: date | None
    validity_months: int | None
    valid_until: date | None
    renews: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsBefore(Terms):
    """What may change until the activation, beside the rest."""

    billing_type_id: int
    due_day: int | None
    loyalty_months: int
    loyalty_benefit_cents: int
    activation_fee_cents: int
    activation_instalments: int
    activation_due_on: date | None
    activation_product_id: int | None


def terms(contract: Contract) -> Terms:
    """Return the terms that may change at any time."""
    return Terms(**_told(contract, Terms))


def terms_before(contract: Contract) -> TermsBefore:
    """Return the terms that may change until the activation."""
    return TermsBefore(**_told(contract, TermsBefore))


def write(contract: Contract | None, changed: Terms) -> Contract:
    """Write the changed terms.

    :raises TermsRefused: for an ended contract, a seller or a wallet of another branch, or
        billing terms after the activation.
    """
    if contract is None:
        raise TypeError("a contract comes from a sale")
    status = ContractStatus(contract.status)
    if status not in (ContractStatus.PRE, ContractStatus.ACTIVE, ContractStatus.LISTED):
        raise TermsRefused("O contrato terminou: suas condições não mudam mais.")
    if isinstance(changed, TermsBefore) and status is not ContractStatus.PRE:
        raise TermsRefused("O contrato já foi ativado: a cobrança muda pelo assistente.")
    for name, value in asdict(changed).items():
        setattr(contract, name, value)
    _refuse_elsewhere(contract)
    contract.save(update_fields=[field.name for field in fields(changed)])
    return contract


def _refuse_elsewhere(contract: Contract) -> None:
    seller, wallet = contract.seller, contract.wallet
    if seller is not None and seller.branch_id != contract.branch_id:
        raise TermsRefused("Este vendedor é de outra filial.", field="seller_id")
    if wallet.branch_id not in (None, contract.branch_id):
        raise TermsRefused("Esta carteira é de outra filial.", field="wallet_id")


def _told(contract: Contract, kind: type[Terms]) -> dict[str, Any]:
    return {field.name: getattr(contract, field.name) for field in fields(kind)}
