"""The only writes to sellers, beside the importer."""

from dataclasses import asdict, dataclass

from vigente.staff.models import Seller


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerFacts:
    """What is kept of a seller; a seller sells for one branch."""

    name: str
    branch_id: int
    is_active: bool = True


def seller_facts(seller: Seller) -> SellerFacts:
    """Return what is kept of a seller."""
    return SellerFacts(name=seller.name, branch_id=seller.branch_id, is_active=seller.is_active)


def write_seller(seller: Seller | None, facts: SellerFacts) -> Seller:
    """Write a seller; an inactive one is offered no more, and stays in contracts already sold."""
    seller = seller or Seller()
    for name, value in asdict(facts).items():
        setattr(seller, name, value)
    seller.save()
    return seller
