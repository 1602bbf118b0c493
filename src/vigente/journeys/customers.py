"""Keeping customers: one whose contracts are in force, or may yet be, stays active."""

from dataclasses import replace
from datetime import datetime

from vigente.audit.actor import Actor
from vigente.contracts import queries as contracts
from vigente.customers import keeping
from vigente.customers.keeping import CustomerFacts
from vigente.customers.models import Customer
from vigente.journeys import registers
from vigente.journeys.registers import Register

NAMED_AT_MOST = 5


class StandsSoAlready(ValueError):
    """O cliente já está assim."""


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
    if before is not None and before.is_active and not facts.is_active:
        refuse_inactivation(customer)


def refuse_inactivation(customer: Customer) -> None:
    """Refuse to inactivate who is served.

    :raises CustomerUnderContract: naming the contracts.
    """
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


def set_active(customer_id: int, *, is_active: bool, by: Actor, now: datetime) -> None:
    """Inactivate a customer, or take one back, with an entry in the trail.

    :raises StandsSoAlready: if somebody else did it before.
    :raises CustomerUnderContract: see `follow`.
    """
    facts = keeping.customer_facts(Customer.objects.get(pk=customer_id))
    if facts.is_active is is_active:
        word = "ativo" if is_active else "inativo"
        raise StandsSoAlready(f"O cliente já está {word}. Atualize a página.")
    changed = replace(facts, is_active=is_active)
    registers.keep(CUSTOMERS, customer_id, changed, seen=registers.told(facts), by=by, now=now)
