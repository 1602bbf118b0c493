"""The search box finds what people remember, of what they may see, from any page."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.apps.money import owe
from tests.provider import Provider, provider
from tests.screens.test_pages import assert_fit_for_all
from tests.screens.test_permissions import person
from vigente.customers.models import Contact, Customer
from vigente.domain.permissions import Role

pytestmark = pytest.mark.django_db


def found(client: Client, told: str) -> dict[str, list[str]]:
    kinds = client.get("/busca/", {"q": told}).context["kinds"]
    return {kind.title: [hit.title for hit in kind.hits] for kind in kinds}


def reachable(isp: Provider, name: str, **by: str) -> Customer:
    customer = isp.customer(name)
    for kind, value in by.items():
        Contact.objects.create(customer=customer, kind=kind, value=value)
    return customer


@pytest.mark.parametrize(
    "told",
    [
        "acucena conc",
        "(31) 98765-4321",
        "+55 31 98765-4321",
        "98765-4321",
        "8765-4321",
        "acucena@example.com",
        "ACUCENA@EXAMPLE.COM ",
    ],
)
def test_a_customer_is_found_by_name_telephone_or_email(
    manager: Client, small: Provider, told: str
) -> None:
    reachable(small, "Açucena Conceição", PHONE="31987654321", EMAIL="acucena@example.com")
    reachable(small, "Bento Lima", PHONE="31987654322", EMAIL="bento@example.com")

    assert found(manager, told) == {"Clientes": ["Açucena Conceição"]}


def test_a_document_finds_the_customer_and_the_contracts(manager: Client, small: Provider) -> None:
    contract = small.activate(customer=small.customer("Bento Lima"))
    number = contract.customer.tax_id

    shown = found(manager, f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}")

    assert shown == {"Clientes": ["Bento Lima"], "Contratos": [f"{contract.pk} · Bento Lima"]}


def test_a_number_finds_contract_receivable_and_invoice(manager: Client, small: Provider) -> None:
    contract = small.activate(customer=small.customer("Bento Lima"))
    receivable = owe(contract)
    invoice = receivable.invoices.get()

    assert f"{contract.pk} · Bento Lima" in found(manager, str(contract.pk))["Contratos"]
    assert f"{receivable.pk} · Bento Lima" in found(manager, str(receivable.pk))["Contas a receber"]
    assert f"{invoice.pk} · Bento Lima" in found(manager, str(invoice.pk))["Faturas"]


def test_more_than_a_handful_leads_to_the_list(manager: Client, small: Provider) -> None:
    for surname in ("Aguiar", "Barros", "Castro", "Dias", "Esteves", "Faria"):
        small.activate(customer=small.customer(f"Marina {surname}"))

    [customers, contracts] = manager.get("/busca/", {"q": "marina"}).context["kinds"]

    assert (len(customers.hits), len(contracts.hits)) == (5, 5)
    assert contracts.all_of_them == "/contratos/?q=marina"


def test_pages_are_found_by_their_names(manager: Client) -> None:
    assert found(manager, "fechamento do mes") == {"Páginas": ["Fechamento do mês"]}


def test_nothing_of_another_branch_is_found(manager: Client) -> None:
    elsewhere = provider(code="OUTRA")
    stranger = reachable(elsewhere, "Zulmira Longe", PHONE="31911112222")
    contract = elsewhere.activate(customer=stranger)
    receivable = owe(contract)

    for told in ("zulmira", "31911112222", stranger.tax_id):
        assert found(manager, told) == {}
    for number in (contract.pk, receivable.pk, receivable.invoices.get().pk):
        assert "Zulmira" not in str(found(manager, str(number)))


def test_a_seller_finds_no_money(small: Provider) -> None:
    receivable = owe(small.activate())

    shown = found(person(small, Role.SELLER), str(receivable.pk))

    assert not {"Contas a receber", "Faturas"} & set(shown)


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("x", "Escreva ao menos duas letras."),
        ("xyzzy", "Nada encontrado com “xyzzy”"),
        ("9" * 40, "Nada encontrado"),
        ("%_%", "Nada encontrado"),
        ("\0 \0", "O que buscar"),
        ("<b>oi</b>", "Nada encontrado com “&lt;b&gt;oi&lt;/b&gt;”"),
        ("'; DROP TABLE", "Nada encontrado"),
    ],
)
def test_what_finds_nothing_is_told_in_a_sentence(manager: Client, told: str, answer: str) -> None:
    shown = manager.get("/busca/", {"q": told})

    assert shown.status_code == 200
    assert answer in shown.content.decode()


def test_it_is_reached_and_walked_by_keyboard(signed_in: Page, isp: Provider, width: int) -> None:
    isp.activate(customer=isp.customer("Açucena Conceição"))
    contract = isp.activate(customer=isp.customer("Açucena Prado"))

    signed_in.goto("/fechamento/")
    signed_in.keyboard.press("Control+k")
    signed_in.keyboard.type("acucena pra")
    expect(signed_in.locator("#found a")).to_have_count(2)
    assert_fit_for_all(signed_in)
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("ArrowDown")
    signed_in.keyboard.press("Enter")

    signed_in.wait_for_url(f"**/contratos/{contract.pk}/")
    expect(signed_in.locator("h1")).to_have_text("Açucena Prado")
    signed_in.goto("/busca/?q=acucena")
    expect(signed_in.locator(".found.here a")).to_have_count(4)
    assert_fit_for_all(signed_in)
