"""Keeping sellers: who sold contracts of a branch stays a seller of that branch."""

from datetime import datetime

from vigente.audit.actor import Actor
from vigente.contracts.models import Contract
from vigente.journeys.registers import Register
from vigente.staff import sellers
from vigente.staff.models import Seller
from vigente.staff.sellers import SellerFacts


class SellerRefused(ValueError):
    """O vendedor não pode mudar de filial: vendeu contratos da sua."""

    field = "branch_id"


def follow_seller(
    seller: Seller, facts: SellerFacts, _before: SellerFacts | None, _by: Actor, _now: datetime
) -> None:
    """Refuse to leave contracts of a branch with a seller of another.

    :raises SellerRefused: where there are any.
    """
    if Contract.objects.filter(seller=seller).exclude(branch=facts.branch_id).exists():
        raise SellerRefused(
            "Este vendedor vendeu contratos da filial dele: inative-o e cadastre outro na filial "
            "nova."
        )


SELLERS = Register(
    kind="seller",
    model=Seller,
    facts=sellers.seller_facts,
    write=sellers.write_seller,
    branch_id=lambda seller: seller.branch_id,
    follow=follow_seller,
)
