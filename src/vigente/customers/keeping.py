"""What people keep of a customer by hand, with its addresses and contacts, and its only writes.

A contract points at an address, so a changed one stays the same row, and one in use stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import ProtectedError

from vigente.customers import actions
from vigente.customers.actions import NewAddress
from vigente.customers.models import Address, Contact, Customer
from vigente.domain.codes import CustomerKind

type Problem = tuple[str, str]

OWN = ("branch_id", "tax_id", "name", "trade_name", "born_on", "code", "note", "is_active")


class CustomerRefused(ValueError):
    """O cliente não pode ser gravado assim; `problems` são os campos e suas frases."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts(NewAddress):
    """What is kept of an address; `id` None is a new one."""

    id: int | None = None
    is_main: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A telephone or an e-mail."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """What is kept of a customer; whether it is a person follows from the document."""

    branch_id: int
    tax_id: str
    name: str
    trade_name: str = ""
    born_on: date | None = None
    code: str | None = None
    note: str = ""
    is_active: bool = True
    addresses: tuple[AddressFacts, ...] = ()
    phones: tuple[ContactFacts, ...] = ()
    emails: tuple[ContactFacts, ...] = ()


def customer_facts(customer: Customer) -> CustomerFacts:
    """Return what is kept of a customer."""
    addresses = Address.objects.filter(customer=customer).order_by("pk")
    names = AddressFacts.__dataclass_fields__
    return CustomerFacts(
        **{name: getattr(customer, name) for name in OWN},
        addresses=tuple(AddressFacts(**{n: getattr(a, n) for n in names}) for a in addresses),
        phones=_contacts(customer, Contact.PHONE),
        emails=_contacts(customer, Contact.EMAIL),
    )


def write_customer(customer: Customer | None, facts: CustomerFacts) -> Customer:
    """Write a customer with all addresses and contacts that there are to be.

    :raises CustomerRefused: naming every field that cannot be so.
    """
    if customer is None:
        raise TypeError("a new customer knows when it was made")
    addresses = _with_a_main_one(facts.addresses)
    problems = (*_of_a_person(facts), *_of_addresses(customer, addresses))
    if problems:
        raise CustomerRefused(problems)
    for name in OWN:
        setattr(customer, name, getattr(facts, name))
    customer.kind = actions.kind(facts.tax_id).value
    customer.save()
    _write_addresses(customer, addresses)
    _write_contacts(customer, Contact.PHONE, facts.phones)
    _write_contacts(customer, Contact.EMAIL, facts.emails)
    return customer


def _with_a_main_one(addresses: tuple[AddressFacts, ...]) -> tuple[AddressFacts, ...]:
    """Return the addresses; the only one is the main one."""
    if len(addresses) != 1:
        return addresses
    return (AddressFacts(**{**asdict(addresses[0]), "is_main": True}),)


def _of_a_person(facts: CustomerFacts) -> Iterator[Problem]:
    if actions.kind(facts.tax_id) is CustomerKind.COMPANY and facts.born_on is not None:
        yield "born_on", "Só pessoas têm nascimento: deixe vazio para uma empresa."


def _of_addresses(customer: Customer, addresses: Sequence[AddressFacts]) -> Iterator[Problem]:
    main = sum(one.is_main for one in addresses)
    if addresses and main == 0:
        yield "", "Marque qual dos endereços é o principal."
    if main > 1:
        yield "", "Só um endereço é o principal: desmarque os outros."
    known = [one.id for one in addresses if one.id is not None]
    own = Address.objects.filter(pk__in=known, customer=customer if customer.pk else None)
    if len(set(known)) != len(known) or own.count() != len(known):
        yield "", "Um dos endereços não está mais neste cliente: abra a página de novo."


def _write_addresses(customer: Customer, addresses: Sequence[AddressFacts]) -> None:
    there = {address.pk: address for address in Address.objects.filter(customer=customer)}
    kept = {one.id for one in addresses}
    for address in (there[pk] for pk in there.keys() - kept):
        _remove(address)
    # the former main one gives way before another takes its place
    for one in sorted(addresses, key=lambda one: one.is_main):
        changed = actions.address(customer.pk, one, is_main=one.is_main)
        changed.pk = one.id
        changed.save()


def _remove(address: Address) -> None:
    try:
        address.delete()
    except ProtectedError:
        sentence = (
            f"O endereço «{address}» é de um contrato e não pode ser removido: "
            "mude antes o endereço do contrato."
        )
        raise CustomerRefused((("", sentence),)) from None


def _contacts(customer: Customer, kind: str) -> tuple[ContactFacts, ...]:
    found = Contact.objects.filter(customer=customer, kind=kind).order_by("pk")
    return tuple(ContactFacts(value=one.value) for one in found)


def _write_contacts(customer: Customer, kind: str, contacts: Sequence[ContactFacts]) -> None:
    before = _contacts(customer, kind)
    if before == tuple(contacts):
        return
    Contact.objects.filter(customer=customer, kind=kind).delete()
    Contact.objects.bulk_create(
        [Contact(customer=customer, kind=kind, value=one.value) for one in contacts]
    )
