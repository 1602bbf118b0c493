"""What a contract's documents are filled with: each variable of a template, in words."""

from datetime import date

from vigente.contracts import queries
from vigente.contracts.models import Contract
from vigente.customers.models import Address, Contact, Customer
from vigente.documents.printing import Letterhead
from vigente.domain import money
from vigente.domain.codes import ItemKind
from vigente.domain.words import day_in_words, printed_phone, printed_tax_id
from vigente.staff.models import Branch

UNKNOWN = "—"


def values(contract: Contract, *, monthly_cents: int, today: date) -> dict[str, str]:
    """Return every variable that a template of a contract may name, as of today."""
    return {
        **_of_the_contract(contract),
        **_of_the_customer(contract.customer),
        "plano.nome": queries.plan_names([contract.pk]).get(contract.pk, UNKNOWN),
        "produtos": _products(contract, today=today),
        "valor_mensal": money.brl(monthly_cents),
        "endereco": UNKNOWN if contract.address is None else printed_address(contract.address),
        "filial.nome": contract.branch.name,
        "filial.cnpj": printed_tax_id(contract.branch.tax_id) or UNKNOWN,
        "filial.cidade": contract.branch.city,
        "vendedor.nome": contract.seller.name if contract.seller else UNKNOWN,
        "hoje": f"{today:%d/%m/%Y}",
        "hoje.extenso": day_in_words(today),
    }


def letterhead(branch: Branch) -> Letterhead:
    """Return the head of what a branch prints."""
    return Letterhead(
        name=branch.name,
        tax_id=printed_tax_id(branch.tax_id),
        place=f"{branch.city}/{branch.uf}",
    )


def printed_address(address: Address) -> str:
    """Return an address in one line."""
    street = ", ".join(part for part in (address.street, address.number) if part)
    parts = (street, address.complement, address.district, f"{address.city}/{address.uf}")
    code = address.postal_code
    return ", ".join(part for part in parts if part) + (f", CEP {code[:5]}-{code[5:]}" * bool(code))


def _of_the_contract(contract: Contract) -> dict[str, str]:
    return {
        "contrato.codigo": contract.code or str(contract.pk),
        "contrato.assinatura": _day(contract.signed_on),
        "contrato.ativacao": _day(contract.activated_on),
        "contrato.dia_vencimento": _number(contract.due_day),
        "contrato.fidelidade": str(contract.loyalty_months),
        "contrato.beneficio": money.brl(contract.loyalty_benefit_cents),
        "contrato.vigencia": _number(contract.validity_months),
        "contrato.taxa": money.brl(contract.activation_fee_cents),
        "contrato.parcelas_taxa": str(contract.activation_instalments),
    }


def _of_the_customer(customer: Customer) -> dict[str, str]:
    reached: dict[str, str] = {}
    for contact in customer.contacts.order_by("-pk"):
        reached[contact.kind] = contact.value
    return {
        "cliente.nome": customer.name,
        "cliente.documento": printed_tax_id(customer.tax_id),
        "cliente.telefone": printed_phone(reached.get(Contact.PHONE, "")) or UNKNOWN,
        "cliente.email": reached.get(Contact.EMAIL) or UNKNOWN,
    }


def _products(contract: Contract, *, today: date) -> str:
    """Return what is or will be in force, one a line; what has ended is left out."""
    charged = contract.items.exclude(kind=ItemKind.DISCOUNT.value).order_by("pk")
    there = [item for item in charged if item.ends_on is None or item.ends_on > today]
    lines = [f"{item.description} — {money.brl(item.price_cents)}" for item in there]
    return "\n".join(lines) or UNKNOWN


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else UNKNOWN


def _number(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)
