"""What is there already comes in as the same; a plan that no sale takes does not come in."""

import pytest

from tests.imports.spreadsheets import Import, reasons
from tests.provider import Provider
from vigente.catalog.models import BillingType, Product, SalePlan, Wallet
from vigente.customers.models import Contact, Customer
from vigente.domain.cycles import PeriodUnit
from vigente.imports import sheets, telling
from vigente.imports.all_sheets import SHEETS

pytestmark = pytest.mark.django_db

PRODUCTS = "Código;Nome;Tipo;Tributação;Unidade;Preço;Ativo\n"
PLANS = "Código;Nome;Filial;Tipo de cobrança;Carteira;Produto;Valor mensal;Quantidade\n"


def product(code: str, *, name: str = "Fibra", price: str = "0,00", active: str = "") -> str:
    return f"{code};{name};internet;SCM;UN;{price};{active}\n"


def test_what_was_made_by_hand_comes_in_as_the_same_or_is_told(bring: Import) -> None:
    for code in ("A", "B"):
        Product.objects.create(code=code, name="Fibra", kind="INTERNET", tax_class="SCM")

    report = bring("produtos", PRODUCTS + product("A") + product("B", name="Outra"))

    assert (report.unchanged, report.written) == (1, 0)
    assert [(line, reason) for line, _, reason in reasons(report)] == [
        (3, "já existe com outros dados; altere no sistema")
    ]


def test_what_came_in_and_was_changed_since_comes_in_as_it_is_now(bring: Import) -> None:
    bring("produtos", PRODUCTS + product("A", price="10,00"))
    Product.objects.update(price_cents=2000)

    now = bring("produtos", PRODUCTS + product("A", price="20,00", active="sim"))
    as_it_was = bring("produtos", PRODUCTS + product("A", price="10,00"))
    otherwise = bring("produtos", PRODUCTS + product("A", price="30,00"))

    assert (now.unchanged, as_it_was.unchanged, otherwise.bad) == (1, 1, 1)
    assert Product.objects.get().price_cents == 2000


def test_a_column_that_came_later_counts_only_where_it_is_filled() -> None:
    """Files that came in before the column was there come in again as the same."""
    sheet = SHEETS["vendedores"]
    row = {"filial": "M", "nome": "Caio"}
    before_the_column = "243069310a63c8ea7252ee7974d2f877"

    assert sheets.digest(sheet, {**row, "ativo": None}) == before_the_column
    assert sheets.digest(sheet, {**row, "ativo": True}) != before_the_column


def test_a_row_says_whether_it_comes_in_active(bring: Import) -> None:
    bring("produtos", PRODUCTS + product("A") + product("B", active="não"))

    assert dict(Product.objects.values_list("code", "is_active")) == {"A": True, "B": False}


def test_a_plan_that_no_sale_takes_is_refused_beside_its_column(
    isp: Provider, bring: Import
) -> None:
    monthly, by_days = isp.billing_type().name, isp.billing_type().name
    BillingType.objects.filter(name=by_days).update(period_unit=PeriodUnit.DAY.value)
    Wallet.objects.create(name="Para todas")

    report = bring(
        "planos",
        PLANS
        + f"A;A;;{monthly};Carteira M;INTM;10,00;\n"
        + f"B;B;;{by_days};Para todas;INTM;10,00;\n"
        + f"C;C;M;{monthly};Carteira M;INTM;10,00;1,2345\n"
        + f"D;D;M;{monthly};Carteira M;INTM;10,00;\n",
    )

    told = sorted((line, column) for line, column, _ in reasons(report))
    assert told == [(2, "carteira"), (3, "tipo_cobranca"), (4, "Quantidade")]
    assert SalePlan.objects.get().code == "D"


CUSTOMERS = "Código;CPF/CNPJ;Nome;Filial;Telefone;Celular;Endereço;Cidade;UF;Ativo\n"
ABSENT = "L-17;529.982.247-25;Marina Alves;M;31987654321;;Rua A;Vila;MG;não\n"


def test_an_inactive_customer_comes_in_as_one(isp: Provider, bring: Import) -> None:
    bring("clientes", CUSTOMERS + ABSENT)

    customer = Customer.objects.get()
    assert not customer.is_active
    assert bring("clientes", CUSTOMERS + ABSENT).unchanged == 1


def test_files_from_before_the_column_say_nothing_of_it(isp: Provider, bring: Import) -> None:
    bring("clientes", CUSTOMERS + ABSENT)
    before_the_column = (CUSTOMERS + ABSENT).replace(";Ativo", "").replace(";não", "")

    assert bring("clientes", before_the_column).unchanged == 1
    assert not Customer.objects.get().is_active


def test_a_customer_is_told_by_the_main_address_and_the_first_telephones(
    isp: Provider, bring: Import
) -> None:
    """A CPF that begins with zeros keeps them, whatever a spreadsheet makes of numbers."""
    bring("clientes", CUSTOMERS + "L-1;000.000.001-91;Banco;M;3132101234;;Rua A;Vila;MG;\n")
    customer = Customer.objects.get()
    customer.addresses.update(is_main=False)
    customer.addresses.create(street="Rua B", city="Serra", uf="MG", is_main=True)
    for number in ("31987650001", "31987650002"):
        customer.contacts.create(kind=Contact.PHONE, value=number)

    [told] = telling.CUSTOMERS.cells(customer)

    assert (told["documento"], told["rua"]) == ("000.000.001-91", "Rua B")
    assert (told["telefone"], told["celular"]) == ("3132101234", "31987650001")


def test_what_a_customer_became_since_is_told_and_not_overwritten(
    isp: Provider, bring: Import
) -> None:
    bring("clientes", CUSTOMERS + ABSENT)
    Customer.objects.update(name="Marina Conceição")

    otherwise = bring("clientes", CUSTOMERS + ABSENT.replace("Rua A", "Rua Z"))

    assert [reason for _, _, reason in reasons(otherwise)] == [
        "já veio com outros dados, neste arquivo ou antes; altere no sistema"
    ]
    assert Customer.objects.get().name == "Marina Conceição"
