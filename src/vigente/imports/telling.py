"""What the system has, in the words of its sheets: what is taken along comes back in as it was."""

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower, Upper

from vigente.catalog.models import BillingType, PaymentTerms, Product, SalePlan, Wallet
from vigente.customers.models import Address, Contact, Customer
from vigente.documents.models import DocumentTemplate
from vigente.domain.money import amount
from vigente.domain.words import printed_tax_id
from vigente.imports import words
from vigente.imports.sheets import Cells, Telling
from vigente.imports.words import word
from vigente.staff.models import Branch, Seller


def _by(rows: QuerySet[Any], column: str) -> Callable[[Collection[str]], QuerySet[Any]]:
    def named(wanted: Collection[str]) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.alias(word=Lower(column)).filter(word__in=wanted)
        return found

    return named


def _branch(branch: Branch) -> Iterator[Cells]:
    yield {
        "codigo": branch.code,
        "nome": branch.name,
        "cnpj": branch.tax_id,
        "cidade": branch.city,
        "uf": branch.uf,
    }


def _seller(seller: Seller) -> Iterator[Cells]:
    yield {
        "filial": seller.branch.code,
        "nome": seller.name,
        "ativo": _yes_no(is_so=seller.is_active),
    }


def _customers(wanted: Collection[str]) -> QuerySet[Customer]:
    """Return the customers of these documents, by the index that keeps each once."""
    numbers = [number.upper() for number in wanted]
    found = Customer.objects.select_related("branch").prefetch_related("addresses", "contacts")
    return found.alias(number=Upper("tax_id")).filter(number__in=numbers)


def _customer(customer: Customer) -> Iterator[Cells]:
    """Tell a customer: the main address, two telephones and an e-mail."""
    contacts = sorted(customer.contacts.all(), key=lambda one: one.pk)
    phones = [one.value for one in contacts if one.kind == Contact.PHONE]
    emails = [one.value for one in contacts if one.kind == Contact.EMAIL]
    addresses = sorted(customer.addresses.all(), key=lambda one: (not one.is_main, one.pk))
    yield {
        "codigo": customer.code or "",
        "documento": printed_tax_id(customer.tax_id),
        "nome": customer.name,
        "fantasia": customer.trade_name,
        "filial": customer.branch.code,
        "telefone": "".join(phones[:1]),
        "celular": "".join(phones[1:2]),
        "email": "".join(emails[:1]),
        **_address(addresses[0] if addresses else Address()),
        "ativo": _yes_no(is_so=customer.is_active),
    }


def _address(one: Address) -> Cells:
    return {
        "rua": one.street,
        "numero": one.number,
        "complemento": one.complement,
        "bairro": one.district,
        "cidade": one.city,
        "uf": one.uf,
        "cep": one.postal_code,
    }


def _wallet(wallet: Wallet) -> Iterator[Cells]:
    yield {
        "nome": wallet.name,
        "filial": wallet.branch.code if wallet.branch else "",
        "forma": word(words.PAYMENT_FORMS, wallet.payment_form),
        "chave": wallet.pix_key,
        "multa": _number(wallet.fine_percent),
        "juros": _number(wallet.interest_percent_month),
        "ativo": _yes_no(is_so=wallet.is_active),
    }


def _terms(terms: PaymentTerms) -> Iterator[Cells]:
    yield {
        "nome": terms.name,
        "regra": word(words.RULES, terms.due_rule),
        "dias": _whole(terms.interval_days),
        "datas": " ".join(f"{day:%d/%m/%Y}" for day in terms.custom_dates),
    }


def _type(billing_type: BillingType) -> Iterator[Cells]:
    yield {
        "nome": billing_type.name,
        "pagamento": word(words.TIMINGS, billing_type.timing),
        "base": word(words.BASES, billing_type.base),
        "periodicidade": _whole(billing_type.period_count),
        "unidade": word(words.UNITS, billing_type.period_unit),
        "condicao": billing_type.payment_terms.name,
        "proporcional": word(words.FIRST, billing_type.first_invoice),
        "divisor": word(words.DIVISORS, billing_type.first_divisor),
        "ativo": _yes_no(is_so=billing_type.is_active),
    }


def _template(template: DocumentTemplate) -> Iterator[Cells]:
    yield {
        "nome": template.name,
        "tipo": word(words.TEMPLATE_KINDS, template.kind),
        "texto": template.body,
        "ativo": _yes_no(is_so=template.is_active),
    }


def _product(product: Product) -> Iterator[Cells]:
    yield {
        "codigo": product.code,
        "nome": product.name,
        "tipo": word(words.KINDS, product.kind),
        "tributacao": word(words.TAXES, product.tax_class),
        "unidade": product.unit,
        "preco": amount(product.price_cents),
        "download": _whole(product.download_kbps),
        "upload": _whole(product.upload_kbps),
        "ativo": _yes_no(is_so=product.is_active),
    }


def _plan(plan: SalePlan) -> Iterator[Cells]:
    """Tell a plan: one row for each of its products."""
    of_the_plan = {
        "codigo": plan.code,
        "nome": plan.name,
        "filial": plan.branch.code if plan.branch else "",
        "tipo_cobranca": plan.billing_type.name,
        "carteira": plan.wallet.name if plan.wallet else "",
        "nivel": _whole(plan.tier),
        "fidelidade": _whole(plan.loyalty_months),
        "beneficio": amount(plan.loyalty_benefit_cents),
        "vigencia": _whole(plan.validity_months),
        "taxa": amount(plan.activation_fee_cents),
        "parcelas_taxa": _whole(plan.activation_instalments),
        "produto_taxa": plan.activation_product.code if plan.activation_product else "",
        "modelo": plan.template.name if plan.template else "",
        "renova": _yes_no(is_so=plan.renews),
        "ativo": _yes_no(is_so=plan.is_active),
    }
    for item in sorted(plan.items.all(), key=lambda item: item.pk):
        by_cycle = item.cycle_price_cents
        yield of_the_plan | {
            "produto": item.product.code,
            "descricao": item.description,
            "quantidade": _number(item.quantity),
            "valor": amount(item.price_cents),
            "valor_ciclo": "" if by_cycle is None else amount(by_cycle),
        }


def _yes_no(*, is_so: bool) -> str:
    return "sim" if is_so else "não"


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


BRANCHES = Telling("codigo", _by(Branch.objects.all(), "code"), _branch)
CUSTOMERS = Telling("documento", _customers, _customer)
SELLERS = Telling("nome", _by(Seller.objects.select_related("branch"), "name"), _seller)
WALLETS = Telling("nome", _by(Wallet.objects.select_related("branch"), "name"), _wallet)
TERMS = Telling("nome", _by(PaymentTerms.objects.all(), "name"), _terms)
TYPES = Telling("nome", _by(BillingType.objects.select_related("payment_terms"), "name"), _type)
TEMPLATES = Telling("nome", _by(DocumentTemplate.objects.all(), "name"), _template)
PRODUCTS = Telling("codigo", _by(Product.objects.all(), "code"), _product)
PLANS = Telling(
    "codigo",
    _by(
        SalePlan.objects.select_related(
            "branch", "billing_type", "wallet", "activation_product", "template"
        ).prefetch_related("items__product"),
        "code",
    ),
    _plan,
)
