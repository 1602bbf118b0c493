"""Keeping customers: one whose contracts are in force, or may yet be, stays active."""

from datetime import datetime

from vigente.audit.actor import Actor
from vigente.contracts import queries as contracts
from vigente.customers import keeping
from vigente.customers.keeping import CustomerFacts
from vigente.customers.models import Customer
from vigente.journeys.registers import Register

NAMED_AT_MOST = 5


class CustomerUnderContract(ValueError):
    """O cliente tem contratos e não pode ser inativado."""

    field = "is_active"


def begin(now: datetime) -> Customer:
    """Return a customer still to be written."""
    return Customer(created_at=now)


def follow(
    customer: Customer,
    facts: CustomerFacts,
    before: CustomerFacts | None,
    _by: Actor,
    _now: datetime,
) -> None:
    """Refuse to inactivate who is served; a sale waits for the lock that the change holds.

    :raises CustomerUnderContract: naming the contracts.
    """
    if facts.is_active or before is None or not before.is_active:
        return
    held = list(contracts.under_contract(customer.pk)[: NAMED_AT_MOST + 1])
    if held:
        named = ", ".join(str(pk) for pk in held[:NAMED_AT_MOST])
        more = " e outros" if len(held) > NAMED_AT_MOST else ""
        raise CustomerUnderContract(
            f"O cliente tem contratos em vigor ou por ativar ({named}{more}): encerre-os "
            "antes de inativar."
        )


CUSTOMERS = Register(
    kind="customer",
    model=Customer,
    facts=keeping.customer_facts,
    write=keeping.write_customer,
    branch_id=lambda customer: customer.branch_id,
    begin=begin,
    follow=follow,
)
