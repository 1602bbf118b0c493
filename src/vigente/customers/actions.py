"""The only writes to customers, their addresses and contacts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from vigente.customers.models import Address, Contact, Customer
from vigente.domain.codes import CustomerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """An address to be written."""

    street: str
    city: str
    uf: str
    number: str = ""
    complement: str = ""
    district: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCustomer:
    """A customer to be written; the kind follows from the document."""

    branch_id: int
    tax_id: str
    name: str
    trade_name: str = ""
    code: str | None = None
    address: NewAddress | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    is_active: bool = True


def create(new: Sequence[NewCustomer], *, now: datetime) -> list[Customer]:
    """Write customers with their address and contacts."""
    customers = Customer.objects.bulk_create(
        [
            Customer(
                branch_id=one.branch_id,
                kind=kind(one.tax_id).value,
                tax_id=one.tax_id,
                name=one.name,
                trade_name=one.trade_name,
                code=one.code,
                is_active=one.is_active,
                created_at=now,
            )
            for one in new
        ]
    )
    pairs = list(zip(customers, new, strict=True))
    Address.objects.bulk_create(
        [address(customer.pk, one.address, is_main=True) for customer, one in pairs if one.address]
    )
    Contact.objects.bulk_create(
        [
            Contact(customer=customer, kind=contact, value=value)
            for customer, one in pairs
            for contact, values in ((Contact.PHONE, one.phones), (Contact.EMAIL, one.emails))
            for value in dict.fromkeys(values)
        ]
    )
    return customers


def address(customer_id: int, new: NewAddress, *, is_main: bool) -> Address:
    """Return the address as a row still to be written."""
    return Address(
        customer_id=customer_id,
        street=new.street,
        number=new.number,
        complement=new.complement,
        district=new.district,
        city=new.city,
        uf=new.uf,
        postal_code=new.postal_code,
        is_main=is_main,
    )


def facts_of(there: Address) -> NewAddress:
    """Return what an address says, to be written for somebody else."""
    return NewAddress(**{name: getattr(there, name) for name in NewAddress.__dataclass_fields__})


def address_like(customer_id: int, new: NewAddress) -> Address | None:
    """Return the customer's address that says the same, or None."""
    own = Address.objects.filter(customer_id=customer_id, **asdict(new))
    return own.order_by("pk").first()


def with_address(customer_id: int, new: NewAddress) -> Address:
    """Return the customer's address that says this, written if there is none."""
    same = address_like(customer_id, new)
    if same is not None:
        return same
    is_first = not Address.objects.filter(customer_id=customer_id).exists()
    made = address(customer_id, new, is_main=is_first)
    made.save(force_insert=True)
    return made


def kind(tax_id: str) -> CustomerKind:
    """Return whether a document is of a person or of a company."""
    return CustomerKind.PERSON if len(tax_id) == 11 else CustomerKind.COMPANY
