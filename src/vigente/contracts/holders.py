"""Who held a contract before, and since when the present customer holds it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from vigente.contracts.models import HolderChange


def changes(contract_id: int) -> QuerySet[HolderChange]:
    """Return the changes of a contract's holder, the newest first."""
    return (
        HolderChange.objects.filter(contract_id=contract_id)
        .select_related("former", "customer")
        .order_by("-pk")
    )


def held_since(contract_id: int) -> date | None:
    """Return the first day of the present holder; None where there was no other."""
    return held_since_of([contract_id]).get(contract_id)


def held_since_of(contract_ids: Sequence[int]) -> dict[int, date]:
    """Return the first day of the present holder of each contract that had another before."""
    found = HolderChange.objects.filter(contract_id__in=contract_ids).order_by("pk")
    return dict(found.values_list("contract_id", "on"))


def passed_on_by(customer_id: int, *, branch_ids: Sequence[int]) -> QuerySet[HolderChange]:
    """Return what a customer passed on to others, of these branches, the newest first."""
    return (
        HolderChange.objects.filter(former_id=customer_id, contract__branch_id__in=branch_ids)
        .select_related("customer")
        .order_by("-pk")
    )
